"""One suite for both databases: ``store`` is SQLite in a file, then a real PostgreSQL behind a unix socket."""

import asyncio
import itertools
import shutil

import pytest
from fakes.memory import Watch
from fakes.postgres import postgres_url

from adapters.store import open_store
from adapters.store.schema import metadata


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """A migrated empty SQLite store, copied for each test: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"

    async def make():
        store = await open_store(f"sqlite+aiosqlite:///{path}")
        await store.aclose()

    asyncio.run(make())
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres):
    """The server with two migrated empty databases: one to copy, one that the tests share, emptied before each."""
    postgres.psql("CREATE DATABASE template_roast;")

    async def make():
        store = await open_store(postgres_url(postgres, "template_roast"))
        await store.aclose()

    asyncio.run(make())
    postgres.psql("CREATE DATABASE shared TEMPLATE template_roast;")
    return postgres


@pytest.fixture(scope="session")
def emptied(postgres_template):
    """A function that empties the shared database; much quicker than making another."""
    import psycopg

    host = postgres_template.get_postmaster_info().socket_dir
    tables = [table.name for table in reversed(metadata.sorted_tables) if table.name != "meta"]
    script = "; ".join([f"DELETE FROM {name}" for name in tables] + ["DELETE FROM meta WHERE key <> 'oldest_program'"])  # noqa: S608
    numbered = [table.name for table in metadata.sorted_tables if "id" in table.c]
    script += "".join(f"; ALTER SEQUENCE {name}_id_seq RESTART" for name in numbered)
    with psycopg.connect(f"host={host} user=postgres dbname=shared", autocommit=True) as connection:
        yield lambda: connection.execute(script)


_made = itertools.count()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The address of an empty, migrated store, on either database."""
    if request.param == "sqlite":
        return _copied(request, tmp_path)
    request.getfixturevalue("emptied")()
    return postgres_url(request.getfixturevalue("postgres_template"), "shared")


@pytest.fixture(params=["sqlite", "postgresql"])
def own_url(request, tmp_path):
    """The same for a test that changes the schema: a database of its own."""
    if request.param == "sqlite":
        return _copied(request, tmp_path)
    server = request.getfixturevalue("postgres_template")
    name = f"own_{next(_made)}"
    server.psql(f"CREATE DATABASE {name} TEMPLATE template_roast;")
    return postgres_url(server, name)


def _copied(request, tmp_path):
    path = tmp_path / "store.sqlite3"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def watch():
    """The clock of the store."""
    return Watch()


@pytest.fixture
async def store(url, watch):
    """An open store."""
    store = await open_store(url, clock=watch)
    yield store
    await store.aclose()
