"""What a power cut may cost on SQLite, and who waits for the disk: reactions are light, all else is synced."""

import sqlite3
from contextlib import closing

import pytest
from fakes.memory import react, shown
from sqlalchemy import event

from adapters.store import open_store
from adapters.store.checkpoints import EVERY
from bot.records import NewJob, OptOutKind


@pytest.fixture
async def path_and_store(sqlite_template, tmp_path):
    """The file of a SQLite store, and the store."""
    path = tmp_path / "store.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    store = await open_store(f"sqlite:///{path}")
    yield path, store
    await store.aclose()


async def test_only_reactions_are_light(path_and_store):
    """Opt-outs, jobs and verdicts are synced one by one; a reaction is not, whoever used its connection before"""
    _, store = path_and_store
    now, modes = {}, {}

    def note(connection, _cursor, statement, _parameters, _context, _many):
        if statement.startswith("PRAGMA synchronous"):
            now[id(connection.connection.dbapi_connection)] = statement.rpartition(" ")[2]
        if statement.startswith("INSERT INTO"):
            modes.setdefault(statement.split()[2], set()).add(now[id(connection.connection.dbapi_connection)])

    event.listen(store.engine.sync_engine, "before_cursor_execute", note)
    for number in range(3):
        await shown(store, number, where="1.1" if not number else str(number))
        await store.record_reaction(react(who=f"p{number}"))
        await store.opt_out(OptOutKind.LOGIN, f"x{number}", "x")
        await store.enqueue(NewJob(kind="k"))
    assert modes["reactions"] == {"NORMAL"}
    assert {modes[name] == {"FULL"} for name in ("verdicts", "opt_outs", "jobs")} == {True}


async def test_the_log_is_brought_home(path_and_store):
    """After so many writes the log is in the file, and no writer had to see to it"""
    path, store = path_and_store
    for number in range(EVERY):
        await store.claim_event(f"e{number}")
    await store._checkpoints.stop()
    alone = path.with_name("alone.sqlite3")
    alone.write_bytes(path.read_bytes())  # without its log
    with closing(sqlite3.connect(alone)) as connection:
        assert connection.execute("SELECT count(*) FROM handled_events").fetchone()[0] == EVERY
