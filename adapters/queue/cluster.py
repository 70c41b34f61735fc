"""The queue of many machines: procrastinate on the store's own PostgreSQL (https://procrastinate.readthedocs.io/).

Queueing, locking, retrying, stalled jobs and periodic work are procrastinate's; ours are the tasks, and that doing one
twice is seen once. Our row in ``jobs`` is the truth of what was acknowledged, and procrastinate's job, its ticket, is
written in the same transaction on the same connection: so there is no moment at which one is there without the other,
and no outbox to drain. What lost its ticket all the same (it was written down by an embedded queue) gets a new one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import psycopg
import structlog
from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued, ProcrastinateException
from procrastinate.job_context import JobContext
from procrastinate.jobs import DeleteJobCondition
from procrastinate.jobs import Job as Queued
from procrastinate.manager import JobManager
from procrastinate.worker import Worker

from adapters.queue.door import Door, JobStore
from adapters.queue.queues import HANDED_OUT, PRIORITIES, UPKEEP, priority_of, queue_of
from bot.errors import StoreError
from bot.fence import TakenOverError
from bot.ports import Clock, Handler
from bot.records import JobId
from bot.tickets import Ticket

log = structlog.get_logger(__name__)

_WORK, _TIDY = "roast-bot:work", "roast-bot:upkeep"
_PAUSES = (0.5, 1.0, 2.0, 5.0)
_LONGEST_PAUSE = 30
_HEARD_WITHIN = 2.0
"""Seconds for an ask to be written down: a platform waits for three."""


class Again(BaseRetryStrategy):  # type: ignore[misc]
    """Tries again for as long as it takes: at once what was handed back, later and later what could not be ended.

    That is for ever with reason: a task of ours ends in words to the asker, and fails only where the store is away.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Queued) -> RetryDecision:
        """Return when."""
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_in={"seconds": 0})
        return RetryDecision(retry_in={"seconds": min(2 ** min(job.attempts, 10), _LONGEST_PAUSE)})


class Tickets(JobManager):  # type: ignore[misc]
    """procrastinate's jobs, but for those that were taken over: they are not ours to end any more."""

    def __init__(self, connector: Any) -> None:
        super().__init__(connector)
        self.left: set[int] = set()

    async def finish_job(self, job: Queued, *given: Any, **named: Any) -> None:
        """End a job, unless another worker has it now."""
        if job.id in self.left:
            self.left.discard(job.id)
            return
        await super().finish_job(job, *given, **named)


