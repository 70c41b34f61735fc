"""Fair turns: a workspace that asks for a thousand things is served in turn with one that asks for a single one.

Start-time fair queueing (Goyal, Vin, Cheng, 1996): a job's turn is that of the job now in service, or one more than
its own workspace's last unfinished job, whichever is later. So the thousandth waits behind a thousand rounds, and
somebody else's first goes next. It is settled once, when a job is written, and every engine only has to sort by it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store.keys import in_workspace
from adapters.store.schema import jobs
from bot.records import JobState, NewJob, Place

_NOWHERE = Place(platform="")


async def fair_turns(connection: AsyncConnection, wanted: Sequence[NewJob]) -> list[int]:
    """Return the turn of each new job, in order."""
    now: dict[int, int] = {}
    last: dict[tuple[Place, int], int | None] = {}
    turns = []
    for job in wanted:
        priority, home = job.priority, (job.place or _NOWHERE).whole
        if priority not in now:
            now[priority] = await _in_service(connection, priority)
        if (home, priority) not in last:
            last[home, priority] = await _last_of(connection, home, priority)
        before = last[home, priority]
        last[home, priority] = turn = now[priority] if before is None else max(now[priority], before + 1)
        turns.append(turn)
    return turns


async def _in_service(connection: AsyncConnection, priority: int) -> int:
    """Return the turn that is being served: the first that waits, else the last that runs, else a fresh start."""
    of = select(func.min(jobs.c.turn)).where(jobs.c.state == JobState.WAITING, jobs.c.priority == priority)
    found = (await connection.execute(of)).scalar_one_or_none()
    if found is None:
        of = select(func.max(jobs.c.turn)).where(jobs.c.state == JobState.RUNNING, jobs.c.priority == priority)
        found = (await connection.execute(of)).scalar_one_or_none()
    return found or 0


async def _last_of(connection: AsyncConnection, home: Place, priority: int) -> int | None:
    live = jobs.c.state.in_([JobState.WAITING, JobState.RUNNING])
    of = select(func.max(jobs.c.turn)).where(in_workspace(jobs, home), live, jobs.c.priority == priority)
    found: int | None = (await connection.execute(of)).scalar_one_or_none()
    return found
