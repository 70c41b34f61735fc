"""The command ``status``: what waits, what runs, what comes next, and what went wrong, in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot import guard, memory
from bot.command_care import limits_in_words
from bot.command_words import Command
from bot.display import cut
from bot.ports_messenger import Answer, Said
from bot.records import Job, JobState, RunState
from bot.records_places import TERMINAL
from bot.schedules import next_times, read_schedule, told
from bot.sight import ago

if TYPE_CHECKING:
    from bot.commands import Commands

_LOOKED_BACK = 30
_MOST_FAULTS = 3
_LATELY = timedelta(days=1)


async def status(front: Commands, said: Said, command: Command) -> Answer:
    """Tell how things stand; other channels' affairs are numbers only: they may be private, or somebody's own."""
    del command
    desk, now = front.desk, front.desk.clock.now()
    backlog = await desk.store.backlog()
    mine = await desk.store.jobs(place=said.place, limit=_LOOKED_BACK)
    here = [job for job in mine if job.place == said.place and not _is_another_s(job, said)]
    settings = guard.over(
        await desk.store.place_settings(said.place), await desk.store.place_settings(said.place.whole)
    )
    waits = f", the oldest for {ago(now - backlog.oldest)}" if backlog.oldest else ""
    rows = [
        (
            "Waiting",
            f"{backlog.waiting}{waits}; {sum(job.state is JobState.WAITING for job in mine)} of them from here",
        ),
        (
            "Running",
            ", ".join(_named(job, now) for job in here if job.state is JobState.RUNNING) or f"{backlog.running}",
        ),
        *[("Digest", words) for words in await _digests_running(front, said)],
        ("Next digest", await _next_digest(front, said, now)),
        ("Limits", limits_in_words(settings)),
        *await front.facts(),
        *await _busiest(front, said),
        *(("Went wrong", words) for words in await _faults(front, said, now)),
    ]
    return Answer(title="Status", rows=tuple(rows))


def _is_another_s(job: Job, said: Said) -> bool:
    """Whether somebody else asked for it quietly. Of an ended one nobody knows any more who that was."""
    ask = job.payload.get("ask")
    if not isinstance(ask, dict) or not ask.get("quiet"):
        return False
    return ask.get("person") != said.person.model_dump(mode="json")


async def _busiest(front: Commands, said: Said) -> list[tuple[str, str]]:
    """Return which workspaces have most to do, for whoever sits at the bot's own machine."""
    if said.place.platform != TERMINAL:
        return []
    words = (await front.desk.store.sight()).busiest_in_words()
    return [("Busiest", words)] if words else []


def _named(job: Job, now: datetime) -> str:
    ask = job.payload.get("ask")
    typed = str(ask.get("typed", "")) if isinstance(ask, dict) else f"{job.kind} {job.payload.get('repository', '')}"
    since = f" for {ago(now - job.started_at)}" if job.started_at else ""
    return cut(typed, 80) + since


async def _next_digest(front: Commands, said: Said, now: datetime) -> str:
    here = [one for one in await memory.subscriptions_seen(front.desk.store, said.place) if not one.paused]
    times = [(at, one) for one in here for at in next_times(read_schedule(one.schedule), one.timezone, now, 1)]
    if not times:
        return "none is subscribed here"
    at, one = min(times, key=lambda pair: pair[0])
    return f"{one.repository}, {told(at, one.timezone)}"


async def _digests_running(front: Commands, said: Said) -> list[str]:
    """Return how far the digests of this channel are that are being made, whichever process makes them."""
    found = []
    for one in await memory.subscriptions_seen(front.desk.store, said.place):
        for run in await front.desk.store.runs(one.id, limit=2):
            if run.state is RunState.CLAIMED:
                step = run.progress.get("step") or "begins"
                found.append(f"{one.repository}: {cut(str(step), 120)}")
    return found


async def _faults(front: Commands, said: Said, now: datetime) -> list[str]:
    """Return what the askers of this channel were told lately instead of an answer."""
    done = await front.desk.store.jobs(unfinished=False, newest=True, place=said.place, limit=_LOOKED_BACK)
    failed = [
        job
        for job in done
        if job.place == said.place
        and not _is_another_s(job, said)
        and job.state is JobState.FAILED
        and job.finished_at
        and now - job.finished_at < _LATELY
    ]
    return [
        f"{ago(now - job.finished_at)} ago: {cut(job.error, 200)}" for job in failed[:_MOST_FAULTS] if job.finished_at
    ]
