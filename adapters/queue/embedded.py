"""The embedded queue: asyncio in the same process over the store's own jobs, and nothing more clever than that.

A job is in the store before anybody is told that it was heard. Each process signs what it takes with its own name and
beats while it lives; what a dead one left running waits again, here or in whatever process comes next.
"""

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
from bot.ports import Clock, Handler
from bot.records import Backlog, Job, JobId, JobState, NewJob, Place
from bot.turnstile import LimitsOf, Taken, Turnstile, Wish

log = structlog.get_logger(__name__)

_FINISHING = (0.1, 0.5, 2.0, 5.0)
_UNFORESEEN = "Something unforeseen went wrong here."


class JobStore(Protocol):
    """The part of the store that a queue works over."""

    async def enqueue(self, job: NewJob, *, event: str = "") -> JobId | None:
        """See ``bot.ports_store``."""
        ...

    async def next_job(self, holder: str, kinds: Sequence[str] = ()) -> Job | None:
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

    async def backlog(self) -> Backlog:
        """See ``bot.ports_store``."""
        ...

    async def take_asks(self, wishes: Sequence[Wish], limits_of: LimitsOf, most_waiting: int) -> tuple[Taken, ...]:
        """See ``bot.ports_store``."""
        ...

    async def meta(self, key: str) -> str | None:
        """See ``bot.ports_store``."""
        ...

    async def set_meta(self, key: str, value: str) -> None:
        """See ``bot.ports_store``."""
        ...


class EmbeddedQueue:
    """A ``bot.ports.Queue`` of ``workers`` tasks.

    ``most_waiting`` bounds what waits and runs together. ``poll`` is how often other processes' jobs are looked for;
    this process's own wake a worker at once. A process that has not beaten for ``dead_after`` seconds is dead, and so
    is one of this machine whose process is gone.
    """

    def __init__(
        self,
        store: JobStore,
        clock: Clock,
        *,
        workers: int = 2,
        most_waiting: int = 100,
        poll: float = 1.0,
        beat: float = 5.0,
        dead_after: float = 30.0,
    ) -> None:
        self._store, self._clock = store, clock
        self._workers, self._most_waiting = workers, most_waiting
        self._poll, self._beat, self._dead_after = poll, beat, timedelta(seconds=dead_after)
        self._home = f"{platform.node() or 'here'}:{os.getpid()}"
        self._token = uuid.uuid4().hex[:12]
        self.holder = f"{self._home}:{self._token}"
        self._wake = asyncio.Event()
        self._turnstile = Turnstile(self._let_in)
        self._stopping = False
        self._handlers: Mapping[str, Handler] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._beating: asyncio.Task[None] | None = None

    async def take(self, wish: Wish) -> Taken:
        """See ``bot.ports.Queue``."""
        taken = await self._turnstile.enter(wish)
        if taken.job is not None:
            self._wake.set()
        return taken

    async def _let_in(self, wishes: Sequence[Wish]) -> Sequence[Taken]:
        return await self._store.take_asks(wishes, guard.limits_in, self._most_waiting)

    async def has_room(self) -> bool:
        """See ``bot.ports.Queue``."""
        backlog = await self._store.backlog()
        return backlog.waiting + backlog.running < self._most_waiting

    async def put(self, job: NewJob, *, event: str = "") -> JobId | None:
        """See ``bot.ports.Queue``."""
        job_id = await self._store.enqueue(job, event=event)
        self._wake.set()
        return job_id

    async def start(self, handlers: Mapping[str, Handler]) -> None:
        """See ``bot.ports.Queue``."""
        self._handlers, self._stopping = handlers, False
        await self._beat_once()
        self._beating = asyncio.create_task(self._keep_beating(), name="queue heartbeat")
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
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
        self._tasks, self._beating = [], None
        with contextlib.suppress(StoreError):
            given_back = await self._store.recover_jobs(holder=self.holder)
            if given_back:
                log.info("handed back", jobs=[job.id for job in given_back])
            await self._store.set_meta(self._key(self._home), "")

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
                await self._run(job)
            elif not self._stopping:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), self._poll)

    async def _run(self, job: Job) -> None:
        """Work off one job. Cancelled by ``stop``, it stays running in the store, and ``stop`` hands it back."""
        try:
            told = await self._handlers[job.kind](job)
        except Exception:
            log.exception("a handler failed", job=job.id, kind=job.kind)
            told = _UNFORESEEN
        await self._finish(job, told)

    async def _finish(self, job: Job, told: str) -> None:
        for pause in (*_FINISHING, None):
            try:
                await self._store.finish_job(job.id, told)
            except StoreError as error:
                log.warning("a job could not be finished in the store", job=job.id, words=str(error))
                if pause is None:
                    return
                await asyncio.sleep(pause)
            else:
                return

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(self._beat)
            await self._beat_once()

    async def _beat_once(self) -> None:
        """Say that this process lives, and give back what dead ones left running."""
        try:
            await self._store.set_meta(self._key(self._home), f"{self._token} {self._clock.now().isoformat()}")
            running = [job for job in await self._store.jobs() if job.state is JobState.RUNNING]
            for holder in sorted({job.holder for job in running}):
                if await self._is_dead(holder):
                    found = await self._store.recover_jobs(holder=holder)
                    log.warning("took over from a dead process", holder=holder, jobs=[job.id for job in found])
                    self._wake.set()
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
