"""Engines: where the store lies, and how SQLite and PostgreSQL are spoken to."""

from __future__ import annotations

import select
import sqlite3
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import platformdirs
from sqlalchemy import URL, Connection, Dialect, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import SettingsError, StoreError

BUSY_MILLISECONDS = 5_000
IDLE_MILLISECONDS = 60_000
_TRUSTED_FOR = 20.0
"""Seconds without use for which a connection is taken to be alive: a network may drop one without a word."""
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}",
    # ``checkpoints`` brings the log home long before this; it is the last resort.
    "PRAGMA wal_autocheckpoint = 8000",
    "PRAGMA foreign_keys = ON",
    # What somebody wants forgotten is overwritten, not merely unlinked.
    "PRAGMA secure_delete = FAST",
    "PRAGMA cache_size = -32000",
    "PRAGMA mmap_size = 268435456",
)


# FULL: an acknowledged write outlives a power cut. NORMAL: it outlives any crash and kill, since the system has it, but
# of the last moments before a power cut some may be gone, and the store is whole (https://www.sqlite.org/pragma.html).
# Reactions come in hundreds and cost a click: they are light. All else (opt-outs, jobs, verdicts, appeals) is not.
_SYNCHRONOUS = {False: "PRAGMA synchronous = FULL", True: "PRAGMA synchronous = NORMAL"}


def default_url() -> str:
    """Return the address of one SQLite file under the platform's data directory."""
    path = platformdirs.user_data_path("roast-bot", appauthor=False) / "roast-bot.sqlite3"
    return f"sqlite+aiosqlite:///{path}"


def read_url(url: str) -> URL:
    """Return the address with our driver in it. Raises ``SettingsError`` for any other database."""
    forms = "Use sqlite+aiosqlite:///PATH or postgresql+psycopg://USER@HOST/DATABASE."
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingsError("ROAST_STORE__URL is no database address.", forms) from None
    driver = _DRIVERS.get(parsed.get_backend_name())
    if driver is None:
        raise SettingsError(f"ROAST_STORE__URL names “{parsed.get_backend_name()}”, which is not served.", forms)
    return parsed.set(drivername=driver)


def file_of(url: URL) -> Path | None:
    """Return the file of a SQLite address; ``None`` for PostgreSQL, memory and ``file:`` addresses."""
    named = url.database or ""
    if url.get_backend_name() != "sqlite" or named in {"", ":memory:"} or named.startswith("file:"):
        return None
    return Path(named).expanduser()


def make_engine(url: URL, connections: int = 12, *, streams: bool = False) -> AsyncEngine:
    """Return an engine; nothing is opened yet. Raises ``SettingsError`` where its driver is not installed.

    One that ``streams`` reads large tables a batch at a time; others take all rows of a statement at once.
    """
    try:
        return _sqlite(url, streams=streams) if url.get_backend_name() == "sqlite" else _postgresql(url, connections)
    except ImportError as error:
        extra = "store" if url.get_backend_name() == "sqlite" else "postgres"
        raise SettingsError(
            f"The store at ROAST_STORE__URL needs {error.name}, which is not installed.",
            f"Install it with `pip install 'roast-bot[{extra}]'`.",
        ) from error


def _postgresql(url: URL, connections: int) -> AsyncEngine:
    # No server-side prepared statements: they do not survive PgBouncer's transaction mode.
    arguments = {"prepare_threshold": None, "connect_timeout": 10, "application_name": "roast-bot"}
    kept = min(8, connections)
    engine = create_async_engine(
        url,
        connect_args=arguments,
        pool_size=kept,
        max_overflow=connections - kept,
        pool_timeout=10,
    )
    event.listen(engine.sync_engine, "connect", _bound)
    event.listen(engine.sync_engine, "checkin", _note_return)
    event.listen(engine.sync_engine, "checkout", partial(_look_alive, engine.dialect))
    return engine


def _note_return(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["returned"] = time.monotonic()


def _look_alive(dialect: Dialect, connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Have a dead connection replaced.

    A server that goes away says so on the socket. Only then, or after a while, asking is worth a round trip.
    """
    idle = time.monotonic() - record.info.get("returned", 0.0)
    if idle < _TRUSTED_FOR and "returned" in record.info and not _has_news(record.driver_connection):
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise DisconnectionError from error


def _has_news(connection: Any) -> bool:
    """Whether something unasked for waits on the socket of a connection at rest."""
    if not hasattr(select, "poll"):
        return True
    watch = select.poll()
    watch.register(connection.fileno(), select.POLLIN)
    return bool(watch.poll(0))


def _bound(connection: Any, _record: Any) -> None:
    """Let no statement wait for a lock for ever: whoever asks is told that the memory is locked.

    Nor may a process that stands still in the midst of a transaction (a suspended machine) lock the others out.
    """
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = {BUSY_MILLISECONDS}")
    cursor.execute(f"SET idle_in_transaction_session_timeout = {IDLE_MILLISECONDS}")
    cursor.close()
    connection.commit()


def _sqlite(url: URL, *, streams: bool) -> AsyncEngine:
    path = file_of(url)
    if path is not None:
        if path.is_dir():
            raise StoreError(f"{path} cannot be opened: it is a folder.", "Name a file in ROAST_STORE__URL.")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        url = url.set(database=str(path))
    from adapters.store.driver import connect  # noqa: PLC0415 - its driver may not be installed

    async def creator() -> Any:
        return await connect(*arguments, **options)

    own: dict[str, Any] = {} if streams else {"async_creator": creator}
    engine = create_async_engine(url, **own, pool_size=4, max_overflow=4, pool_timeout=10)
    arguments, options = engine.dialect.create_connect_args(url)
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def write_ahead(url: URL) -> None:
    """Turn a SQLite file to its write-ahead log, which it then keeps; call it in a thread, it may wait.

    Turning does not heed the busy time-out: whoever meets another process at it tries again
    (https://www.sqlite.org/wal.html#activating_and_configuring_wal_mode).
    """
    path = file_of(url)
    until = time.monotonic() + BUSY_MILLISECONDS / 1000
    while path is not None:
        try:
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _prepare(connection: Any, _record: Any) -> None:
    # The driver begins transactions too late by itself; we say BEGIN (see _begin).
    connection.isolation_level = None
    try:
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
        cursor.close()
    except BaseException:
        # Nobody else would: the driver's thread must not outlive a connection that never came to be.
        connection.close()
        raise


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    writes, light = options.get("writes", False), options.get("light", False)
    if writes and connection.info.get("light") != light:
        connection.exec_driver_sql(_SYNCHRONOUS[light])
        connection.info["light"] = light
    # A reader that turns writer midway fails at once if another wrote meanwhile; IMMEDIATE waits its turn instead.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
