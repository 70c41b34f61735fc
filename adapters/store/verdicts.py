"""Verdicts and their posts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store.keys import (
    at_message,
    at_place,
    columns_of,
    in_workspace,
    person_key,
    person_of,
    place_of,
    read_kept,
)
from adapters.store.privacy import at_home, is_private
from adapters.store.schema import (
    lines_used,
    posts,
    private_repositories,
    repository_months,
    verdict_bodies,
    verdict_features,
    verdicts,
)
from adapters.store.teaching import Teaching, voices_of
from bot.brief import Heat, History
from bot.feedback import Tally
from bot.records import Message, Person, Place, Post, PostKind, PriorVerdict, StoredVerdict, VerdictId
from bot.taste import CREDIT, OFFENCE, features
from bot.verdict import Verdict

REMEMBERED = {"title": 200, "epithet": 200, "punchline": 200, "line": 1500, "motif": 12}
"""How many of each kind of line a channel's history goes back."""


def repository_of(pull_request: str) -> str:
    """Return ``owner/repo`` of ``owner/repo#7``, lower case."""
    return pull_request.partition("#")[0].lower()


def number_of(pull_request: str) -> int:
    """Return 7 of ``owner/repo#7``, 0 of a range."""
    return int(pull_request.partition("#")[2] or 0)


def post_of(row: Any) -> Post:
    """Return the post of a row of ``posts``."""
    return Post(
        message=Message(place=place_of(row), id=row.message),
        verdict=VerdictId(row.verdict_id),
        kind=PostKind(row.kind),
        asker=person_of(row.asker),
        posted_at=row.posted_at,
        gone=row.gone_at is not None,
    )


def stored(row: Any) -> StoredVerdict:
    """Return the verdict of a row of ``verdicts`` joined with its body."""
    return StoredVerdict(
        id=VerdictId(row.id),
        verdict=read_kept(Verdict, row.body),
        place=place_of(row),
        asker=person_of(row.asker),
        created_at=row.created_at,
        withdrawn=row.withdrawn,
        withdrawn_at=row.withdrawn_at if row.withdrawn else None,
        voices=voices_of(row),
        read_from=row.read_from,
        private=row.is_private,
    )


def whole() -> Select[Any]:
    """Return the query for rows that ``stored`` reads."""
    return select(verdicts, is_private(verdicts).label("is_private"), verdict_bodies.c.body).join(verdict_bodies)


