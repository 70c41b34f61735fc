"""The embedded queue: asyncio in the same process over the store's own jobs, and nothing more clever than that.

A job is in the store before anybody is told that it was heard. Each process signs what it takes with its own name and
beats while it lives; what a dead one left running waits again, here or in whatever process comes next.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping

import structlog

from adapters.queue.door import Door, JobStore
from bot.errors import StoreError
from bot.fence import TakenOverError
from bot.ports import Clock, Handler

log = structlog.get_logger(__name__)


class EmbeddedQueue(Door):
    """A ``bot.ports.Queue`` of ``workers`` tasks; see ``Door`` for the rest.

    ``poll`` is how often other processes' jobs are looked for; this process's own wake a worker at once.
    """

    def __init__(
        self,
        store: JobStore,
        clock: Clock,
        *,
        workers: int = 2,
        most_waiting: int = 100,
        most_each: int = 0,
        poll: float = 1.0,
        beat: float = 5.0,
        dead_after: float = 30.0,
    ) -> None:
        super().__init__(store, clock, most_waiting=most_waiting, most_each=most_each, beat=beat, dead_after=dead_after)
        self._workers, self._poll = workers, poll
        self._wake = asyncio.Event()

    def _woken(self) -> None:
        self._wake.set()

    async def start(self, handlers: Mapping[str, Handler]) -> None:
        """See ``bot.ports.Queue``."""
        self._handlers, self._stopping = handlers, False
        await self._begin_beating()
        self._tasks = [asyncio.create_task(self._work(), name=f"queue worker {n}") for n in range(self._workers)]

    async def stop(self, grace: float) -> None:
        """See ``bot.ports.Queue``."""
        self._stopping = True
        self._wake.set()
        if self._tasks:
            _, left = await asyncio.wait(self._tasks, timeout=grace)
            for task in left:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await self._end_beating()

    async def _work(self) -> None:
        while not self._stopping:
            self._wake.clear()
            try:
                job = await self._store.next_job(self.holder, sorted(self._handlers))
            except StoreError as error:
                log.warning("the queue cannot reach the store", words=str(error))
                await asyncio.sleep(self._poll)
                continue
            if job is not None:
                # Cancelled by ``stop``, it stays running in the store, and ``stop`` hands it back.
                try:
                    await self._work_through(job)
                except TakenOverError:
                    self._left(job.id)
            elif not self._stopping:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), self._poll)
