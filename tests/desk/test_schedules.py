"""Schedules: words and cron, and moments that keep to the clocks of their zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.schedules import DAYS, Schedule, last_time, next_times, read_schedule, read_zone, told

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")
SCHEDULES = st.builds(
    Schedule,
    st.integers(0, 59),
    st.sets(st.integers(0, 23), min_size=1).map(lambda hours: tuple(sorted(hours))),
    weekdays=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
)
MOMENTS = st.integers(1_293_840_000, 2_114_380_800).map(lambda at: datetime.fromtimestamp(at, UTC))  # 2011 to 2037


@pytest.mark.parametrize(
    ("text", "cron"),
    [
        ("every friday 16:00", "0 16 * * fri"),
        ("Fridays at 4pm", "0 16 * * fri"),
        ("every weekday at 9 am", "0 9 * * mon,tue,wed,thu,fri"),
        ("daily 9", "0 9 * * *"),
        ("mon, thu 09:30", "30 9 * * mon,thu"),
        ("mon-wed 8.15", "15 8 * * mon,tue,wed"),
        ("sat-mon noon", "0 12 * * mon,sat,sun"),
        ("every tuesday and thursday at 9:00 and 17:00", "0 9,17 * * tue,thu"),
        ("weekends midnight", "0 0 * * sat,sun"),
        ("12am", "0 0 * * *"),
        ("12pm", "0 12 * * *"),
        ("0 16 * * fri", "0 16 * * fri"),
        ("“0 9 * * MON-FRI”", "0 9 * * mon,tue,wed,thu,fri"),
        ("0 9 * * 1", "0 9 * * mon"),
        ("0 9 * * 0", "0 9 * * sun"),
        ("0 9 * * 7", "0 9 * * sun"),
        ("0 9 * * fri-mon", "0 9 * * mon,fri,sat,sun"),
        ("30 */6 1,15 jan-mar *", "30 0,6,12,18 1,15 1,2,3 * "),
    ],
)
def test_read(text, cron):
    """Words and cron come to the same five fields, days by name"""
    assert read_schedule(text).cron == cron.strip()


@pytest.mark.parametrize(
    "text",
    ["", "every blursday", "25:00", "13pm", "*/5 * * * *", "61 9 * * *", "0 9 * * xyz", "0 9 32 * *", "9:00 and 9:30"],
)
def test_not_understood(text):
    """What is not understood is said so, with examples of what is"""
    with pytest.raises(UsageError, match=r"every friday 16:00|two subscriptions"):
        read_schedule(text)


@given(SCHEDULES)
def test_kept_as_cron(schedule):
    """What is kept as cron is read as the same schedule"""
    assert read_schedule(schedule.cron) == schedule


@given(SCHEDULES, st.sampled_from(ZONES), MOMENTS)
def test_next_times(schedule, zone, after):
    """The next moments are later, in order, all different, on days and at minutes of the schedule"""
    found = next_times(schedule, zone, after, 5)
    assert len(found) == 5
    assert all(earlier < later for earlier, later in zip((after, *found), found, strict=False))
    for moment in found:
        local = moment.astimezone(ZoneInfo(zone))
        # A local time that the clocks skipped comes later that day, or on the first day that there is.
        back = (moment - timedelta(hours=25)).astimezone(ZoneInfo(zone)).utcoffset()
        skipped = local.utcoffset() != back
        assert skipped or (local.weekday() in schedule.weekdays and local.hour in schedule.hours)
        assert skipped or local.minute == schedule.minute


@given(SCHEDULES, st.sampled_from(ZONES), MOMENTS)
def test_nothing_left_out(schedule, zone, after):
    """Asked for again from each moment on, the same moments come: none is lost between two looks"""
    found = next_times(schedule, zone, after, 4)
    assert next_times(schedule, zone, found[0], 3) == found[1:]
    assert next_times(schedule, zone, found[0] - timedelta(microseconds=1), 1) == found[:1]


@given(SCHEDULES, st.sampled_from(ZONES), MOMENTS)
def test_last_time(schedule, zone, until):
    """The newest moment that was is the one before the next"""
    last = last_time(schedule, zone, until)
    assert last is not None
    assert last <= until
    assert next_times(schedule, zone, last, 1)[0] > until


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_once_a_day_all_year(zone):
    """A daily schedule comes once on every day of a year, both clock changes included, whatever the hour"""
    for hour in range(24):
        begin = datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC) - timedelta(microseconds=1)
        days = [at.astimezone(ZoneInfo(zone)).date() for at in next_times(Schedule(30, (hour,)), zone, begin, 365)]
        assert len(set(days)) == 365


def test_clock_changes():
    """What is skipped in spring comes an hour later; what comes twice in autumn counts the first time"""
    half_past_two = read_schedule("daily 2:30")
    spring = next_times(half_past_two, "Europe/Berlin", datetime(2026, 3, 28, 12, tzinfo=UTC), 1)[0]
    assert told(spring, "Europe/Berlin") == "Sun 29 March 03:30 (Europe/Berlin)"
    autumn = next_times(half_past_two, "Europe/Berlin", datetime(2026, 10, 24, 12, tzinfo=UTC), 2)
    assert [at.hour for at in autumn] == [0, 1]
    assert autumn[1] - autumn[0] == timedelta(hours=25)


def test_never():
    """A schedule that never comes has no next time, and says so by an empty list"""
    assert next_times(read_schedule("0 9 31 feb *"), "UTC", datetime(2026, 1, 1, tzinfo=UTC)) == ()
    assert len(next_times(read_schedule("0 9 29 feb *"), "UTC", datetime(2026, 1, 1, tzinfo=UTC), 1)) == 1


def test_words():
    """A schedule is told as people say it"""
    assert read_schedule("0 16 * * fri").words == "every Friday at 16:00"
    assert read_schedule("0 9,17 * * mon-fri").words == "every weekday at 09:00 and 17:00"
    assert read_schedule("5 * * * *").words == "every day, hourly at :05"
    assert "on the 1 and 15 of the month, in Jan" in read_schedule("0 9 1,15 1 *").words
    assert set(DAYS) == {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("PST", "America/Los_Angeles"),
        ("utc", "UTC"),
    ],
)
def test_zone(text, zone):
    """A zone is found however it is spelt, by its city or its nickname"""
    assert read_zone(text) == zone


@pytest.mark.parametrize("text", ["", "Mars/Olympus", "../../etc/passwd"])
def test_no_zone(text):
    """What is no zone is said so"""
    with pytest.raises(UsageError, match="no time zone"):
        read_zone(text)