class VerdictRoom(Teaching):
    """Implements ``bot.ports_store.VerdictStore``."""

    async def save_verdict(
        self, verdict: Verdict, place: Place, asker: Person | None = None, *, read_from: str = ""
    ) -> VerdictId:
        """See ``VerdictStore``."""
        now = self._now()
        row = columns_of_verdict(verdict) | columns_of(place) | {"asker": person_key(asker), "created_at": now}
        row |= {"read_from": read_from, "private": verdict.private is True}
        async with self._write() as connection:
            found = await connection.execute(insert(verdicts).values(row).returning(verdicts.c.id))
            verdict_id = VerdictId(found.scalar_one())
            await connection.execute(
                insert(verdict_bodies).values(verdict_id=verdict_id, body=verdict.model_dump_json())
            )
            await connection.execute(insert(verdict_features), _feature_rows(verdict_id, verdict))
            await connection.execute(insert(lines_used), _line_rows(verdict_id, verdict, place))
            month = {
                "platform": place.platform,
                "workspace": place.workspace,
                "repository": row["repository"],
                "month": f"{now:%Y-%m}",
                "verdicts": 1,
                "score": verdict.score,
                "acquitted": int(verdict.acquitted),
            }
            await self._add(connection, repository_months, [month], ("verdicts", "score", "acquitted"))
            if verdict.private:
                private = {"repository": row["repository"], "at": now}
                await self._insert_new(connection, private_repositories, private)
        return verdict_id

    async def verdict(self, verdict_id: VerdictId) -> StoredVerdict | None:
        """See ``VerdictStore``."""
        return await self._one(whole().where(verdicts.c.id == verdict_id))

    async def find_verdict(
        self, pull_request: str, *, since: datetime, place: Place | None = None, heat: Heat | None = None
    ) -> StoredVerdict | None:
        """See ``VerdictStore``."""
        query = whole().where(
            verdicts.c.repository == repository_of(pull_request),
            verdicts.c.number == number_of(pull_request),
            verdicts.c.created_at >= since,
            verdicts.c.withdrawn == "",
        )
        if place is not None:
            query = query.where(at_place(verdicts, place))
        if heat is not None:
            query = query.where(verdicts.c.heat == heat)
        return await self._one(query.order_by(verdicts.c.created_at.desc(), verdicts.c.id.desc()).limit(1))

    async def verdicts(
        self,
        *,
        place: Place | None = None,
        repository: str = "",
        author: str = "",
        offence: str = "",
        since: datetime | None = None,
        before: VerdictId | None = None,
        limit: int = 50,
    ) -> tuple[StoredVerdict, ...]:
        """See ``VerdictStore``."""
        query = whole().where(verdicts.c.withdrawn == "")
        if place is not None:
            query = query.where(at_place(verdicts, place) if place.channel else in_workspace(verdicts, place))
        if repository:
            query = query.where(verdicts.c.repository == repository.lower())
        if author:
            query = query.where(verdicts.c.author == author.lower())
        if offence:
            told = select(verdict_features.c.verdict_id).where(
                verdict_features.c.kind == OFFENCE, verdict_features.c.name == offence
            )
            query = query.where(verdicts.c.id.in_(told))
        if since is not None:
            query = query.where(verdicts.c.created_at >= since)
        if before is not None:
            query = query.where(verdicts.c.id < before)
        async with self._read() as connection:
            rows = await connection.execute(query.order_by(verdicts.c.id.desc()).limit(limit))
            return tuple(stored(row) for row in rows)

    async def amend_verdict(self, verdict_id: VerdictId, verdict: Verdict, *, was: Verdict) -> bool:
        """See ``VerdictStore``."""
        async with self._write() as connection:
            kept = select(verdict_bodies.c.body).where(verdict_bodies.c.verdict_id == verdict_id).with_for_update()
            body = (await connection.execute(kept)).scalar_one_or_none()
            if body is None or read_kept(Verdict, body) != was:
                return False
            # What the voices taught about a struck offence is taken back with it.
            await self._teach(connection, verdict_id, Tally())
            await connection.execute(delete(verdict_features).where(verdict_features.c.verdict_id == verdict_id))
            await connection.execute(
                update(verdict_bodies)
                .where(verdict_bodies.c.verdict_id == verdict_id)
                .values(body=verdict.model_dump_json())
            )
            await connection.execute(
                update(verdicts)
                .where(verdicts.c.id == verdict_id)
                .values(columns_of_verdict(verdict) | {"amended_at": self._now()})
            )
            await connection.execute(insert(verdict_features), _feature_rows(verdict_id, verdict))
            await self._teach(connection, verdict_id)
        return True

    async def withdraw_verdict(self, verdict_id: VerdictId, reason: str) -> tuple[Post, ...]:
        """See ``VerdictStore``."""
        return await self._set_withdrawn(verdict_id, reason or "withdrawn", self._now())

    async def restore_verdict(self, verdict_id: VerdictId) -> tuple[Post, ...]:
        """See ``VerdictStore``."""
        return await self._set_withdrawn(verdict_id, "", None)

    async def _set_withdrawn(self, verdict_id: VerdictId, reason: str, at: datetime | None) -> tuple[Post, ...]:
        async with self._write() as connection:
            change = update(verdicts).where(verdicts.c.id == verdict_id)
            await connection.execute(change.values(withdrawn=reason, withdrawn_at=at))
            return await _posts(connection, verdict_id)

    async def record_post(
        self, verdict_id: VerdictId, message: Message, kind: PostKind = PostKind.CARD, asker: Person | None = None
    ) -> None:
        """See ``VerdictStore``."""
        row = {"message": message.id, "verdict_id": verdict_id, "kind": kind, "asker": person_key(asker)}
        row |= columns_of(message.place) | {"posted_at": self._now(), "gone_at": None}
        changed = self._insert(posts).values(row)
        changed = changed.on_conflict_do_update(
            index_elements=["platform", "workspace", "channel", "message"],
            set_={name: changed.excluded[name] for name in ("verdict_id", "kind", "asker", "gone_at")},
        )
        async with self._single() as connection:
            await connection.execute(changed)

    async def posts(self, verdict_id: VerdictId) -> tuple[Post, ...]:
        """See ``VerdictStore``."""
        async with self._read() as connection:
            return await _posts(connection, verdict_id)

    async def verdict_of_message(self, message: Message) -> StoredVerdict | None:
        """See ``VerdictStore``."""
        shown = select(posts.c.verdict_id).where(at_message(posts, message)).scalar_subquery()
        return await self._one(whole().where(verdicts.c.id == shown))

    async def message_deleted(self, message: Message) -> None:
        """See ``VerdictStore``."""
        async with self._single() as connection:
            await connection.execute(update(posts).where(at_message(posts, message)).values(gone_at=self._now()))

    async def history(self, place: Place) -> History:
        """See ``VerdictStore``."""
        said: dict[str, tuple[str, ...]] = {}
        async with self._read() as connection:
            for kind, most in REMEMBERED.items():
                query = select(lines_used.c.line).where(at_place(lines_used, place), lines_used.c.kind == kind)
                rows = await connection.execute(query.order_by(lines_used.c.id.desc()).limit(most))
                said[f"{kind}s"] = tuple(reversed(tuple(dict.fromkeys(rows.scalars()))))
        return History(**said)

    async def record(
        self, author: str, *, limit: int = 50, place: Place | None = None, reader: Place | None = None
    ) -> tuple[PriorVerdict, ...]:
        """See ``VerdictStore``."""
        mine = select(verdicts, is_private(verdicts).label("is_private"))
        mine = mine.where(verdicts.c.author == author.lower(), verdicts.c.withdrawn == "")
        if place is not None:
            mine = mine.where(in_workspace(verdicts, place))
        if reader is not None:
            mine = mine.where(or_(~is_private(verdicts), at_home(verdicts, reader)))
        async with self._read() as connection:
            rows = (await connection.execute(mine.order_by(verdicts.c.created_at.desc()).limit(limit))).all()
            found = await connection.execute(
                select(verdict_features).where(verdict_features.c.verdict_id.in_([row.id for row in rows]))
            )
            told: dict[tuple[int, str], list[str]] = {}
            for one in found:
                told.setdefault((one.verdict_id, one.kind), []).append(one.name)
        return tuple(_prior(row, told) for row in rows)

    async def last_roasted(self, place: Place, logins: Sequence[str]) -> dict[str, datetime]:
        """See ``VerdictStore``."""
        asked = {login.lower(): login for login in logins}
        where = at_place(verdicts, place) if place.channel else in_workspace(verdicts, place)
        query = select(verdicts.c.author, func.max(verdicts.c.created_at).label("at")).where(
            where, verdicts.c.author.in_(list(asked)), verdicts.c.withdrawn == ""
        )
        async with self._read() as connection:
            rows = await connection.execute(query.group_by(verdicts.c.author))
            return {asked[row.author]: row.at for row in rows}

    async def _one(self, query: Select[Any]) -> StoredVerdict | None:
        async with self._read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return stored(row) if row else None


