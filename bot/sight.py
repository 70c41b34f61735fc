"""How things stand in numbers: what waits and runs by kind and by workspace, what was tried again, what today cost."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.pull_request import Frozen
from bot.records import Place

MOST_WORKSPACES = 20
"""So many workspaces are told apart, those with most work or cost; the rest is one sum: labels must stay bounded."""


class KindLoad(Frozen):
    """The jobs of one kind that wait and run, since when the oldest waits, and how many were tried before."""

    kind: str
    waiting: int = 0
    running: int = 0
    tried_before: int = 0
    oldest: datetime | None = None


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

    def in_words(self) -> str:
        """Return it in a line, without anybody's name."""
        parts = [f"{one.kind}: {one.waiting} wait, {one.running} run" for one in self.kinds]
        again = sum(one.tried_before for one in self.kinds)
        parts += [f"{again} of these tried before"] if again else []
        parts += [f"${self.dollars:,.2f} spent today"] if self.dollars else []
        return "; ".join(parts) or "nothing to do"


class SightStore(Protocol):
    """A part of ``bot.ports_store.Store``."""

    async def sight(self, *, most: int = MOST_WORKSPACES) -> Sight:
        """Return how things stand; so many workspaces by name, the rest as one."""
        ...
