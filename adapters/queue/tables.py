"""procrastinate's own tables in the store's database: made or brought up to date once, under a lock.

Which version they are of is written on the table itself. Its migrations only add within a major version, so that
processes of the version before go on working (https://procrastinate.readthedocs.io/en/stable/howto/production/migrations.html).
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from procrastinate.schema import SchemaManager

from bot.errors import StoreError

_LOCK = 0x726F6173_7471  # "roastq", for pg_advisory_xact_lock
_MARK = "roast-bot: procrastinate "


async def prepare(url: str) -> None:
    """Make or upgrade the tables. Raises ``StoreError`` where the database cannot be reached or forbids it."""
    try:
        async with await psycopg.AsyncConnection.connect(url, prepare_threshold=None, connect_timeout=10) as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            await _bring_up(connection, await _found(connection))
    except psycopg.Error as error:
        first = str(error).strip().split("\n", 1)[0]
        raise StoreError(
            f"The tables of the queue cannot be prepared ({first}).",
            "Look at ROAST_STORE__URL, and let its user create tables there.",
        ) from error


async def _found(connection: psycopg.AsyncConnection[Any]) -> str:
    """Return of which version the tables are; nothing where there are none."""
    query = "SELECT to_regclass('procrastinate_jobs')::oid, obj_description(to_regclass('procrastinate_jobs')::oid)"
    row = await (await connection.execute(query)).fetchone()
    if row is None or row[0] is None:
        return ""
    return str(row[1] or "").removeprefix(_MARK) or version("procrastinate")


async def _bring_up(connection: psycopg.AsyncConnection[Any], found: str) -> None:
    here = version("procrastinate")
    if found and _numbers(found) >= _numbers(here):
        return
    if not found:
        await connection.execute(SchemaManager.get_schema())
    for script in _scripts_since(found) if found else ():
        await connection.execute(script)
    await connection.execute(f"COMMENT ON TABLE procrastinate_jobs IS '{_MARK}{here}'".encode())


def _scripts_since(found: str) -> list[bytes]:
    scripts = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    return [one.read_bytes() for one in scripts if _numbers(one.name.partition("_")[0]) > _numbers(found)]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:3] if part.isdecimal())
