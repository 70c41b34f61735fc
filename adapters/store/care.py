"""Prune, sizes, check: what an operator may ask for. What a person may ask for is in ``forgetting``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Table, and_, delete, func, literal, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store import schema
from adapters.store.base import Base
from adapters.store.schema import digest_runs, meta, opt_outs, posts, verdicts
from bot.errors import StoreError

_BATCH = 500
PICTURE = "slack:picture"
"""What notes on cards' pictures begin with (``adapters.slack.extras``)."""
BEAT = "queue:"
"""What the signs of life of queues begin with (``adapters.queue.door``)."""
_LONG_DEAD = timedelta(days=1)
# Days for which bookkeeping is of use: platforms retry events for an hour, limits look back one.
_USE = {"handled_events": ("at", 7), "asks": ("at", 2), "etags": ("at", 90), "jobs": ("finished_at", 30)}
_USE |= {"effects": ("confirmed_at", 90), "leases": ("until", 1)}


class CareRoom(Base):
    """Implements ``prune``, ``sizes`` and ``check`` of ``bot.ports_store.CareStore``."""

    async def prune(self, keep: timedelta) -> dict[str, int]:
        """See ``CareStore``."""
        now = self._now()
        old = verdicts.c.created_at < now - keep
        removed = {"verdicts": await self._prune(verdicts, old)}
        for name, (column, days) in _USE.items():
            table = schema.metadata.tables[name]
            removed[name] = await self._prune(table, table.c[column] < now - timedelta(days=days))
        removed["opt_outs"] = await self._prune(opt_outs, opt_outs.c.undone_at < now - keep)
        removed["digest_runs"] = await self._prune_runs(now - keep)
        removed["meta"] = await self._prune(meta, _of_no_card()) + await self._prune_beats(now - _LONG_DEAD)
        return removed

    async def _prune_beats(self, before: datetime) -> int:
        """Forget the signs of life of processes that were killed: those that end take theirs along."""
        async with self._write() as connection:
            beats = await connection.execute(select(meta).where(meta.c.key.startswith(BEAT, autoescape=True)))
            dead = [row.key for row in beats if _beaten_at(row.value) < before]
            return await _gone(connection, meta, meta.c.key.in_(dead))

    async def _prune_runs(self, before: datetime) -> int:
        """Forget what old runs were made of; the last one at its time stays bare, or that time would be due again."""
        old = digest_runs.c.finished_at < before
        other = digest_runs.alias()
        own = (other.c.subscription_id == digest_runs.c.subscription_id, other.c.period.not_like("% now"))
        last = select(func.max(other.c.period)).where(*own).correlate(digest_runs).scalar_subquery()
        gone = await self._prune(digest_runs, and_(old, digest_runs.c.period != func.coalesce(last, "")))
        async with self._write() as connection:
            await connection.execute(update(digest_runs).where(old).values(progress="{}", decision=""))
        return gone

    async def _prune(self, table: Table, where: ColumnElement[bool]) -> int:
        """Delete in batches: nobody waits for long behind one."""
        keys = list(table.primary_key)
        total = 0
        while True:
            batch = select(*keys).where(where).limit(_BATCH)
            async with self._write() as connection:
                gone = await _gone(connection, table, tuple_(*keys).in_(batch))
            total += gone
            if not gone:
                return total

    async def sizes(self) -> dict[str, int]:
        """See ``CareStore``."""
        async with self._read() as connection:
            return {
                table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
                for table in schema.metadata.sorted_tables
            }

    async def check(self) -> None:
        """See ``CareStore``."""
        async with self._read() as connection:
            if connection.dialect.name == "sqlite":
                said = (await connection.execute(text("PRAGMA integrity_check(1)"))).scalar_one()
                if said != "ok":
                    raise StoreError(
                        f"The memory is damaged ({said}).",
                        "Stop the bot and put a backup (`roast-bot backup`) in its place.",
                    )
        await self.sizes()


def _beaten_at(note: str) -> datetime:
    """Return when a process said last that it lives; what cannot be read is as old as can be."""
    try:
        return datetime.fromisoformat(note.rpartition(" ")[2])
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _of_no_card() -> ColumnElement[bool]:
    """Return the condition that a note is of a picture whose card is not remembered any more."""
    parts = (posts.c.workspace, posts.c.channel, posts.c.message)
    card = literal(PICTURE + ":").concat(parts[0]).concat(":").concat(parts[1]).concat(":").concat(parts[2])
    shown = select(posts.c.id).where(posts.c.platform == "slack", card == meta.c.key).exists()
    return and_(meta.c.key.startswith(PICTURE + ":", autoescape=True), ~shown)


async def _gone(connection: AsyncConnection, table: Table, where: ColumnElement[bool]) -> int:
    return int((await connection.execute(delete(table).where(where))).rowcount)
