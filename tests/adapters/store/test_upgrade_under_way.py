"""An upgrade under way: the version before goes on writing while the schema changes below it, and nobody is turned away."""

import asyncio
import contextlib
import itertools

import pytest
import sqlalchemy as sa
from alembic import command

from adapters.store import open_store, schema
from adapters.store.migrate import HEAD, migrate, script_config

from .old_rows import filled

NEWEST = int(HEAD)


class VersionBefore:
    """A program that knows the schema of one version, and writes a row into each of its tables again and again.

    It sees what a version sees that was started before the upgrade: the tables as they were, read once.
    """

    def __init__(self, engine, tables):
        self._engine, self._tables = engine, tables
        self._numbers = itertools.count(1)
        self.rounds = 0

    async def write(self):
        """Write one row into every table, each in a transaction of its own; rows point at those written before."""
        number, known = next(self._numbers), {}
        for table in self._tables:
            points = {
                column.name: known[one.column.table.name]
                for column in table.c
                for one in column.foreign_keys
                if one.column.table.name in known
            }
            async with self._engine.begin() as connection:
                await connection.execute(sa.insert(table).values(filled(table, number) | points))
                if "id" in table.c:
                    known[table.name] = (await connection.execute(sa.select(sa.func.max(table.c.id)))).scalar_one()
        self.rounds += 1

    async def go_on(self, stop):
        """Write until told to stop."""
        while not stop.is_set():
            await self.write()


async def as_it_is(engine):
    """Return the tables as they are in the database now, those that others point at first."""
    found = sa.MetaData()
    async with engine.connect() as connection:
        await connection.run_sync(found.reflect)
    return [table for table in found.sorted_tables if table.name not in {"alembic_version", "meta"}]


async def to_version(engine, number):
    """Bring an empty store to the schema of a version."""

    def change(connection):
        config = script_config(connection)
        command.downgrade(config, "base")
        command.upgrade(config, f"{number:04d}")

    async with engine.begin() as connection:
        await connection.run_sync(change)


async def rows_of(engine, tables):
    """Return how many rows each table has."""
    async with engine.connect() as connection:
        counts = {}
        for table in tables:
            counts[table.name] = (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
        return counts


@pytest.mark.parametrize("before", [1, NEWEST - 1])
async def test_goes_on_writing(own_url, before):
    """Every insert of the first version and of the one before succeeds before, during and after the upgrade, and stays"""
    store = await open_store(own_url)
    stop = asyncio.Event()
    try:
        await to_version(store._writer, before)
        old = VersionBefore(store._writer, await as_it_is(store.engine))
        await old.write()
        writing = asyncio.create_task(old.go_on(stop))
        await migrate(store.engine)
        at_the_end = old.rounds
        async with asyncio.timeout(60):
            while old.rounds < at_the_end + 2 and not writing.done():
                await asyncio.sleep(0.01)
        stop.set()
        await writing
        counts = await rows_of(store.engine, [schema.metadata.tables[table.name] for table in old._tables])
        assert set(counts.values()) == {old.rounds}, counts
    finally:
        stop.set()
        await store.aclose()


async def test_waits_for_whoever_migrates(own_url):
    """Who starts while another is at the migration waits for its end, finds it done, and works"""
    store = await open_store(own_url)
    try:
        await to_version(store._writer, NEWEST - 1)
        begun, go = asyncio.Event(), asyncio.Event()

        async def slowly():
            async with held(store):
                begun.set()
                await go.wait()

        first = asyncio.create_task(slowly())
        await begun.wait()
        second = asyncio.create_task(open_store(own_url))
        done, _ = await asyncio.wait([second], timeout=0.3)
        assert not done
        go.set()
        await first
        other = await asyncio.wait_for(second, 60)
        assert await other.claim_event("e")
        await other.aclose()
    finally:
        await store.aclose()


@contextlib.asynccontextmanager
async def held(store):
    """Migrate, and commit only afterwards."""
    from adapters.store.migrate import _lock, _upgrade

    async with store._writer.begin() as connection:
        await _lock(connection)
        await connection.run_sync(_upgrade)
        yield


async def test_gives_way(own_url, monkeypatch):
    """A migration that the database breaks off, because a writer and it wait for each other, is begun anew"""
    import importlib

    migrating = importlib.import_module("adapters.store.migrate")  # the package has a function of that name
    store = await open_store(own_url)
    upgrade, broken = migrating._upgrade, []

    class CrossedError(Exception):
        sqlstate = "40P01"

    def crossed_once(connection):
        upgrade(connection)
        if not broken:
            broken.append(True)
            raise sa.exc.OperationalError("ALTER TABLE", {}, CrossedError())

    try:
        await to_version(store._writer, NEWEST - 1)
        monkeypatch.setattr(migrating, "_upgrade", crossed_once)
        await migrate(store.engine)
        async with store.engine.connect() as connection:
            assert await connection.run_sync(migrating._settled)
        assert broken == [True]
    finally:
        await store.aclose()
