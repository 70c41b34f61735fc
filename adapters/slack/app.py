"""The Slack app as ``roast-bot serve`` runs it: Bolt over Socket Mode where there is an app token, else over HTTP.

Both end in the same listeners; see ``adapters.slack.listeners`` for what is done with what comes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import Mapping

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import http, modals
from adapters.slack.check import checks
from adapters.slack.faults import CALLS, code_of
from adapters.slack.identity import Identity
from adapters.slack.listeners import Listeners
from adapters.slack.messenger import SlackMessenger
from adapters.slack.wire import Wire
from bot.commands import Commands
from bot.desk import Desk
from bot.errors import MessengerError, SettingsError, StoreError
from bot.ports_messenger import AsgiApp, Check, Platform
from bot.settings import Settings

log = structlog.get_logger(__name__)

_CONNECT_WITHIN = 20.0


class SlackApp(Platform):
    """See ``bot.ports_messenger.Platform``. ``wire`` may be given with another patience than the usual."""

    name = "slack"

    def __init__(self, settings: Settings, desk: Desk, commands: Commands, *, wire: Wire | None = None) -> None:
        slack = settings.slack
        self._app_token = slack.app_token.get_secret_value() if slack.app_token else ""
        self._secret = slack.signing_secret.get_secret_value() if slack.signing_secret else ""
        self._token = slack.bot_token.get_secret_value() if slack.bot_token else ""
        self.command = slack.command
        self._wire = wire or Wire(self._token, slack.base_url)
        self._store = desk.store
        self._identity = Identity(self._wire)
        self.messenger = SlackMessenger(self._wire, desk.store)
        self._listeners = Listeners(commands, self.messenger, self._wire, self)
        self._app = self._bolt()
        self._socket: AsyncSocketModeHandler | None = None
        self._over = asyncio.Event()
        self._lost = ""
        self._running = False

    @property
    def bot_user(self) -> str:
        """The bot's own user id, once it is known."""
        return self._identity.bot_user

    def _bolt(self) -> AsyncApp:
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            """Answer Bolt's question from what is known: one token, no call for each request."""
            identity = self._identity
            return AuthorizeResult(
                enterprise_id=enterprise_id,
                team_id=team_id,
                bot_token=self._token,
                bot_id=identity.bot_id,
                bot_user_id=identity.bot_user,
            )

        quiet = logging.getLogger("adapters.slack.bolt")
        quiet.setLevel(logging.ERROR)  # it warns of a token in the environment, and of every event it has no use for
        app = AsyncApp(
            name="roast-bot",
            logger=quiet,
            client=AsyncWebClient(base_url=self._wire.client.base_url),
            signing_secret=self._secret,
            authorize=authorize,
        )
        heard = self._listeners
        app.command(self.command)(heard.slash)
        app.shortcut("roast_message")(heard.shortcut)
        app.action(re.compile(r"^(?:say_\d+|more)$"))(heard.pressed)
        app.action("appeal")(heard.open_appeal)
        app.view(modals.APPEAL)(heard.appealed)
        app.event("app_mention", middleware=[heard.hear_mention])(heard.mention)
        for kind in ("reaction_added", "reaction_removed"):
            app.event(kind)(heard.reacted)
        app.event("app_home_opened")(heard.home_opened)
        app.event("member_joined_channel")(heard.joined)
        for kind in ("app_uninstalled", "tokens_revoked"):
            app.event(kind)(heard.removed)
        return app

    async def start(self) -> None:
        """See ``bot.ports_messenger``."""
        self._may_start()
        self._over, self._lost = asyncio.Event(), ""
        self._wire.open()
        try:
            await self._identity.ask()
            await self._store.installed(self.name, self._identity.team, self._identity.team_name)
            self._listeners.inbox.start()
            if self._app_token:
                await self._connect()
        except BaseException:
            await self.stop()
            raise
        self._running = True

    def _may_start(self) -> None:
        if not self._token:
            raise SettingsError("Slack has no bot token.", "Set SLACK_BOT_TOKEN (xoxb-…).")
        if not self._app_token and not self._secret:
            raise SettingsError(
                "Slack has neither an app token nor a signing secret.",
                "Set SLACK_APP_TOKEN (xapp-…) for Socket Mode, or SLACK_SIGNING_SECRET for HTTP.",
            )

    async def _connect(self) -> None:
        self._socket = AsyncSocketModeHandler(self._app, self._app_token, web_client=self._wire.client)
        try:
            await asyncio.wait_for(self._socket.connect_async(), _CONNECT_WITHIN)  # type: ignore[no-untyped-call]
        except CALLS as error:
            raise MessengerError(
                f"Socket Mode did not connect ({code_of(error)}).",
                "SLACK_APP_TOKEN wants an xapp- token with connections:write, and Socket Mode turned on.",
            ) from error

    async def wait(self) -> None:
        """See ``bot.ports_messenger``."""
        await self._over.wait()
        if self._lost:
            raise MessengerError(f"Slack took the app away ({self._lost}).", "Install it again and set the new token.")

    async def lost(self, workspace: str, why: str) -> None:
        """Clean up after the app was removed, and end."""
        try:
            await self._store.uninstalled(self.name, workspace)
        except StoreError:
            log.exception("a removal could not be noted", workspace=workspace)
        if workspace == self._identity.team:
            self._lost = why
            self._over.set()

    async def is_admin(self, user: str) -> bool:
        """Whether somebody runs the workspace."""
        return await self._identity.is_admin(user)

    async def stop(self) -> None:
        """See ``bot.ports_messenger``."""
        self._running = False
        socket, self._socket = self._socket, None
        if socket is not None:
            with contextlib.suppress(*CALLS):
                await asyncio.wait_for(socket.close_async(), 3)  # type: ignore[no-untyped-call]
        await self._listeners.inbox.stop()
        await self._wire.close()
        self._over.set()

    @property
    def connected(self) -> bool:
        """Whether people are heard at this moment."""
        if not self._running:
            return False
        if not self._app_token:
            return True
        session = self._socket.client.current_session if self._socket else None
        return session is not None and not session.closed

    def describe(self) -> str:
        """See ``bot.ports_messenger``."""
        mode = "Socket Mode" if self._app_token else f"HTTP at {http.PATH}"
        name = self._identity.bot_name
        return f"{mode} as @{name} in {self._identity.team_name}" if name else mode

    def mounts(self) -> Mapping[str, AsgiApp]:
        """Return the address of commands, events and interactions, in HTTP mode."""
        return {} if self._app_token or not self._token else {http.PATH: http.mounted(self._app)}

    async def check(self) -> tuple[Check, ...]:
        """Look at tokens, scopes and memberships. Never raises."""
        return await checks(self._identity, self._store, app_token=self._app_token, secret=self._secret)
