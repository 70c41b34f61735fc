"""Spans of time as whole numbers and as ready phrases."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.detectors.base import number_word
from bot.spans import span

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def minutes(start: datetime, end: datetime) -> int:
    """Return the whole minutes from start to end."""
    return int((end - start).total_seconds() // _MINUTE)


def hours(start: datetime, end: datetime) -> int:
    """Return the whole hours from start to end."""
    return int((end - start).total_seconds() // _HOUR)


def days(start: datetime, end: datetime) -> int:
    """Return the whole days from start to end."""
    return int((end - start).total_seconds() // _DAY)


def phrase(start: datetime, end: datetime) -> str:
    """Return a span as people say it: "2 days and 21 hours", "3 hours", "4 minutes"."""
    return span(max(end - start, timedelta()))


def in_words(count: int, unit: str) -> str:
    """Return "two minutes" for 2 and "minute"."""
    return f"{number_word(count)} {unit}" if count == 1 else f"{number_word(count)} {unit}s"
