"""Installing into a workspace from a web page: Bolt's OAuth flow, mounted beside Slack's other addresses.

``/slack/install`` leads to Slack's own page of consent, and that back to ``/slack/oauth_redirect`` with a code for a
token. The state in between is good for ten minutes, once, and for the browser that began.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

import structlog
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.sqlalchemy_utils import normalize_datetime_for_db
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from sqlalchemy import delete

from adapters.slack import mails
from adapters.slack.faults import CALLS, code_of
from adapters.slack.http import Answering, answering
from adapters.slack.installs import Installations, ManyWorkspaces, engine_of, told
from adapters.slack.wire import Wire
from bot.errors import StoreError
from bot.ports_messenger import AsgiApp
from bot.ports_store import Store
from bot.settings import Settings

log = structlog.get_logger(__name__)

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
SCOPES = (
    "commands",
    "chat:write",
    "chat:write.public",
    "app_mentions:read",
    "reactions:read",
    "reactions:write",
    "files:write",
    "channels:join",
    "channels:read",
    "groups:read",
    "channels:history",
    "groups:history",
    "im:history",
    "users:read",
)
"""What ``config/slack-manifest.yaml`` asks for, with the reasons beside it."""
_STATE_SECONDS = 600
_REASONS = {
    "access_denied": "You said no, and nothing was installed.",
    "invalid_browser": "This page was not reached from the install page in the same browser.",
    "invalid_state": "It took longer than ten minutes, or this page was used before.",
    "invalid_code": "Slack did not confirm it.",
    "missing_code": "Slack sent no code.",
    "storage_error": "The memory does not answer.",
    "whole_organisation": "I am installed into one workspace at a time, not into a whole organisation.",
    "slack_away": "Slack cannot be reached.",
}

Installed = Callable[[Installation], Awaitable[None]]


class States(AsyncSQLAlchemyOAuthStateStore):
    """Bolt's store of states, which forgets those that ran out: anybody can make one by looking at the page."""

    async def async_issue(self, *args: object, **more: object) -> str:
        """Return a new state."""
        with told():
            now = normalize_datetime_for_db(datetime.now(tz=UTC))
            async with self.engine.begin() as connection:
                await connection.execute(delete(self.oauth_states).where(self.oauth_states.c.expire_at < now))
            return await super().async_issue(*args, **more)


class _Flow(AsyncOAuthFlow):
    """Bolt's flow, over our store, for single workspaces."""

    def __init__(self, workspaces: ManyWorkspaces, settings: AsyncOAuthSettings) -> None:
        super().__init__(client=workspaces.client, settings=settings)
        self._workspaces = workspaces

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:  # noqa: ARG002
        """Keep it, and have it known."""
        if installation.is_enterprise_install or not installation.team_id:
            raise BoltError("whole_organisation")
        kept = Installation(**installation.to_dict_for_copying())
        kept.user_id = kept.bot_user_id or ""  # the library wants somebody; who installed the app is not kept
        await self._workspaces.installations.keep(kept)
        await self._workspaces.added(kept)


def many_workspaces(settings: Settings, store: Store, wire: Wire, holder: str) -> ManyWorkspaces:
    """Return the workspaces that installed the app. ``wire`` has no token; theirs are made from it."""
    slack = settings.slack
    secret = slack.client_secret.get_secret_value() if slack.client_secret else ""
    installations = Installations(slack.client_id, engine_of(store))
    rotator = AsyncTokenRotator(client_id=slack.client_id, client_secret=secret, client=wire.client)
    return ManyWorkspaces(wire, store, installations, rotator, holder)


def flow_of(settings: Settings, workspaces: ManyWorkspaces, installed: Installed) -> AsyncOAuthFlow:
    """Return the flow; ``installed`` is told of each installation, and may fail without harm."""
    slack = settings.slack

    async def success(args: AsyncSuccessArgs) -> BoltResponse:
        await installed(args.installation)
        return await args.default.success(args)

    async def failure(args: AsyncFailureArgs) -> BoltResponse:
        reason = str(args.error) if isinstance(args.error, BoltError) else args.reason
        log.warning("an installation failed", reason=reason[:80])
        args.reason = _REASONS.get(reason, "Slack did not confirm it.")
        return await args.default.failure(args)

    public = settings.web.public_url
    made = AsyncOAuthSettings(
        client_id=slack.client_id,
        client_secret=slack.client_secret.get_secret_value() if slack.client_secret else "",
        scopes=slack.scopes or (*SCOPES, *((mails.SCOPE,) if slack.confirm_by_mail else ())),
        user_scopes=(),
        redirect_uri=f"{public}{REDIRECT}" if public else None,
        install_path=INSTALL,
        redirect_uri_path=REDIRECT,
        authorization_url=f"{slack.base_url.removesuffix('/api')}/oauth/v2/authorize",
        callback_options=AsyncCallbackOptions(success=success, failure=failure),
        installation_store=workspaces.installations,
        state_store=States(_STATE_SECONDS, workspaces.installations.writing.engine),
        state_expiration_seconds=_STATE_SECONDS,
    )
    return _Flow(workspaces, made)


def mounts(flow: AsyncOAuthFlow) -> Mapping[str, AsgiApp]:
    """Return both pages."""
    return {
        INSTALL: answering("GET", _safely(flow, flow.handle_installation)),
        REDIRECT: answering("GET", _safely(flow, flow.handle_callback)),
    }


def _safely(flow: AsyncOAuthFlow, handle: Answering) -> Answering:
    """Let what goes wrong on the way end in a page with words."""

    async def answer(request: AsyncBoltRequest) -> BoltResponse:
        try:
            return await handle(request)
        except StoreError:
            log.exception("an installation could not be kept")
            reason, status = "storage_error", 503
        except CALLS as error:
            log.warning("an installation failed in Slack", code=code_of(error))
            reason, status = "slack_away", 502
        args = AsyncFailureArgs(
            request=request,
            reason=reason,
            suggested_status_code=status,
            settings=flow.settings,
            default=flow.default_callback_options,
        )
        return await flow.failure_handler(args)

    return answer
