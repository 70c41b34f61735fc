"""Forgetting and exporting a person, by the list of ``belongings``.

Others' words that may name them are looked for first, as a reader, a slice at a time: that takes as long as the store
is large, and keeps nobody waiting. What is then written is in proportion to what is theirs.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Table, and_, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store import schema
from adapters.store.belongings import BELONGINGS, Somebody
from adapters.store.keys import person_key
from adapters.store.schema import jobs, opt_outs, posts, reactions, users, verdict_bodies, verdicts
from adapters.store.teaching import Teaching
from adapters.store.verdicts import post_of
from bot.records import Forgotten, JobState, OptOutKind, Person, Post, VerdictId

_SLICE = 2_000
_MANY = 500
_TOLD_OF_SIGNED = ("repository", "pull_request", "subject", "at", "created_at", "posted_at")
_OPEN = jobs.c.state.in_([JobState.WAITING, JobState.RUNNING])


@dataclass
class Sought:
    """Where somebody is named: by table and column the keys of rows, and up to which number they were looked through.

    ``up_to`` has the tables whose rows are numbered: what came later is looked through once more, as it is written.
    """

    named: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    up_to: dict[str, int] = field(default_factory=dict)


class ForgetRoom(Teaching):
    """Implements ``forget`` and ``export`` of ``bot.ports_store.CareStore``."""

    async def forget(self, login: str, people: Sequence[Person] = ()) -> Forgotten:
        """See ``CareStore``."""
        name = login.lower()
        async with self._read() as connection:
            who = await _somebody(connection, name, people)
        sought = await self._seek(who)
        async with self._write() as connection:
            if connection.dialect.name == "sqlite":
                await connection.execute(text("PRAGMA secure_delete = ON"))
            who = await _somebody(connection, name, people)
            shown = await _posts(connection, verdicts.c.author == name)
            removed = {table.name: await self._remove(connection, table, who, sought) for table in _tables()}
            removed["jobs"] += await _call_off(connection, who)
            for table in _tables():
                await _unsign(connection, table, who)
            named = await _redact(connection, who, sought)
            changed: list[Post] = []
            for some in _slices(named):
                amended = update(verdicts).where(verdicts.c.id.in_(some)).values(amended_at=self._now())
                await connection.execute(amended)
                changed += await _posts(connection, verdicts.c.id.in_(some))
            still = opt_outs.c.standing == f"{OptOutKind.LOGIN}:{name}"
            opted_out = (await connection.execute(select(opt_outs.c.id).where(still))).first() is not None
        removed["mentions"] = len(named)
        return Forgotten(login=login, removed=removed, posts=shown, changed=tuple(changed), opted_out=opted_out)

    async def _seek(self, who: Somebody) -> Sought:
        """Look through the numbered tables for words that name somebody, a slice in each transaction."""
        sought = Sought()
        for table in _tables():
            key, columns = _number(table), _words(table)
            if key is None or not columns:
                continue
            async with self._read() as connection:
                last = (await connection.execute(select(func.max(key)))).scalar_one() or 0
            sought.up_to[table.name] = last
            async for connection, part in self._through(key, last):
                for column in columns:
                    found = await _naming(connection, table, column, who, part)
                    sought.named.setdefault((table.name, column), []).extend(found)
        return sought

    async def _through(
        self, key: ColumnElement[int], last: int
    ) -> AsyncIterator[tuple[AsyncConnection, ColumnElement[bool]]]:
        after = 0
        while after < last:
            async with self._read() as connection:
                ends = select(key).where(key > after, key <= last).order_by(key).offset(_SLICE - 1).limit(1)
                until = (await connection.execute(ends)).scalar_one_or_none() or last
                yield connection, and_(key > after, key <= until)
            after = until

    async def _remove(self, connection: AsyncConnection, table: Table, who: Somebody, sought: Sought) -> int:
        """Delete what is theirs alone; what their voices taught goes with them."""
        if table is reactions:
            gone = delete(reactions).where(who.owns(reactions)).returning(reactions.c.verdict_id)
            touched = list((await connection.execute(gone)).scalars())
            for verdict_id in sorted(set(touched)):
                await self._teach(connection, VerdictId(verdict_id))
            return len(touched)
        belongs, key = BELONGINGS[table.name], _number(table)
        if not belongs.mentioning or key is None:
            return await _gone(connection, table, who.owns(table))
        count = await _gone(connection, table, who.owns_alone(table))
        ended = table.c[belongs.unless_open].is_not(None) if belongs.unless_open else key.is_not(None)
        for column in belongs.mentioning:
            for some in _slices(await _keys_naming(connection, table, column, who, sought)):
                count += await _gone(connection, table, key.in_(some) & ended)
        return count

    async def export(self, login: str, people: Sequence[Person] = ()) -> dict[str, Any]:
        """See ``CareStore``."""
        name = login.lower()
        async with self._read() as connection:
            who = await _somebody(connection, name, people)
        sought = await self._seek(who)
        async with self._read() as connection:
            out: dict[str, Any] = {"login": login, "people": list(who.keys)}
            mine = select(verdicts.c.created_at, verdicts.c.withdrawn, verdict_bodies.c.body).join(verdict_bodies)
            told = await connection.execute(mine.where(verdicts.c.author == name).order_by(verdicts.c.id))
            out["verdicts"] = [
                {"at": row.created_at.isoformat(), "withdrawn": row.withdrawn, "verdict": json.loads(row.body)}
                for row in told
            ]
            out["mentioned_in"] = await _mentioned_in(connection, who, sought)
            said_no = await connection.execute(select(opt_outs).where(opt_outs.c.subject == name))
            out["opt_outs"] = [_as_json(row) for row in said_no.mappings()]
            for table in _tables():
                if table.name not in out and (rows := await _rows_of(connection, table, who, sought)):
                    out[table.name] = rows
            out["signed"] = [one for table in _tables() for one in await _signed(connection, table, who)]
            return out


def _tables() -> list[Table]:
    """Return all tables, verdicts first: what follows them goes with them and is not counted twice."""
    return [table for table in schema.metadata.sorted_tables if table.name in BELONGINGS]


def _number(table: Table) -> Any:
    """Return the one column that numbers a table's rows as they come, where there is one."""
    keys = list(table.primary_key)
    return keys[0] if len(keys) == 1 and isinstance(keys[0].type, Integer) else None


