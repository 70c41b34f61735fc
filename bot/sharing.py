"""What processes share beyond jobs: things of which each belongs to one at a time, and budgets that all draw from.

The rows are the store's (``adapters.store.shared``); who shares nothing works with what this process knows.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import itertools
import math
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.errors import StoreError
from bot.ports import Clock

log = structlog.get_logger(__name__)

_LOOKED_EVERY = 0.3
AT_A_TIME = 20
"""Requests drawn in one go: so many are lost with a process that dies, until the hour is over."""


@dataclass(frozen=True, slots=True)
class Heard:
    """GitHub's last word on a limit: how many requests are left, and when it begins anew."""

    remaining: int
    reset_at: datetime


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn from a budget: so many requests, or none until a moment."""

    granted: int
    until: datetime | None = None


class SharedStore(Protocol):
    """Leases and budgets, a part of ``bot.ports_store.Store``."""

    async def hold(self, names: Sequence[str], holder: str, lease: timedelta, most: int) -> tuple[str, ...]:
        """Renew what is held of these, let go of what is more than ``most``, take what nobody holds; return all held.

        What was not renewed within its lease is nobody's.
        """
        ...

    async def let_go(self, holder: str) -> None:
        """Give back all that is held."""
        ...

    async def holders(self, beginning: str) -> int:
        """Return how many hold something whose name begins so."""
        ...

    async def draw(self, credential: str, resource: str, wanted: int, heard: Heard | None) -> Drawn:
        """Draw requests from the budget that all share who use a credential; ``heard`` corrects it first."""
        ...

    async def shut(self, credential: str, resource: str, until: datetime) -> None:
        """Let nobody draw before a moment: the host said so."""
        ...


@dataclass
class Share:
    """A fair part of some things (a gateway's shards) for one of many processes, by leases that it has to renew.

    A process that dies loses its part when its lease is over; one that comes later gets its part when the others,
    at their next renewal, find that there are more of them.
    """

    store: SharedStore
    kind: str
    many: int
    holder: str
    lease: timedelta = timedelta(seconds=30)
    held: tuple[int, ...] = ()

    async def renew(self) -> tuple[int, ...]:
        """Return the numbers held from now on until the lease ends. Raises ``StoreError``."""
        await self.store.hold([f"{self.kind}:here:{self.holder}"], self.holder, self.lease, 1)
        everybody = max(1, await self.store.holders(f"{self.kind}:here:"))
        names = [f"{self.kind}:{number}/{self.many}" for number in range(self.many)]
        held = await self.store.hold(names, self.holder, self.lease, math.ceil(self.many / everybody))
        self.held = tuple(sorted(names.index(name) for name in held))
        return self.held


@asynccontextmanager
async def everybody(name: str) -> AsyncIterator[bool]:  # noqa: ARG001
    """Let everybody in at once: where no other process does the same."""
    yield False


@dataclass
class OneAtATime:
    """Lets one of all processes in at a time, by a lease that is renewed as long as it takes.

    The lease of a process that died ends by itself. A store that is away hinders nobody: what is done twice then costs
    its price twice.
    """

    store: SharedStore
    holder: str
    lease: timedelta = timedelta(seconds=30)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[bool]:
        """Be the only one who does what ``name`` says; gives whether somebody else was at it before."""
        mine = f"{self.holder}:turn{next(self._numbers)}"
        waited = await self._wait_for(name, mine)
        renewing = asyncio.create_task(self._renew(name, mine))
        try:
            yield waited
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)
            with contextlib.suppress(StoreError):  # it ends by itself
                await self.store.let_go(mine)

    async def _wait_for(self, name: str, mine: str) -> bool:
        waited = False
        try:
            while not await self.store.hold([name], mine, self.lease, 1):
                waited = True
                await asyncio.sleep(_LOOKED_EVERY)
        except StoreError as error:
            log.warning("whose turn it is cannot be looked up", words=str(error))
        return waited

    async def _renew(self, name: str, mine: str) -> None:
        while True:
            await asyncio.sleep(self.lease.total_seconds() / 3)
            with contextlib.suppress(StoreError):  # the next time may be soon enough
                await self.store.hold([name], mine, self.lease, 1)


@dataclass
class Allowance:
    """The requests of one credential, shared by all processes that use it; a store that is away hinders nobody."""

    store: SharedStore
    clock: Clock
    credential: str
    at_a_time: int = AT_A_TIME
    _left: dict[str, int] = field(default_factory=dict)
    _heard: dict[str, Heard] = field(default_factory=dict)

    async def take(self, resource: str) -> float:
        """Take one request; return 0, or after how many seconds there may be one."""
        if self._left.get(resource, 0) <= 0:
            try:
                drawn = await self.store.draw(
                    self.credential, resource, self.at_a_time, self._heard.pop(resource, None)
                )
            except StoreError as error:
                log.warning("a shared budget cannot be read", resource=resource, words=str(error))
                return 0.0
            if drawn.until is not None:
                return max(1.0, (drawn.until - self.clock.now()).total_seconds())
            self._left[resource] = drawn.granted
        self._left[resource] -= 1
        return 0.0

    def give_back(self, resource: str) -> None:
        """Take back a request that did not count."""
        self._left[resource] = self._left.get(resource, 0) + 1

    def heard(self, resource: str, remaining: int, reset_at: datetime) -> None:
        """Note the host's word, for the next time that something is drawn."""
        self._heard[resource] = Heard(remaining, reset_at)

    async def shut(self, resource: str, until: datetime) -> None:
        """Let all others know that the host wants to hear nothing before a moment."""
        self._left.pop(resource, None)
        try:
            await self.store.shut(self.credential, resource, until)
        except StoreError as error:
            log.warning("a shared budget cannot be written", resource=resource, words=str(error))


def fingerprint(secret: str) -> str:
    """Return a name for a credential that does not tell it."""
    return hashlib.sha256(f"roast-bot\0{secret}".encode()).hexdigest()[:16] if secret else "nobody"
