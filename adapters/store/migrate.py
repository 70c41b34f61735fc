"""Bringing a store to this program's schema: once, under a lock, and never backwards.

``alembic_version`` names the newest migration that ran. ``meta['oldest_program']`` is the schema
number of the oldest program that may still run on it: a migration that only adds leaves it alone, so
that in a rolling upgrade the version before goes on working; one that breaks raises it.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.store.schema import SCHEMA
from bot.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = f"{SCHEMA:04d}"
_DEADLOCK, _TRIES, _PAUSE = "40P01", 10, 0.2
_LOCK = 0x726F617374  # "roast", for pg_advisory_xact_lock


async def migrate(engine: AsyncEngine) -> None:
    """Create or upgrade the schema. Raises ``StoreError`` where the store is newer than this program can read."""
    for left in reversed(range(_TRIES)):
        try:
            await _migrated(engine)
        except DBAPIError as error:
            # The version before goes on writing meanwhile, and the database chose us to give way: nothing has changed.
            if getattr(error.orig, "sqlstate", "") != _DEADLOCK or not left:
                raise
            await asyncio.sleep(_PAUSE)
        else:
            return


async def _migrated(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        if await connection.run_sync(_settled):
            return
    async with engine.execution_options(writes=True).begin() as connection:
        await _lock(connection)
        if not await connection.run_sync(_settled):
            await connection.run_sync(_upgrade)


async def _lock(connection: AsyncConnection) -> None:
    """Wait for anybody else's migration; SQLite did so at BEGIN IMMEDIATE."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SET LOCAL lock_timeout = 0"))  # a migration takes as long as it takes
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _settled(connection: Connection) -> bool:
    """Return whether nothing needs to be done; raise where nothing can be."""
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" not in tables:
        strangers = tables - {"sqlite_sequence"}
        if strangers and connection.dialect.name == "sqlite":
            raise StoreError(
                "The store's file belongs to another program.", "Point ROAST_STORE__URL at a file of its own."
            )
        return False
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if found is None or found < HEAD:
        return False
    if found == HEAD:
        return True
    oldest = connection.execute(text("SELECT value FROM meta WHERE key = 'oldest_program'")).scalar_one_or_none()
    if oldest is None or int(oldest) > SCHEMA:
        raise StoreError(
            f"The memory was written by a newer roast-bot (schema {found}, this one knows {HEAD}).",
            "Install the newer version again, or restore a backup made before the upgrade.",
        )
    return True


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415

    command.upgrade(script_config(connection), "head")


def script_config(connection: Connection | None = None) -> Config:
    """Return what alembic needs in order to find our migrations and, for running them, the connection."""
    # Late: alembic takes a quarter of a second to import, and most starts need no migration.
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
