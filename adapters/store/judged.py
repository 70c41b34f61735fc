"""The latest verdicts of a channel that voices were heard on: what its taste is learnt from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store.keys import at_place
from adapters.store.schema import posts, reactions, verdict_features, verdicts
from bot.feedback import DISLIKING, LIKING, Meaning
from bot.records import Place
from bot.taste import HALF_LIFE, LEARNT, REMEMBERED, Feature, Judged

_LOOKED_AT = 4 * REMEMBERED
"""Verdicts that nobody reacted to are passed over, but not for ever."""
_MOST_VOICES = 4_000
_FUNNY = Meaning.FUNNY.value
_VOICE = {meaning.value: LIKING.get(meaning, 0.0) - DISLIKING.get(meaning, 0.0) for meaning in Meaning}


async def judged_lately(connection: AsyncConnection, place: Place, now: datetime) -> tuple[Judged, ...]:
    """Return the channel's latest judged verdicts, oldest first. The cost does not grow with the past."""
    latest = select(verdicts.c.id).where(at_place(verdicts, place)).order_by(verdicts.c.id.desc()).limit(_LOOKED_AT)
    query = select(verdicts.c.id, verdicts.c.asker, verdicts.c.created_at).where(
        verdicts.c.id.in_(latest), verdicts.c.withdrawn == "", or_(verdicts.c.hit > 0, verdicts.c.miss > 0)
    )
    rows = (await connection.execute(query.order_by(verdicts.c.id.desc()).limit(REMEMBERED))).all()
    told = await _features(connection, [row.id for row in rows])
    voices = await _voices(connection, rows)
    return tuple(
        Judged(
            features=frozenset(told[row.id]),
            voices=voices[row.id],
            fresh=float(0.5 ** (max(0.0, (now - row.created_at) / HALF_LIFE))),
        )
        for row in reversed(rows)
    )


async def _features(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, list[Feature]]:
    columns = (verdict_features.c.verdict_id, verdict_features.c.kind, verdict_features.c.name)
    query = select(*columns).where(verdict_features.c.verdict_id.in_(ids), verdict_features.c.kind.in_(LEARNT))
    told: dict[int, list[Feature]] = defaultdict(list)
    for verdict_id, kind, name in (await connection.execute(query)).all():
        told[verdict_id].append(Feature(kind, name))
    return told


async def _voices(connection: AsyncConnection, rows: Sequence[Any]) -> dict[int, dict[str, float]]:
    """Return what each person said of each verdict: liking less disliking, within -1 to 1."""
    ids = [row.id for row in rows]
    shown = select(posts.c.verdict_id, posts.c.asker).where(posts.c.verdict_id.in_(ids), posts.c.asker != "")
    askers = {(row.id, row.asker) for row in rows}
    askers |= {(verdict_id, asker) for verdict_id, asker in (await connection.execute(shown)).all()}
    columns = (reactions.c.verdict_id, reactions.c.person, reactions.c.meaning)
    # Two marks of one meaning are one voice.
    query = select(*columns).where(reactions.c.verdict_id.in_(ids), reactions.c.is_on).distinct()
    query = query.order_by(reactions.c.verdict_id.desc()).limit(_MOST_VOICES)
    said: dict[int, dict[str, float]] = {one: {} for one in ids}
    for verdict_id, person, meaning in (await connection.execute(query)).all():
        if meaning == _FUNNY and (verdict_id, person) in askers:
            continue
        of_verdict = said[verdict_id]
        of_verdict[person] = of_verdict.get(person, 0.0) + _VOICE[meaning]
    return {
        verdict_id: {person: min(1.0, max(-1.0, voice)) for person, voice in people.items()}
        for verdict_id, people in said.items()
    }