def _words(table: Table) -> tuple[str, ...]:
    belongs = BELONGINGS[table.name]
    return (*belongs.mentioning, *belongs.worded)


def _slices(keys: Sequence[int]) -> list[Sequence[int]]:
    return [keys[start : start + _MANY] for start in range(0, len(keys), _MANY)]


async def _naming(
    connection: AsyncConnection, table: Table, column: str, who: Somebody, part: ColumnElement[bool]
) -> list[int]:
    """Return the numbers of rows in a part of a table whose words name somebody."""
    key = _number(table)
    query = select(key.label("key"), table.c[column].label("said")).where(part, who.named_in(table, column))
    belongs = BELONGINGS[table.name]
    rows = (await connection.execute(query.order_by(key))).all()
    # What only mentions them goes whole, by the database's own word; what is reworded is looked at closely.
    return [row.key for row in rows if column in belongs.mentioning or who.redacted(row.said) != row.said]


async def _keys_naming(
    connection: AsyncConnection, table: Table, column: str, who: Somebody, sought: Sought
) -> list[int]:
    """Return what was found, and what came since."""
    since = _number(table) > sought.up_to.get(table.name, 0)
    return [*sought.named.get((table.name, column), ()), *await _naming(connection, table, column, who, since)]


async def _somebody(connection: AsyncConnection, login: str, people: Sequence[Person]) -> Somebody:
    linked = select(users.c.person).where(users.c.login == login, users.c.confirmed_by != "")
    found = (await connection.execute(linked)).scalars()
    return Somebody(login, tuple(dict.fromkeys([*found, *(person_key(person) for person in people)])))


async def _gone(connection: AsyncConnection, table: Table, where: ColumnElement[bool]) -> int:
    return int((await connection.execute(delete(table).where(where))).rowcount)


async def _posts(connection: AsyncConnection, of: ColumnElement[bool]) -> tuple[Post, ...]:
    query = select(posts).join(verdicts).where(of, posts.c.gone_at.is_(None)).order_by(posts.c.id)
    return tuple(post_of(row) for row in await connection.execute(query))


async def _call_off(connection: AsyncConnection, who: Somebody) -> int:
    """Take them out of what still waits or runs: what they asked for goes, and posts lose who asked.

    Words of others that name them stay until their job ends, minutes later: they go with its end (``finish_job``).
    """
    if not who.keys:
        return 0
    gone, rows = 0, (await connection.execute(select(jobs.c.id, jobs.c.payload).where(_OPEN))).all()
    for row in rows:
        payload = json.loads(row.payload)
        left = who.without_person(payload)
        if left is None:
            gone += await _gone(connection, jobs, jobs.c.id == row.id)
        elif left != payload:
            changed = update(jobs).where(jobs.c.id == row.id).values(payload=json.dumps(left))
            await connection.execute(changed)
    return gone


async def _unsign(connection: AsyncConnection, table: Table, who: Somebody) -> None:
    """Take their name off what others still need."""
    for column, instead in BELONGINGS[table.name].signed.items():
        await connection.execute(update(table).where(who.signs(table, column)).values({column: instead}))


async def _redact(connection: AsyncConnection, who: Somebody, sought: Sought) -> list[int]:
    """Strike their name out of all words; return the verdicts of others that had it. Addresses stay whole."""
    changed: list[int] = []
    for table in _tables():
        key = _number(table)
        for name in BELONGINGS[table.name].worded:
            if key is None:
                await _reword(connection, table, name, who, who.named_in(table, name))
                continue
            for some in _slices(await _keys_naming(connection, table, name, who, sought)):
                found = await _reword(connection, table, name, who, key.in_(some))
                changed += found if table is verdict_bodies else ()
    return changed


async def _reword(
    connection: AsyncConnection, table: Table, name: str, who: Somebody, where: ColumnElement[bool]
) -> list[int]:
    keys = list(table.primary_key)
    changed = []
    for row in (await connection.execute(select(*keys, table.c[name].label("said")).where(where))).all():
        clean = who.redacted(row.said)
        if clean != row.said:
            mine = [key == getattr(row, key.name) for key in keys]
            await connection.execute(update(table).where(*mine).values({name: clean}))
            changed.append(row[0])
    return changed


async def _mentioned_in(connection: AsyncConnection, who: Somebody, sought: Sought) -> list[str]:
    found: set[str] = set()
    for some in _slices(await _keys_naming(connection, verdict_bodies, "body", who, sought)):
        query = select(verdicts.c.pull_request).where(verdicts.c.id.in_(some), verdicts.c.author != who.login)
        found |= set((await connection.execute(query)).scalars())
    return sorted(found)


async def _rows_of(connection: AsyncConnection, table: Table, who: Somebody, sought: Sought) -> list[dict[str, Any]]:
    belongs, key = BELONGINGS[table.name], _number(table)
    where = [who.owns(table)]
    if belongs.mentioning and key is not None:
        named = [
            part for name in belongs.mentioning for part in await _keys_naming(connection, table, name, who, sought)
        ]
        where = [who.owns_alone(table), *(key.in_(some) for some in _slices(named))]
    found = await connection.execute(select(table).where(or_(*where)))
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
