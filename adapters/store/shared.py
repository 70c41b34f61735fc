"""Leases and budgets: rows of which each belongs to one process at a time, and rows from which all draw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store.base import Base
from adapters.store.schema_shared import budgets, leases
from bot.sharing import Drawn, Heard

_A_SLICE = timedelta(seconds=5)
"""Two words on one limit name the same hour if they end it within this time."""


class SharedRoom(Base):
    """Implements ``bot.sharing.SharedStore``."""

    async def hold(self, names: Sequence[str], holder: str, lease: timedelta, most: int) -> tuple[str, ...]:
        """See ``SharedStore``."""
        now = self._now()
        async with self._write() as connection:
            mine = (leases.c.holder == holder, leases.c.name.in_(names), leases.c.until > now)
            query = select(leases.c.name).where(*mine).order_by(leases.c.name)
            held = list((await connection.execute(query)).scalars())
            surplus, held = held[most:], held[:most]
            if surplus:
                await connection.execute(delete(leases).where(leases.c.name.in_(surplus), leases.c.holder == holder))
            if held:
                renewed = update(leases).where(leases.c.name.in_(held), *mine).values(until=now + lease)
                await connection.execute(renewed)
            for name in sorted(set(names) - set(held) - set(surplus)) if len(held) < most else ():
                if len(held) < most and await self._taken(connection, name, holder, now, lease):
                    held.append(name)
        return tuple(sorted(held))

    async def _taken(
        self, connection: AsyncConnection, name: str, holder: str, now: datetime, lease: timedelta
    ) -> bool:
        row = {"name": name, "holder": holder, "until": now + lease}
        new = self._insert(leases).values(row)
        free = or_(leases.c.until <= now, leases.c.holder == holder)
        change = {"holder": holder, "until": now + lease}
        new = new.on_conflict_do_update(index_elements=["name"], set_=change, where=free).returning(leases.c.name)
        return (await connection.execute(new)).first() is not None

    async def let_go(self, holder: str) -> None:
        """See ``SharedStore``."""
        async with self._single() as connection:
            await connection.execute(delete(leases).where(leases.c.holder == holder))

    async def holders(self, beginning: str) -> int:
        """See ``SharedStore``."""
        named = leases.c.name.startswith(beginning, autoescape=True)
        query = select(func.count(leases.c.holder.distinct())).where(named, leases.c.until > self._now())
        async with self._read() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def draw(self, credential: str, resource: str, wanted: int, heard: Heard | None) -> Drawn:
        """See ``SharedStore``."""
        now = self._now()
        key = (budgets.c.credential == credential, budgets.c.resource == resource)
        async with self._write() as connection:
            mine = select(budgets).where(*key).with_for_update()
            row = (await connection.execute(mine)).one_or_none()
            if row is None:
                await self._insert_new(connection, budgets, {"credential": credential, "resource": resource})
                row = (await connection.execute(mine)).one()
            if row.shut_until is not None and row.shut_until > now:
                return Drawn(0, row.shut_until)
            remaining, reset_at = _corrected(row, heard, now)
            if remaining is not None and remaining <= 0 and reset_at is not None:
                await connection.execute(update(budgets).where(*key).values(remaining=remaining, reset_at=reset_at))
                return Drawn(0, reset_at)
            granted = wanted if remaining is None else min(wanted, remaining)
            left = None if remaining is None else remaining - granted
            await connection.execute(update(budgets).where(*key).values(remaining=left, reset_at=reset_at))
        return Drawn(granted)

    async def shut(self, credential: str, resource: str, until: datetime) -> None:
        """See ``SharedStore``."""
        row = {"credential": credential, "resource": resource, "shut_until": until}
        async with self._single() as connection:
            await self._upsert(connection, budgets, row)


def _corrected(row: Any, heard: Heard | None, now: datetime) -> tuple[int | None, datetime | None]:
    """Return what is left, and until when that counts; nothing is known of an hour that has just begun.

    The host counts what was asked, the row what was drawn: of one hour the lower of the two is true, a later hour's
    word stands for itself.
    """
    remaining, reset_at = row.remaining, row.reset_at
    if reset_at is not None and reset_at <= now:
        remaining = reset_at = None
    if heard is None or heard.reset_at <= now:
        return remaining, reset_at
    if remaining is None or reset_at is None or heard.reset_at > reset_at + _A_SLICE:
        return heard.remaining, heard.reset_at
    return min(remaining, heard.remaining), reset_at
