"""How things stand in numbers: what waits and runs by kind and by workspace, what was tried again, what today cost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from bot.pull_request import Frozen
from bot.records import Place

MOST_WORKSPACES = 20
"""So many workspaces are told apart, those with most work or cost; the rest is one sum: labels must stay bounded."""


class KindLoad(Frozen):
    """The jobs of one kind that wait and run, since when the first of them do, and how many are retried."""

    kind: str
    waiting: int = 0
    running: int = 0
    tried_before: int = 0
    oldest: datetime | None = None
    longest: datetime | None = None

    def in_words(self, now: datetime) -> str:
        """Return it in a line: what stands still is seen by how long it waits or runs."""
        waits = f" (the oldest for {ago(now - self.oldest)})" if self.oldest else ""
        runs = f" (the longest for {ago(now - self.longest)})" if self.longest else ""
        return f"{self.kind}: {self.waiting} wait{waits}, {self.running} run{runs}"


class HomeLoad(Frozen):
    """A workspace's live jobs and today's US dollars; a place without a platform is all others together."""

    place: Place
    jobs: int = 0
    dollars: float = 0.0


class Sight(Frozen):
    """All of it, at one moment."""

    kinds: tuple[KindLoad, ...] = ()
    homes: tuple[HomeLoad, ...] = ()

    @property
    def dollars(self) -> float:
        """What today cost, over all workspaces."""
        return sum(one.dollars for one in self.homes)

    def in_words(self, now: datetime) -> str:
        """Return it in a line, without anybody's name."""
        parts = [one.in_words(now) for one in self.kinds]
        again = sum(one.tried_before for one in self.kinds)
        parts += [f"{again} of these tried before"] if again else []
        parts += [f"${self.dollars:,.2f} spent today"] if self.dollars else []
        return "; ".join(parts) or "nothing to do"

    def busiest_in_words(self, most: int = 5) -> str:
        """Return the workspaces with most work or cost, by name: for the operator alone."""
        told = [
            f"{one.place.platform}/{one.place.workspace} {one.jobs} job{'' if one.jobs == 1 else 's'}"
            + (f", ${one.dollars:,.2f}" if one.dollars else "")
            for one in self.homes[:most]
            if one.place.platform
        ]
        return "; ".join(told)


def ago(span: timedelta) -> str:
    """Return a span of time in its largest unit: "3 minutes"."""
    seconds = max(0, round(span.total_seconds()))
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{seconds // size} {unit}{'' if seconds // size == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"


class SightStore(Protocol):
    """A part of ``bot.ports_store.Store``."""

    async def sight(self, *, most: int = MOST_WORKSPACES) -> Sight:
        """Return how things stand; so many workspaces by name, the rest as one."""
        ...
