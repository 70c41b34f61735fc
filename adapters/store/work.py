"""Jobs of the embedded queue, handled events, effects, and the ledger of small things."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import JsonValue
from sqlalchemy import delete, func, select, update

from adapters.store.base import Base
from adapters.store.keys import columns_of, in_workspace, place_of
from adapters.store.schema import effects, handled_events, installations, jobs, meta, model_usage
from adapters.store.turns import fair_turns
from bot.records import Backlog, Effect, EffectState, Job, JobId, JobState, NewJob, Place, Usage
from bot.tickets import Announce, Ticket, nobody


def job_of(row: Any) -> Job:
    """Return the job of a row of ``jobs``."""
    plain = ("kind", "key", "priority", "holder", "attempts", "created_at", "started_at", "finished_at", "error")
    return Job(
        id=JobId(row.id),
        payload=json.loads(row.payload),
        place=place_of(row) if row.platform else None,
        state=JobState(row.state),
        **{name: getattr(row, name) for name in plain},
    )


def _effect_of(row: Any, *, mine: bool = False) -> Effect:
    state = EffectState.MINE if mine else EffectState.CONFIRMED if row.confirmed_at else EffectState.UNCONFIRMED
    result = json.loads(row.result or "{}")
    return Effect(key=row.key, state=state, holder=row.holder, taken_at=row.taken_at, result=result)


def _left_of(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an ended job is still told of: plain figures and names, what a roast was asked for; no people."""
    left: dict[str, Any] = {name: kept for name, kept in payload.items() if not isinstance(kept, (dict, list))}
    ask = payload.get("ask")
    kept = {name: ask[name] for name in ("typed", "quiet") if name in ask} if isinstance(ask, dict) else {}
    return left | ({"ask": kept} if kept else {})


