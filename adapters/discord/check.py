"""What ``roast-bot doctor`` looks at in Discord: the token, the invite, the permissions in every subscribed channel."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from adapters.discord import limits
from adapters.discord.faults import CALLS, Fault, code_of, fault_of, in_words
from adapters.discord.wire import lacking_in
from bot.errors import RoastBotError
from bot.ports_messenger import Check
from bot.ports_store import Store
from bot.records import Place


def invite(application: int) -> str:
    """Return the link that lets the bot into a server with exactly the permissions that it needs."""
    wanted = discord.Permissions(**dict.fromkeys(limits.PERMISSIONS, True))
    return discord.utils.oauth_url(application, permissions=wanted, scopes=("bot", "applications.commands"))


async def checks(token: str, store: Store) -> tuple[Check, ...]:
    """Return a line for each thing that can be wrong; talks to Discord's web side alone."""
    if not token:
        step = "Set DISCORD_TOKEN to the bot's token."
        return (Check(name="Discord token", ok=False, words="is not set", next_step=step),)
    client = discord.Client(intents=discord.Intents.none())
    try:
        await client.login(token)
        return await _all(client, store)
    except CALLS as error:
        wrong = fault_of(error) is Fault.CREDENTIAL
        step = "Set DISCORD_TOKEN to the bot's token." if wrong else "Discord cannot be reached; try again."
        words = "is not accepted" if wrong else f"could not be tried ({code_of(error)})"
        return (Check(name="Discord token", ok=False, words=words, next_step=step),)
    finally:
        await client.close()


async def _all(client: discord.Client, store: Store) -> tuple[Check, ...]:
    token = Check(name="Discord token", ok=True, words=f"is {client.user}'s")
    application = client.application_id or 0
    link = Check(name="Discord invite", ok=True, words=invite(application), needed=False)
    return (token, link, *await _channels(client, store))


async def _channels(client: discord.Client, store: Store) -> list[Check]:
    try:
        kept = await store.subscriptions()
    except RoastBotError as error:
        return [Check(name="Discord channels", ok=False, words=str(error), needed=False)]
    servers: dict[str, list[Place]] = {}
    for place in {one.place for one in kept if one.place.platform == "discord" and one.place.workspace.isdecimal()}:
        servers.setdefault(place.workspace, []).append(place)
    found = []
    for server, places in sorted(servers.items()):
        try:
            found += await _server(client, int(server), places)
        except CALLS as error:
            step = "Invite the bot with the link above, or end the subscription."
            words = f"server {server}: {in_words(error)}"
            found.append(Check(name="Discord channels", ok=False, words=words, next_step=step, needed=False))
    return found


async def _server(client: discord.Client, server: int, places: Sequence[Place]) -> list[Check]:
    guild = await client.fetch_guild(server)
    channels = {str(one.id): one for one in await guild.fetch_channels()}
    me = await guild.fetch_member(client.user.id if client.user else 0)
    found = []
    for place in sorted(places, key=str):
        channel = channels.get(place.channel)
        lacking = "View Channel" if channel is None else lacking_in(channel.permissions_for(me))
        name = f"#{channel.name}" if channel else place.channel
        words = f"{name}: lacks {lacking}" if lacking else f"{name}: may do all that is needed"
        step = "Grant it in the channel's settings, or end the subscription." if lacking else ""
        found.append(Check(name="Discord channels", ok=not lacking, words=words, next_step=step, needed=False))
    return found
