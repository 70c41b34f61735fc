"""What every queue does at its door and at its end: let wishes in together, write jobs down, end them in words."""

from __future__ import annotations

import asyncio
import contextlib
import os
import platform
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot import guard
from bot.errors import StoreError
from bot.fence import Fence, TakenOverError, fenced, still_ours
from bot.ports import Clock, Handler
from bot.records import Backlog, Job, JobId, NewJob, Place
from bot.tickets import Announce, Ticket, nobody
from bot.turnstile import LimitsOf, Taken, Turnstile, Wish

log = structlog.get_logger(__name__)

_FINISHING = (0.1, 0.5, 2.0, 5.0)
_UNFORESEEN = "Something unforeseen went wrong here."


class JobStore(Protocol):
    """The part of the store that a queue works over."""

    async def enqueue(self, job: NewJob, *, event: str = "", announce: Announce = nobody) -> JobId | None:
        """See ``bot.ports_store``."""
        ...

    async def next_job(self, holder: str, kinds: Sequence[str] = ()) -> Job | None:
        """See ``bot.ports_store``."""
        ...

    async def take_job(self, job_id: JobId, holder: str) -> Job | None:
        """See ``bot.ports_store``."""
        ...

    async def holds(self, job: Job, holder: str) -> bool:
        """Whether this very try of a job is still this holder's: nobody took it since, nobody ended it."""
        ...

    async def hand_back(self, job_id: JobId, holder: str) -> None:
        """See ``bot.ports_store``."""
        ...

    async def waiting_tickets(self, kinds: Sequence[str], *, before: datetime, limit: int = 1000) -> tuple[Ticket, ...]:
        """See ``bot.ports_store``."""
        ...

    async def finish_job(self, job_id: JobId, error: str = "") -> None:
        """See ``bot.ports_store``."""
        ...

    async def recover_jobs(self, *, holder: str = "") -> tuple[Job, ...]:
        """See ``bot.ports_store``."""
        ...

    async def jobs(
        self, *, unfinished: bool = True, limit: int = 1000, place: Place | None = None, newest: bool = False
    ) -> tuple[Job, ...]:
        """See ``bot.ports_store``."""
        ...

    async def running_holders(self) -> tuple[str, ...]:
        """See ``bot.ports_store``."""
        ...

    async def backlog(self) -> Backlog:
        """See ``bot.ports_store``."""
        ...

    async def take_asks(
        self,
        wishes: Sequence[Wish],
        limits_of: LimitsOf,
        most_waiting: int,
        *,
        most_each: int = 0,
        announce: Announce = nobody,
    ) -> tuple[Taken, ...]:
        """See ``bot.ports_store``."""
        ...

    async def meta(self, key: str) -> str | None:
        """See ``bot.ports_store``."""
        ...

    async def set_meta(self, key: str, value: str) -> None:
        """See ``bot.ports_store``."""
        ...


