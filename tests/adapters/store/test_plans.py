"""What people wait for reads no table from end to end: the databases' own plans say so, whatever the clock says.

How long it takes at a million reactions is measured by ``tests/benchmarks/store_load.py``.
"""

from datetime import timedelta

import pytest
from fakes.memory import NOON, PLACE, person, react, shown
from sqlalchemy import event, text

from bot.records import Ground, OptOutKind

LARGE = {
    *("reactions", "verdicts", "verdict_bodies", "verdict_features", "posts", "lines_used", "appeals", "asks"),
    *("taste", "repository_months", "jobs", "handled_events"),
}


@pytest.fixture
def asked(store):
    """Every statement that the store makes, with its parameters."""
    found = {}

    def note(_connection, _cursor, statement, parameters, _context, many):
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
            found[statement] = parameters[0] if many else parameters

    event.listen(store.engine.sync_engine, "before_cursor_execute", note)
    yield found
    event.remove(store.engine.sync_engine, "before_cursor_execute", note)


async def scanned(store, asked):
    """Return which large tables these statements read from end to end."""
    sqlite = store.engine.dialect.name == "sqlite"
    statements, lines = dict(asked), []
    async with store.engine.connect() as connection:
        if not sqlite:
            # Small tables are read whole for good reason; what has no other way still is, and is found.
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, parameters in statements.items():
            plan = await connection.exec_driver_sql(
                ("EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN ") + statement, parameters
            )
            lines += [str(row[-1]).strip() for row in plan]
    mark = "SCAN " if sqlite else "Seq Scan on "
    found = {line.partition(mark)[2].split()[0] for line in lines if mark in line and "SCAN CONSTANT" not in line}
    assert lines
    return found & LARGE


async def test_reaction(store, asked):
    """Recording a reaction, taking it back, and clearing all of a message"""
    await shown(store)
    asked.clear()
    await store.record_reaction(react())
    await store.record_reaction(react(on=False, at=1))
    await store.clear_reactions(react().message, at=NOON + timedelta(seconds=2))
    assert await scanned(store, asked) == set()


async def test_casting(store, asked):
    """Casting weights: counts at three levels, the latest judged verdicts with their voices, what was called unfair"""
    verdict_id = await shown(store)
    await store.record_reaction(react())
    await store.open_appeal(verdict_id, "e1", "bare_assert", Ground.UNFAIR, person("al"))
    asked.clear()
    assert (await store.taste_counts(PLACE, NOON)).recent
    assert await scanned(store, asked) == set()


async def test_leaderboard(store, asked):
    """The leaderboard of a workspace, of a channel, of all time, and as a channel may read it"""
    await shown(store)
    await store.record_reaction(react())
    await store.opt_out(OptOutKind.LOGIN, "dave", "x")
    asked.clear()
    for place in (PLACE, PLACE.whole):
        for since in (None, NOON - timedelta(days=90)):
            assert await store.funniest(place, since=since, reader=PLACE)
            assert await store.repository_records(place, since=since, reader=PLACE)
    assert await scanned(store, asked) == set()


async def test_roast(store, asked):
    """What a roast asks for beside: the history, the author's record, a verdict of minutes ago, a limit, its message"""
    verdict_id = await shown(store)
    asked.clear()
    await store.history(PLACE)
    await store.record("alice", place=PLACE, reader=PLACE)
    await store.find_verdict("acme/Tools#7", since=NOON, place=PLACE)
    await store.last_roasted(PLACE, ["alice"])
    await store.verdict_of_message(react().message)
    await store.verdict(verdict_id)
    assert await scanned(store, asked) == set()


async def test_a_scan_would_be_seen(store, asked):
    """A statement that reads a large table from end to end is caught"""
    async with store._read() as connection:
        await connection.execute(text("SELECT id FROM verdicts WHERE punchline = 'x'"))
    assert await scanned(store, asked) == {"verdicts"}
