"""A bench of processes: what takes the processor's time is done beside the loop and outside its interpreter's lock.

Threads would not do: while one of them reads a large pull request, every step of an acknowledgement waits for the lock
(https://docs.python.org/3/library/sys.html#sys.setswitchinterval). The processes yield to the one that answers people.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.context import BaseContext
from typing import ParamSpec, TypeVar

import structlog

log = structlog.get_logger(__name__)

Given = ParamSpec("Given")
Made = TypeVar("Made")

_NICENESS = 10
_JOBS_A_PROCESS = 200
"""A process is replaced after so many: what a library keeps for itself does not grow for ever."""
_PRELOADED = ("bot.trial", "adapters.picture.draw")
"""What the work of a bench needs: the whole pipeline, and the painter."""


class ProcessBench:
    """A ``bot.trial.Bench`` of up to ``processes`` processes, begun when first needed.

    A process that dies (out of memory, killed) costs one more try; then the work is done in a thread of ours.
    """

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None
        self._begun: Future[None] = Future()

    async def __call__(self, work: Callable[Given, Made], /, *args: Given.args, **kwargs: Given.kwargs) -> Made:
        """Return what ``work`` makes of the arguments; its errors pass on."""
        call = partial(work, *args, **kwargs)
        for _ in range(2):
            pool = self._open()
            await asyncio.shield(asyncio.wrap_future(self._begun))
            try:
                return await asyncio.get_running_loop().run_in_executor(pool, call)
            except BrokenProcessPool:
                log.warning("a process of the bench died", work=getattr(work, "__name__", "?"))
                if self._pool is pool:
                    self._pool = None
        return await asyncio.to_thread(call)

    def warm_up(self) -> None:
        """Begin a process now, so that the first roast does not wait for its imports."""
        self._open()

    def close(self) -> None:
        """End the processes; what they were doing is lost to nobody, for its job is in the store."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        running = list((pool._processes or {}).values())  # noqa: SLF001 - there is no other way to end work that runs
        pool.shutdown(wait=False, cancel_futures=True)
        for process in running:
            process.terminate()
        for process in running:
            process.join(2)

    def _open(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._processes, mp_context=_way(), initializer=_settle_down, max_tasks_per_child=_JOBS_A_PROCESS
            )
            # Whoever begins the first waits for its imports: not the loop.
            self._begun = Future()
            threading.Thread(target=_begin, args=(self._pool, self._begun), daemon=True).start()
        return self._pool


def _begin(pool: ProcessPoolExecutor, begun: Future[None]) -> None:
    try:
        pool.submit(os.getpid)
    except RuntimeError as error:
        log.info("a bench was closed or broke before it was begun", words=str(error))  # the next call finds out
    finally:
        begun.set_result(None)


def _way() -> BaseContext:
    """Return how processes are begun: as copies of one that has imported everything, so that it is paid for once.

    That one has no threads. A copy of ours would inherit their locks, held for ever.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_PRELOADED))
    return context


def _settle_down() -> None:
    """Prepare a process: modest, deaf to Ctrl-C (its parent decides), gone when its parent is."""
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