class Door:
    """The half of a ``bot.ports.Queue`` that all share. ``holder`` is what this process signs with.

    ``most_waiting`` bounds what waits and runs together, ``most_each`` what one workspace has of it (0: nothing does).
    A process that has not beaten for ``dead_after`` seconds is dead, and so is one of this machine that is gone.
    """

    def __init__(
        self, store: JobStore, clock: Clock, *, most_waiting: int, most_each: int, beat: float, dead_after: float
    ) -> None:
        self._store, self._clock = store, clock
        self._most_waiting, self._most_each = most_waiting, most_each
        # Whoever lives leaves a sign of it well before anybody takes it for dead.
        self._beat, self._dead_after = min(beat, dead_after / 3), timedelta(seconds=dead_after)
        self._home = f"{platform.node() or 'here'}:{os.getpid()}"
        self._token = uuid.uuid4().hex[:12]
        self.holder = f"{self._home}:{self._token}"
        self._turnstile = Turnstile(self._let_in)
        self._handlers: Mapping[str, Handler] = {}
        self._beating: asyncio.Task[None] | None = None
        self._announce: Announce = nobody
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False
        self.recovered: dict[str, int] = {"taken over": 0, "tried again": 0, "ticket renewed": 0, "left to others": 0}

    def _woken(self) -> None:
        """Take note that there is work."""

    async def take(self, wish: Wish) -> Taken:
        """See ``bot.ports.Queue``."""
        taken = await self._turnstile.enter(wish)
        if taken.job is not None:
            self._woken()
        return taken

    async def _let_in(self, wishes: Sequence[Wish]) -> Sequence[Taken]:
        return await self._store.take_asks(
            wishes, guard.limits_in, self._most_waiting, most_each=self._most_each, announce=self._announce
        )

    async def has_room(self) -> bool:
        """See ``bot.ports.Queue``."""
        backlog = await self._store.backlog()
        return backlog.waiting + backlog.running < self._most_waiting

    async def put(self, job: NewJob, *, event: str = "") -> JobId | None:
        """See ``bot.ports.Queue``."""
        job_id = await self._store.enqueue(job, event=event, announce=self._announce)
        self._woken()
        return job_id

    # working

    @property
    def trouble(self) -> str:
        """What keeps this process from working off jobs, in words; empty where nothing does."""
        kept = [*self._tasks, *([self._beating] if self._beating else [])]
        if not self._stopping and any(one.done() for one in kept):
            return "The queue fell over here, and works nothing off until this process is started again."
        return ""

    async def _work_through(self, job: Job) -> bool:
        """Work off one job behind a fence, and end it; false where it could not be ended in the store.

        Raises ``TakenOverError`` where another process has it by now: it is not ours to end.
        """
        fence = Fence(self._clock, lambda: self._store.holds(job, self.holder), self._dead_after / 2)
        with fenced(fence):
            return await self._finish(job, await self._told(job))

    async def _told(self, job: Job) -> str:
        """Work off one job; return what its asker was told."""
        self.recovered["tried again"] += job.attempts > 1
        try:
            return await self._handlers[job.kind](job)
        except TakenOverError:
            raise
        except Exception:
            log.exception("a handler failed", job=job.id, kind=job.kind)
            return _UNFORESEEN

    async def _finish(self, job: Job, told: str) -> bool:
        """End a job in the store, however often that has to be tried; false where it could not be."""
        for pause in (*_FINISHING, None):
            try:
                await still_ours()
                await self._store.finish_job(job.id, told)
            except StoreError as error:
                log.warning("a job could not be finished in the store", job=job.id, words=str(error))
                if pause is None:
                    return False
                await asyncio.sleep(pause)
            else:
                break
        return True

    def _left(self, job: JobId) -> None:
        """Note that a job was taken over while this process stood still."""
        self.recovered["left to others"] += 1
        log.warning("left a job to whoever took it over", job=job)

    # signs of life

    async def _begin_beating(self) -> None:
        await self._beat_once()
        self._beating = asyncio.create_task(self._keep_beating(), name="queue heartbeat")

    async def _end_beating(self) -> None:
        """Hand back what still runs here, and leave no sign of life."""
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
        self._beating = None
        with contextlib.suppress(StoreError):
            given_back = await self._store.recover_jobs(holder=self.holder)
            if given_back:
                log.info("handed back", jobs=[job.id for job in given_back])
            await self._store.set_meta(self._key(self._home), "")

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(self._beat)
            await self._beat_once()

    async def _beat_once(self) -> None:
        """Say that this process lives, and give back what dead ones left running."""
        try:
            await self._store.set_meta(self._key(self._home), f"{self._token} {self._clock.now().isoformat()}")
            for holder in await self._store.running_holders():
                if await self._is_dead(holder):
                    found = await self._store.recover_jobs(holder=holder)
                    self.recovered["taken over"] += len(found)
                    log.warning("took over from a dead process", holder=holder, jobs=[job.id for job in found])
                    self._woken()
        except StoreError as error:
            log.warning("the queue cannot reach the store", words=str(error))

    async def _is_dead(self, holder: str) -> bool:
        home, _, token = holder.rpartition(":")
        if holder == self.holder:
            return False
        beaten, _, at = (await self._store.meta(self._key(home)) or "").partition(" ")
        if beaten != token or not at:
            return True
        if self._clock.now() - datetime.fromisoformat(at) > self._dead_after:
            return True
        host, _, pid = home.rpartition(":")
        return host == self._home.rpartition(":")[0] and not _runs(int(pid))

    @staticmethod
    def _key(home: str) -> str:
        return f"queue:{home}"


def _runs(pid: int) -> bool:
    """Whether a process of this machine runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
