"""Forget, export, prune, check: what a person or an operator may ask for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, func, literal, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store import schema
from adapters.store.belongings import BELONGINGS, Somebody
from adapters.store.keys import person_key
from adapters.store.schema import digest_runs, meta, opt_outs, posts, reactions, users, verdict_bodies, verdicts
from adapters.store.teaching import Teaching
from adapters.store.verdicts import post_of
from bot.errors import StoreError
from bot.records import Forgotten, OptOutKind, Person, Post, VerdictId

_BATCH = 500
PICTURE = "slack:picture"
"""What notes on cards' pictures begin with (``adapters.slack.extras``)."""
# Days for which bookkeeping is of use: platforms retry events for an hour, limits look back one.
_USE = {"handled_events": ("at", 7), "asks": ("at", 2), "etags": ("at", 90), "jobs": ("finished_at", 30)}
_USE |= {"effects": ("confirmed_at", 90), "leases": ("until", 1)}
_TOLD_OF_SIGNED = ("repository", "pull_request", "subject", "at", "created_at", "posted_at")


class CareRoom(Teaching):
    """Implements ``bot.ports_store.CareStore`` but for backup and closing."""

    async def forget(self, login: str, people: Sequence[Person] = ()) -> Forgotten:
        """See ``CareStore``."""
        name = login.lower()
        async with self._write() as connection:
            if connection.dialect.name == "sqlite":
                await connection.execute(text("PRAGMA secure_delete = ON"))
            who = await _somebody(connection, name, people)
            shown = await _posts(connection, verdicts.c.author == name)
            removed = {table.name: await self._remove(connection, table, who) for table in _tables()}
            for table in _tables():
                await _unsign(connection, table, who)
            named = await _redact(connection, who)
            amended = update(verdicts).where(verdicts.c.id.in_(named)).values(amended_at=self._now())
            await connection.execute(amended)
            changed = await _posts(connection, verdicts.c.id.in_(named))
            still = opt_outs.c.standing == f"{OptOutKind.LOGIN}:{name}"
            opted_out = (await connection.execute(select(opt_outs.c.id).where(still))).first() is not None
        removed["mentions"] = len(named)
        return Forgotten(login=login, removed=removed, posts=shown, changed=changed, opted_out=opted_out)

    async def _remove(self, connection: AsyncConnection, table: Table, who: Somebody) -> int:
        """Delete what is theirs alone; what their voices taught goes with them."""
        if table is not reactions:
            return await _gone(connection, table, who.owns(table))
        gone = delete(reactions).where(who.owns(reactions)).returning(reactions.c.verdict_id)
        touched = list((await connection.execute(gone)).scalars())
        for verdict_id in sorted(set(touched)):
            await self._teach(connection, VerdictId(verdict_id))
        return len(touched)

    async def export(self, login: str, people: Sequence[Person] = ()) -> dict[str, Any]:
        """See ``CareStore``."""
        name = login.lower()
        async with self._read() as connection:
            who = await _somebody(connection, name, people)
            out: dict[str, Any] = {"login": login, "people": list(who.keys)}
            mine = select(verdicts.c.created_at, verdicts.c.withdrawn, verdict_bodies.c.body).join(verdict_bodies)
            told = await connection.execute(mine.where(verdicts.c.author == name).order_by(verdicts.c.id))
            out["verdicts"] = [
                {"at": row.created_at.isoformat(), "withdrawn": row.withdrawn, "verdict": json.loads(row.body)}
                for row in told
            ]
            others = select(verdicts.c.pull_request, verdict_bodies.c.body).join(verdict_bodies)
            named = await connection.execute(
                others.where(verdicts.c.author != name, who.named_in(verdict_bodies, "body"))
            )
            out["mentioned_in"] = sorted({row.pull_request for row in named if who.redacted(row.body) != row.body})
            said_no = await connection.execute(select(opt_outs).where(opt_outs.c.subject == name))
            out["opt_outs"] = [_as_json(row) for row in said_no.mappings()]
            for table in _tables():
                if table.name not in out and (rows := await _rows_of(connection, table, who)):
                    out[table.name] = rows
            out["signed"] = [one for table in _tables() for one in await _signed(connection, table, who)]
            return out

    async def prune(self, keep: timedelta) -> dict[str, int]:
        """See ``CareStore``."""
        now = self._now()
        old = verdicts.c.created_at < now - keep
        removed = {"verdicts": await self._prune(verdicts, old)}
        for name, (column, days) in _USE.items():
            table = schema.metadata.tables[name]
            removed[name] = await self._prune(table, table.c[column] < now - timedelta(days=days))
        removed["opt_outs"] = await self._prune(opt_outs, opt_outs.c.undone_at < now - keep)
        removed["digest_runs"] = await self._prune_runs(now - keep)
        removed["meta"] = await self._prune(meta, _of_no_card())
        return removed

    async def _prune_runs(self, before: datetime) -> int:
        """Forget what old runs were made of; the last one at its time stays bare, or that time would be due again."""
        old = digest_runs.c.finished_at < before
        other = digest_runs.alias()
        own = (other.c.subscription_id == digest_runs.c.subscription_id, other.c.period.not_like("% now"))
        last = select(func.max(other.c.period)).where(*own).correlate(digest_runs).scalar_subquery()
        gone = await self._prune(digest_runs, and_(old, digest_runs.c.period != func.coalesce(last, "")))
        async with self._write() as connection:
            await connection.execute(update(digest_runs).where(old).values(progress="{}", decision=""))
        return gone

    async def _prune(self, table: Table, where: ColumnElement[bool]) -> int:
        """Delete in batches: nobody waits for long behind one."""
        keys = list(table.primary_key)
        total = 0
        while True:
            batch = select(*keys).where(where).limit(_BATCH)
            async with self._write() as connection:
                gone = await _gone(connection, table, tuple_(*keys).in_(batch))
            total += gone
            if not gone:
                return total

    async def sizes(self) -> dict[str, int]:
        """See ``CareStore``."""
        async with self._read() as connection:
            return {
                table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
                for table in schema.metadata.sorted_tables
            }

    async def check(self) -> None:
        """See ``CareStore``."""
        async with self._read() as connection:
            if connection.dialect.name == "sqlite":
                said = (await connection.execute(text("PRAGMA integrity_check(1)"))).scalar_one()
                if said != "ok":
                    raise StoreError(
                        f"The memory is damaged ({said}).",
                        "Stop the bot and put a backup (`roast-bot backup`) in its place.",
                    )
        await self.sizes()


