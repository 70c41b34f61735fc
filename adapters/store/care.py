"""Forget, export, prune, check: what a person or an operator may ask for."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store import schema
from adapters.store.consent import appeal_of
from adapters.store.digests import subscription_of
from adapters.store.keys import person_key
from adapters.store.schema import (
    appeals,
    asks,
    bindings,
    jobs,
    lines_used,
    opt_outs,
    posts,
    reactions,
    subscriptions,
    users,
    verdict_bodies,
    verdicts,
)
from adapters.store.teaching import Teaching
from adapters.store.verdicts import columns_of_verdict, post_of
from bot.errors import StoreError
from bot.records import Forgotten, OptOutKind, Person, VerdictId
from bot.verdict import Verdict

_BATCH = 500
# Days for which bookkeeping is of use: platforms retry events for an hour, limits look back one.
_USE = {"handled_events": ("at", 7), "asks": ("at", 2), "etags": ("at", 90), "jobs": ("finished_at", 30)}
_USE |= {"effects": ("confirmed_at", 90)}


class CareRoom(Teaching):
    """Implements ``bot.ports_store.CareStore`` but for backup and closing."""

    async def forget(self, login: str, people: Sequence[Person] = ()) -> Forgotten:
        """See ``CareStore``."""
        name = login.lower()
        async with self._write() as connection:
            if connection.dialect.name == "sqlite":
                await connection.execute(text("PRAGMA secure_delete = ON"))
            keys = await _keys_of(connection, name, people)
            mine = select(posts).join(verdicts).where(verdicts.c.author == name, posts.c.gone_at.is_(None))
            shown = tuple(post_of(row) for row in await connection.execute(mine))
            removed = {"verdicts": await _gone(connection, verdicts, verdicts.c.author == name)}
            removed["reactions"] = await self._forget_reactions(connection, keys)
            for table, where in _owned(name, keys):
                removed[table.name] = removed.get(table.name, 0) + await _gone(connection, table, where)
            await _unsign(connection, name, keys)
            removed["mentions"] = await _redact(connection, name)
            still = opt_outs.c.standing == f"{OptOutKind.LOGIN}:{name}"
            opted_out = (await connection.execute(select(opt_outs.c.id).where(still))).first() is not None
        return Forgotten(login=login, removed=removed, posts=shown, opted_out=opted_out)

    async def _forget_reactions(self, connection: AsyncConnection, keys: Sequence[str]) -> int:
        gone = delete(reactions).where(reactions.c.person.in_(keys)).returning(reactions.c.verdict_id)
        touched = list((await connection.execute(gone)).scalars())
        for verdict_id in sorted(set(touched)):
            await self._teach(connection, VerdictId(verdict_id))
        return len(touched)

    async def export(self, login: str, people: Sequence[Person] = ()) -> dict[str, Any]:
        """See ``CareStore``."""
        name = login.lower()
        async with self._read() as connection:
            keys = await _keys_of(connection, name, people)
            mine = select(verdicts.c.created_at, verdicts.c.withdrawn, verdict_bodies.c.body).join(verdict_bodies)
            told = await connection.execute(mine.where(verdicts.c.author == name).order_by(verdicts.c.id))
            about = [
                {"at": row.created_at.isoformat(), "withdrawn": row.withdrawn, "verdict": json.loads(row.body)}
                for row in told
            ]
            marks = await connection.execute(select(reactions).where(reactions.c.person.in_(keys)))
            others = select(verdicts.c.pull_request).join(verdict_bodies).where(verdicts.c.author != name)
            named = await connection.execute(others.where(_names(name)))
            found = await connection.execute(select(appeals).where(appeals.c.person.in_(keys)))
            followed = await connection.execute(select(subscriptions).where(_subscribed(name, keys)))
            said_no = await connection.execute(select(opt_outs).where(opt_outs.c.subject == name))
            settings = await connection.execute(select(users).where(users.c.person.in_(keys)))
            asked = await connection.execute(select(asks).where(asks.c.person.in_(keys)))
            return {
                "login": login,
                "people": list(keys),
                "verdicts": about,
                "mentioned_in": sorted(set(named.scalars())),
                "reactions": [
                    {"verdict": row.verdict_id, "emoji": row.emoji, "on": row.is_on, "at": row.at.isoformat()}
                    for row in marks
                ],
                "appeals": [appeal_of(row).model_dump(mode="json") for row in found],
                "subscriptions": [subscription_of(row).model_dump(mode="json") for row in followed],
                "opt_outs": [{"by": row.by, "at": row.at.isoformat(), "undone_by": row.undone_by} for row in said_no],
                "settings": [{"person": row.person, **json.loads(row.data)} for row in settings],
                "asked_at": [row.at.isoformat() for row in asked],
            }

    async def prune(self, keep: timedelta) -> dict[str, int]:
        """See ``CareStore``."""
        now = self._now()
        old = verdicts.c.created_at < now - keep
        removed = {"verdicts": await self._prune(verdicts, old)}
        for name, (column, days) in _USE.items():
            table = schema.metadata.tables[name]
            removed[name] = await self._prune(table, table.c[column] < now - timedelta(days=days))
        removed["opt_outs"] = await self._prune(opt_outs, opt_outs.c.undone_at < now - keep)
        return removed

    async def _prune(self, table: Table, where: ColumnElement[bool]) -> int:
        """Delete in batches: nobody waits for long behind one."""
        key = next(iter(table.primary_key))
        total = 0
        while True:
            batch = select(key).where(where).limit(_BATCH).scalar_subquery()
            async with self._write() as connection:
                gone = await _gone(connection, table, key.in_(batch))
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


async def _keys_of(connection: AsyncConnection, login: str, people: Sequence[Person]) -> tuple[str, ...]:
    linked = select(users.c.person).where(users.c.login == login, users.c.confirmed_by != "")
    found = (await connection.execute(linked)).scalars()
    return tuple(dict.fromkeys([*found, *(person_key(person) for person in people)]))


async def _gone(connection: AsyncConnection, table: Table, where: ColumnElement[bool]) -> int:
    return int((await connection.execute(delete(table).where(where))).rowcount)


def _subscribed(login: str, keys: Sequence[str]) -> ColumnElement[bool]:
    return or_(func.lower(subscriptions.c.person) == login, subscriptions.c.created_by.in_(keys))


def _owned(login: str, keys: Sequence[str]) -> tuple[tuple[Table, ColumnElement[bool]], ...]:
    """Return the rows that are about nobody else."""
    return (
        (appeals, appeals.c.person.in_(keys)),
        (asks, asks.c.person.in_(keys)),
        (users, users.c.person.in_(keys)),
        (users, users.c.login == login),
        (subscriptions, func.lower(subscriptions.c.person) == login),
        (jobs, jobs.c.finished_at.is_not(None) & func.lower(jobs.c.payload).contains(login, autoescape=True)),
        (lines_used, func.lower(lines_used.c.line).contains(login, autoescape=True)),
    )


async def _unsign(connection: AsyncConnection, login: str, keys: Sequence[str]) -> None:
    """Take the person's name off what others still need."""
    for column in (verdicts.c.asker, posts.c.asker, subscriptions.c.created_by, bindings.c.by, opt_outs.c.by):
        table = column.table
        await connection.execute(update(table).where(column.in_([*keys, login])).values({column.name: ""}))


def _names(login: str) -> ColumnElement[bool]:
    return func.lower(verdict_bodies.c.body).contains(login, autoescape=True)


async def _redact(connection: AsyncConnection, login: str) -> int:
    """Put "somebody" for the login in other people's verdicts; return how many had it. Addresses stay whole."""
    name = re.compile(rf"(?<![\w/-]){re.escape(login)}(?![\w/-])", re.IGNORECASE)
    changed = 0
    for row in (await connection.execute(select(verdict_bodies).where(_names(login)))).all():
        clean = _without(json.loads(row.body), name)
        verdict = Verdict.model_validate(clean, extra="ignore")
        body = verdict.model_dump_json()
        if body == row.body:
            continue
        changed += 1
        where = verdict_bodies.c.verdict_id == row.verdict_id
        await connection.execute(update(verdict_bodies).where(where).values(body=body))
        columns = columns_of_verdict(verdict)
        await connection.execute(update(verdicts).where(verdicts.c.id == row.verdict_id).values(columns))
    return changed


def _without(value: Any, name: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return name.sub("somebody", value)
    if isinstance(value, list):
        return [_without(item, name) for item in value]
    if isinstance(value, dict):
        return {name.sub("somebody", key): _without(item, name) for key, item in value.items()}
    return value
