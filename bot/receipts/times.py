# ruff: noqa: E501 - a pattern reads best whole
"""Dates and durations in prose and in facts, and what follows from two dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.receipts.numbers import Form, Number
from bot.receipts.text import Kind, Token

MINUTES = {
    "second": 1 / 60,
    "minute": 1.0,
    "hour": 60.0,
    "day": 1440.0,
    "week": 10080.0,
    "month": 43830.0,
    "year": 525960.0,
}
_UNIT_WORDS = {
    **{f"{unit}{s}": unit for unit in MINUTES for s in ("", "s")},
    "sec": "second", "secs": "second", "s": "second", "min": "minute", "mins": "minute", "m": "minute",
    "h": "hour", "hr": "hour", "hrs": "hour", "d": "day", "wk": "week",
}  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sep sept", "october oct", "november nov", "december dec"), start=1)
    for name in names.split()
}  # fmt: skip
WEEKDAYS = {name: at for at, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())}


@dataclass(frozen=True, slots=True)
class Span:
    """A duration in minutes, told to the precision of ``unit`` (minutes), on the tokens ``first`` to ``last``.

    ``well_formed`` is false for "0 days" and for "2 days and 42 hours", which is nobody's way to count.
    """

    minutes: float
    unit: float
    first: int
    last: int
    hedge: str = ""
    well_formed: bool = True


@dataclass(frozen=True, slots=True)
class Day:
    """A date in a sentence; ``year`` is 0 where none was given."""

    month: int
    day: int
    year: int
    first: int
    last: int

    def fits(self, actual: date) -> bool:
        """Whether it says the actual date."""
        return (self.month, self.day) == (actual.month, actual.day) and self.year in {0, actual.year}


def unit_of(token: Token) -> str:
    """Return the unit of time that a word names, or nothing."""
    return _UNIT_WORDS.get(token.lower, "") if token.kind is Kind.WORD else ""


def span_at(items: Sequence[Token], found: Sequence[Number], at: int) -> tuple[Span, int] | None:
    """Read a duration that begins with number ``at``; return it with the count of numbers that it used."""
    total, unit, used, last = 0.0, 0.0, 0, 0
    first, well_formed = found[at].first, True
    led = items[max(0, first - 3) : first]
    if len(led) == 3 and led[0].lower in {"a", "an"} and unit_of(led[1]) and led[2].lower == "and":
        total, unit, first = MINUTES[unit_of(led[1])], MINUTES[unit_of(led[1])], first - 3  # "a day and nine hours"
    while at + used < len(found):
        number = found[at + used]
        if used and not _continues(items, last, number.first):
            break
        name, end = _unit_after(items, number)
        if used and name and MINUTES[name] >= unit and items[number.first - 1].lower == "and":
            well_formed = False  # "six days and six days"
        if not name or number.form not in {Form.CARDINAL, Form.FRACTION} or (unit and MINUTES[name] >= unit):
            break
        well_formed = well_formed and number.value > 0 and (not unit or number.value * MINUTES[name] < unit)
        total, unit, last, used = total + number.value * MINUTES[name], MINUTES[name], end, used + 1
    return (Span(total, unit, first, last, found[at].hedge, well_formed), used) if used else None


def _unit_after(items: Sequence[Token], number: Number) -> tuple[str, int]:
    if number.unit:
        return _UNIT_WORDS.get(number.unit, ""), number.last
    after = number.last + 1
    if after < len(items) and items[after].text == "-":
        after += 1
    while after < len(items) and items[after].lower in {
        "whole",
        "full",
        "long",
        "more",
        "short",
        "calendar",
        "working",
    }:
        after += 1
    return (unit_of(items[after]), after) if after < len(items) else ("", 0)


def _continues(items: Sequence[Token], last: int, following: int) -> bool:
    between = [items[at].lower for at in range(last + 1, following)]
    return between in ([], ["and"], [","], [",", "and"])


def day_at(items: Sequence[Token], at: int) -> Day | None:
    """Read a date that begins with this token: "8 May", "May 8", "8th of May 2026", "2026-05-08"."""
    token = items[at]
    if token.kind is Kind.DATE:
        year, month, day = (int(part) for part in token.text.split("-"))
        return Day(month, day, year, at, at)
    if token.kind is Kind.NUMBER and (day := _day_number(token)):
        after = at + 2 if at + 1 < len(items) and items[at + 1].lower == "of" else at + 1
        month = _MONTHS.get(items[after].lower, 0) if after < len(items) else 0
        if month and items[after].text[0].isupper():
            return _with_year(items, Day(month, day, 0, at, after))
    month = _MONTHS.get(token.lower, 0) if token.kind is Kind.WORD and token.text[0].isupper() else 0
    if month and at + 1 < len(items) and items[at + 1].kind is Kind.NUMBER and (day := _day_number(items[at + 1])):
        return _with_year(items, Day(month, day, 0, at, at + 1))
    return None


def is_month(token: Token) -> bool:
    """Whether a word names a month, with its capital."""
    return token.kind is Kind.WORD and token.text[0].isupper() and token.lower in _MONTHS


def _day_number(token: Token) -> int:
    digits = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", token.text)
    return int(digits.group(1)) if digits and 1 <= int(digits.group(1)) <= 31 else 0


def _with_year(items: Sequence[Token], day: Day) -> Day:
    after = day.last + 1
    if after < len(items) and items[after].text == ",":
        after += 1
    if after < len(items) and re.fullmatch(r"(?:19|20)\d\d", items[after].text):
        return Day(day.month, day.day, int(items[after].text), day.first, after)
    return day


_STAMP = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?(?!\d)")
_LONG = re.compile(r"(?<!\d)(\d{1,2}) (January|February|March|April|May|June|July|August|September|October|November"
                   r"|December) (\d{4})(?: (?:at )?(\d{1,2}):(\d{2}))?")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time that the evidence states. ``exact`` means to the minute; ``at``, ``end`` is its place in the text."""

    when: datetime
    exact: bool
    at: int
    end: int


