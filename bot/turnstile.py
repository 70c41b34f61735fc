"""The turnstile: whoever asks at the same moment is let in together, so that a crowd costs one write and not hundreds.

Nobody waits for company: the first goes at once, and those who come meanwhile go together when it is through.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.records import JobId, Limit, NewJob, Person, Place, PlaceSettings, Wait

MOST_AT_ONCE = 100

LimitsOf = Callable[[PlaceSettings, PlaceSettings], Sequence[Limit]]
"""Returns the limits on asking from the settings of a channel and of its workspace."""


@dataclass(frozen=True, slots=True)
class Wish:
    """An ask at the counter: the job that it becomes, and what decides whether it is let in."""

    job: NewJob
    place: Place
    person: Person
    repository: str
    event: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a wish: its job; or that its event was handled before; or what stands in the way."""

    job: JobId | None = None
    repeated: bool = False
    opted_out: bool = False
    full: bool = False
    wait: Wait | None = None


@dataclass
class Turnstile:
    """Lets wishes in by ``take``, several at once. What ``take`` raises, all of them get."""

    take: Callable[[Sequence[Wish]], Awaitable[Sequence[Taken]]]
    _waiting: list[tuple[Wish, asyncio.Future[Taken]]] = field(default_factory=list)
    _running: asyncio.Task[None] | None = None

    async def enter(self, wish: Wish) -> Taken:
        """Return what became of a wish once that is written down. Raises what ``take`` raises."""
        entered: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        self._waiting.append((wish, entered))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._turn(), name="turnstile")
        return await entered

    async def _turn(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            try:
                taken = await self.take([wish for wish, _ in group])
            except Exception as error:  # noqa: BLE001 - each of those who wait raises it
                for _, entered in group:
                    if not entered.done():
                        entered.set_exception(error)
                continue
            for (_, entered), one in zip(group, taken, strict=True):
                if not entered.done():
                    entered.set_result(one)
