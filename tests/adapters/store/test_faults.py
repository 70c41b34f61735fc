"""A store that is read-only, full, locked, damaged, newer or away is told in a sentence with the next step."""

import itertools
import sqlite3
import sys
from datetime import timedelta

import pytest
from fakes.memory import PLACE, react, shown, verdict
from fakes.postgres import postgres_url
from sqlalchemy import text, update

from adapters.store import default_url, open_store
from adapters.store.engine import make_engine, read_url
from adapters.store.schema import verdict_bodies
from bot.errors import SettingsError, StoreError
from bot.records import Heard, NewJob

_spoilt = itertools.count()


@pytest.fixture
def path(sqlite_template, tmp_path):
    """The file of a fresh SQLite store."""
    copy = tmp_path / "store.sqlite3"
    copy.write_bytes(sqlite_template.read_bytes())
    return copy


async def fault_of(action):
    """Return the error that an action ends in, and check that it has a next step."""
    with pytest.raises(StoreError) as caught:
        await action
    assert caught.value.next_step
    return caught.value.sentence


async def test_read_only(path):
    """A read-only store can be read; a write says that it cannot be written to."""
    store = await open_store(f"sqlite:///file:{path}?mode=ro&uri=true")
    try:
        assert await store.verdicts() == ()
        assert "cannot be written" in await fault_of(store.save_verdict(verdict(), PLACE))
    finally:
        await store.aclose()


async def test_full(path, monkeypatch):
    """A full disk is told as such, and what was there stays readable."""
    most = path.stat().st_size // 4096 + 20
    monkeypatch.setattr("adapters.store.engine._PRAGMAS", (f"PRAGMA max_page_count = {most}",))
    store = await open_store(f"sqlite:///{path}")
    try:
        kept = await shown(store)
        with pytest.raises(StoreError, match="full") as caught:  # noqa: PT012
            for number in range(100):
                await store.save_verdict(verdict(number, title="x" * 4000), PLACE)
        assert "space" in caught.value.next_step
        assert (await store.verdict(kept)).id == kept
    finally:
        await store.aclose()


async def test_locked(path, monkeypatch):
    """A store that another program holds is told as locked after the busy time-out."""
    monkeypatch.setattr("adapters.store.engine._PRAGMAS", ("PRAGMA busy_timeout = 50",))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store = await open_store(f"sqlite:///{path}")
    try:
        assert "locked" in await fault_of(store.claim_event("e"))
        other.execute("ROLLBACK")
        assert await store.claim_event("e")
    finally:
        other.close()
        await store.aclose()


@pytest.fixture
async def server_store(postgres_template):
    """A store in a PostgreSQL database of its own, the means to spoil that one from outside, and its address."""
    name = f"spoilt_{next(_spoilt)}"
    postgres_template.psql(f"CREATE DATABASE {name} TEMPLATE template_roast;")
    url = postgres_url(postgres_template, name)
    store = await open_store(url)
    import psycopg

    async with await psycopg.AsyncConnection.connect(url.replace("+psycopg", ""), autocommit=True) as other:
        yield store, other.execute, name
    await store.aclose()


_FAILS = """
CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}', MESSAGE = '{words}'; END $$;
CREATE TRIGGER fails BEFORE INSERT ON verdicts FOR EACH ROW EXECUTE FUNCTION fails()
"""


async def test_read_only_server(server_store):
    """A PostgreSQL that takes no writes (a standby, say) can be read; a write says that it cannot be written to."""
    store, spoil, name = server_store
    kept = await shown(store)
    await spoil(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await store.engine.dispose()
    assert (await store.verdict(kept)).id == kept
    assert "cannot be written" in await fault_of(store.save_verdict(verdict(), PLACE))


@pytest.mark.parametrize(
    ("code", "words", "told"),
    [
        ("53100", "could not extend file: No space left on device", "full"),
        ("XX001", "invalid page in block 0 of relation", "damaged"),
        ("XX002", "index is corrupted", "damaged"),
    ],
)
async def test_spoilt_server(server_store, code, words, told):
    """A PostgreSQL whose disk is full, or whose pages are damaged, is told as such; what was there stays readable."""
    store, spoil, _ = server_store
    kept = await shown(store)
    await spoil(_FAILS.format(code=code, words=words))
    assert told in await fault_of(store.save_verdict(verdict(8), PLACE))
    assert (await store.verdict(kept)).id == kept


async def test_locked_server(server_store, monkeypatch):
    """A table that another program holds is told as locked after a while, and waited for no longer."""
    store, spoil, _ = server_store
    monkeypatch.setattr("adapters.store.engine.BUSY_MILLISECONDS", 50)
    await store.engine.dispose()
    await spoil("BEGIN")
    await spoil("LOCK TABLE handled_events IN ACCESS EXCLUSIVE MODE")
    assert "locked" in await fault_of(store.claim_event("e"))
    await spoil("ROLLBACK")
    assert await store.claim_event("e")


async def test_damaged_record(store):
    """A verdict whose record cannot be read is told with the number of faults and the next step; others stay readable."""
    spoilt, sound = await shown(store, 7), await shown(store, 8, where="2")
    async with store._write() as connection:
        damage = update(verdict_bodies).where(verdict_bodies.c.verdict_id == spoilt)
        await connection.execute(damage.values(body='{"title": 7'))
    assert "cannot be read" in await fault_of(store.verdict(spoilt))
    assert (await store.verdict(sound)).id == sound


async def test_events_on_a_spoilt_store(store):
    """A reaction that comes while the store fails is an error in words, for whoever heard it; the next one counts."""
    await shown(store)
    async with store._write() as connection:
        await connection.execute(text("ALTER TABLE reactions RENAME TO elsewhere"))
    assert "memory" in await fault_of(store.record_reaction(react()))
    async with store._write() as connection:
        await connection.execute(text("ALTER TABLE elsewhere RENAME TO reactions"))
    assert (await store.record_reaction(react())).heard is Heard.COUNTED


async def test_no_database(tmp_path):
    """A file that is no database is refused."""
    path = tmp_path / "store.sqlite3"
    path.write_text("It was the best of times.\n" * 400)
    assert "damaged or is no roast-bot store" in await fault_of(open_store(f"sqlite:///{path}"))


async def test_somebody_elses(tmp_path):
    """Another program's SQLite file is refused and left as it is."""
    path = tmp_path / "theirs.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    assert "another program" in await fault_of(open_store(f"sqlite:///{path}"))
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]


