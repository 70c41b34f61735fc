"""Subscriptions and digest runs."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store.base import Base
from adapters.store.keys import at_place, columns_of, in_workspace, person_key, person_of, place_of
from adapters.store.schema import digest_runs, subscriptions, verdicts
from bot.records import DigestRun, NewSubscription, Place, RunState, Subscription, SubscriptionId, VerdictId

_PLAIN = ("repository", "schedule", "timezone", "top", "min_doneness", "person", "feed", "from_config")
_STATE = ("created_at", "paused", "failures", "ended_at", "last_ran_at", "last_decision")


def subscription_of(row: Any) -> Subscription:
    """Return the subscription of a row of ``subscriptions``."""
    return Subscription(
        id=SubscriptionId(row.id),
        place=place_of(row),
        options=json.loads(row.options or "{}"),
        created_by=person_of(row.created_by),
        **{name: getattr(row, name) for name in _PLAIN + _STATE},
    )


def _run_of(row: Any, *, taken_over: bool = False) -> DigestRun:
    kept = {column.name: getattr(row, column.name) for column in digest_runs.columns}
    kept |= {"subscription": kept.pop("subscription_id"), "progress": json.loads(row.progress or "{}")}
    return DigestRun(**kept, taken_over=taken_over)


def _row_of(wish: NewSubscription) -> dict[str, Any]:
    row = {name: getattr(wish, name) for name in _PLAIN} | columns_of(wish.place)
    return row | {"options": json.dumps(wish.options), "created_by": person_key(wish.created_by)}


def _standing(wish: NewSubscription) -> str:
    return json.dumps([*wish.place.model_dump().values(), wish.repository.lower(), wish.person.lower()])


class DigestRoom(Base):
    """Implements ``bot.ports_store.DigestStore``."""

    async def subscribe(self, wish: NewSubscription) -> Subscription:
        """See ``DigestStore``."""
        row = _row_of(wish) | {"standing": _standing(wish), "created_at": self._now(), "paused": "", "failures": 0}
        insert_new = self._insert(subscriptions).values(row)
        changed = {name: insert_new.excluded[name] for name in row if name not in {"standing", "created_at"}}
        upsert = insert_new.on_conflict_do_update(index_elements=["standing"], set_=changed)
        async with self._write() as connection:
            return subscription_of((await connection.execute(upsert.returning(subscriptions))).one())

    async def subscription(self, subscription_id: SubscriptionId) -> Subscription | None:
        """See ``DigestStore``."""
        async with self._read() as connection:
            query = select(subscriptions).where(subscriptions.c.id == subscription_id)
            row = (await connection.execute(query)).one_or_none()
        return subscription_of(row) if row else None

    async def subscriptions(self, place: Place | None = None) -> tuple[Subscription, ...]:
        """See ``DigestStore``."""
        query = select(subscriptions).where(subscriptions.c.ended_at.is_(None)).order_by(subscriptions.c.id)
        if place is not None:
            query = query.where(at_place(subscriptions, place) if place.channel else in_workspace(subscriptions, place))
        async with self._read() as connection:
            return tuple(subscription_of(row) for row in await connection.execute(query))

    async def save_subscription(self, subscription: Subscription) -> None:
        """See ``DigestStore``."""
        row = _row_of(subscription) | {name: getattr(subscription, name) for name in _STATE}
        row["standing"] = None if subscription.ended_at else _standing(subscription)
        async with self._write() as connection:
            change = update(subscriptions).where(subscriptions.c.id == subscription.id)
            await connection.execute(change.values(row))

    async def claim_run(
        self, subscription_id: SubscriptionId, period: str, holder: str, lease: timedelta
    ) -> DigestRun | None:
        """See ``DigestStore``."""
        now = self._now()
        claim = {"holder": holder, "claimed_at": now, "lease_until": now + lease}
        row = claim | {
            "run_id": uuid.uuid4().hex[:24],  # Discord's nonce holds 25 characters
            "subscription_id": subscription_id,
            "period": period,
            "state": RunState.CLAIMED,
            "attempts": 1,
        }
        of_period = (digest_runs.c.subscription_id == subscription_id, digest_runs.c.period == period)
        async with self._write() as connection:
            if await self._insert_new(connection, digest_runs, row):
                return await _run(connection, *of_period)
            lapsed = (digest_runs.c.state == RunState.CLAIMED, digest_runs.c.lease_until <= now)
            taken = update(digest_runs).where(*of_period, *lapsed)
            taken = taken.values(**claim, attempts=digest_runs.c.attempts + 1).returning(digest_runs)
            found = (await connection.execute(taken)).one_or_none()
        return _run_of(found, taken_over=True) if found else None

    async def save_run(self, run: DigestRun, lease: timedelta) -> bool:
        """See ``DigestStore``."""
        kept = {"progress": json.dumps(run.progress), "decision": run.decision, "lease_until": self._now() + lease}
        return await self._change(run, kept)

    async def finish_run(self, run: DigestRun, state: RunState, decision: str) -> bool:
        """See ``DigestStore``."""
        kept = {"progress": json.dumps(run.progress), "decision": decision, "state": state, "finished_at": self._now()}
        return await self._change(run, kept)

    async def _change(self, run: DigestRun, kept: dict[str, Any]) -> bool:
        # The number of attempts is a fencing token: after a takeover the former holder changes nothing.
        held = (
            digest_runs.c.run_id == run.run_id,
            digest_runs.c.holder == run.holder,
            digest_runs.c.attempts == run.attempts,
            digest_runs.c.state == RunState.CLAIMED,
        )
        async with self._write() as connection:
            return bool((await connection.execute(update(digest_runs).where(*held).values(kept))).rowcount)

    async def runs(self, subscription_id: SubscriptionId, *, limit: int = 20) -> tuple[DigestRun, ...]:
        """See ``DigestStore``."""
        query = select(digest_runs).where(digest_runs.c.subscription_id == subscription_id)
        async with self._read() as connection:
            rows = await connection.execute(query.order_by(digest_runs.c.period.desc()).limit(limit))
            return tuple(_run_of(row) for row in rows)

    async def unasked(self, place: Place, since: datetime) -> int:
        """See ``DigestStore``."""
        told = select(func.count()).where(in_workspace(verdicts, place), verdicts.c.asker == "")
        made = (
            select(func.count()).select_from(digest_runs.join(subscriptions)).where(in_workspace(subscriptions, place))
        )
        made = made.where(digest_runs.c.state != RunState.SKIPPED, digest_runs.c.claimed_at > since)
        async with self._read() as connection:
            counted = [await connection.execute(one) for one in (told.where(verdicts.c.created_at > since), made)]
            return sum(int(one.scalar_one()) for one in counted)

    async def open_runs(self) -> tuple[DigestRun, ...]:
        """See ``DigestStore``."""
        query = select(digest_runs).where(digest_runs.c.state == RunState.CLAIMED).order_by(digest_runs.c.claimed_at)
        async with self._read() as connection:
            return tuple(_run_of(row) for row in await connection.execute(query))

    async def runs_telling(self, verdict_id: VerdictId, place: Place) -> tuple[tuple[DigestRun, Place], ...]:
        """See ``DigestStore``."""
        query = select(digest_runs, subscriptions.c.platform, subscriptions.c.workspace, subscriptions.c.channel)
        query = query.join(subscriptions, subscriptions.c.id == digest_runs.c.subscription_id).where(
            at_place(subscriptions, place),
            digest_runs.c.state == RunState.POSTED,
            digest_runs.c.progress.contains(f": {verdict_id}"),
        )
        async with self._read() as connection:
            rows = (await connection.execute(query.order_by(digest_runs.c.period.desc()))).all()
        found = [(_run_of(row), place_of(row)) for row in rows]
        return tuple(one for one in found if verdict_id in _told_in(one[0]))


def _told_in(run: DigestRun) -> set[object]:
    told = run.progress.get("verdicts")
    return set(told.values()) if isinstance(told, dict) else set()


async def _run(connection: AsyncConnection, *where: Any) -> DigestRun:
    return _run_of((await connection.execute(select(digest_runs).where(*where))).one())
