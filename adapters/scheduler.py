"""When things are due: the only import of APScheduler, whose jobs are made from what the store says.

The scheduler decides nothing. A job of it only has the core look at what is due; the store sees to it that whatever
looks twice, late, or from another process, does nothing twice. So a job may be missed, doubled or late.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.errors import RoastBotError

if TYPE_CHECKING:
    from bot.parts import Parts

log = structlog.get_logger(__name__)

Sweep = Callable[[], Awaitable[object]]
Moments = Callable[[], Awaitable[Mapping[str, datetime]]]
"""Returns the next moment of each thing that is due at a time, by its name."""

_WATCH = "watch"


async def no_moments() -> Mapping[str, datetime]:
    """Plan nothing: for what is only looked at regularly."""
    return {}


class Scheduler:
    """A ``bot.serve.Side``: calls ``sweep`` at each moment, and every ``every`` seconds in any case.

    The regular look catches up what was missed while the machine slept, and takes in what was changed elsewhere.
    """

    def __init__(self, sweep: Sweep, moments: Moments = no_moments, *, every: float = 60.0) -> None:
        self._sweep, self._moments, self._every = sweep, moments, every
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    async def start(self) -> None:
        """Make the jobs and begin; what was missed is looked at now."""
        self._scheduler.start()
        self._scheduler.add_job(
            self._look,
            IntervalTrigger(seconds=self._every, timezone=UTC),
            id=_WATCH,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )

    async def stop(self) -> None:
        """End. What runs of it ends by itself: it only writes jobs down."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    @property
    def jobs(self) -> dict[str, datetime]:
        """What is planned, by name."""
        return {job.id: job.next_run_time for job in self._scheduler.get_jobs() if job.id != _WATCH}

    async def _look(self) -> None:
        """Have what is due done, then plan anew. Never raises: the next look comes in any case."""
        try:
            await self._sweep()
            await self.refresh()
        except RoastBotError as error:
            log.warning("what is due could not be looked at", words=str(error))
        except Exception:
            log.exception("what is due could not be looked at")

    async def refresh(self) -> None:
        """Make the jobs those that the store asks for: new ones, moved ones, and none of those that ended."""
        wanted, planned = await self._moments(), self.jobs
        for name in planned.keys() - wanted.keys():
            self._scheduler.remove_job(name)
        for name, at in wanted.items():
            if planned.get(name) != at:
                self._scheduler.add_job(
                    self._look, DateTrigger(at), id=name, replace_existing=True, misfire_grace_time=None
                )


async def schedulers_of(parts: Parts) -> list[Scheduler]:
    """Return what looks at what is due in a bot of these parts. Raises ``SettingsError`` and ``StoreError``."""
    found = []
    if parts.digests and parts.settings.scheduler.enabled:
        await parts.settle_digests()
        found.append(Scheduler(parts.digests.sweep, parts.digests.moments))
    if parts.hooks:
        found.append(Scheduler(parts.hooks.sweep))
    return found
