"""Asks let in together: events, opt-outs, limits, room and jobs of a whole group in one transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store.asked import counted
from adapters.store.base import Base
from adapters.store.keys import columns_of, person_key, read_kept
from adapters.store.schema import asks, handled_events, jobs, opt_outs, place_settings
from adapters.store.turns import fair_turns
from bot.records import JobId, JobState, OptOutKind, Place, PlaceSettings
from bot.tickets import Announce, Ticket, nobody
from bot.turnstile import LimitsOf, Taken, Wish


class AskRoom(Base):
    """Implements ``bot.ports_store.AskStore``."""

    async def take_asks(
        self,
        wishes: Sequence[Wish],
        limits_of: LimitsOf,
        most_waiting: int,
        *,
        most_each: int = 0,
        announce: Announce = nobody,
    ) -> tuple[Taken, ...]:
        """See ``AskStore``."""
        now = self._now()
        async with self._write() as connection:
            await _lock(connection, wishes)
            handled = await _handled(connection, wishes)
            silent = await _silent(connection, wishes)
            settings = await _settings(connection, wishes)
            limits = [
                limits_of(settings.get(wish.place, _USUAL), settings.get(wish.place.whole, _USUAL)) for wish in wishes
            ]
            asked = await counted(connection, list(zip(wishes, limits, strict=True)), now)
            room = most_waiting - await _live(connection)
            homes = await _live_by_home(connection, wishes) if most_each else {}
            found: list[Taken | None] = []
            for wish, its in zip(wishes, limits, strict=True):
                crowded = bool(most_each) and homes.get(_home(wish), 0) >= most_each
                refusal = _refusal(wish, handled, silent, 0 if crowded else room)
                if refusal is None and (wait := await asked.over(wish, its)):
                    refusal = Taken(wait=wait)
                found.append(refusal)
                if refusal is None:
                    room -= 1
                    homes[_home(wish)] = homes.get(_home(wish), 0) + 1
                    handled |= {wish.event} - {""}
                    asked.add(wish, its)
            let_in = [wish for wish, refusal in zip(wishes, found, strict=True) if refusal is None]
            ids = iter(await self._let_in(connection, let_in, now, announce))
        return tuple(Taken(job=next(ids)) if one is None else one for one in found)

    async def _let_in(
        self, connection: AsyncConnection, wishes: Sequence[Wish], now: datetime, announce: Announce
    ) -> list[JobId]:
        if not wishes:
            return []
        events = [{"event": wish.event, "at": now} for wish in wishes if wish.event]
        if events:
            await connection.execute(self._insert(handled_events).values(events).on_conflict_do_nothing())
        counted = [{**columns_of(wish.place), "person": person_key(wish.person), "at": now} for wish in wishes]
        await connection.execute(insert(asks).values(counted))
        turns = await fair_turns(connection, [wish.job for wish in wishes])
        rows = [_job_row(wish, now) | {"turn": turn} for wish, turn in zip(wishes, turns, strict=True)]
        found = (await connection.execute(insert(jobs).values(rows).returning(jobs.c.id))).scalars()
        # Rows of one INSERT are numbered in the order in which they are given.
        ids = [JobId(one) for one in sorted(found)]
        told = zip(ids, wishes, turns, strict=True)
        await self._announced(
            connection, announce, [Ticket(one, wish.job.kind, wish.job.priority, turn) for one, wish, turn in told]
        )
        return ids


_USUAL = PlaceSettings()


def _columns(place: Place) -> tuple[str, str, str]:
    return place.platform, place.workspace, place.channel


def _job_row(wish: Wish, now: datetime) -> dict[str, Any]:
    job = wish.job
    row = {"kind": job.kind, "payload": json.dumps(job.payload), **columns_of(job.place), "key": job.key}
    return row | {"live_key": None, "priority": job.priority, "state": JobState.WAITING, "created_at": now}


async def _lock(connection: AsyncConnection, wishes: Sequence[Wish]) -> None:
    """Two asks at once must not both take the last place (SQLite has one writer anyway)."""
    if connection.dialect.name != "postgresql":
        return
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:of, 0))")
    for of in sorted({f"ask:{wish.place.platform}/{wish.place.workspace}" for wish in wishes}):
        await connection.execute(lock, {"of": of})


async def _handled(connection: AsyncConnection, wishes: Sequence[Wish]) -> set[str]:
    events = {wish.event for wish in wishes} - {""}
    if not events:
        return set()
    query = select(handled_events.c.event).where(handled_events.c.event.in_(events))
    return set((await connection.execute(query)).scalars())


async def _silent(connection: AsyncConnection, wishes: Sequence[Wish]) -> set[str]:
    """Return those repositories that opted out, in lower case."""
    names = {wish.repository.lower() for wish in wishes}
    query = select(opt_outs.c.subject).where(
        opt_outs.c.kind == OptOutKind.REPOSITORY, opt_outs.c.standing.is_not(None), opt_outs.c.subject.in_(names)
    )
    return set((await connection.execute(query)).scalars())


async def _settings(connection: AsyncConnection, wishes: Sequence[Wish]) -> dict[Place, PlaceSettings]:
    places = {place for wish in wishes for place in (wish.place, wish.place.whole)}
    keys = tuple_(place_settings.c.platform, place_settings.c.workspace, place_settings.c.channel)
    query = select(place_settings).where(keys.in_(_columns(place) for place in places))
    return {
        Place(platform=row.platform, workspace=row.workspace, channel=row.channel): read_kept(PlaceSettings, row.data)
        for row in await connection.execute(query)
    }


async def _live(connection: AsyncConnection) -> int:
    """Return how much work there is; what was heard and waits for a decision goes before it, and is none yet."""
    live = jobs.c.state.in_([JobState.WAITING, JobState.RUNNING])
    query = select(func.count()).select_from(jobs).where(live, jobs.c.priority >= 0)
    return int((await connection.execute(query)).scalar_one())


def _home(wish: Wish) -> tuple[str, str]:
    return wish.place.platform, wish.place.workspace


async def _live_by_home(connection: AsyncConnection, wishes: Sequence[Wish]) -> dict[tuple[str, str], int]:
    """Return how many jobs of each of these workspaces wait or run."""
    home = (jobs.c.platform, jobs.c.workspace)
    live = jobs.c.state.in_([JobState.WAITING, JobState.RUNNING])
    query = select(*home, func.count()).where(live, tuple_(*home).in_({_home(wish) for wish in wishes}))
    return {(row[0], row[1]): row[2] for row in await connection.execute(query.group_by(*home))}


def _refusal(wish: Wish, handled: set[str], silent: set[str], room: int) -> Taken | None:
    if wish.event and wish.event in handled:
        return Taken(repeated=True)
    if wish.repository.lower() in silent:
        return Taken(opted_out=True)
    return Taken(full=True) if room <= 0 else None
