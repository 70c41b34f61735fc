"""How much was asked in the last hour: counted where it is kept, so that a busy workspace's asks are never read.

One count for each kind of limit and group of wishes, whatever there is to count; those let in within the group are
added here. Only for whoever is refused it is looked up which ask has to leave the window first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store.keys import person_key
from adapters.store.schema import asks
from bot.records import Limit, Wait
from bot.turnstile import Wish

_HOME = (asks.c.platform, asks.c.workspace)
_SCOPES = {"person": (*_HOME, asks.c.person), "channel": (*_HOME, asks.c.channel), "workspace": _HOME}


class _Key(NamedTuple):
    """Whose asks are counted, and for how many seconds."""

    scope: str
    seconds: int
    of: tuple[str, ...]


class Asked:
    """What counts against the limits of some wishes, at a moment. Made by ``counted``."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection, self._now = connection, now
        self._kept: Counter[_Key] = Counter()
        self._added: Counter[_Key] = Counter()

    async def count(self, keys: Iterable[_Key]) -> None:
        """Count what is kept for these."""
        groups: dict[tuple[str, int], set[tuple[str, ...]]] = {}
        for key in keys:
            groups.setdefault((key.scope, key.seconds), set()).add(key.of)
        for (scope, seconds), wanted in groups.items():
            columns = _SCOPES[scope]
            within = and_(tuple_(*columns).in_(wanted), self._since(seconds))
            query = select(*columns, func.count()).where(within).group_by(*columns)
            for *of, many in await self._connection.execute(query):
                self._kept[_Key(scope, seconds, tuple(of))] = many

    def add(self, wish: Wish, limits: Sequence[Limit]) -> None:
        """Count one more, which is being let in."""
        self._added.update(key_of(wish, limit) for limit in limits)

    async def over(self, wish: Wish, limits: Sequence[Limit]) -> Wait | None:
        """Return the limit that stands longest in the way: until an ask leaves the window and another fits in."""
        waits = []
        for limit in limits:
            key = key_of(wish, limit)
            if limit.most <= 0 or self._kept[key] + self._added[key] >= limit.most:
                freed = await self._freed(key, limit.most)
                waits.append(Wait(limit=limit, until=freed + timedelta(seconds=limit.seconds)))
        return max(waits, key=lambda wait: wait.until) if waits else None

    async def _freed(self, key: _Key, most: int) -> datetime:
        """Return when the ask was made that is the last of ``most`` from the newest on."""
        place = most - self._added[key]
        if most <= 0 or place <= 0:
            return self._now
        mine = tuple_(*_SCOPES[key.scope]).in_([key.of])
        query = select(asks.c.at).where(mine, self._since(key.seconds)).order_by(asks.c.at.desc())
        found: datetime = (await self._connection.execute(query.offset(place - 1).limit(1))).scalar_one()
        return found

    def _since(self, seconds: int) -> ColumnElement[bool]:
        return asks.c.at > self._now - timedelta(seconds=seconds)


def key_of(wish: Wish, limit: Limit) -> _Key:
    """Return under which key a wish counts for a limit."""
    home = (wish.place.platform, wish.place.workspace)
    of = {"person": (person_key(wish.person),), "channel": (wish.place.channel,), "workspace": ()}[limit.scope]
    return _Key(limit.scope, limit.seconds, (*home, *of))


async def counted(connection: AsyncConnection, wishes: Sequence[tuple[Wish, Sequence[Limit]]], now: datetime) -> Asked:
    """Return what counts against these limits of these wishes."""
    asked = Asked(connection, now)
    await asked.count({key_of(wish, limit) for wish, limits in wishes for limit in limits})
    return asked
