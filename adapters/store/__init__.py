"""The memory in SQL: SQLite by default, PostgreSQL by one setting. Start with ``open_store``."""

from __future__ import annotations

import asyncio
from pathlib import Path

from adapters.store.asking import AskRoom
from adapters.store.backup import backup, restore
from adapters.store.care import CareRoom
from adapters.store.consent import ConsentRoom
from adapters.store.digests import DigestRoom
from adapters.store.engine import default_url, make_engine, read_url, write_ahead
from adapters.store.faults import told
from adapters.store.forgetting import ForgetRoom
from adapters.store.migrate import migrate
from adapters.store.privacy import PrivacyRoom
from adapters.store.publications import PublicationRoom
from adapters.store.shared import SharedRoom
from adapters.store.sight import SightRoom
from adapters.store.slack_tables import states  # noqa: F401 - known to the schema from here on
from adapters.store.verdicts import VerdictRoom
from adapters.store.voices import VoiceRoom
from adapters.store.work import WorkRoom
from bot.feedback import EmojiMap
from bot.ports import Clock

__all__ = ["SqlStore", "default_url", "open_store", "restore"]


class SqlStore(
    VerdictRoom,
    VoiceRoom,
    ConsentRoom,
    PrivacyRoom,
    DigestRoom,
    WorkRoom,
    AskRoom,
    SharedRoom,
    SightRoom,
    PublicationRoom,
    ForgetRoom,
    CareRoom,
):
    """Implements ``bot.ports_store.Store`` on SQLAlchemy. Use ``open_store``, which migrates first."""

    async def backup(self, path: Path) -> int:
        """See ``CareStore``."""
        return await backup(self._engine, path)

    async def fill_from(self, path: Path) -> None:
        """See ``CareStore``."""
        await restore(path, self._engine.url.render_as_string(hide_password=False))

    async def aclose(self) -> None:
        """See ``CareStore``."""
        await self._checkpoints.stop()
        await self._engine.dispose()


async def open_store(
    url: str = "", *, clock: Clock | None = None, emoji: EmojiMap | None = None, connections: int = 12
) -> SqlStore:
    """Open the store at ``url`` (``ROAST_STORE__URL``; one SQLite file of the user's by default), made or migrated.

    ``emoji`` maps reactions to meanings; ``connections`` bounds those to PostgreSQL.
    Raises ``SettingsError`` for an address that is none, and
    ``StoreError`` where the store cannot be opened, is damaged, or is newer than this program.
    """
    with told():
        engine = make_engine(read_url(url or default_url()), connections)
        try:
            await asyncio.to_thread(write_ahead, engine.url)
            await migrate(engine)
        except BaseException:
            await engine.dispose()
            raise
    return SqlStore(engine, clock=clock, emoji=emoji)
