"""What was heard and has to be answered whatever dies, written down many at a time before any of it is acknowledged.

Deciding on one command takes a dozen questions to the store; 200 commands at once would wait for each other for
seconds. So a burst is kept as it came, in one job for all that arrived meanwhile, is acknowledged, and is then decided
upon. A crash leaves the job, and the next life hears it again: what was decided already is known by its event.

What cannot be kept in time is not: whoever said it is told so in place of an acknowledgement.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from bot.errors import BusyError, StoreError
from bot.ports_messenger import Said
from bot.ports_store import Store
from bot.records import Job, JobId, NewJob

log = structlog.get_logger(__name__)

KEPT = frozenset({"roast", "hotter", "milder", "appeal"})
"""The commands whose answers come later, and that nobody may lose meanwhile."""

_IN_ONE_JOB = 250
_BEFORE_ROASTS = -10
_GATHER = 0.005
"""Seconds in which those who come together are gathered: one write for many is quicker for each of them."""

_LATE = ("I am busy: my memory takes its time.", "Ask again in a minute.")
_GOING = ("I am being restarted.", "Ask again in a minute.")


class Inbox:
    """Keeps what was said and has it handled, ``at_once`` of it at a time. ``holder`` is the process's queue's name.

    ``kind`` names its jobs. ``quiet`` waits until nobody is to be acknowledged: they go first. ``poll`` is how often
    jobs that a dead process left are looked for, in seconds.
    """

    def __init__(
        self,
        store: Store,
        holder: str,
        kind: str,
        handle: Callable[[Said], Awaitable[None]],
        quiet: Callable[[], Awaitable[None]],
        *,
        at_once: int = 4,
        poll: float = 5.0,
    ) -> None:
        self._store, self._holder, self._kind, self._poll = store, holder, kind, poll
        self._handle, self._quiet = handle, quiet
        self._gate = asyncio.Semaphore(at_once)
        self._arrived: list[tuple[Said, asyncio.Future[None]]] = []
        self._come, self._kept = asyncio.Event(), asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._handled: list[JobId] = []

    async def put(self, said: Said, within: float) -> None:
        """Return once it is in the store. Raises ``RoastBotError`` where it is not, or not within so many seconds.

        What is waited for no more is not written down later, unless it is being written at that very moment: then it
        will be answered all the same.
        """
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrived.append((said, kept))
        self._come.set()
        timer = asyncio.get_running_loop().call_later(within, _settle, kept, BusyError(*_LATE))
        try:
            await kept
        finally:
            timer.cancel()

    def start(self) -> None:
        """Begin to keep and to handle, where that has not begun, beginning with what an earlier life left behind."""
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._keep()), asyncio.create_task(self._work())]

    async def stop(self) -> None:
        """Stop; what was not handled waits in the store, and what was not kept is turned away."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        for _, kept in self._arrived:
            _settle(kept, BusyError(*_GOING))
        self._arrived = []

    async def _keep(self) -> None:
        while True:
            await self._come.wait()
            await asyncio.sleep(_GATHER)
            self._come.clear()
            while self._arrived:
                taken, self._arrived = self._arrived[:_IN_ONE_JOB], self._arrived[_IN_ONE_JOB:]
                await self._keep_those([one for one in taken if not one[1].done()])

    async def _keep_those(self, batch: list[tuple[Said, asyncio.Future[None]]]) -> None:
        if not batch:
            return
        said = [one.model_dump(mode="json") for one, _ in batch]
        trouble: Exception | None = BusyError(*_GOING)  # stopped meanwhile, nobody knows: they may be answered yet
        try:
            await self._store.enqueue(NewJob(kind=self._kind, payload={"said": said}, priority=_BEFORE_ROASTS))
            trouble = None
            self._kept.set()
        except StoreError as error:
            log.warning("what was said could not be kept", words=str(error), many=len(batch))
            trouble = error
        except Exception:
            log.exception("what was said could not be kept", many=len(batch))
            trouble = BusyError("Something unforeseen went wrong here.", "It is in the log; try again.")
        finally:
            for _, kept in batch:
                _settle(kept, trouble)

    async def _work(self) -> None:
        while True:
            self._kept.clear()
            try:
                await self._finish_handled()
                job = await self._store.next_job(self._holder, (self._kind,))
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


def _settle(kept: asyncio.Future[None], trouble: Exception | None = None) -> None:
    if kept.done():
        return
    if trouble is None:
        kept.set_result(None)
    else:
        kept.set_exception(trouble)
