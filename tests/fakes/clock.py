"""A clock that is turned by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.ports import Clock

NOON = datetime(2026, 5, 22, 12, 0, tzinfo=UTC)


class Watch(Clock):
    """Stands still until it is turned."""

    def __init__(self, at: datetime = NOON) -> None:
        self.time = at

    def now(self) -> datetime:
        """Return the time that it shows."""
        return self.time

    def forward(self, **by: float) -> datetime:
        """Turn it."""
        self.time += timedelta(**by)
        return self.time