async def test_damaged(path):
    """Damaged pages are found by ``check`` and told."""
    store = await open_store(f"sqlite:///{path}")
    for number in range(40):
        await shown(store, number, where=str(number))
    await store.aclose()
    raw = bytearray(path.read_bytes())
    for start in range(4096, len(raw), 4096):
        if b'"gist"' in raw[start : start + 4096]:
            raw[start : start + 600] = b"\xff" * 600
    path.write_bytes(raw)
    store = await open_store(f"sqlite:///{path}")
    try:
        assert "damaged" in await fault_of(store.check())
    finally:
        await store.aclose()


async def test_unopenable(tmp_path):
    """A path that is a folder is told as such."""
    assert "cannot be opened" in await fault_of(open_store(f"sqlite:///{tmp_path}"))


async def test_newer(own_url):
    """A store whose schema is newer than the program is refused with the sentence what to do."""
    store = await open_store(own_url)
    async with store._engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0099'"))
        await connection.execute(text("UPDATE meta SET value = '99' WHERE key = 'oldest_program'"))
    await store.aclose()
    with pytest.raises(StoreError, match="newer roast-bot") as caught:
        await open_store(own_url)
    assert "Install the newer version" in caught.value.next_step


async def test_rolling_upgrade(own_url):
    """The version before runs on a newer schema that only added, and on verdicts with fields that it does not know."""
    store = await open_store(own_url)
    kept = await shown(store)
    async with store._engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0099'"))
        await connection.execute(text("ALTER TABLE verdicts ADD COLUMN sauce TEXT"))
        body = 'REPLACE(body, \'"gist":\', \'"sauce":"hot","gist":\')'
        await connection.execute(text(f"UPDATE verdict_bodies SET body = {body}"))  # noqa: S608
    await store.aclose()
    store = await open_store(own_url)
    try:
        assert (await store.verdict(kept)).verdict == verdict()
        assert await store.enqueue(NewJob(kind="answer"))
        await store.prune(timedelta(days=1))
    finally:
        await store.aclose()


async def test_away(tmp_path):
    """A PostgreSQL that is not there is told as not answering."""
    pytest.importorskip("psycopg")
    sentence = await fault_of(open_store(f"postgresql+psycopg://nobody@/none?host={tmp_path}"))
    assert "does not answer" in sentence


async def test_no_such_database(postgres):
    """A database that was never made is told as a matter of the address."""
    assert "refuses the login" in await fault_of(open_store(postgres_url(postgres, "never_made")))


async def test_cut_off(url, request):
    """After PostgreSQL dropped every connection the next call works again."""
    if "postgresql" not in request.node.callspec.id:
        pytest.skip("SQLite has no connections to drop")
    store = await open_store(url)
    try:
        await shown(store)
        request.getfixturevalue("postgres").psql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'roast-bot';"
        )
        assert len(await store.verdicts()) == 1
    finally:
        await store.aclose()


@pytest.mark.parametrize("address", ["mysql://localhost/roast", "no address at all", "redis://x"])
def test_other_databases(address):
    """Any other database, and what is no address, is refused as a setting."""
    with pytest.raises(SettingsError) as caught:
        read_url(address)
    assert "sqlite+aiosqlite" in caught.value.next_step


def test_driver_not_installed(monkeypatch):
    """A database whose driver is not installed is told with the extra that brings it."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SettingsError, match="needs psycopg") as caught:
        make_engine(read_url("postgresql://localhost/roast"))
    assert "roast-bot[postgres]" in caught.value.next_step


def test_default(monkeypatch, tmp_path):
    """By default the store is one file under the user's data directory."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_url() == f"sqlite+aiosqlite:///{tmp_path}/roast-bot/roast-bot.sqlite3"


async def test_stands_still_in_a_transaction(postgres_template, emptied, monkeypatch):
    """Who stands still in the midst of a write is cut off after a while: others go on, and it is told that it failed"""
    emptied()
    monkeypatch.setattr("adapters.store.engine.IDLE_MILLISECONDS", 300)
    stores = [await open_store(postgres_url(postgres_template, "shared")) for _ in range(2)]
    still, other = stores
    try:
        with pytest.raises(StoreError, match="busy") as caught:  # noqa: PT012
            async with still._write() as connection:
                await connection.execute(text("INSERT INTO handled_events (event, at) VALUES ('e', 1)"))
                assert await other.claim_event("e")
        assert caught.value.next_step
        assert await still.claim_event("another")
    finally:
        for one in stores:
            await one.aclose()
