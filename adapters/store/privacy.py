"""What is of private repositories, and where it may be read: only in channels that the repository is bound to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, exists, or_, select

from adapters.store.base import Base
from adapters.store.keys import at_place, in_workspace
from adapters.store.schema import bindings, private_repositories, verdicts
from bot.records import Place


def is_private(table: Table) -> ColumnElement[bool]:
    """Return the condition that a row is of a private repository: it was when it was read, or it is by now."""
    now = exists().where(private_repositories.c.repository == table.c.repository)
    return or_(verdicts.c.private, now) if table is verdicts else now


def at_home(table: Table, reader: Place) -> ColumnElement[bool]:
    """Return the condition that a row's repository is bound to the channel where it is read."""
    return exists().where(bindings.c.repository == table.c.repository, at_place(bindings, reader))


def listed_for(table: Table, reader: Place) -> ColumnElement[bool]:
    """Return the condition that a row may be listed there: neither private nor bound elsewhere, or at home.

    What other workspaces bind is no matter here.
    """
    bound = exists().where(bindings.c.repository == table.c.repository, in_workspace(bindings, reader))
    return or_(and_(~is_private(table), ~bound), at_home(table, reader))


class PrivacyRoom(Base):
    """Implements ``bot.ports_care.PrivacyStore``."""

    async def note_privacy(self, repository: str, *, private: bool) -> None:
        """See ``PrivacyStore``."""
        name = repository.lower()
        # Nearly always it is known already: then nobody waits for the writer.
        if (name in await self.private_among([name])) == private:
            return
        async with self._write() as connection:
            if private:
                await self._insert_new(connection, private_repositories, {"repository": name, "at": self._now()})
            else:
                gone = private_repositories.c.repository == name
                await connection.execute(delete(private_repositories).where(gone))

    async def private_among(self, repositories: Sequence[str]) -> frozenset[str]:
        """See ``PrivacyStore``."""
        names = {name.lower() for name in repositories}
        query: Any = select(private_repositories.c.repository).where(private_repositories.c.repository.in_(names))
        async with self._read() as connection:
            return frozenset((await connection.execute(query)).scalars())
