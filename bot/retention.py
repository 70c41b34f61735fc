"""Retention: what is older than the setting goes, once a day, by the running bot itself."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot import memory
from bot.errors import StoreError
from bot.ports import Clock
from bot.ports_store import Store

log = structlog.get_logger(__name__)

DAY = timedelta(days=1)
SOON = timedelta(minutes=1)
"""How long a start waits before the first look: people first."""
AGAIN = timedelta(hours=1)
"""How long a failure waits before the next try."""
_NOTE = "pruned"

Sleep = Callable[[float], Awaitable[None]]


async def prune_if_due(store: Store, keep_days: int, now: datetime) -> datetime:
    """Forget what is too old unless that was done within a day; return when it is due again.

    ``keep_days`` of 0 keeps verdicts for ever; bookkeeping of no more use goes in any case. Two processes that do it
    at once do no harm. Raises ``StoreError``.
    """
    last = await store.meta(_NOTE)
    with contextlib.suppress(ValueError):
        if last and now < (due := datetime.fromisoformat(last) + DAY) <= now + DAY:
            return due
    told = await memory.prune(store, keep_days)
    await store.set_meta(_NOTE, now.isoformat())
    log.info("retention", words=told.words)
    return now + DAY


@dataclass
class Retention:
    """Runs ``prune_if_due`` as long as ``serve`` does: one of its sides."""

    store: Store
    clock: Clock
    keep_days: int
    sleep: Sleep = asyncio.sleep
    _task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin; nothing is pruned yet."""
        self._task = asyncio.create_task(self._run(), name="retention")

    async def stop(self) -> None:
        """End. A batch that is being deleted is undone whole."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        pause = SOON
        while True:
            await self.sleep(pause.total_seconds())
            pause = await self._turn()

    async def _turn(self) -> timedelta:
        """Prune if it is due; return how long to wait. What goes wrong is told in the log and tried again."""
        try:
            due = await prune_if_due(self.store, self.keep_days, self.clock.now())
        except StoreError as error:
            log.warning("retention could not be kept", words=str(error))
            return AGAIN
        except Exception:
            log.exception("retention failed")
            return AGAIN
        return max(due - self.clock.now(), SOON)