def moments(text: str) -> tuple[Moment, ...]:
    """Return every date or time that stands in a text of the evidence."""
    found: list[Moment] = []
    for match in _STAMP.finditer(text):
        year, month, day, hour, minute = match.groups()
        found.append(_moment(match, int(year), int(month), int(day), hour, minute))
    for match in _LONG.finditer(text):
        day, name, year, hour, minute = match.groups()
        found.append(_moment(match, int(year), _MONTHS[name.lower()], int(day), hour, minute))
    return tuple(moment for moment in found if moment.when.year > 1)


def _moment(  # noqa: PLR0917 - the parts of a date
    match: re.Match[str], year: int, month: int, day: int, hour: str | None, minute: str | None
) -> Moment:
    try:
        when = datetime(year, month, day, int(hour or 0), int(minute or 0), tzinfo=UTC)
    except ValueError:  # 31 February is somebody's text, not a date
        return Moment(datetime.min.replace(tzinfo=UTC), exact=False, at=0, end=0)
    return Moment(when, exact=hour is not None, at=match.start(), end=match.end())


def says(claimed: Span, minutes: float) -> bool:
    """Whether a duration, to the precision it is told in, says this many minutes: rounded down, or to the nearest."""
    unit = claimed.unit
    if claimed.hedge == "about":
        return abs(claimed.minutes - minutes) <= max(0.15 * minutes, unit / 2)
    if claimed.hedge == "over":
        return claimed.minutes <= minutes + unit / 2 and minutes <= claimed.minutes * 1.7
    if claimed.hedge == "under":
        return minutes < claimed.minutes <= minutes * 1.5
    if claimed.hedge == "at most":
        return minutes - unit / 2 <= claimed.minutes <= minutes * 1.5
    down = int(minutes / unit + 1e-9) * unit
    nearest = round(minutes / unit) * unit
    return any(abs(claimed.minutes - told) < 1e-6 * max(1.0, told) for told in (down, nearest, minutes))
