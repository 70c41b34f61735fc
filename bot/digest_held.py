"""A run of a digest while one process holds it: its lease is renewed, its progress kept, its end noticed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.card import Card
from bot.digest_choice import Reading
from bot.digest_week import Week
from bot.errors import StoreError
from bot.merged import MergedPull
from bot.ports import Clock
from bot.ports_messenger import Answer
from bot.ports_store import Store
from bot.pull_request import Frozen
from bot.records import DigestRun, RunState

log = structlog.get_logger(__name__)

_NOW = " now"


class TakenOverError(Exception):
    """Somebody else holds the run by now: stop at once, and touch nothing."""


class StoppedError(Exception):
    """Somebody said ``digest cancel``; the words say who."""


class Kept(Frozen):
    """What a run remembers between its steps, so that a restart goes on where it stopped.

    ``readings`` and ``verdicts`` go by a pull request's number; a reading is ``None`` where it may not be told.
    ``said`` and ``cards`` are what was posted, ``shown`` the verdicts in it by rank, ``first`` what stood above them.
    ``step`` is for people. ``why_late`` is the last hindrance in words, ``tries`` how many there were.
    """

    step: str = ""
    repository: str = ""
    week: Week | None = None
    dozen: tuple[MergedPull, ...] = ()
    chosen: bool = False
    archived: bool = False
    notes: tuple[str, ...] = ()
    readings: dict[int, Reading | None] = {}
    told: tuple[int, ...] | None = None
    verdicts: dict[int, int] = {}
    spared: str = ""
    posting: bool = False
    said: Answer | None = None
    cards: tuple[Card, ...] = ()
    shown: tuple[int, ...] = ()
    first: str = ""
    message: str = ""
    why_late: str = ""
    tries: int = 0

    @property
    def authors(self) -> frozenset[str]:
        """The authors that were told, in lower case."""
        found = (self.readings.get(number) for number in self.told or ())
        return frozenset(one.author.casefold() for one in found if one)


def period_of(due: datetime, *, manual: bool = False) -> str:
    """Return the name of the period that ends at a moment; one asked for by hand is another one."""
    return f"{due:%Y-%m-%dT%H:%M:%SZ}{_NOW if manual else ''}"


def due_of(period: str) -> datetime:
    """Return the moment in a period's name."""
    return datetime.fromisoformat(period.removesuffix(_NOW))


def is_manual(period: str) -> bool:
    """Whether it was asked for by hand."""
    return period.endswith(_NOW)


def cancel_key(run_id: str) -> str:
    """Return the name under which the store keeps that a run shall end."""
    return f"digest:cancel:{run_id}"


class Held:
    """A claimed run. ``keep`` writes progress and renews the lease; ``TakenOverError`` where it is somebody else's."""

    def __init__(self, store: Store, clock: Clock, run: DigestRun, lease: timedelta) -> None:
        self._store, self._clock, self._lease = store, clock, lease
        self.run = run
        self.kept = Kept.model_validate(run.progress)
        self._lost = False
        self._turn = asyncio.Lock()

    async def keep(self, **changes: Any) -> Kept:
        """Keep progress. Raises ``StoppedError`` where somebody cancelled it meanwhile."""
        await self._save(self._lease, **changes)
        by = await self._store.meta(cancel_key(self.run.run_id))
        if by:
            raise StoppedError(by)
        return self.kept

    async def rest(self, until: datetime, **changes: Any) -> None:
        """Let go of the run until a moment: whoever looks after that goes on with it."""
        await self._save(max(until - self._clock.now(), timedelta(seconds=1)), **changes)

    async def finish(self, state: RunState, decision: str) -> None:
        """End the run."""
        async with self._turn:
            if self._lost or not await self._store.finish_run(self.run, state, decision):
                raise TakenOverError
            self._lost = True
        await self._store.set_meta(cancel_key(self.run.run_id), "")

    def sure(self) -> None:
        """Raise ``TakenOverError`` unless the lease surely holds: asked right before something becomes visible."""
        if self._lost or self._clock.now() >= self.run.lease_until:
            raise TakenOverError

    @contextlib.asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Renew the lease as long as the block lasts."""
        beat = asyncio.create_task(self._beat(), name=f"digest {self.run.run_id}")
        try:
            yield
        finally:
            beat.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beat

    async def _beat(self) -> None:
        while not self._lost:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            try:
                await self._save(self._lease)
            except TakenOverError:
                return
            except StoreError as error:
                log.warning("a lease could not be renewed", run=self.run.run_id, words=str(error))

    async def _save(self, lease: timedelta, **changes: Any) -> None:
        async with self._turn:
            kept = self.kept.model_copy(update=changes)
            until = self._clock.now() + lease
            run = self.run.model_copy(update={"progress": kept.model_dump(mode="json"), "lease_until": until})
            if self._lost or not await self._store.save_run(run, lease):
                self._lost = True
                raise TakenOverError
            self.kept, self.run = kept, run


class Unkept(Held):
    """A run for show: it keeps everything in memory, and nobody else can have it."""

    async def keep(self, **changes: Any) -> Kept:
        """Keep progress here alone."""
        self.kept = self.kept.model_copy(update=changes)
        return self.kept

    def sure(self) -> None:
        """Be sure."""
