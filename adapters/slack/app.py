"""The Slack app as ``roast-bot serve`` runs it: Bolt over Socket Mode where there is an app token, else over HTTP.

Both end in the same listeners; see ``adapters.slack.listeners`` for what is done with what comes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import http, mails, modals
from adapters.slack.check import checks
from adapters.slack.door import Door
from adapters.slack.faults import CALLS, code_of
from adapters.slack.listeners import Listeners
from adapters.slack.messenger import SlackMessenger
from adapters.slack.wire import Wire
from adapters.slack.workspaces import OneWorkspace, Workspaces
from bot.commands import Commands
from bot.desk import Desk
from bot.errors import MessengerError, RoastBotError, SettingsError
from bot.ports_messenger import AsgiApp, Check, Platform
from bot.settings import Settings

log = structlog.get_logger(__name__)

_CONNECT_WITHIN = 20.0


async def _closed(message: Any) -> None:
    """Tell of a socket that Slack closed: the library opens another."""
    log.warning("Slack closed a socket; another one is opened", code=str(getattr(message, "data", ""))[:20])


class _Sockets(AsyncSocketModeHandler):
    """Bolt's handler, at the door."""

    door: Door

    async def handle(self, client: Any, req: Any) -> None:
        """Handle one envelope, from its arrival to its acknowledgement."""
        with self.door.standing():
            await super().handle(client, req)