class ClusterQueue(Door):
    """A ``bot.ports.Queue`` whose jobs any process works off that shares the database; see ``Door`` for the rest.

    ``url`` is libpq's address of the store's database. ``queues`` are the ones to work off (none: all that the handlers
    ask for). ``listen`` hears of new jobs by LISTEN/NOTIFY, which PgBouncer does not pass on in its transaction mode;
    they are looked for every ``poll`` seconds anyway.
    """

    def __init__(
        self,
        store: JobStore,
        clock: Clock,
        *,
        url: str,
        workers: int = 2,
        most_waiting: int = 100,
        most_each: int = 0,
        queues: Sequence[str] = (),
        listen: bool = True,
        poll: float = 1.0,
        beat: float = 5.0,
        dead_after: float = 30.0,
    ) -> None:
        super().__init__(store, clock, most_waiting=most_waiting, most_each=most_each, beat=beat, dead_after=dead_after)
        self._workers, self._queues, self._listen, self._poll = workers, tuple(queues), listen, poll
        self._announce = self._defer
        self._app = self._make_app(url)
        self._worker: Worker | None = None
        self._away = ""

    def _make_app(self, url: str) -> App:
        logging.getLogger("procrastinate").setLevel(logging.WARNING)  # it tells of each job, and so do we
        # No server-side prepared statements: they do not survive PgBouncer's transaction mode.
        arguments = {"prepare_threshold": None, "connect_timeout": 10, "application_name": "roast-bot queue"}
        connector = PsycopgConnector(conninfo=url, kwargs=arguments, min_size=1, max_size=3, timeout=10)
        app = App(connector=connector)

        app.job_manager = self._tickets = Tickets(connector)

        @app.task(name=_WORK, retry=Again(), pass_context=True)  # type: ignore[untyped-decorator]
        async def work(context: JobContext, job: int) -> None:
            try:
                await self._work_off(JobId(job))
            except TakenOverError:
                self._left(JobId(job))
                self._tickets.left.add(context.job.id)

        @app.periodic(cron=f"* * * * * */{max(1, min(59, round(self._beat)))}", periodic_id="upkeep")  # type: ignore[untyped-decorator]
        @app.task(name=_TIDY, queue=UPKEEP, priority=HANDED_OUT, queueing_lock=_TIDY)  # type: ignore[untyped-decorator]
        async def upkeep(timestamp: int) -> None:
            del timestamp
            await self._tidy()

        return app

    # the door

    async def take(self, wish: Any) -> Any:
        """See ``bot.ports.Queue``. A database that hangs is one that is away."""
        try:
            async with asyncio.timeout(_HEARD_WITHIN):
                return await super().take(wish)
        except TimeoutError:
            raise StoreError("The bot is busy: its memory does not answer.", "Try again in a minute.") from None

    async def _defer(self, connection: Any, tickets: Sequence[Ticket]) -> None:
        """Write the tickets on the transaction's own connection."""
        try:
            await self._app.job_manager.batch_defer_jobs_async([_queued(one) for one in tickets], connection=connection)
        except ProcrastinateException as error:
            raise (error.__cause__ or error) from error

    # working

    async def start(self, handlers: Mapping[str, Handler]) -> None:
        """See ``bot.ports.Queue``. Without ``workers`` this process only takes what others work off."""
        self._handlers, self._stopping = handlers, False
        await self._begin_beating()
        if self._workers:
            self._tasks = [asyncio.create_task(self._keep_working(), name="queue workers")]

    async def stop(self, grace: float) -> None:
        """See ``bot.ports.Queue``."""
        self._stopping = True
        if self._worker is not None:
            self._worker.shutdown_graceful_timeout = grace
            self._worker.stop()
        if self._tasks:
            _, left = await asyncio.wait(self._tasks, timeout=grace + 5)
            for task in left:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await self._end_beating()

    @property
    def trouble(self) -> str:
        """See ``Door``."""
        return super().trouble or self._away

    async def _keep_working(self) -> None:
        """Keep procrastinate's worker running: it ends with its connection, and is begun anew, whatever ended it."""
        failures = 0
        while not self._stopping:
            try:
                async with self._app.open_async():
                    await self._tidy()
                    failures, self._away = 0, ""
                    self._worker = self._make_worker()
                    if not self._stopping:
                        await self._worker.run()
            except (ProcrastinateException, psycopg.Error, StoreError, OSError) as error:
                await self._fell("The queue cannot reach its database.", error)
            except Exception as error:
                log.exception("the queue fell over, and is begun anew")
                await self._fell("The queue fell over, and is begun anew; the log says where.", error)
            finally:
                self._worker = None
            if not self._stopping:
                await asyncio.sleep(_PAUSES[min(failures, len(_PAUSES) - 1)])
                failures += 1

    async def _fell(self, words: str, error: Exception) -> None:
        """Tell of it; and let go of connections that could not be opened, which stand in the way of the next try."""
        self._away = words
        log.warning("the queue cannot work and tries again", words=str(error) or type(error).__name__)
        with contextlib.suppress(ProcrastinateException, psycopg.Error, OSError):
            await self._app.close_async()

    def _make_worker(self) -> Worker:
        wanted = {queue_of(kind) for kind in self._handlers}
        return Worker(
            self._app,
            queues=sorted((wanted & set(self._queues) if self._queues else wanted) | {UPKEEP}),
            name=self.holder,
            concurrency=self._workers,
            fetch_job_polling_interval=self._poll,
            listen_notify=self._listen,
            delete_jobs=DeleteJobCondition.SUCCESSFUL,
            install_signal_handlers=False,
            update_heartbeat_interval=min(self._beat, self._dead_after.total_seconds() / 3),
            stalled_worker_timeout=self._dead_after.total_seconds(),
        )

    async def _work_off(self, job_id: JobId) -> None:
        """Work off the job of a ticket. Raises ``StoreError`` where it has to be tried again."""
        job = await self._store.take_job(job_id, self.holder)
        if job is None:
            return  # it was ended by whoever died before the ticket could be taken from the hook
        if job.kind not in self._handlers:
            await self._store.hand_back(job_id, self.holder)
            raise StoreError(f"Nobody here knows what to do with “{job.kind}”.", "Another process may.")
        if not await self._work_through(job):
            raise StoreError("A job could not be ended: the memory is away.", "It is tried again.")

    # upkeep

    async def _tidy(self) -> None:
        """Have tried again what a dead process was at, and give a ticket to what has none."""
        manager = self._app.job_manager
        for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=self._dead_after.total_seconds()):
            with contextlib.suppress(ProcrastinateException):  # somebody else was quicker
                await manager.retry_job(stalled)
                self.recovered["taken over"] += 1
                log.warning("a stalled job is tried again", ticket=stalled.id, **stalled.task_kwargs)
        before = self._clock.now() - timedelta(seconds=2 * self._dead_after.total_seconds())
        waiting = await self._store.waiting_tickets(sorted(self._handlers), before=before)
        for lost in await self._without_ticket(waiting):
            with contextlib.suppress(AlreadyEnqueued):
                await manager.defer_job_async(_queued(lost))
                self.recovered["ticket renewed"] += 1
                log.warning("a job without a ticket gets one", job=lost.job)

    async def _without_ticket(self, waiting: Sequence[Ticket]) -> list[Ticket]:
        if not waiting:
            return []
        rows = await self._app.connector.execute_query_all_async(
            "SELECT queueing_lock AS held FROM procrastinate_jobs"
            " WHERE status IN ('todo', 'doing') AND queueing_lock = ANY(%(locks)s)",
            locks=[_lock(one.job) for one in waiting],
        )
        held = {row["held"] for row in rows}
        return [one for one in waiting if _lock(one.job) not in held]


def _lock(job: JobId) -> str:
    return f"roast-bot:{job}"


def _queued(ticket: Ticket) -> Queued:
    return Queued(
        queue=queue_of(ticket.kind),
        priority=priority_of(ticket),
        lock=None,
        queueing_lock=_lock(ticket.job),
        task_name=_WORK,
        task_kwargs={"job": int(ticket.job)},
    )


__all__ = ["PRIORITIES", "ClusterQueue"]
