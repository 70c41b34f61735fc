"""What was heard and has to be answered whatever dies, written down many at a time before any of it is acknowledged.

Deciding on one command takes a dozen questions to the store; 200 commands at once would wait for each other for
seconds. So a burst is kept as it came, in one job for all that arrived meanwhile, is acknowledged, and is then decided
upon. A crash leaves the job, and the next life hears it again: what was decided already is known by its event.

The job is only the memory of it. What is decided next is the next one of the next workspace, so that nobody waits for a
crowd from elsewhere that came first.

What cannot be kept in time is not: whoever said it is told so in place of an acknowledgement.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from pydantic import ValidationError

from bot.errors import BusyError, RoastBotError, StoreError
from bot.ports_messenger import Said
from bot.ports_store import Store
from bot.records import Job, JobId, NewJob, Place

log = structlog.get_logger(__name__)

KEPT = frozenset({"roast", "hotter", "milder", "appeal"})
"""The commands whose answers come later, and that nobody may lose meanwhile."""

_IN_ONE_JOB = 250
_BEFORE_ROASTS = -10
_MOST_UNDECIDED = 1000
"""How many of one workspace wait for a decision in this process before more are turned away."""
_GATHER = 0.005
"""Seconds in which those who come together are gathered: one write for many is quicker for each of them."""

_LATE = ("I am busy: my memory takes its time.", "Ask again in a minute.")
_GOING = ("I am being restarted.", "Ask again in a minute.")
_CROWDED = ("I am busy: this workspace asks faster than I can listen.", "Ask again in a minute.")


@dataclass
class _Page:
    """How many words of a job are left to be decided upon."""

    left: int


_Waiting = tuple[Said, _Page]


class _Lines(asyncio.Queue[_Waiting]):
    """One line for each workspace, served in turn: the first of one, the first of the next.

    These three methods are how the queues of asyncio differ from each other, as its ``PriorityQueue`` does.
    """

    def _init(self, maxsize: int) -> None:
        del maxsize
        self._queue: OrderedDict[Place, deque[_Waiting]] = OrderedDict()

    def qsize(self) -> int:
        return sum(map(len, self._queue.values()))

    def _put(self, item: _Waiting) -> None:
        self._queue.setdefault(item[0].place.whole, deque()).append(item)

    def _get(self) -> _Waiting:
        home, line = self._queue.popitem(last=False)
        item = line.popleft()
        if line:
            self._queue[home] = line
        return item

    def of(self, home: Place) -> int:
        """Return how many of a workspace wait."""
        return len(self._queue.get(home, ()))


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
        self._handle, self._quiet, self._at_once = handle, quiet, at_once
        self._arrived: list[tuple[Said, asyncio.Future[None]]] = []
        self._come, self._stirred = asyncio.Event(), asyncio.Event()
        self._lines = _Lines()
        self._pages: dict[JobId, _Page] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def put(self, said: Said, within: float) -> None:
        """Return once it is in the store. Raises ``RoastBotError`` where it is not, or not within so many seconds.

        What is waited for no more is not written down later, unless it is being written at that very moment: then it
        will be answered all the same.
        """
        if self._lines.of(said.place.whole) >= _MOST_UNDECIDED:
            raise BusyError(*_CROWDED)
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
            deciding = [self._decide() for _ in range(self._at_once)]
            self._tasks = [asyncio.create_task(work) for work in (self._keep(), self._open(), *deciding)]

    async def stop(self) -> None:
        """Stop; what was not handled waits in the store, and what was not kept is turned away."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        for _, kept in self._arrived:
            _settle(kept, BusyError(*_GOING))
        self._arrived, self._lines = [], _Lines()
        with contextlib.suppress(StoreError):  # whoever finds this process gone hands them back
            await self._finish_handled()
            while self._pages:
                await self._store.hand_back(self._pages.popitem()[0], self._holder)

    # writing down

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
        # Without what is as usual: a process of the version before knows no newer field.
        said = [one.model_dump(mode="json", exclude_defaults=True) for one, _ in batch]
        trouble: RoastBotError | None = BusyError(*_GOING)  # stopped meanwhile, nobody knows: they may be answered yet
        try:
            await self._store.enqueue(NewJob(kind=self._kind, payload={"said": said}, priority=_BEFORE_ROASTS))
            trouble = None
            self._stirred.set()
        except StoreError as error:
            log.warning("what was said could not be kept", words=str(error), many=len(batch))
            trouble = error
        except Exception:
            log.exception("what was said could not be kept", many=len(batch))
            trouble = BusyError("Something unforeseen went wrong here.", "It is in the log; try again.")
        finally:
            for _, kept in batch:
                _settle(kept, trouble)

    # deciding

    async def _open(self) -> None:
        """Lay out what waits in the store, as it comes, and end there what was handled."""
        while True:
            self._stirred.clear()
            try:
                await self._finish_handled()
                job = await self._store.next_job(self._holder, (self._kind,))
                if job is not None:
                    self._lay_out(job)
                    continue
            except StoreError as error:
                log.warning("the inbox cannot reach the store", words=str(error))
            except Exception:  # whoever was acknowledged waits: this must not end
                log.exception("the inbox fell over, and looks again")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stirred.wait(), self._poll)

    def _lay_out(self, job: Job) -> None:
        said = _read(job)
        page = self._pages[job.id] = _Page(len(said))
        for one in said:
            self._lines.put_nowait((one, page))

    async def _finish_handled(self) -> None:
        """End in the store what was handled: at the next chance where the store was away meanwhile."""
        for job in [job for job, page in self._pages.items() if not page.left]:
            await self._store.finish_job(job)
            del self._pages[job]

    async def _decide(self) -> None:
        while True:
            said, page = await self._lines.get()
            try:
                await self._quiet()
                await self._handle(said)
            except Exception:
                log.exception("something that was said could not be handled", place=str(said.place))
            page.left -= 1
            if not page.left:
                self._stirred.set()


def _read(job: Job) -> list[Said]:
    """Return what was said; what a newer version kept and this one cannot read is told in the log."""
    kept, said = job.payload.get("said"), []
    for one in kept if isinstance(kept, list) else []:
        try:
            said.append(Said.model_validate(one))
        except ValidationError:
            log.exception("something that was said cannot be read here, and is not answered", job=job.id)
    return said


def _settle(kept: asyncio.Future[None], trouble: Exception | None = None) -> None:
    if kept.done():
        return
    if trouble is None:
        kept.set_result(None)
    else:
        kept.set_exception(trouble)