class SlackApp(Platform):
    """See ``bot.ports_messenger.Platform``. ``wire`` may be given with another patience than the usual."""

    name = "slack"

    def __init__(self, settings: Settings, desk: Desk, commands: Commands, *, wire: Wire | None = None) -> None:
        slack = settings.slack
        self._app_token = slack.app_token.get_secret_value() if slack.app_token else ""
        self._secret = slack.signing_secret.get_secret_value() if slack.signing_secret else ""
        self._settings, self._store = settings, desk.store
        self._workspaces, self._pages = self._open_up(settings, desk, wire)
        self._door = Door(desk.meters)
        self.messenger = SlackMessenger(
            self._workspaces, desk.store, quiet=self._door.quiet, tells_mail=slack.confirm_by_mail
        )
        self._listeners = Listeners(
            commands, self.messenger, self._workspaces, self._door, slack.command, self._lost_workspace
        )
        self._app = self._bolt()
        self._socket: AsyncSocketModeHandler | None = None
        self._over = asyncio.Event()
        self._lost = ""
        self._running = False

    def _open_up(self, settings: Settings, desk: Desk, wire: Wire | None) -> tuple[Workspaces, Mapping[str, AsgiApp]]:
        """Return the workspaces to serve, and the pages for installing into more of them."""
        slack = settings.slack
        token = slack.bot_token.get_secret_value() if slack.bot_token else ""
        if not slack.installs:
            return OneWorkspace(wire or Wire(token, slack.base_url), desk.store), {}
        from adapters.slack import oauth  # noqa: PLC0415 - only where many workspaces are served

        many = oauth.many_workspaces(settings, desk.store, wire or Wire("", slack.base_url), desk.holder)
        return many, oauth.mounts(oauth.flow_of(settings, many, self._welcome_installer))

    def _bolt(self) -> AsyncApp:
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            """Answer Bolt's question from what is known: no call for each request. The token stays in its wire."""
            identity = await self._workspaces.identity(team_id or "")
            return AuthorizeResult(
                enterprise_id=enterprise_id,
                team_id=team_id,
                bot_token="unused",  # noqa: S106 - Bolt wants one, and nobody calls with it
                bot_id=identity.bot_id,
                bot_user_id=identity.bot_user,
            )

        quiet = logging.getLogger("adapters.slack.bolt")
        quiet.setLevel(logging.ERROR)  # it warns of a token in the environment, and of every event it has no use for
        app = AsyncApp(
            name="roast-bot",
            logger=quiet,
            client=AsyncWebClient(base_url=self._workspaces.client.base_url),
            signing_secret=self._secret,
            authorize=authorize,
            process_before_response=True,  # a listener ends with its acknowledgement; Bolt would poll for that
        )
        heard = self._listeners
        app.command(self._settings.slack.command)(heard.slash)
        app.shortcut("roast_message")(heard.shortcut)
        app.action(re.compile(r"^(?:say_\d+|more)$"))(heard.pressed)
        app.action("appeal")(heard.open_appeal)
        app.view(modals.APPEAL)(heard.appealed)
        app.event("app_mention")(heard.mention)
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
        try:
            await self._workspaces.start()
            if self.hears:
                self._listeners.inbox.start()
            if self.hears and self._app_token:
                await self._connect()
        except BaseException:
            await self.stop()
            raise
        self._running = True

    def _may_start(self) -> None:
        slack = self._settings.slack
        if slack.installs and slack.client_secret is None:
            raise SettingsError("Slack has a client id, but no client secret.", "Set SLACK_CLIENT_SECRET as well.")
        if not slack.installs and not slack.bot_token:
            raise SettingsError("Slack has no bot token.", "Set SLACK_BOT_TOKEN (xoxb-…).")
        if self.hears and not self._app_token and not self._secret:
            raise SettingsError(
                "Slack has neither an app token nor a signing secret.",
                "Set SLACK_APP_TOKEN (xapp-…) for Socket Mode, or SLACK_SIGNING_SECRET for HTTP.",
            )

    async def _connect(self) -> None:
        self._socket = _Sockets(self._app, self._app_token, web_client=self._workspaces.client)
        self._socket.door = self._door
        self._socket.client.on_close_listeners.append(_closed)
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

    async def _lost_workspace(self, workspace: str, why: str) -> None:
        """Clean up after the app was removed from a workspace, and end where it was the only one."""
        log.warning("the app was removed from a workspace", workspace=workspace, why=why)
        try:
            await self._store.uninstalled(self.name, workspace)
            await self._call_off(workspace)
            last = await self._workspaces.lose(workspace)
        except RoastBotError:
            log.exception("a removal could not be noted", workspace=workspace)
            return
        if last:
            self._lost = why
            self._over.set()

    async def _call_off(self, workspace: str) -> None:
        """End what waits for an answer there: nobody can be told any more."""
        for job in await self._store.jobs(unfinished=True):
            if job.place is not None and (job.place.platform, job.place.workspace) == (self.name, workspace):
                await self._store.finish_job(job.id, "The app was removed from that workspace.")

    async def _welcome_installer(self, installation: Installation) -> None:
        """Say hello to whoever installed the app, once."""
        if installation.user_id:
            await self._listeners.welcome_person(str(installation.team_id), installation.user_id)

    async def stop(self) -> None:
        """See ``bot.ports_messenger``."""
        self._running = False
        socket, self._socket = self._socket, None
        if socket is not None:
            with contextlib.suppress(*CALLS):
                await asyncio.wait_for(socket.close_async(), 3)  # type: ignore[no-untyped-call]
        await self._listeners.stop()
        await self.messenger.extras.stop()
        await self._workspaces.stop()
        self._over.set()

    @property
    def connected(self) -> bool:
        """Whether people are heard at this moment."""
        if not self._running:
            return False
        if not self.hears or not self._app_token:
            return True
        session = self._socket.client.current_session if self._socket else None
        return session is not None and not session.closed

    def describe(self) -> str:
        """See ``bot.ports_messenger``."""
        mode = "Socket Mode" if self._app_token else f"HTTP at {http.PATH}"
        return f"{mode}{self._workspaces.describe()}"

    def mounts(self) -> Mapping[str, AsgiApp]:
        """Return the address of commands, events and interactions, in HTTP mode, and the pages for installing."""
        events = {} if self._app_token or not self._secret else {http.PATH: http.mounted(self._app, self._door)}
        return {**events, **self._pages}

    async def check(self) -> tuple[Check, ...]:
        """Look at tokens, scopes and memberships. Never raises."""
        more = {mails.SCOPE: "confirming logins by mail"} if self._settings.slack.confirm_by_mail else {}
        return await checks(self._workspaces, self._store, app_token=self._app_token, secret=self._secret, more=more)
