"""Discord's interactions and reactions read as what somebody said, where, and the way back. Pure.

https://discord.com/developers/docs/interactions/receiving-and-responding
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import discord

from adapters.discord.spots import Spot, message_of
from bot.ports_messenger import Answer, Said
from bot.records import Message, Person, Place, Reaction

PLATFORM = "discord"
CALLED = "/roastbot"
_PULL_REQUEST = re.compile(r"https?://[^\s<>|\"'()\]]+/pull/\d+")

Interaction = discord.Interaction[Any]


def said(interaction: Interaction, words: str, *, private: bool = False, update: bool = False) -> Said:
    """Read an interaction as ``words``. ``private``: deferred for the asker alone; ``update``: of a card's own."""
    place, thread = place_of(interaction)
    message = interaction.message
    hidden = bool(message and message.flags.ephemeral)
    reply: dict[str, Any] = {
        "token": interaction.token,
        "application": str(interaction.application_id),
        "at": interaction.created_at.timestamp(),
    }
    reply |= {"thread": thread} if thread else {}
    reply |= {"ephemeral": True} if private or hidden else {}
    reply |= {"update": True} if update else {}
    return Said(
        words=words,
        place=place,
        person=person(place.workspace, interaction.user.id),
        is_admin=interaction.guild_id is not None and interaction.permissions.manage_guild,
        called=CALLED,
        message=_message(interaction, place, message) if message is not None else None,
        reply=reply,
        event=f"{PLATFORM}:{interaction.id}",
        alone=hidden,
    )


def _message(interaction: Interaction, place: Place, message: discord.Message) -> Message:
    return message_of(place, Spot(interaction.channel_id or message.channel.id, message.id))


def place_of(interaction: Interaction) -> tuple[Place, str]:
    """Return where something was said, and in which thread. A direct conversation is a workspace of its own."""
    channel, thread = str(interaction.channel_id or ""), ""
    if isinstance(interaction.channel, discord.Thread):
        channel, thread = str(interaction.channel.parent_id), channel
    workspace = str(interaction.guild_id) if interaction.guild_id else f"dm{channel}"
    return Place(platform=PLATFORM, workspace=workspace, channel=channel), thread


def person(workspace: str, user: int) -> Person:
    """Return somebody, as known in one server: what an admin there vouched for counts nowhere else."""
    return Person(platform=PLATFORM, workspace=workspace, user=str(user))


def pull_request_in(message: discord.Message) -> str:
    """Return the first pull request's address in a message, its embeds included, or nothing."""
    texts = [message.content]
    for embed in message.embeds:
        texts += [embed.url or "", embed.title or "", embed.description or "", embed.author.url or ""]
        texts += [field.value or "" for field in embed.fields]
    return next((found[0] for text in texts if (found := _PULL_REQUEST.search(text))), "")


def spot_place(client: discord.Client, guild: int | None, channel: int) -> Place:
    """Return the place of a raw event; what happens in a thread happens in its channel."""
    known = client.get_channel(channel)
    home = known.parent_id if isinstance(known, discord.Thread) else channel
    return Place(platform=PLATFORM, workspace=str(guild) if guild else f"dm{channel}", channel=str(home))


def reaction(client: discord.Client, event: discord.RawReactionActionEvent, at: datetime) -> Reaction:
    """Read a reaction that was added or removed. Discord sends no time along: it is ours."""
    place = spot_place(client, event.guild_id, event.channel_id)
    me = client.user
    return Reaction(
        message=message_of(place, Spot(event.channel_id, event.message_id)),
        person=person(place.workspace, event.user_id),
        emoji=str(event.emoji),
        on=event.event_type == "REACTION_ADD",
        at=at,
        by_bot=bool(me and event.user_id == me.id) or bool(event.member and event.member.bot),
    )


def localised(answer: Answer) -> Answer:
    """Return an answer with the commands as they are called here: a roast is asked for with ``/roast pr:``."""

    def here(text: str) -> str:
        return text.replace(f"{CALLED} <pull request>", "/roast <pull request>").replace(
            f"{CALLED} http", "/roast http"
        )

    rows = tuple((here(label), here(text)) for label, text in answer.rows)
    return answer.model_copy(update={"title": here(answer.title), "text": here(answer.text), "rows": rows})
