"""Time in words: days and durations as a reader says them. Pure; knows no clock."""

from __future__ import annotations

from datetime import datetime, timedelta


def span(duration: timedelta | None) -> str:
    """Return "2 days and 21 hours", "21 hours", "4 minutes"; nothing for an unknown or negative duration."""
    if duration is None or duration < timedelta(0):
        return ""
    minutes = int(duration.total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return _unit(days, "day") + (f" and {_unit(hours, 'hour')}" if hours and days < 14 else "")
    if hours:
        return _unit(hours, "hour")
    return _unit(minutes, "minute") if minutes else "less than a minute"


def day(moment: datetime | None) -> str:
    """Return "20 May 2026" in UTC, or nothing."""
    return f"{moment.day} {moment:%B %Y}" if moment else ""


def _unit(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
