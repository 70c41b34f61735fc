"""The calls to Discord, each one a few lines: what is drawn goes out, the spot of a message comes back.

An interaction's own messages are reached by its token, which lives fifteen minutes and outlives this process: so it is
the token that is kept in the store, not the library's object. Every call raises one of ``faults.CALLS``.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import discord
import structlog

from adapters.discord import limits, parts, render
from adapters.discord.escape import escape
from adapters.discord.faults import CALLS, Fault, code_of, fault_of
from adapters.discord.render import Drawn
from adapters.discord.spots import Spot
from bot.ports_store import Store

log = structlog.get_logger(__name__)

_HISTORY = 50
_PATIENCE = 120.0
"""Seconds for one call: the library waits as long as it is told to where an interaction's own limit is spent."""
_A_DAY: Final = 1440


class _Original(int):
    """Discord's own name for an interaction's first answer, where the library wants a number and quotes words."""

    def __format__(self, spec: str) -> str:
        return "@original"


_ORIGINAL = _Original()


@dataclass(frozen=True, slots=True)
class Token:
    """The way back to whoever asked."""

    application: int
    text: str


class Wire:
    """Discord, for the messenger. ``client`` is put in by the app, and replaced when it connects anew."""

    client: parts.Client

    def __init__(self, store: Store) -> None:
        self._store = store

    # by an interaction's token

    async def reply(self, interaction: discord.Interaction[Any], drawn: Drawn) -> None:
        """Answer an interaction at once and for good, for its asker alone."""
        body = {name: value for name, value in _body(drawn).items() if value is not None}
        await interaction.response.send_message(ephemeral=True, **body)

    async def edit_original(self, token: Token, drawn: Drawn, picture: bytes | None = None) -> Spot:
        """Edit an interaction's first answer, or make it from "thinking"."""

        async def send(shown: Drawn, files: list[discord.File]) -> Spot:
            found = await self._hook(token).edit_message(_ORIGINAL, attachments=files, **_body(shown))
            return Spot(found.channel.id, found.id)

        return await self._send(send, drawn, picture)

    async def follow(self, token: Token, drawn: Drawn, picture: bytes | None = None, *, ephemeral: bool) -> Spot:
        """Send one more answer."""

        async def send(shown: Drawn, files: list[discord.File]) -> Spot:
            found = await self._hook(token).send(wait=True, ephemeral=ephemeral, files=files, **_body(shown))
            return Spot(found.channel.id, found.id)

        return await self._send(send, drawn, picture)

    async def original(self, token: Token) -> Spot:
        """Return where an interaction's first answer stands."""
        async with asyncio.timeout(_PATIENCE):
            found = await self._hook(token).fetch_message(_ORIGINAL)
        return Spot(found.channel.id, found.id)

    async def delete_original(self, token: Token) -> None:
        """Take an interaction's first answer away, thinking or not."""
        async with asyncio.timeout(_PATIENCE):
            await self._hook(token).delete_message(_ORIGINAL)

    def _hook(self, token: Token) -> discord.Webhook:
        hook = discord.Webhook.partial(token.application, token.text, client=self.client)
        hook.type = discord.WebhookType.application  # the library makes one of an incoming kind of every token
        return hook

    # by the bot's own right

    async def post(self, channel: int, drawn: Drawn, nonce: str = "", picture: bytes | None = None) -> Spot:
        """Post a message. Within some minutes Discord returns the one that has the same ``nonce`` already."""

        async def send(shown: Drawn, files: list[discord.File]) -> Spot:
            named: dict[str, Any] = {"nonce": nonce[: limits.NONCE]} if nonce else {}
            found = await self.client.get_partial_messageable(channel).send(files=files, **{**_body(shown), **named})
            return Spot(found.channel.id, found.id)

        return await self._send(send, drawn, picture)

    async def mention(self, spot: Spot, user: int, words: str) -> None:
        """Mention one person in a reply to a message, and nobody else whatever the words are."""
        only = discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=[discord.Object(user)])
        async with asyncio.timeout(_PATIENCE):
            await self._message(spot).reply(f"<@{user}> {escape(words)}", allowed_mentions=only)

    async def edit(self, spot: Spot, drawn: Drawn, picture: bytes | None = None) -> Spot:
        """Edit a message of the bot's own; an archived thread is opened for it."""

        async def send(shown: Drawn, files: list[discord.File]) -> Spot:
            await self._message(spot).edit(attachments=files, **_body(shown))
            return spot

        try:
            return await self._send(send, drawn, picture)
        except CALLS as error:
            if fault_of(error) is not Fault.ARCHIVED:
                raise
            await self.client.http.edit_channel(spot.channel, archived=False)
            return await self._send(send, drawn, picture)

    async def delete(self, spot: Spot) -> None:
        """Delete a message of the bot's own."""
        await self._message(spot).delete()

    async def react(self, spot: Spot, emoji: str) -> None:
        """Put a reaction under a message."""
        await self._message(spot).add_reaction(emoji)

    async def direct(self, user: int, drawn: Drawn, picture: bytes | None = None) -> Spot:
        """Write somebody a direct message."""
        channel = await self.client.create_dm(discord.Object(user))
        return await self.post(channel.id, drawn, picture=picture)

    async def thread(self, spot: Spot, name: str) -> int:
        """Return the thread below a message, begun now where there is none: it has the message's own id."""
        try:
            begun = await self.client.http.start_thread_with_message(
                spot.channel,
                spot.message,
                name=render.cut(name, limits.THREAD_NAME) or "Roast",
                auto_archive_duration=_A_DAY,
            )
        except discord.HTTPException as error:
            if error.code != 160004:  # a thread was begun for this message already
                raise
            return spot.message
        return int(begun["id"])

    async def find(self, channel: int, wanted: Callable[[discord.Message], bool]) -> Spot | None:
        """Look through a channel's latest messages for one of the bot's own."""
        me = self.client.user
        async for found in self.client.get_partial_messageable(channel).history(limit=_HISTORY):
            if me is not None and found.author.id == me.id and wanted(found):
                return Spot(channel, found.id)
        return None

    def lacking(self, channel: int) -> str:
        """Return the permissions that are wanting in a channel, as people know them, as far as it is known."""
        found = self.client.get_channel(channel)
        if not isinstance(found, discord.abc.GuildChannel | discord.Thread):
            return ""
        return lacking_in(found.permissions_for(found.guild.me))

    def _message(self, spot: Spot) -> discord.PartialMessage:
        return self.client.get_partial_messageable(spot.channel).get_partial_message(spot.message)

    async def _send(
        self, send: Callable[[Drawn, list[discord.File]], Awaitable[Spot]], drawn: Drawn, picture: bytes | None
    ) -> Spot:
        """Send; what Discord finds too large, or not allowed, goes again without its picture, then without its form."""
        for name, said in drawn.kept.items():
            await self._store.set_meta(f"discord:{name}", said)
        if self.client.is_closed():
            raise ConnectionError("this process has let go of Discord")  # the library raises a bare RuntimeError
        async with asyncio.timeout(_PATIENCE):
            return await self._fitting(send, drawn, picture)

    async def _fitting(
        self, send: Callable[[Drawn, list[discord.File]], Awaitable[Spot]], drawn: Drawn, picture: bytes | None
    ) -> Spot:
        picture = picture if picture and len(picture) <= limits.ATTACHMENT_BYTES else None
        shown = drawn if picture else drawn.without_picture
        if picture:
            try:
                return await send(shown, [discord.File(io.BytesIO(picture), render.PICTURE)])
            except CALLS as error:
                if fault_of(error) not in {Fault.TOO_LARGE, Fault.RIGHTS, Fault.SHAPE}:
                    raise
                log.info("a message goes without its picture", code=code_of(error))
                shown = drawn.without_picture
        try:
            return await send(shown, [])
        except CALLS as error:
            if fault_of(error) not in {Fault.SHAPE, Fault.TOO_LARGE}:
                raise
            log.warning("a message goes as bare text", code=code_of(error))
            return await send(shown.bare, [])


def lacking_in(held: discord.Permissions) -> str:
    """Return which of the wanted permissions are not held: "Embed Links, Attach Files"."""
    names = [name for name in limits.PERMISSIONS if not getattr(held, name)]
    return ", ".join(name.replace("_", " ").title() for name in names)


def _body(drawn: Drawn) -> Mapping[str, Any]:
    return {
        "content": drawn.content,
        "embeds": [discord.Embed.from_dict(one) for one in drawn.embeds],
        "view": parts.view_of(drawn),
    }
