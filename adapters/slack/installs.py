"""Many workspaces, each with the token that its installation brought: Bolt's own SQL stores in the bot's own database.

Tokens that expire are exchanged two hours before they do, by one process at a time: a refresh token is good for one
exchange. Until that is done the old one goes on serving (https://docs.slack.dev/authentication/using-token-rotation).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import structlog
from slack_sdk.errors import SlackApiError, SlackTokenRotationError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.slack.faults import CALLS, code_of
from adapters.slack.hearing import PLATFORM
from adapters.slack.identity import Identity
from adapters.slack.render import Drawn
from adapters.slack.wire import Wire, said_no
from adapters.slack.workspaces import Workspaces
from bot.errors import SettingsError, StoreError
from bot.ports_store import Store
from bot.records import EffectState

log = structlog.get_logger(__name__)

READ_AGAIN_AFTER = 60.0
"""Seconds until another process's exchange or removal is noticed here."""
EXCHANGE_BEFORE = 120
"""Minutes before a token expires."""


@runtime_checkable
class OnEngine(Protocol):
    """A store that lends its database: the tables are in its migrations."""

    @property
    def engine(self) -> AsyncEngine:
        """The engine."""
        ...


def engine_of(store: object) -> AsyncEngine:
    """Return the database of a store. Raises ``SettingsError`` where it has none."""
    if not isinstance(store, OnEngine):
        raise SettingsError("Installing into many workspaces needs a database.", "Set ROAST_STORE__URL.")
    return store.engine


@contextmanager
def told() -> Iterator[None]:
    """Turn the database's faults into ours."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise StoreError("The memory does not answer.", "Try again in a minute.") from error


class Installations(AsyncSQLAlchemyInstallationStore):
    """Bolt's store, asked by workspace alone: which organisation it belongs to is not in our records."""

    def __init__(self, client_id: str, engine: AsyncEngine) -> None:
        super().__init__(client_id=client_id, engine=engine)
        # SQLite wants to know beforehand who writes: see adapters/store/engine.py.
        self.writing = AsyncSQLAlchemyInstallationStore(
            client_id=client_id, engine=engine.execution_options(writes=True)
        )

    async def in_workspace(self, workspace: str) -> Installation | None:
        """Return the newest installation in a workspace."""
        found = self.bots.c
        query = select(found.enterprise_id).where(found.client_id == self.client_id, found.team_id == workspace)
        with told():
            async with self.engine.connect() as connection:
                row = (await connection.execute(query.order_by(found.installed_at.desc()).limit(1))).first()
            if row is None:
                return None
            return await self.async_find_installation(enterprise_id=row.enterprise_id, team_id=workspace)

    async def workspaces(self) -> tuple[str, ...]:
        """Return the workspaces with a token."""
        found = self.bots.c
        query = select(found.team_id).where(found.client_id == self.client_id).distinct()
        with told():
            async with self.engine.connect() as connection:
                return tuple(sorted(row.team_id for row in await connection.execute(query) if row.team_id))

    async def keep(self, installation: Installation) -> None:
        """Keep an installation, and its token."""
        with told():
            await self.writing.async_save(installation)

    async def remove(self, workspace: str) -> None:
        """Delete all tokens of a workspace."""
        with told():
            async with self.writing.engine.begin() as connection:
                for table in (self.bots, self.installations):
                    mine = (table.c.client_id == self.client_id) & (table.c.team_id == workspace)
                    await connection.execute(delete(table).where(mine))


@dataclass
class Known:
    """What is known of a workspace, and how long that may be believed (a time of ``time.time``)."""

    identity: Identity
    token: str
    until: float


