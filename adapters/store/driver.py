"""SQLite's connections as SQLAlchemy is given them: one way to the connection's thread and back for a statement.

``aiosqlite`` goes there four times (make a cursor, execute, fetch, close), and on a busy machine each of these waits
for its turn. A statement of the store is small and all of its rows are wanted, so it is done there at once.

The library has no public way into its thread but one call at a time, so its ``_execute`` and ``_conn`` are used.
SQLAlchemy's dialect rests on the same insides; without them no store opens, and every test of one fails at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

import aiosqlite


class _Cursor:
    """What SQLAlchemy wants of an asynchronous cursor; it is made, used up and closed within one call."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount: int = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        return None

    async def execute(self, statement: str, parameters: Any = ()) -> Self:
        return await self._do(lambda cursor: cursor.execute(statement, parameters))

    async def executemany(self, statement: str, parameters: Sequence[Any]) -> Self:
        return await self._do(lambda cursor: cursor.executemany(statement, parameters))

    async def _do(self, what: Callable[[sqlite3.Cursor], Any]) -> Self:
        def there(database: sqlite3.Connection) -> None:
            cursor = database.cursor()
            try:
                what(cursor)
                self._rows = cursor.fetchall() if cursor.description else []
                self.description, self.lastrowid = cursor.description, cursor.lastrowid
                self.rowcount = cursor.rowcount
            finally:
                cursor.close()

        await self._connection.in_its_thread(there)
        return self

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        return None


class Connection(aiosqlite.Connection):
    """A connection whose cursors go one way."""

    def cursor(self) -> _Cursor:  # type: ignore[override]
        """Return a cursor; nothing is asked yet."""
        return _Cursor(self)

    async def in_its_thread(self, what: Callable[[sqlite3.Connection], None]) -> None:
        """Do something with the database where it may be touched."""
        await self._execute(lambda: what(self._conn))  # type: ignore[no-untyped-call]


async def connect(database: str | Path, **more: Any) -> Connection:
    """Open a database; takes what ``sqlite3.connect`` takes."""
    connection = Connection(lambda: sqlite3.connect(database, **more), iter_chunk_size=64)
    # The process may end without waiting for a connection that nobody closed. Before 0.22 it was a thread itself.
    thread: Any = getattr(connection, "_thread", connection)
    thread.daemon = True
    await connection
    return connection
