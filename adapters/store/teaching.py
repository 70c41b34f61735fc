"""Voices into counters: a verdict's tally, and what it teaches about its features at three levels."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, func, not_, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store.base import Base
from adapters.store.keys import place_of
from adapters.store.schema import posts, reactions, taste, verdict_features, verdicts
from bot.feedback import Meaning, Tally
from bot.records import Place, VerdictId
from bot.taste import LEARNT, scale

EVERYWHERE = Place(platform="")
_SUMS = ("hit", "miss", "judged", "condemned")


def voices_of(row: Any) -> dict[Meaning, int]:
    """Return the voices that a row of ``verdicts`` carries."""
    counts = {meaning: getattr(row, f"voices_{meaning}") for meaning in Meaning}
    return {meaning: count for meaning, count in counts.items() if count}


class Teaching(Base):
    """Keeps the counters in step with the marks, in the same transaction."""

    async def _teach(
        self, connection: AsyncConnection, verdict_id: VerdictId, tally: Tally | None = None, row: Any = None
    ) -> dict[Meaning, int]:
        """Recount a verdict's voices (or take ``tally`` for them) and pass the difference on to the taste.

        The row's lock makes recounts of one verdict wait for each other, so that none counts too few. ``row`` is the
        verdict's, where it is locked already.
        """
        if row is None:
            query = select(verdicts).where(verdicts.c.id == verdict_id).with_for_update()
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return {}
        new = tally if tally is not None else await self._count(connection, verdict_id)
        old = Tally(voices_of(row))
        if old.voices == new.voices:
            return dict(new.voices)
        hit, miss = (outcome * scale(row.created_at) for outcome in new.outcome())
        columns: dict[str, float] = {f"voices_{meaning}": new[meaning] for meaning in Meaning}
        columns |= {"hit": hit, "miss": miss}
        await connection.execute(update(verdicts).where(verdicts.c.id == verdict_id).values(columns))
        change = {
            "hit": hit - row.hit,
            "miss": miss - row.miss,
            "judged": int(new.judged) - int(old.judged),
            "condemned": int(new.condemned) - int(old.condemned),
        }
        await self._pass_on(connection, verdict_id, place_of(row), change)
        return dict(new.voices)

    async def _count(self, connection: AsyncConnection, verdict_id: VerdictId) -> Tally:
        """Count people, not marks; whoever asked for it is no voice for "funny"."""
        askers = union(
            select(verdicts.c.asker).where(verdicts.c.id == verdict_id),
            select(posts.c.asker).where(posts.c.verdict_id == verdict_id),
        )
        own = and_(reactions.c.meaning == Meaning.FUNNY, reactions.c.person.in_(askers))
        counted = select(reactions.c.meaning, func.count(reactions.c.person.distinct())).where(
            reactions.c.verdict_id == verdict_id, reactions.c.is_on, not_(own)
        )
        rows = await connection.execute(counted.group_by(reactions.c.meaning))
        return Tally({Meaning(meaning): count for meaning, count in rows})

    async def _pass_on(
        self, connection: AsyncConnection, verdict_id: VerdictId, place: Place, change: dict[str, float]
    ) -> None:
        query = select(verdict_features.c.kind, verdict_features.c.name).where(
            verdict_features.c.verdict_id == verdict_id, verdict_features.c.kind.in_(LEARNT)
        )
        told = (await connection.execute(query)).all()
        levels = dict.fromkeys((place, place.whole, EVERYWHERE))
        rows = [
            {**level.model_dump(), "kind": one.kind, "name": one.name, **change} for level in levels for one in told
        ]
        await self._add(connection, taste, rows, _SUMS)

    async def _levels(self, connection: AsyncConnection, place: Place) -> list[Any]:
        """Return the taste rows of a channel, its workspace and everywhere."""
        wanted = or_(
            *(
                and_(
                    taste.c.platform == level.platform,
                    taste.c.workspace == level.workspace,
                    taste.c.channel == level.channel,
                )
                for level in dict.fromkeys((place, place.whole, EVERYWHERE))
            )
        )
        return list((await connection.execute(select(taste).where(wanted))).all())
