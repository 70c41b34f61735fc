"""What a digest says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from digest_weeks import BEGIN, FRIDAY, merged, pull, reading, weeks
from fakes.memory import verdict
from hypothesis import given

from bot.digest_week import in_words, week_of
from bot.digest_words import Findings, Told, below, decision, digest, late
from bot.leaderboard import FunnyVerdict
from bot.records import VerdictId


@given(weeks())
def test_the_figures_add_up(week):
    """Every merged pull request stands on one day, routine is a part of it, and a sum is given only where all parts are known"""
    found = week_of(merged(*week), "Europe/Berlin")
    assert sum(day.merged for day in found.days) == found.merged == len(week)
    assert sum(day.routine for day in found.days) == found.routine
    known = [one.additions for one in week]
    assert found.additions == (sum(known) if known and None not in known else None)
    assert in_words(found)


@pytest.mark.parametrize(
    ("begin", "zone", "span"),
    [
        (datetime(2026, 5, 17, 22, tzinfo=UTC), "Europe/Berlin", "18 to 24 May"),
        (datetime(2026, 3, 25, 23, tzinfo=UTC), "Europe/Berlin", "26 March to 1 April"),
        (datetime(2026, 10, 30, 4, tzinfo=UTC), "America/New_York", "30 October to 5 November"),
    ],
)
def test_the_span(begin, zone, span):
    """The window is told by its local days, over the ends of months and changes of clocks"""
    end = (
        begin
        + timedelta(days=7)
        - (timedelta(hours=1) if zone == "Europe/Berlin" and begin.month == 3 else timedelta(0))
    )
    assert week_of(merged(since=begin, until=end), zone).span == span


def found(**changes):
    """Return findings of two verdicts."""
    fields = {
        "week": week_of(merged(pull(1), pull(2, "grace")), "UTC"),
        "told": (Told(id=1, verdict=verdict(7)), Told(id=2, verdict=verdict(8, title="The second course"))),
        "cleanest": reading(
            9, "grace", praise="Twelve tests, and they bite.", url="https://github.com/acme/soup/pull/9"
        ),
        "looked_at": 2,
        "able": 2,
    }
    return Findings(**(fields | changes))


def test_the_whole_digest():
    """The headline comes in full, the others as cards, then the praise, the best loved, the figures and the links"""
    loved = FunnyVerdict(
        id=VerdictId(3),
        title="The slow boat",
        pull_request="acme/soup#3",
        url="",
        punchline="",
        funny=4,
        created_at=BEGIN,
    )
    answer, cards = digest(found(best_loved=loved, devlog="https://log.example/"))
    assert answer.title == "The week in acme/soup, 15 to 22 May"
    assert "The assertive handshake" in answer.text
    assert "It is tested." in answer.text
    assert "Final verdict: the handshake — Assert yourself." in answer.text
    assert [card.title for card in cards] == ["The second course"]
    rows = dict(answer.rows)
    assert rows["Cleanest pull request of the week"] == "#9 “Add thing 9” by grace. Twelve tests, and they bite."
    assert rows["Best loved last time"] == "“The slow boat” (acme/soup#3), 4 × 🔥"
    assert rows["In numbers"].startswith("2 merged by 2 authors")
    assert ("The dev log", "https://log.example/") in answer.links
    assert [one.command for one in answer.actions] == ["receipts 1"]
    assert not answer.private


@pytest.mark.parametrize(
    ("pulls", "looked_at", "words"),
    [
        ((), 0, "acme/soup"),
        ((pull(1, "dependabot[bot]"),), 0, "1 pull request"),
        ((pull(1), pull(2)), 2, "I read all of them in full"),
        ((pull(1), pull(2), pull(3)), 2, "I read 2 of them in full"),
        ((pull(1),), 1, "I read it in full"),
        ((pull(1),), 0, "none of it is told here"),
    ],
)
def test_a_quiet_week(pulls, looked_at, words):
    """A week with nothing to tell is one friendly line that claims to have read what was read, and no more"""
    week = week_of(merged(*pulls), "UTC")
    answer, cards = digest(found(week=week, told=(), cleanest=None, able=2, looked_at=looked_at))
    assert cards == ()
    assert words in answer.text
    assert "\n" not in answer.text
    assert "{" not in answer.text


def test_a_persons_quiet_week():
    """Of a person is said what they merged, and nothing of what became of it but that it is not told"""
    quiet = [
        digest(found(week=week_of(merged(*pulls), "UTC"), told=(), cleanest=None, person="ada"))[0].text
        for pulls in ((), (pull(1),))
    ]
    assert quiet == [
        "Ada merged nothing into acme/soup this week.",
        "Ada merged 1 pull request into acme/soup this week, and none of it is told here.",
    ]


def test_late():
    """What comes late says how late, what it was due for in the channel's own time, and why; in time it says nothing"""
    assert late(FRIDAY, FRIDAY + timedelta(minutes=5), "", "UTC") == ""
    words = late(FRIDAY, FRIDAY + timedelta(hours=3), "GitHub asked me to wait.", "Europe/Berlin")
    assert words == "Late by 3 hours, sorry: this was due on Friday at 16:00. GitHub asked me to wait."
    unknown = late(FRIDAY, FRIDAY + timedelta(hours=3), "", "Europe/Berlin")
    assert unknown == "Late by 3 hours, sorry: this was due on Friday at 16:00."


def test_the_mark():
    """The "last ran" mark says what was told, of how many, or that nothing was and why"""
    assert decision(found()) == "Told acme/Tools#7 and acme/Tools#8, of 2 merged and 2 read in full."
    assert decision(found(told=())).startswith("Nothing told: 2 merged")


def test_the_thread():
    """Below stands where to look for the headline, and the whole story of a short one"""
    first, second = found().told
    assert below(first, headline=True).title == "Where to look"
    assert "Final verdict" in below(second, headline=False).text
