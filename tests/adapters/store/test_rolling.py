"""Rolling upgrades: the program of the first version goes on working on the newest schema, beside the new one."""

import importlib

import pytest
import sqlalchemy as sa

from adapters.store import schema
from bot.records import JobState, NewJob

from .first_program import first_tables
from .old_rows import NOW, filled

migrating = importlib.import_module("adapters.store.migrate")  # the package has a function of that name
FIRST = first_tables()


def in_order():
    """Return the first version's tables, those that others point to before these."""
    return [FIRST[table.name] for table in schema.metadata.sorted_tables if table.name in FIRST]


@pytest.mark.parametrize("number", [1])
async def test_writes_and_reads(store, number):
    """Every table of the first version takes its rows, gives them back, is changed and emptied by its statements"""
    tables = in_order()
    assert len(tables) >= 20
    async with store._writer.begin() as connection:
        known = {}
        for table in tables:
            row = filled(table, number) | {"verdict_id": known.get("verdicts"), "post_id": known.get("posts")}
            row |= {"subscription_id": known.get("subscriptions")}
            row = {name: value for name, value in row.items() if name in table.c and value is not None}
            if table.name == "meta":
                row |= {"key": "rolling"}
            await connection.execute(sa.insert(table).values(row))
            if "id" in table.c:
                known[table.name] = (await connection.execute(sa.select(sa.func.max(table.c.id)))).scalar_one()
    async with store._writer.begin() as connection:
        for table in reversed(tables):
            found = (await connection.execute(sa.select(table))).mappings().all()
            assert found, table.name
            column = next((one for one in table.columns if not one.primary_key), None)
            if column is not None and not column.foreign_keys:
                await connection.execute(sa.update(table).values({column.name: found[0][column.name]}))
            if table.name != "meta":
                await connection.execute(sa.delete(table))


async def test_jobs_of_both(store):
    """A job that the first version writes is worked off by the new one, and the other way round"""
    jobs = FIRST["jobs"]
    async with store._writer.begin() as connection:
        row = {"kind": "roast", "payload": "{}", "state": "waiting", "created_at": NOW, "priority": 0}
        await connection.execute(sa.insert(jobs).values(row))
    job = await store.next_job("new")
    assert (job.kind, job.state) == ("roast", JobState.RUNNING)
    await store.enqueue(NewJob(kind="roast"))
    async with store._writer.begin() as connection:
        waiting = sa.select(jobs).where(jobs.c.state == "waiting").order_by(jobs.c.priority, jobs.c.id)
        (found,) = (await connection.execute(waiting)).mappings().all()
        await connection.execute(sa.update(jobs).where(jobs.c.id == found["id"]).values(state="done", live_key=None))
    assert await store.next_job("new") is None


async def test_the_first_program_starts(store, monkeypatch):
    """The first version, started on the newest schema, finds that nothing needs to be done"""
    monkeypatch.setattr(migrating, "SCHEMA", 1)
    monkeypatch.setattr(migrating, "HEAD", "0001")
    async with store._engine.connect() as connection:
        assert await connection.run_sync(migrating._settled)