def _of_no_card() -> ColumnElement[bool]:
    """Return the condition that a note is of a picture whose card is not remembered any more."""
    parts = (posts.c.workspace, posts.c.channel, posts.c.message)
    card = literal(PICTURE + ":").concat(parts[0]).concat(":").concat(parts[1]).concat(":").concat(parts[2])
    shown = select(posts.c.id).where(posts.c.platform == "slack", card == meta.c.key).exists()
    return and_(meta.c.key.startswith(PICTURE + ":", autoescape=True), ~shown)


def _tables() -> list[Table]:
    """Return all tables, verdicts first: what follows them goes with them and is not counted twice."""
    return [table for table in schema.metadata.sorted_tables if table.name in BELONGINGS]


async def _somebody(connection: AsyncConnection, login: str, people: Sequence[Person]) -> Somebody:
    linked = select(users.c.person).where(users.c.login == login, users.c.confirmed_by != "")
    found = (await connection.execute(linked)).scalars()
    return Somebody(login, tuple(dict.fromkeys([*found, *(person_key(person) for person in people)])))


async def _gone(connection: AsyncConnection, table: Table, where: ColumnElement[bool]) -> int:
    return int((await connection.execute(delete(table).where(where))).rowcount)


async def _posts(connection: AsyncConnection, of: ColumnElement[bool]) -> tuple[Post, ...]:
    query = select(posts).join(verdicts).where(of, posts.c.gone_at.is_(None)).order_by(posts.c.id)
    return tuple(post_of(row) for row in await connection.execute(query))


async def _unsign(connection: AsyncConnection, table: Table, who: Somebody) -> None:
    """Take their name off what others still need."""
    for column, instead in BELONGINGS[table.name].signed.items():
        await connection.execute(update(table).where(who.signs(table, column)).values({column: instead}))


async def _redact(connection: AsyncConnection, who: Somebody) -> list[int]:
    """Strike their name out of all words; return the verdicts of others that had it. Addresses stay whole."""
    changed: list[int] = []
    for table in _tables():
        keys = list(table.primary_key)
        for name in BELONGINGS[table.name].worded:
            query = select(*keys, table.c[name].label("said")).where(who.named_in(table, name))
            for row in (await connection.execute(query)).all():
                clean = who.redacted(row.said)
                if clean == row.said:
                    continue
                mine = [key == getattr(row, key.name) for key in keys]
                await connection.execute(update(table).where(*mine).values({name: clean}))
                if table is verdict_bodies:
                    changed.append(row.verdict_id)
    return changed


async def _rows_of(connection: AsyncConnection, table: Table, who: Somebody) -> list[dict[str, Any]]:
    found = await connection.execute(select(table).where(who.owns(table)))
    return [_as_json(row) for row in found.mappings()]


async def _signed(connection: AsyncConnection, table: Table, who: Somebody) -> list[dict[str, Any]]:
    """Return what they signed of others': where, when and on what, without the others' words."""
    shown = [table.c[name] for name in _TOLD_OF_SIGNED if name in table.c]
    found = []
    for column in BELONGINGS[table.name].signed:
        rows = await connection.execute(select(table.c[column].label("signed"), *shown).where(who.signs(table, column)))
        found += [{"table": table.name, "column": column, **_as_json(row)} for row in rows.mappings()]
    return found


def _as_json(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}
