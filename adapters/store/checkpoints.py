"""Bringing SQLite's write-ahead log home beside the work, so that no one commit has to wait for it.

By itself SQLite does so at the end of whichever commit fills a thousand pages: that one waits for the disk, some
hundred times as long as the others (https://www.sqlite.org/wal.html#ckpt). A passive checkpoint waits for nobody and
keeps nobody waiting; SQLite's own stays as the last resort, at a larger size (``engine``).
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

EVERY = 50
"""Writes between two of them: about as many as fill a thousand pages."""


class Checkpoints:
    """Counts the writes to a file; ``None`` (PostgreSQL, memory) needs none."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._writes = 0
        self._task: asyncio.Task[None] | None = None

    def wrote(self) -> None:
        """Count a write; begin a checkpoint where it is time, and none is under way."""
        self._writes += 1
        if self._path is not None and self._writes >= EVERY and (self._task is None or self._task.done()):
            self._writes = 0
            self._task = asyncio.create_task(asyncio.to_thread(_checkpoint, self._path), name="checkpoint")

    async def stop(self) -> None:
        """Wait for the one under way."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)


def _checkpoint(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    except sqlite3.Error as error:
        # Whoever writes next meets the same fault, and says so to whom it concerns.
        log.warning("the memory's log could not be brought home", words=str(error))
