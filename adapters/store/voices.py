"""Reactions, the taste they teach, and the leaderboard's rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, exists, func, literal, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store.judged import judged_lately
from adapters.store.keys import at_message, at_place, in_workspace, person_key, read_kept
from adapters.store.privacy import listed_for
from adapters.store.schema import (
    appeals,
    installations,
    opt_outs,
    place_settings,
    posts,
    reactions,
    repository_months,
    verdicts,
)
from adapters.store.teaching import Teaching, voices_of
from bot.feedback import Meaning, counts_for, fold, overrules
from bot.leaderboard import FunnyVerdict, RepositoryRecord
from bot.records import (
    Ground,
    Heard,
    Message,
    OptOutKind,
    Outcome,
    Place,
    PlaceSettings,
    Reaction,
    ReactionAnswer,
    VerdictId,
)
from bot.taste import Count, Feature, TasteCounts, fading

_CANDIDATES = 100


class VoiceRoom(Teaching):
    """Implements ``bot.ports_store.ReactionStore``."""

    async def record_reaction(self, reaction: Reaction) -> ReactionAnswer:
        """See ``ReactionStore``."""
        meaning = self.emoji.meaning(reaction.emoji)
        if reaction.by_bot:
            return ReactionAnswer(heard=Heard.BOT)
        if meaning is None:
            return ReactionAnswer(heard=Heard.UNKNOWN_EMOJI)
        # Most reactions in a busy workspace are on somebody else's message: they never become writers.
        async with self._read() as connection:
            refused = _refusal(await _shown(connection, reaction.message))
        if refused is not None:
            return ReactionAnswer(heard=refused)
        async with self._write(light=True) as connection:
            # Locked before the mark is read: two events on one verdict must not both see the mark before.
            shown = await _shown(connection, reaction.message, lock=True)
            refused = _refusal(shown)
            if refused is not None:
                return ReactionAnswer(heard=refused)
            return await self._mark(connection, reaction, meaning, shown)

    async def _mark(
        self, connection: AsyncConnection, reaction: Reaction, meaning: Meaning, shown: Any
    ) -> ReactionAnswer:
        """Keep the mark if it overrules the one before, and recount what it touches."""
        person = person_key(reaction.person)
        key = {"post_id": shown.post_id, "person": person, "emoji": fold(reaction.emoji)}
        old = (await connection.execute(select(reactions).filter_by(**key))).one_or_none()
        if old is not None and not overrules(reaction.at, reaction.on, old.at, old.is_on):
            return ReactionAnswer(heard=Heard.REPEATED, verdict=VerdictId(shown.id), voices=voices_of(shown))
        # A removal speaks of the verdict that was reacted to, though the message may show another by now.
        verdict_id = old.verdict_id if old is not None and not reaction.on else shown.id
        row = {**key, "verdict_id": verdict_id, "meaning": meaning, "is_on": reaction.on, "at": reaction.at}
        await self._upsert(connection, reactions, row)
        touched = {verdict_id} | ({old.verdict_id} if old is not None else set())
        voices = {
            one: await self._teach(connection, VerdictId(one), row=shown if one == shown.id else None)
            for one in sorted(touched)
        }
        by_asker = person in {shown.asker, shown.post_asker}
        heard = Heard.COUNTED if reaction.on else Heard.TAKEN_BACK
        if old is not None and old.is_on == reaction.on and touched == {verdict_id}:
            heard = Heard.REPEATED
        elif reaction.on and not counts_for(meaning, by_asker=by_asker):
            heard = Heard.KEPT_QUIET
        return ReactionAnswer(heard=heard, verdict=VerdictId(verdict_id), voices=voices[verdict_id])

    async def clear_reactions(self, message: Message, *, at: datetime, emoji: str = "") -> int:
        """See ``ReactionStore``."""
        async with self._write() as connection:
            shown = await _shown(connection, message)
            if shown is None:
                return 0
            standing = and_(reactions.c.post_id == shown.post_id, reactions.c.is_on, reactions.c.at <= at)
            if emoji:
                standing = and_(standing, reactions.c.emoji == fold(emoji))
            cleared = await connection.execute(
                update(reactions).where(standing).values(is_on=False, at=at).returning(reactions.c.verdict_id)
            )
            touched = list(cleared.scalars())
            for verdict_id in sorted(set(touched)):
                await self._teach(connection, VerdictId(verdict_id))
            return len(touched)

    async def taste_counts(self, place: Place, now: datetime) -> TasteCounts:
        """See ``ReactionStore``."""
        async with self._read() as connection:
            rows = await self._levels(connection, place)
            recent = await judged_lately(connection, place, now)
            unfair = await _unfair(connection, place)
            settings = await connection.execute(select(place_settings.c.data).where(at_place(place_settings, place)))
            kept = settings.scalar_one_or_none()
        levels: dict[tuple[str, str, str], dict[Feature, Count]] = {}
        worth = fading(now)
        for platform, workspace, channel, kind, name, hit, miss, judged, condemned in rows:
            # Rounding makes no sum negative.
            count = Count(max(0.0, hit * worth), max(0.0, miss * worth), judged, condemned)
            levels.setdefault((platform, workspace, channel), {})[Feature(kind, name)] = count
        return TasteCounts(
            channel=levels.get((place.platform, place.workspace, place.channel), {}),
            workspace=levels.get((place.platform, place.workspace, ""), {}),
            everywhere=levels.get(("", "", ""), {}),
            recent=recent,
            unfair=unfair,
            revived=frozenset(read_kept(PlaceSettings, kept).revived if kept else ()),
        )

    async def funniest(
        self, place: Place, *, since: datetime | None = None, limit: int = 5, reader: Place | None = None
    ) -> tuple[FunnyVerdict, ...]:
        """See ``ReactionStore``."""
        laughed_at = [in_workspace(verdicts, place), verdicts.c.voices_funny > 0]
        if place.channel:
            laughed_at.append(verdicts.c.channel == place.channel)
        if since is not None:
            laughed_at.append(verdicts.c.created_at >= since)
        funniest_first = (verdicts.c.voices_funny.desc(), verdicts.c.id.desc())
        # An index alone gives the candidates; whole rows are read of these few only.
        few = select(verdicts.c.id).where(*laughed_at).order_by(*funniest_first).limit(_CANDIDATES + limit)
        shown = [
            verdicts.c.withdrawn == "",
            not_(_opted_out(OptOutKind.LOGIN, verdicts, "author")),
            not_(_opted_out(OptOutKind.REPOSITORY, verdicts, "repository")),
        ]
        if reader is not None:
            shown.append(listed_for(verdicts, reader))
        query = select(verdicts).where(*shown).order_by(*funniest_first).limit(limit)
        async with self._read() as connection:
            rows = (await connection.execute(query.where(verdicts.c.id.in_(few)))).all()
            if len(rows) < limit:
                # So many of them opted out or are private that the rest has to be looked through as well.
                rows = (await connection.execute(query.where(*laughed_at))).all()
        return tuple(_funny(row) for row in rows)

    async def repository_records(
        self, place: Place, *, since: datetime | None = None, reader: Place | None = None
    ) -> tuple[RepositoryRecord, ...]:
        """See ``ReactionStore``."""
        figures = [repository_months.c[name] for name in RepositoryRecord._fields]
        query = select(*figures).where(
            in_workspace(repository_months, place),
            not_(_opted_out(OptOutKind.REPOSITORY, repository_months, "repository")),
        )
        if reader is not None:
            query = query.where(listed_for(repository_months, reader))
        if since is not None:
            query = query.where(repository_months.c.month >= f"{since:%Y-%m}")
        order = (repository_months.c.repository, repository_months.c.month)
        async with self._read() as connection:
            rows = (await connection.execute(query.order_by(*order))).all()
        return tuple(
            RepositoryRecord(repository, month, count, score / count if count else 0.0, acquitted)
            for repository, month, count, score, acquitted in rows
        )


async def _shown(connection: AsyncConnection, message: Message, *, lock: bool = False) -> Any:
    """Return the verdict that a message shows, with what decides whether it may be voted on."""
    removed = select(installations.c.removed_at).where(
        installations.c.platform == message.place.platform, installations.c.workspace == message.place.workspace
    )
    query = (
        select(
            verdicts,
            posts.c.id.label("post_id"),
            posts.c.gone_at,
            posts.c.asker.label("post_asker"),
            removed.scalar_subquery().label("removed_at"),
        )
        .join(posts, posts.c.verdict_id == verdicts.c.id)
        .where(at_message(posts, message))
    )
    if lock:
        query = query.with_for_update(of=verdicts)
    return (await connection.execute(query)).one_or_none()


def _refusal(shown: Any) -> Heard | None:
    if shown is None:
        return Heard.UNKNOWN_MESSAGE
    if shown.removed_at is not None:
        return Heard.UNINSTALLED
    return Heard.GONE if shown.gone_at is not None or shown.withdrawn else None


async def _unfair(connection: AsyncConnection, place: Place) -> dict[str, int]:
    """Return how many people called each offence unfair in this channel, or proved it wrong there."""
    counted = or_(
        appeals.c.ground == Ground.UNFAIR,
        and_(appeals.c.ground == Ground.WRONG, appeals.c.outcome == Outcome.STRUCK),
    )
    query = select(appeals.c.offence, func.count(appeals.c.person.distinct()).label("people")).where(
        at_place(appeals, place), counted
    )
    rows = await connection.execute(query.group_by(appeals.c.offence))
    return {row.offence: row.people for row in rows}


def _opted_out(kind: OptOutKind, table: Table, column: str) -> Any:
    return exists().where(opt_outs.c.standing == literal(f"{kind}:") + table.c[column])


def _funny(row: Any) -> FunnyVerdict:
    return FunnyVerdict(
        id=VerdictId(row.id),
        title=row.title,
        pull_request=row.pull_request,
        url=row.url,
        punchline=row.punchline,
        funny=row.voices_funny,
        created_at=row.created_at,
    )
