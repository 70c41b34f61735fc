"""What every room of the store stands on: transactions, upserts, the clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.store.checkpoints import Checkpoints
from adapters.store.engine import file_of
from adapters.store.faults import told
from bot.feedback import EmojiMap
from bot.ports import Clock
from bot.tickets import Announce, Ticket, nobody


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)


class Base:
    """Transactions over one engine. Every database fault leaves as a ``StoreError``."""

    def __init__(self, engine: AsyncEngine, *, clock: Clock | None = None, emoji: EmojiMap | None = None) -> None:
        """Keep the engine; nothing is opened yet."""
        self._engine = engine
        self._writer = engine.execution_options(writes=True)
        self._light = engine.execution_options(writes=True, light=True)
        # Each statement of a read sees what is committed by then anyway: BEGIN and ROLLBACK would be two more trips.
        self._alone = engine.dialect.name == "postgresql"
        self._reader = engine.execution_options(isolation_level="AUTOCOMMIT") if self._alone else engine
        self._clock = clock or SystemClock()
        self.emoji = emoji or EmojiMap()
        # SQLite has one writer; waiting here in turn is fairer and quicker than polling its lock.
        self._gate = asyncio.Semaphore(1 if engine.dialect.name == "sqlite" else 1_000)
        self._checkpoints = Checkpoints(file_of(engine.url))

    @property
    def engine(self) -> AsyncEngine:
        """The database, for a library that keeps tables of its own in it; ours are in the migrations as well."""
        return self._engine

    @asynccontextmanager
    async def _read(self) -> AsyncIterator[AsyncConnection]:
        with told():
            async with self._reader.connect() as connection:
                yield connection

    @asynccontextmanager
    async def _write(self, *, light: bool = False) -> AsyncIterator[AsyncConnection]:
        """Write in one transaction. A ``light`` one outlives every crash, but maybe no power cut: see ``engine``."""
        writer = self._light if light else self._writer
        with told():
            async with self._gate, writer.begin() as connection:
                yield connection
        self._checkpoints.wrote()

    @asynccontextmanager
    async def _single(self) -> AsyncIterator[AsyncConnection]:
        """A write whose statements each stand for themselves: PostgreSQL needs no BEGIN and COMMIT around one."""
        async with self._read() if self._alone else self._write() as connection:
            yield connection

    async def _announced(self, connection: AsyncConnection, announce: Announce, tickets: Sequence[Ticket]) -> None:
        """Tell of new jobs within the transaction that writes them."""
        if announce is not nobody:
            await announce((await connection.get_raw_connection()).driver_connection, tickets)

    def _now(self) -> datetime:
        return self._clock.now()

    def _insert(self, table: Table) -> Any:
        """Return the dialect's INSERT, which knows ON CONFLICT."""
        return (sqlite if self._engine.dialect.name == "sqlite" else postgresql).insert(table)

    async def _upsert(self, connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> None:
        """Write a row over the one with the same primary key."""
        keys = [column.name for column in table.primary_key]
        insert = self._insert(table).values(row)
        rest = {name: insert.excluded[name] for name in row if name not in keys}
        await connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=rest))

    async def _add(
        self, connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]], sums: Iterable[str]
    ) -> None:
        """Add the numbers in ``sums`` to the rows with the same primary keys, which begin at 0.

        Rows are taken in the order of their keys, so that two writers never wait for each other.
        """
        if not rows:
            return
        keys = [column.name for column in table.primary_key]
        insert = self._insert(table)
        added = {name: table.c[name] + insert.excluded[name] for name in sums}
        await connection.execute(
            insert.on_conflict_do_update(index_elements=keys, set_=added),
            sorted(rows, key=lambda row: tuple(row[key] for key in keys)),
        )

    async def _insert_new(self, connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> bool:
        """Insert a row unless one with a same unique key stands; return whether it was new."""
        new = self._insert(table).values(row).on_conflict_do_nothing().returning(next(iter(table.primary_key)))
        return (await connection.execute(new)).first() is not None