async def _posts(connection: AsyncConnection, verdict_id: VerdictId) -> tuple[Post, ...]:
    query = select(posts).where(posts.c.verdict_id == verdict_id, posts.c.gone_at.is_(None)).order_by(posts.c.id)
    return tuple(post_of(row) for row in await connection.execute(query))


def columns_of_verdict(verdict: Verdict) -> dict[str, Any]:
    """Return the columns that are searched by; author and repository in lower case."""
    return {
        "pull_request": verdict.pull_request,
        "repository": repository_of(verdict.pull_request),
        "number": number_of(verdict.pull_request),
        "author": verdict.subject.author.lower(),
        **{name: getattr(verdict, name) for name in ("url", "title", "epithet", "punchline", "motif")},
        "doneness": verdict.doneness.value,
        "heat": verdict.heat.value,
        "score": verdict.score,
        "acquitted": verdict.acquitted,
    }


def _feature_rows(verdict_id: VerdictId, verdict: Verdict) -> list[dict[str, Any]]:
    return [{"verdict_id": verdict_id, "kind": one.kind, "name": one.name} for one in sorted(features(verdict))]


def _line_rows(verdict_id: VerdictId, verdict: Verdict, place: Place) -> list[dict[str, Any]]:
    said = [("title", verdict.title), ("epithet", verdict.epithet), ("punchline", verdict.punchline)]
    said += [("motif", verdict.motif), *(("line", key) for key in verdict.lines)]
    return [{"verdict_id": verdict_id, **columns_of(place), "kind": kind, "line": line} for kind, line in said if line]


def _prior(row: Any, told: dict[tuple[int, str], list[str]]) -> PriorVerdict:
    return PriorVerdict(
        id=VerdictId(row.id),
        pull_request=row.pull_request,
        private=row.is_private or bool(row.read_from),  # what a clone is of, nobody knows
        url=row.url,
        title=row.title,
        doneness=row.doneness,
        acquitted=row.acquitted,
        created_at=row.created_at,
        offences=tuple(sorted(told.get((row.id, OFFENCE), ()))),
        credits=tuple(sorted(told.get((row.id, CREDIT), ()))),
        funny=row.voices_funny,
    )
