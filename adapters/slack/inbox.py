"""What was heard and has to be answered whatever dies, written down many at a time before any of it is acknowledged.

Deciding on one command takes a dozen questions to the store; 200 commands at once would wait for each other for
seconds. So a burst is kept as it came, in one job for all that arrived meanwhile, is acknowledged, and is then decided
upon. A crash leaves the job, and the next life hears it again: what was decided already is known by its event.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.errors import StoreError
from bot.ports_messenger import Said
from bot.ports_store import Store
from bot.records import Job, JobId, NewJob

log = structlog.get_logger(__name__)

HEARD = "slack_heard"
_IN_ONE_JOB = 250
_BEFORE_ROASTS = -10
_GATHER = 0.005
"""Seconds in which those who come together are gathered: one write for many is quicker for each of them."""


class Inbox:
    """Keeps what was said and has it handled, ``at_once`` of it at a time. ``holder`` is the process's queue's name.

    ``quiet`` waits until nobody is to be acknowledged: they go first. ``poll`` is how often jobs that a dead process
    left are looked for, in seconds.
    """

    def __init__(
        self,
        store: Store,
        holder: str,
        handle: Callable[[Said], Awaitable[None]],
        quiet: Callable[[], Awaitable[None]],
        *,
        at_once: int = 4,
        poll: float = 5.0,
    ) -> None:
        self._store, self._holder, self._poll = store, holder, poll
        self._handle, self._quiet = handle, quiet
        self._gate = asyncio.Semaphore(at_once)
        self._arrived: list[tuple[Said, asyncio.Future[None]]] = []
        self._come, self._kept = asyncio.Event(), asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._handled: list[JobId] = []
        self._unkept: set[asyncio.Task[None]] = set()

    async def put(self, said: Said, within: float) -> None:
        """Keep what was said, or return after ``within`` seconds with it on the way there: it will be handled."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrived.append((said, kept))
        self._come.set()
        timer = asyncio.get_running_loop().call_later(within, _settle, kept)
        try:
            await kept
        finally:
            timer.cancel()

    def start(self) -> None:
        """Begin to keep and to handle, beginning with what an earlier life left behind."""
        self._tasks = [asyncio.create_task(self._keep()), asyncio.create_task(self._work())]

    async def stop(self) -> None:
        """Stop; what was not handled waits in the store."""
        ending = [*self._tasks, *self._unkept]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        self._tasks = []

    async def _keep(self) -> None:
        while True:
            await self._come.wait()
            await asyncio.sleep(_GATHER)
            self._come.clear()
            while self._arrived:
                batch, self._arrived = self._arrived[:_IN_ONE_JOB], self._arrived[_IN_ONE_JOB:]
                said = [one.model_dump(mode="json") for one, _ in batch]
                try:
                    await self._store.enqueue(NewJob(kind=HEARD, payload={"said": said}, priority=_BEFORE_ROASTS))
                    self._kept.set()
                except StoreError as error:
                    log.warning("what was said could not be kept", words=str(error), many=len(batch))
                    self._handle_unkept([one for one, _ in batch])
                for _, kept in batch:
                    _settle(kept)

    def _handle_unkept(self, batch: Sequence[Said]) -> None:
        """Handle what cannot wait in the store: the words of that fault are an answer too."""
        for said in batch:
            task = asyncio.create_task(self._one(said))
            self._unkept.add(task)
            task.add_done_callback(self._unkept.discard)

    async def _work(self) -> None:
        while True:
            self._kept.clear()
            try:
                await self._finish_handled()
                job = await self._store.next_job(self._holder, (HEARD,))
                if job is not None:
                    await self._work_off(job)
                    continue
            except StoreError as error:
                log.warning("the inbox cannot reach the store", words=str(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._kept.wait(), self._poll)

    async def _work_off(self, job: Job) -> None:
        kept = job.payload.get("said")
        said = [Said.model_validate(one) for one in kept] if isinstance(kept, list) else []
        await asyncio.gather(*(self._one(one) for one in said))
        self._handled.append(job.id)
        await self._finish_handled()

    async def _finish_handled(self) -> None:
        """End in the store what was handled: at the next chance where the store was away meanwhile."""
        while self._handled:
            await self._store.finish_job(self._handled[0])
            self._handled.pop(0)

    async def _one(self, said: Said) -> None:
        async with self._gate:
            await self._quiet()
            try:
                await self._handle(said)
            except Exception:
                log.exception("something that was said could not be handled", place=str(said.place))


def _settle(kept: asyncio.Future[None]) -> None:
    if not kept.done():
        kept.set_result(None)
