"""Schedules: words and cron become times of the week, and the next moments are told with clock changes in mind. Pure.

A local time that the clocks skip happens at the same distance from midnight UTC as the day before would have it
(02:30 becomes 03:30); one that comes twice happens the first time only. So every local time is exactly one moment
(https://peps.python.org/pep-0495/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import UsageError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_GROUPS = {"day": range(7), "weekday": range(5), "workday": range(5), "weekend": (5, 6)}
_FILLERS = frozenset({"every", "each", "on", "at", "and", "&", "the", "o'clock", "oclock", "uhr"})
_HOURS = {"noon": "12:00", "midnight": "00:00", "midday": "12:00"}
_TIME = re.compile(r"^(\d{1,2})(?:[:.h](\d{2}))?(am|pm)?$")
_HORIZON = timedelta(days=366 * 8 + 2)  # 29 February comes at most eight years apart
FORMS = "Say it like “every friday 16:00”, “every weekday at 9am”, or as cron with days by name: “0 16 * * fri”."

_ZONE_NICKNAMES = {
    "utc": "UTC",
    "gmt": "UTC",
    "z": "UTC",
    "cet": "Europe/Paris",
    "cest": "Europe/Paris",
    "bst": "Europe/London",
    "est": "America/New_York",
    "edt": "America/New_York",
    "et": "America/New_York",
    "cst": "America/Chicago",
    "ct": "America/Chicago",
    "mst": "America/Denver",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "pt": "America/Los_Angeles",
}
"""What people type for a zone, as the place whose clocks they mean, changes included."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """One minute of some hours of some days. Weekdays count from Monday, 0; all fields are sorted."""

    minute: int
    hours: tuple[int, ...]
    days: tuple[int, ...] = tuple(range(1, 32))
    months: tuple[int, ...] = tuple(range(1, 13))
    weekdays: tuple[int, ...] = tuple(range(7))

    @property
    def cron(self) -> str:
        """The schedule as it is kept: five fields, days by name."""
        return " ".join(
            (
                str(self.minute),
                _field(self.hours, 24, 0),
                _field(self.days, 31, 1),
                _field(self.months, 12, 1),
                "*" if len(self.weekdays) == len(DAYS) else ",".join(DAYS[day] for day in self.weekdays),
            )
        )

    @property
    def words(self) -> str:
        """The schedule as people say it: "every Friday at 16:00"."""
        times = _listed([f"{hour:02}:{self.minute:02}" for hour in self.hours])
        when = (
            f"{self._weekdays} at {times}" if len(self.hours) < 24 else f"{self._weekdays}, hourly at :{self.minute:02}"
        )
        if len(self.days) < 31:
            when += f", on the {_listed([str(day) for day in self.days])} of the month"
        if len(self.months) < 12:
            when += f", in {_listed([_MONTHS[month - 1].capitalize() for month in self.months])}"
        return when

    @property
    def _weekdays(self) -> str:
        if self.weekdays == tuple(range(7)):
            return "every day"
        if self.weekdays == tuple(range(5)):
            return "every weekday"
        return f"every {_listed([_NAMES[day] for day in self.weekdays])}"

    def _falls_on(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day.day in self.days and day.month in self.months

    def _moments(self, day: date, zone: ZoneInfo) -> list[datetime]:
        """Return the moments of a local day, in order."""
        if not self._falls_on(day):
            return []
        local = (datetime.combine(day, time(hour, self.minute), zone) for hour in self.hours)
        return sorted({one.astimezone(UTC) for one in local})


def read_schedule(text: str) -> Schedule:
    """Read words or cron. Raises ``UsageError`` that says what was not understood."""
    plain = " ".join(text.strip().strip("\"'`“”‘’").lower().replace(",", " , ").split())
    fields = plain.replace(" , ", ",").split()
    if len(fields) == 5 and re.match(r"^[\d*/,-]+$", fields[0]):
        return _from_cron(fields)
    return _from_words(plain)


def _from_words(plain: str) -> Schedule:
    days: list[int] = []
    times: list[tuple[int, int]] = []
    words = re.sub(r"(\d)\s+(am|pm)\b", r"\1\2", plain.replace(" , ", " ")).split()
    for word in words:
        if word in _FILLERS:
            continue
        found = _days_in(word)
        clock = _time_in(word)
        if found:
            days += found
        elif clock:
            times.append(clock)
        else:
            raise UsageError(f"“{word[:40]}” is no day and no time that I know.", FORMS)
    if not days and not times:
        raise UsageError("No day and no time was named.", FORMS)
    times = times or [(9, 0)]
    if len({minute for _, minute in times}) > 1:
        raise UsageError("A schedule keeps to one minute of the hour.", "Make two subscriptions of it.")
    hours = tuple(sorted({hour for hour, _ in times}))
    return Schedule(times[0][1], hours, weekdays=tuple(sorted(set(days or range(7)))))


def _days_in(word: str) -> list[int]:
    singular = word.removesuffix("s") if word not in {"tues", "thurs", "wednes"} else word
    if singular in {"daily", "day"}:
        return list(range(7))
    if singular == "weekly":
        return [4]
    if singular in _GROUPS:
        return list(_GROUPS[singular])
    first, dash, last = singular.partition("-")
    begin = _day(first)
    end = _day(last) if dash else begin
    if begin is None or end is None:
        return []
    return [(begin + step) % 7 for step in range((end - begin) % 7 + 1)]


def _day(word: str) -> int | None:
    """Return a weekday by its name or at least three letters of it."""
    if len(word) < 3:
        return None
    return next((number for number, name in enumerate(_NAMES) if name.lower().startswith(word)), None)


def _time_in(word: str) -> tuple[int, int] | None:
    matched = _TIME.match(_HOURS.get(word, word))
    if not matched:
        return None
    hour, minute = int(matched[1]), int(matched[2] or 0)
    if matched[3]:
        if not 1 <= hour <= 12:
            raise UsageError(f"“{word}” is no time of day.", FORMS)
        hour = hour % 12 + (12 if matched[3] == "pm" else 0)
    if hour > 23 or minute > 59:
        raise UsageError(f"“{word}” is no time of day.", FORMS)
    return hour, minute


def _from_cron(fields: list[str]) -> Schedule:
    minutes = _numbers(fields[0], 0, 59)
    if len(minutes) != 1:
        raise UsageError("A digest comes at one minute of the hour at most.", FORMS)
    weekdays = _numbers(fields[4], 0, 7, ("sun", *DAYS[:6], "sun"))
    # Cron counts from Sunday, and 7 is Sunday once more.
    return Schedule(
        minutes[0],
        tuple(_numbers(fields[1], 0, 23)),
        tuple(_numbers(fields[2], 1, 31)),
        tuple(_numbers(fields[3], 1, 12, ("", *_MONTHS))),
        tuple(sorted({(day - 1) % 7 for day in weekdays})),
    )


def _numbers(field: str, least: int, most: int, names: tuple[str, ...] = ()) -> list[int]:
    """Return the numbers of a cron field: ``*``, lists, ranges, steps, names."""
    found: set[int] = set()
    for part in field.split(","):
        span, slash, stride = part.partition("/")
        first, dash, last = span.partition("-")
        step = int(stride) if stride.isdecimal() else 0 if slash else 1
        begin = least if span == "*" else _number(first, names)
        end = most if span == "*" or (slash and not dash) else _number(last, names) if dash else begin
        if begin is None or end is None or not step or not (least <= begin <= most and least <= end <= most):
            raise UsageError(f"“{field[:40]}” is no field of cron.", FORMS)
        if begin > end and names:  # fri-mon goes round the week
            found.update(range(begin, most + 1, step))
            begin = least
        if begin > end:
            raise UsageError(f"“{field[:40]}” runs backwards.", FORMS)
        found.update(range(begin, end + 1, step))
    return sorted(found)


def _number(text: str, names: tuple[str, ...]) -> int | None:
    if text.isdecimal() and len(text) <= 2:
        return int(text)
    return names.index(text[:3]) if len(text) >= 3 and text[:3] in names else None


def read_zone(text: str) -> str:
    """Return the IANA name of a time zone, however it is spelt. Raises ``UsageError``."""
    wanted = text.strip().replace(" ", "_").lower()
    if wanted in _ZONE_NICKNAMES:
        return _ZONE_NICKNAMES[wanted]
    zones = available_timezones()
    for zone in sorted(zones):
        if zone.lower() == wanted:
            return zone
    cities = [zone for zone in sorted(zones) if wanted and zone.lower().rpartition("/")[2] == wanted]
    if cities:
        return min(cities, key=lambda zone: (zone.startswith(("Etc/", "SystemV/")), len(zone), zone))
    raise UsageError(f"“{text[:40]}” is no time zone that I know.", "Name one like Europe/Berlin or America/New_York.")


def next_times(schedule: Schedule, zone: str, after: datetime, count: int = 3) -> tuple[datetime, ...]:
    """Return the next moments later than ``after``, in UTC; fewer where there are none within eight years."""
    found: list[datetime] = []
    for moment in _walk(schedule, ZoneInfo(zone), after, forward=True):
        if moment > (found[-1] if found else after):
            found.append(moment)
        if len(found) == count:
            break
    return tuple(found)


def last_time(schedule: Schedule, zone: str, until: datetime) -> datetime | None:
    """Return the newest moment not later than ``until``: what a machine that slept has missed."""
    return next((one for one in _walk(schedule, ZoneInfo(zone), until, forward=False) if one <= until), None)


def _walk(schedule: Schedule, zone: ZoneInfo, start: datetime, *, forward: bool) -> Iterator[datetime]:
    """Yield moments day by day, in order or backwards, from a day on the other side of ``start``."""
    step = timedelta(days=1 if forward else -1)
    day = start.astimezone(zone).date() - step
    for _ in range(_HORIZON.days):
        moments = schedule._moments(day, zone)  # noqa: SLF001 - one family
        yield from moments if forward else reversed(moments)
        day += step


def told(moment: datetime, zone: str) -> str:
    """Return a moment as a channel reads it: "Fri 27 November 16:00 (Europe/Berlin)"."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%B %H:%M} ({zone})"


def _field(values: tuple[int, ...], whole: int, least: int) -> str:
    return "*" if values == tuple(range(least, least + whole)) else ",".join(map(str, values))


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