class WorkRoom(Base):
    """Implements ``bot.ports_store.WorkStore`` and ``LedgerStore``."""

    async def enqueue(self, job: NewJob, *, event: str = "", announce: Announce = nobody) -> JobId | None:
        """See ``WorkStore``."""
        now = self._now()
        row: dict[str, Any] = {
            "kind": job.kind,
            "payload": json.dumps(job.payload),
            **columns_of(job.place),
            "key": job.key,
        }
        row |= {"live_key": job.key or None, "priority": job.priority, "state": JobState.WAITING, "created_at": now}
        async with self._write() as connection:
            if event and not await self._insert_new(connection, handled_events, {"event": event, "at": now}):
                return None
            (turn,) = await fair_turns(connection, [job])
            new = self._insert(jobs).values(row | {"turn": turn}).on_conflict_do_nothing().returning(jobs.c.id)
            found = (await connection.execute(new)).scalar_one_or_none()
            if found is None:
                return None
            await self._announced(connection, announce, [Ticket(JobId(found), job.kind, job.priority, turn)])
        return JobId(found)

    async def next_job(self, holder: str, kinds: Sequence[str] = ()) -> Job | None:
        """See ``WorkStore``."""
        waiting = select(jobs.c.id).where(jobs.c.state == JobState.WAITING)
        if kinds:
            waiting = waiting.where(jobs.c.kind.in_(kinds))
        first = waiting.order_by(jobs.c.priority, jobs.c.turn, jobs.c.id).limit(1).with_for_update(skip_locked=True)
        taken = {"state": JobState.RUNNING, "holder": holder, "started_at": self._now()}
        async with self._write() as connection:
            job_id = (await connection.execute(first)).scalar_one_or_none()
            if job_id is None:
                return None
            change = update(jobs).where(jobs.c.id == job_id).values(**taken, attempts=jobs.c.attempts + 1)
            return job_of((await connection.execute(change.returning(jobs))).one())

    async def take_job(self, job_id: JobId, holder: str) -> Job | None:
        """See ``WorkStore``."""
        taken = {"state": JobState.RUNNING, "holder": holder, "started_at": self._now()}
        live = jobs.c.state.in_([JobState.WAITING, JobState.RUNNING])
        change = update(jobs).where(jobs.c.id == job_id, live).values(**taken, attempts=jobs.c.attempts + 1)
        async with self._single() as connection:
            row = (await connection.execute(change.returning(jobs))).one_or_none()
        return None if row is None else job_of(row)

    async def holds(self, job: Job, holder: str) -> bool:
        """Whether this very try of a job is still this holder's: nobody took it since, nobody ended it."""
        mine = (jobs.c.id == job.id, jobs.c.state == JobState.RUNNING, jobs.c.holder == holder)
        query = select(jobs.c.id).where(*mine, jobs.c.attempts == job.attempts)
        async with self._read() as connection:
            return (await connection.execute(query)).first() is not None

    async def hand_back(self, job_id: JobId, holder: str) -> None:
        """See ``WorkStore``."""
        mine = (jobs.c.id == job_id, jobs.c.state == JobState.RUNNING, jobs.c.holder == holder)
        async with self._single() as connection:
            await connection.execute(update(jobs).where(*mine).values(state=JobState.WAITING, holder=""))

    async def waiting_tickets(self, kinds: Sequence[str], *, before: datetime, limit: int = 1000) -> tuple[Ticket, ...]:
        """See ``WorkStore``."""
        query = select(jobs.c.id, jobs.c.kind, jobs.c.priority, jobs.c.turn).order_by(jobs.c.id).limit(limit)
        query = query.where(jobs.c.state == JobState.WAITING, jobs.c.kind.in_(kinds), jobs.c.created_at < before)
        async with self._read() as connection:
            return tuple(Ticket(JobId(row.id), *row[1:]) for row in await connection.execute(query))

    async def finish_job(self, job_id: JobId, error: str = "") -> None:
        """See ``WorkStore``."""
        state = JobState.FAILED if error else JobState.DONE
        ended = {"state": state, "error": error, "live_key": None, "finished_at": self._now()}
        async with self._single() as connection:
            kept = (await connection.execute(select(jobs.c.payload).where(jobs.c.id == job_id))).scalar_one_or_none()
            if kept is not None:
                change = update(jobs).where(jobs.c.id == job_id)
                await connection.execute(change.values(ended | {"payload": json.dumps(_left_of(json.loads(kept)))}))

    async def recover_jobs(self, *, holder: str = "") -> tuple[Job, ...]:
        """See ``WorkStore``."""
        change = update(jobs).where(jobs.c.state == JobState.RUNNING)
        if holder:
            change = change.where(jobs.c.holder == holder)
        async with self._single() as connection:
            rows = await connection.execute(change.values(state=JobState.WAITING, holder="").returning(jobs))
            return tuple(sorted((job_of(row) for row in rows), key=lambda job: job.id))

    async def running_holders(self) -> tuple[str, ...]:
        """See ``WorkStore``."""
        query = select(jobs.c.holder).where(jobs.c.state == JobState.RUNNING).distinct().order_by(jobs.c.holder)
        async with self._read() as connection:
            return tuple((await connection.execute(query)).scalars())

    async def jobs(
        self, *, unfinished: bool = True, limit: int = 1000, place: Place | None = None, newest: bool = False
    ) -> tuple[Job, ...]:
        """See ``WorkStore``."""
        order = (jobs.c.id.desc(),) if newest else (jobs.c.priority, jobs.c.turn, jobs.c.id)
        query = select(jobs).order_by(*order).limit(limit)
        if unfinished:
            query = query.where(jobs.c.state.in_([JobState.WAITING, JobState.RUNNING]))
        if place is not None:
            query = query.where(in_workspace(jobs, place))
        async with self._read() as connection:
            return tuple(job_of(row) for row in await connection.execute(query))

    async def backlog(self) -> Backlog:
        """See ``WorkStore``."""
        query = select(jobs.c.state, func.count().label("jobs"), func.min(jobs.c.created_at).label("oldest"))
        live = query.where(jobs.c.state.in_([JobState.WAITING, JobState.RUNNING])).group_by(jobs.c.state)
        async with self._read() as connection:
            found = {row.state: row for row in await connection.execute(live)}
        waiting, running = found.get(JobState.WAITING), found.get(JobState.RUNNING)
        return Backlog(
            waiting=waiting.jobs if waiting else 0,
            running=running.jobs if running else 0,
            oldest=waiting.oldest if waiting else None,
        )

    async def handled(self, event: str) -> bool:
        """See ``WorkStore``."""
        async with self._read() as connection:
            query = select(handled_events.c.event).where(handled_events.c.event == event)
            return (await connection.execute(query)).first() is not None

    async def claim_event(self, event: str) -> bool:
        """See ``WorkStore``."""
        async with self._single() as connection:
            return await self._insert_new(connection, handled_events, {"event": event, "at": self._now()})

    async def claim_effect(self, key: str, holder: str) -> Effect:
        """See ``WorkStore``."""
        row = {"key": key, "holder": holder, "taken_at": self._now()}
        new = self._insert(effects).values(row).on_conflict_do_nothing().returning(effects)
        async with self._single() as connection:
            while True:  # what somebody else took may be released between the two looks
                if (mine := (await connection.execute(new)).one_or_none()) is not None:
                    return _effect_of(mine, mine=True)
                found = await connection.execute(select(effects).where(effects.c.key == key))
                if (theirs := found.one_or_none()) is not None:
                    return _effect_of(theirs)

    async def confirm_effect(self, key: str, result: Mapping[str, JsonValue] | None = None) -> None:
        """See ``WorkStore``."""
        kept = {"confirmed_at": self._now(), "result": json.dumps(dict(result or {}))}
        async with self._single() as connection:
            await connection.execute(update(effects).where(effects.c.key == key).values(kept))

    async def note_effect(self, key: str, holder: str, result: Mapping[str, JsonValue]) -> None:
        """See ``WorkStore``."""
        now = self._now()
        row = {"key": key, "holder": holder, "taken_at": now, "confirmed_at": now, "result": json.dumps(dict(result))}
        async with self._write(light=True) as connection:  # it only says where to look first
            await self._upsert(connection, effects, row)

    async def release_effect(self, key: str) -> bool:
        """See ``WorkStore``."""
        gone = delete(effects).where(effects.c.key == key, effects.c.confirmed_at.is_(None))
        async with self._single() as connection:
            return bool((await connection.execute(gone)).rowcount)

    async def unconfirmed_effects(self, *, before: datetime) -> tuple[Effect, ...]:
        """See ``WorkStore``."""
        query = select(effects).where(effects.c.taken_at < before, effects.c.confirmed_at.is_(None))
        async with self._read() as connection:
            return tuple(_effect_of(row) for row in await connection.execute(query.order_by(effects.c.taken_at)))

    async def record_usage(self, place: Place, model: str, tokens: tuple[int, int], cost_usd: float) -> None:
        """See ``LedgerStore``."""
        row = {"day": self._now().date().isoformat(), "platform": place.platform, "workspace": place.workspace}
        spent = {"calls": 1, "input_tokens": tokens[0], "output_tokens": tokens[1], "cost_usd": cost_usd}
        async with self._write() as connection:
            await self._add(connection, model_usage, [{**row, "model": model, **spent}], spent)

    async def usage(self, *, since: datetime, place: Place | None = None) -> tuple[Usage, ...]:
        """See ``LedgerStore``."""
        query = select(model_usage).where(model_usage.c.day >= since.date().isoformat())
        if place is not None:
            query = query.where(in_workspace(model_usage, place))
        async with self._read() as connection:
            rows = await connection.execute(query.order_by(model_usage.c.day))
            return tuple(
                Usage(
                    day=date.fromisoformat(row.day),
                    place=Place(platform=row.platform, workspace=row.workspace),
                    **{name: getattr(row, name) for name in ("model", "calls", "input_tokens", "output_tokens")},
                    cost_usd=row.cost_usd,
                )
                for row in rows
            )

    async def meta(self, key: str) -> str | None:
        """See ``LedgerStore``."""
        async with self._read() as connection:
            return (await connection.execute(select(meta.c.value).where(meta.c.key == key))).scalar_one_or_none()

    async def set_meta(self, key: str, value: str) -> None:
        """See ``LedgerStore``."""
        async with self._single() as connection:
            if value:
                await self._upsert(connection, meta, {"key": key, "value": value})
            else:
                await connection.execute(delete(meta).where(meta.c.key == key))

    async def installed(self, platform: str, workspace: str, name: str = "") -> None:
        """See ``LedgerStore``."""
        row = {"platform": platform, "workspace": workspace, "name": name}
        async with self._single() as connection:
            await self._upsert(connection, installations, row | {"installed_at": self._now(), "removed_at": None})

    async def uninstalled(self, platform: str, workspace: str) -> None:
        """See ``LedgerStore``."""
        now = self._now()
        row = {"platform": platform, "workspace": workspace, "installed_at": now, "removed_at": now}
        new = self._insert(installations).values(row)
        change = new.on_conflict_do_update(index_elements=["platform", "workspace"], set_={"removed_at": now})
        async with self._single() as connection:
            await connection.execute(change)
