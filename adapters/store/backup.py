"""Backups and their return: one format, a SQLite store, whatever the store itself is."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Integer, delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.store.engine import file_of, make_engine, read_url
from adapters.store.faults import told
from adapters.store.migrate import migrate
from adapters.store.schema import meta, metadata
from bot.errors import StoreError

_BATCH = 500


async def backup(engine: AsyncEngine, path: Path) -> int:
    """Write a consistent copy of a running store; return its bytes. The file appears whole or not at all."""
    target = await asyncio.to_thread(lambda: path.expanduser().resolve())
    if file_of(engine.url) is not None and file_of(engine.url) == target:
        raise StoreError("The backup would overwrite the store itself.", "Give it another file name.")
    if not await asyncio.to_thread(target.parent.is_dir):
        raise StoreError(f"There is no folder for {path}.", "Make it, or give another file name.")
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with told():
            if engine.dialect.name == "sqlite":
                await asyncio.to_thread(_copy_pages, engine.url, unfinished)
            else:
                await _copy_rows(engine, unfinished)
            unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return target.stat().st_size


def _copy_pages(url: URL, target: Path) -> None:
    """Use SQLite's own backup, in one step: writers go on in the log meanwhile (https://www.sqlite.org/backup.html)."""
    named = url.database or ""
    with (
        closing(sqlite3.connect(named, uri=named.startswith("file:"), timeout=30)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
    _settle(target)


async def _copy_rows(engine: AsyncEngine, target: Path) -> None:
    """Read every table within one snapshot and write it into a new SQLite store."""
    copy = make_engine(read_url(f"sqlite:///{target}"))
    try:
        await migrate(copy)
        snapshot = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        async with snapshot.begin() as source, copy.execution_options(writes=True).begin() as sink:
            await _pour(source, sink)
    finally:
        await copy.dispose()
    await asyncio.to_thread(_settle, target)


async def _pour(source: AsyncConnection, sink: AsyncConnection) -> None:
    await sink.execute(delete(meta))
    for table in metadata.sorted_tables:
        rows = await source.stream(select(table).execution_options(yield_per=_BATCH))
        async for batch in rows.mappings().partitions(_BATCH):
            await sink.execute(insert(table), [dict(row) for row in batch])


def _settle(path: Path) -> None:
    """Leave one file, without a log beside it, and see it on the disk."""
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")
    with path.open("rb+") as file:
        os.fsync(file.fileno())


async def restore(path: Path, url: str) -> None:
    """Fill an empty store from a backup, on either database. Raises ``StoreError`` where the store is not empty."""
    if not await asyncio.to_thread(path.is_file):
        raise StoreError(f"There is no backup at {path}.", "Give the file that `roast-bot backup` wrote.")
    source_engine = make_engine(read_url(f"sqlite:///{path}"), streams=True)
    sink_engine = make_engine(read_url(url))
    try:
        with told():
            await migrate(source_engine)
            await migrate(sink_engine)
            async with source_engine.connect() as source, sink_engine.execution_options(writes=True).begin() as sink:
                await _refuse_full(sink)
                await _pour(source, sink)
                if sink.dialect.name == "postgresql":
                    await _count_on(sink)
    finally:
        await source_engine.dispose()
        await sink_engine.dispose()


async def _refuse_full(sink: AsyncConnection) -> None:
    for table in metadata.sorted_tables:
        if table is not meta and (await sink.execute(select(table).limit(1))).first() is not None:
            raise StoreError("The store to restore into is not empty.", "Give a new file or database.")


async def _count_on(sink: AsyncConnection) -> None:
    """Let PostgreSQL's sequences go on after the highest number that was poured in."""
    for table in metadata.sorted_tables:
        if "id" in table.c and isinstance(table.c.id.type, Integer):
            name = table.name  # one of ours, never a user's word
            highest = f"(SELECT COALESCE(MAX(id), 0) + 1 FROM {name})"  # noqa: S608
            await sink.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {highest}, false)"))
