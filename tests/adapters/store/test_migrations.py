"""Migrations: complete, once, and inside the package."""

import asyncio
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from fakes.postgres import postgres_url
from sqlalchemy import inspect, text

import adapters.store
from adapters.store import open_store
from adapters.store.migrate import HEAD, script_config
from adapters.store.schema import metadata


async def test_complete(store):
    """What the migrations make is what the program expects, on both databases."""

    def differences(connection):
        return compare_metadata(MigrationContext.configure(connection), metadata)

    async with store._engine.connect() as connection:
        assert await connection.run_sync(differences) == []


def test_head():
    """The program knows the number of its newest migration."""
    assert ScriptDirectory.from_config(script_config()).get_current_head() == HEAD


async def test_down_and_up(own_url):
    """Taking the schema back leaves nothing, and it can be made again."""
    from alembic import command

    from adapters.store.migrate import migrate

    def downgrade(connection):
        command.downgrade(script_config(connection), "base")

    store = await open_store(own_url)
    try:
        async with store._writer.begin() as connection:
            await connection.run_sync(downgrade)
        await migrate(store._engine)
        assert await store.verdicts() == ()
    finally:
        await store.aclose()


async def test_the_version_before_goes_on(own_url):
    """No migration takes or narrows what the version before writes, unless it says that that one must not run on it"""
    from alembic import command

    def each_step(connection):
        config = script_config(connection)
        command.downgrade(config, "0001")
        before = _shape(connection)
        for number in range(2, int(HEAD) + 1):
            command.upgrade(config, f"{number:04d}")
            now = _shape(connection)
            oldest = connection.execute(text("SELECT value FROM meta WHERE key = 'oldest_program'")).scalar_one()
            if int(oldest) < number:
                assert _in_the_way(before, now) == [], number
            before = now

    store = await open_store(own_url)
    try:
        async with store._writer.begin() as connection:
            await connection.run_sync(each_step)
    finally:
        await store.aclose()


def _shape(connection):
    """Return by table its columns (type, whether a row may leave it out) and what has to be unique."""
    found = inspect(connection)
    return {
        table: (
            {
                column["name"]: (str(column["type"]), column["nullable"] or column["default"] is not None)
                for column in found.get_columns(table)
            },
            {tuple(one["column_names"]) for one in found.get_indexes(table) if one["unique"]}
            | {tuple(one["column_names"]) for one in found.get_unique_constraints(table)},
        )
        for table in found.get_table_names()
    }


def _in_the_way(before, now):
    """Return what keeps a program that knows the first shape from writing to the second."""
    faults = []
    for table, (columns, unique) in before.items():
        if table not in now:
            faults.append(f"{table} is gone")
            continue
        new, new_unique = now[table]
        faults += [
            f"{table}.{name} was {was}, is {new.get(name)}" for name, was in columns.items() if new.get(name) != was
        ]
        faults += [f"{table}.{name} has to be written" for name in new.keys() - columns.keys() if not new[name][1]]
        faults += [f"{table} {names} has to be unique" for names in new_unique - unique]
    return faults


async def test_many_at_once(tmp_path):
    """Ten who open a store that is not there yet make it once."""
    stores = await asyncio.gather(*(open_store(f"sqlite:///{tmp_path}/new/store.sqlite3") for _ in range(10)))
    assert await stores[0].claim_event("e")
    assert not await stores[9].claim_event("e")
    for store in stores:
        await store.aclose()


async def test_many_at_once_on_postgres(postgres):
    """The same on PostgreSQL, under its advisory lock."""
    postgres.psql("CREATE DATABASE crowd;")
    url = postgres_url(postgres, "crowd")
    stores = await asyncio.gather(*(open_store(url) for _ in range(6)))
    assert await stores[0].claim_event("e")
    assert not await stores[5].claim_event("e")
    for store in stores:
        await store.aclose()


async def test_two_programs_at_once(tmp_path, request):
    """Two programs that start on an empty store at the same moment make it once, on both databases."""
    server = request.getfixturevalue("postgres")
    server.psql("CREATE DATABASE pair;")
    for url in (f"sqlite+aiosqlite:///{tmp_path}/store.sqlite3", postgres_url(server, "pair")):
        children = [await _open_in_a_program(url) for _ in range(2)]
        for child in children:
            await asyncio.wait_for(child.stdout.readline(), 60)
        for child in children:
            child.stdin.write(b"go\n")
        said = [(await asyncio.wait_for(child.communicate(), 60))[0].decode().strip() for child in children]
        assert sorted(said) == ["first False", "first True"]
        assert [child.returncode for child in children] == [0, 0]


async def _open_in_a_program(url):
    """Start a program that opens the store when told to, and says whether it was the first to claim an event."""
    program = (
        "import asyncio, sys\nfrom adapters.store import open_store\nimport alembic.command\n"
        "print('ready', flush=True)\nsys.stdin.readline()\n"
        "async def main():\n    store = await open_store(sys.argv[1])\n"
        "    print('first', await store.claim_event('e'), flush=True)\n    await store.aclose()\n"
        "asyncio.run(main())"
    )
    root, pipe = Path(adapters.store.__file__).parents[2], asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(sys.executable, "-c", program, url, cwd=root, stdin=pipe, stdout=pipe)


async def test_no_alembic_on_usual_starts(url):
    """A store that is up to date opens without importing alembic, which takes its time."""
    program = (
        "import asyncio, sys\nfrom adapters.store import open_store\n"
        "async def main():\n    store = await open_store(sys.argv[1])\n    await store.aclose()\n"
        "asyncio.run(main())\nsys.exit('alembic' in sys.modules)"
    )
    root = Path(adapters.store.__file__).parents[2]
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", program, url, cwd=root)
    assert await child.wait() == 0


async def test_private_folder(tmp_path):
    """The folder that is made for a store is for its user alone."""
    store = await open_store(f"sqlite:///{tmp_path}/data/store.sqlite3")
    await store.aclose()
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
