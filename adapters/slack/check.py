"""What ``roast-bot doctor`` looks at in Slack: tokens, the clock, scopes, memberships. Each line says what to do."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.faults import CALLS, code_of
from adapters.slack.identity import Identity
from adapters.slack.workspaces import Workspaces
from bot.errors import RoastBotError
from bot.ports_messenger import Check
from bot.ports_store import Store

NEEDED = ("commands", "chat:write")
WANTED = {
    "chat:write.public": "cards in public channels that I was not invited to",
    "app_mentions:read": "@roast in threads",
    "reactions:read": "counting reactions",
    "reactions:write": "putting reactions under a card, where that is set",
    "files:write": "pictures",
    "channels:join": "joining a channel that subscribes to a digest",
    "channels:history": "finding my own message again after a crash",
    "users:read": "telling who is an admin",
}
_SKEW = 120.0


async def checks(
    workspaces: Workspaces, store: Store, *, app_token: str, secret: str, more: Mapping[str, str]
) -> tuple[Check, ...]:
    """Return a line for each thing that can be wrong, in each workspace. ``more`` scopes are wanted by settings."""
    try:
        found = await workspaces.all()
    except RoastBotError as error:
        return (Check(name="Slack workspaces", ok=False, words=error.sentence, next_step=error.next_step),)
    lines: list[Check] = []
    if not found:
        words = "no workspace has installed the app yet"
        lines.append(
            Check(name="Slack workspaces", ok=False, words=words, next_step="Open /slack/install.", needed=False)
        )
    for identity in found:
        lines += await _workspace(identity, store, {**WANTED, **more})
    return (*lines, await _clock(workspaces.client), await _way(workspaces.client, app_token, secret))


async def _workspace(identity: Identity, store: Store, wanted: Mapping[str, str]) -> list[Check]:
    try:
        await identity.ask()
    except RoastBotError as error:
        where = f" of {identity.team_name}" if identity.team_name else ""
        return [Check(name=f"Slack bot token{where}", ok=False, words=error.sentence, next_step=error.next_step)]
    token = Check(name="Slack bot token", ok=True, words=f"@{identity.bot_name} in {identity.team_name}")
    return [token, *_scopes(identity, wanted), *await _channels(identity, store)]


async def _clock(client: AsyncWebClient) -> Check:
    """Compare the clocks: Slack's signatures are good for five minutes."""
    try:
        found = await client.api_test()
        sent = {name.lower(): value for name, value in found.headers.items()}.get("date", "")
        off = abs(parsedate_to_datetime(sent).timestamp() - time.time())
    except (*CALLS, ValueError, TypeError):
        return Check(name="Slack clock", ok=True, words="Slack did not say what time it is", needed=False)
    ok = off < _SKEW
    return Check(
        name="Slack clock", ok=ok, words=f"{off:.0f} s apart", next_step="" if ok else "Set this machine's clock."
    )


async def _way(client: AsyncWebClient, app_token: str, secret: str) -> Check:
    if not app_token:
        ok = bool(secret)
        words = "HTTP at /slack/events" if ok else "neither an app token nor a signing secret"
        return Check(
            name="Slack connection",
            ok=ok,
            words=words,
            next_step="" if ok else "Set SLACK_APP_TOKEN or SLACK_SIGNING_SECRET.",
        )
    try:
        await client.apps_connections_open(app_token=app_token)
    except CALLS as error:
        step = "Give the xapp- token connections:write, and turn Socket Mode on."
        return Check(name="Slack connection", ok=False, words=f"Socket Mode: {code_of(error)}", next_step=step)
    return Check(name="Slack connection", ok=True, words="Socket Mode")


def _scopes(identity: Identity, wanted: Mapping[str, str]) -> list[Check]:
    if not identity.scopes:
        return [Check(name="Slack scopes", ok=True, words="Slack did not say which were granted", needed=False)]
    again = "Install the app again from config/slack-manifest.yaml."
    lacking = [one for one in NEEDED if one not in identity.scopes]
    found = (
        [Check(name="Slack scopes", ok=False, words=f"lacks {', '.join(lacking)}", next_step=again)] if lacking else []
    )
    for scope, what in wanted.items():
        if scope not in identity.scopes:
            found.append(
                Check(name="Slack scopes", ok=False, words=f"lacks {scope}: no {what}", next_step=again, needed=False)
            )
    return found or [Check(name="Slack scopes", ok=True, words=f"all {len(NEEDED) + len(wanted)} are granted")]


async def _channels(identity: Identity, store: Store) -> list[Check]:
    """Look whether the bot is in every channel that subscribed to a digest."""
    found = []
    try:
        kept = await store.subscriptions()
    except RoastBotError as error:
        return [Check(name="Slack channels", ok=False, words=str(error), needed=False)]
    here = ("slack", identity.team)
    for channel in sorted({one.place.channel for one in kept if (one.place.platform, one.place.workspace) == here}):
        try:
            told = (await identity.wire.client.conversations_info(channel=channel)).get("channel") or {}
            ok, words = bool(told.get("is_member")), f"in {channel}" if told.get("is_member") else f"not in {channel}"
        except CALLS as error:
            ok, words = False, f"{channel}: {code_of(error)}"
        step = "" if ok else "Invite the bot with /invite, or end the subscription."
        found.append(Check(name="Slack channels", ok=ok, words=words, next_step=step, needed=False))
    return found