class ManyWorkspaces(Workspaces):
    """Every workspace that installed the app. ``holder`` is this process's name."""

    def __init__(
        self, wire: Wire, store: Store, installations: Installations, rotator: AsyncTokenRotator, holder: str
    ) -> None:
        self._wire, self._store, self._holder = wire, store, holder
        self.installations, self._rotator = installations, rotator
        self._known: dict[str, Known] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        self._unkept: dict[str, Installation] = {}
        self._many = 0

    @property
    def client(self) -> AsyncWebClient:
        """See ``Workspaces``."""
        return self._wire.client

    async def start(self) -> None:
        """See ``Workspaces``."""
        self._wire.open()
        self._known.clear()
        self._many = len(await self.installations.workspaces())

    async def stop(self) -> None:
        """See ``Workspaces``."""
        self._known.clear()
        await self._wire.close()

    async def of(self, workspace: str) -> Wire:
        """See ``Wires``."""
        return (await self.identity(workspace)).wire

    async def respond(self, url: str, drawn: Drawn, *, in_channel: bool = False, replace: bool = False) -> None:
        """See ``Wires``."""
        await self._wire.respond(url, drawn, in_channel=in_channel, replace=replace)

    async def identity(self, workspace: str) -> Identity:
        """See ``Workspaces``."""
        known = self._known.get(workspace)
        if known is not None and time.time() < known.until:
            return known.identity
        async with self._turns.setdefault(workspace, asyncio.Lock()):
            known = self._known.get(workspace)
            if known is None or time.time() >= known.until:
                known = self._known[workspace] = await self._look(workspace, known)
            return known.identity

    async def _look(self, workspace: str, known: Known | None) -> Known:
        """Read a workspace's token, exchange it where it is time, and keep what was learnt where it is the same."""
        try:
            if workspace in self._unkept:
                await self._keep(workspace, self._unkept[workspace])
            found = self._unkept.get(workspace) or await self.installations.in_workspace(workspace)
        except StoreError as error:
            if known is None:
                raise
            log.warning("a token could not be read again", workspace=workspace, words=str(error))
            return Known(known.identity, known.token, time.time() + READ_AGAIN_AFTER)
        if found is None or not found.bot_token:
            self.forget(workspace)
            raise said_no("app_uninstalled")
        found = await self._fresh(workspace, found)
        token, until = str(found.bot_token), time.time() + READ_AGAIN_AFTER
        if known is not None and known.token == token:
            return Known(known.identity, token, until)
        return Known(_identity(found, self._wire.for_token(token)), token, until)

    async def _fresh(self, workspace: str, found: Installation) -> Installation:
        """Exchange a token that is about to expire, unless another process is at it."""
        expires = found.bot_token_expires_at
        if not expires or not found.bot_refresh_token or expires > time.time() + EXCHANGE_BEFORE * 60:
            return found
        effect = f"slack:exchange:{workspace}:{int(expires)}"
        taken = await self._store.claim_effect(effect, self._holder)
        if taken.state is not EffectState.MINE and expires > time.time() + READ_AGAIN_AFTER:
            return found
        try:
            made = await self._rotator.perform_token_rotation(
                installation=found, minutes_before_expiration=EXCHANGE_BEFORE
            )
        except (SlackTokenRotationError, *CALLS) as error:
            await self._store.release_effect(effect)
            cause = error.api_error if isinstance(error, SlackTokenRotationError) else error
            log.error("a token could not be exchanged", workspace=workspace, code=code_of(cause))  # noqa: TRY400
            return found
        if made is None:
            return found
        log.info("a token was exchanged", workspace=workspace)
        await self._keep(workspace, made)
        return made

    async def _keep(self, workspace: str, made: Installation) -> None:
        """Keep what a token was exchanged for, now or later: its refresh token is spent, and there is no other."""
        self._unkept[workspace] = made
        try:
            await self.installations.keep(made)
        except StoreError as error:
            log.error("a new token could not be kept yet", workspace=workspace, words=str(error))  # noqa: TRY400
        else:
            del self._unkept[workspace]

    def forget(self, workspace: str) -> None:
        """Read the workspace's token anew when it is next needed."""
        self._known.pop(workspace, None)

    async def added(self, installation: Installation) -> None:
        """Take note of a new installation that is kept already."""
        workspace = str(installation.team_id)
        self.forget(workspace)
        await self._store.installed(PLATFORM, workspace, installation.team_name or "")
        self._many = len(await self.installations.workspaces())

    async def all(self) -> tuple[Identity, ...]:
        """See ``Workspaces``."""
        found = []
        for workspace in await self.installations.workspaces():
            try:
                found.append(await self.identity(workspace))
            except SlackApiError as error:
                log.warning("a workspace cannot be spoken to", workspace=workspace, code=code_of(error))
        return tuple(found)

    async def lose(self, workspace: str) -> bool:
        """See ``Workspaces``."""
        self.forget(workspace)
        await self.installations.remove(workspace)
        self._many = len(await self.installations.workspaces())
        return False

    def describe(self) -> str:
        """See ``Workspaces``."""
        return f" for {self._many} workspace{'' if self._many == 1 else 's'}, new ones at /slack/install"


def _identity(found: Installation, wire: Wire) -> Identity:
    scopes = found.bot_scopes or ()
    return Identity(
        wire=wire,
        bot_user=str(found.bot_user_id or ""),
        bot_id=str(found.bot_id or ""),
        team=str(found.team_id or ""),
        team_name=str(found.team_name or ""),
        scopes=frozenset(one.strip() for one in scopes),
        mend="Somebody of that workspace has to install the app again, at /slack/install.",
    )
