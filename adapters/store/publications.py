"""What was offered to the dev log."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update

from adapters.store.base import Base
from adapters.store.keys import place_of
from adapters.store.privacy import is_private
from adapters.store.schema import (
    opt_outs,
    place_settings,
    private_repositories,
    publications,
    verdict_features,
    verdicts,
)
from adapters.store.teaching import voices_of
from adapters.store.verdicts import number_of, repository_of, stored, whole
from bot.publishing import Listed, Publication
from bot.records import StoredVerdict, VerdictId
from bot.taste import OFFENCE

_SHOWN = ("pull_request", "author", "title", "epithet", "punchline", "doneness", "score", "acquitted")
_BATCH = 500


def publication_of(row: Any) -> Publication:
    """Return the publication of a row of ``publications``."""
    return Publication(
        verdict=VerdictId(row.verdict_id),
        headline=row.headline,
        offered_at=row.offered_at,
        due_at=row.due_at,
        vetoed=row.vetoed,
        vetoed_at=row.vetoed_at,
    )


class PublicationRoom(Base):
    """Implements ``bot.ports_publishing.PublishingStore``."""

    async def offer_publication(self, verdict_id: VerdictId, *, headline: bool, due_at: datetime) -> Publication:
        """See ``PublishingStore``."""
        row = {"verdict_id": verdict_id, "headline": headline, "offered_at": self._now(), "due_at": due_at}
        mine = publications.c.verdict_id == verdict_id
        async with self._write() as connection:
            new = await self._insert_new(connection, publications, row)
            if headline and not new:
                await connection.execute(update(publications).where(mine).values(headline=True))
            return publication_of((await connection.execute(select(publications).where(mine))).one())

    async def publication(self, verdict_id: VerdictId) -> Publication | None:
        """See ``PublishingStore``."""
        async with self._read() as connection:
            found = await connection.execute(select(publications).where(publications.c.verdict_id == verdict_id))
            row = found.one_or_none()
        return publication_of(row) if row else None

    async def veto_publication(self, verdict_id: VerdictId, reason: str) -> bool:
        """See ``PublishingStore``."""
        change = {"vetoed": reason, "vetoed_at": self._now() if reason else None}
        mine = update(publications).where(publications.c.verdict_id == verdict_id)
        async with self._write() as connection:
            return bool((await connection.execute(mine.values(change))).rowcount)

    async def objected(self, pull_request: str) -> bool:
        """See ``PublishingStore``."""
        if not number_of(pull_request):
            return False
        query = select(publications.c.verdict_id).join(verdicts, verdicts.c.id == publications.c.verdict_id)
        query = query.where(
            verdicts.c.repository == repository_of(pull_request),
            verdicts.c.number == number_of(pull_request),
            or_(publications.c.vetoed != "", verdicts.c.withdrawn != ""),
        )
        async with self._read() as connection:
            return (await connection.execute(query.limit(1))).first() is not None

    async def listed(self) -> tuple[Listed, ...]:
        """See ``PublishingStore``."""
        query = select(publications, *_columns()).outerjoin(verdicts, verdicts.c.id == publications.c.verdict_id)
        told = select(verdict_features.c.verdict_id, verdict_features.c.name)
        told = told.join(publications, publications.c.verdict_id == verdict_features.c.verdict_id)
        told = told.where(verdict_features.c.kind == OFFENCE).order_by(verdict_features.c.name)
        async with self._read() as connection:
            rows = (await connection.execute(query.order_by(publications.c.verdict_id))).all()
            offences: dict[int, list[str]] = {}
            for verdict_id, name in (await connection.execute(told)).all():
                offences.setdefault(verdict_id, []).append(name)
        return tuple(_listed(row, tuple(offences.get(row.verdict_id, ()))) for row in rows)

    async def listed_mark(self) -> str:
        """See ``PublishingStore``."""
        voices = [func.sum(column) for column in verdicts.c if column.name.startswith("voices_")]
        state = select(
            func.count(publications.c.verdict_id),
            func.max(publications.c.verdict_id),
            func.max(publications.c.vetoed_at),
            func.count(publications.c.vetoed_at),
            func.count(verdicts.c.id),
            func.count(verdicts.c.withdrawn_at),
            func.max(verdicts.c.withdrawn_at),
            func.max(verdicts.c.amended_at),
            *voices,
        ).outerjoin(verdicts, verdicts.c.id == publications.c.verdict_id)
        silent = select(func.count(opt_outs.c.standing), func.max(opt_outs.c.id))
        private = select(func.count(private_repositories.c.repository), func.max(private_repositories.c.at))
        due = select(func.count(publications.c.verdict_id)).where(publications.c.due_at <= self._now())
        chosen = select(place_settings).where(place_settings.c.data.contains('"publish"'))
        chosen = chosen.order_by(place_settings.c.platform, place_settings.c.workspace, place_settings.c.channel)
        queries = (state, silent, private, due, chosen)
        async with self._read() as connection:
            seen = [[tuple(row) for row in await connection.execute(one)] for one in queries]
        return hashlib.sha256(repr(seen).encode()).hexdigest()

    async def standing_verdicts(self, verdict_ids: Sequence[VerdictId]) -> tuple[StoredVerdict, ...]:
        """See ``PublishingStore``."""
        found: dict[int, StoredVerdict] = {}
        standing = whole().where(verdicts.c.withdrawn == "")
        async with self._read() as connection:
            for start in range(0, len(verdict_ids), _BATCH):
                some = standing.where(verdicts.c.id.in_(verdict_ids[start : start + _BATCH]))
                found |= {row.id: stored(row) for row in await connection.execute(some)}
        return tuple(found[one] for one in verdict_ids if one in found)


def _columns() -> list[Any]:
    names = ("platform", "workspace", "channel", "created_at", "withdrawn", "withdrawn_at", *_SHOWN)
    voices = [column for column in verdicts.c if column.name.startswith("voices_")]
    private = is_private(verdicts).label("is_private")
    return [verdicts.c.id, *(verdicts.c[name] for name in names), private, *voices]


def _listed(row: Any, offences: tuple[str, ...]) -> Listed:
    publication = publication_of(row)
    if row.id is None:
        return Listed(publication=publication)
    return Listed(
        publication=publication,
        standing=row.withdrawn == "",
        ended_at=row.withdrawn_at if row.withdrawn else None,
        place=place_of(row),
        created_at=row.created_at,
        private=row.is_private,
        offences=offences,
        voices=voices_of(row),
        **{name: getattr(row, name) for name in _SHOWN},
    )
