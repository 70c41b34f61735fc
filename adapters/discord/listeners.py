"""What the app does with everything that Discord sends: hand it to the commands, and show what comes back.

What makes a job is in the store before it is deferred, so that nobody waits for an answer that a crash took along;
where the store takes its time it is deferred first, well before Discord's three seconds are over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

import discord
import structlog

from adapters.discord import faults, hearing, parts, render
from adapters.discord.faults import CALLS, Fault, code_of, fault_of
from adapters.discord.hearing import Interaction
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.spots import Spot, message_of, spot_of
from adapters.discord.wire import Wire
from bot.command_words import Command, read
from bot.commands import Commands
from bot.errors import RoastBotError, UsageError
from bot.ports_messenger import Answer, Ask, Reply, Said, Tone
from bot.records import Message, PostKind, VerdictId
from bot.rush import Rush

log = structlog.get_logger(__name__)

HEARD_WITHIN = 1.0
"""Seconds that the store has to write a wish down before it is deferred anyway."""
_DEFERRED_WITHIN = 15.0
"""Long past Discord's three seconds, as our clock and Discord's may differ; the library itself would wait for ever."""
_IN_PLACE = frozenset({"hotter", "milder"})
_NO_LINK = Answer(text="There is no link to a pull request in that message.", tone=Tone.REFUSED)


@dataclass
class Listeners:
    """One method for each kind of thing that Discord sends."""

    commands: Commands
    messenger: DiscordMessenger
    wire: Wire
    heard_within: float = HEARD_WITHIN
    rush: Rush = field(default_factory=Rush)
    _turns: dict[str, asyncio.Lock] = field(default_factory=dict)

    # what people say

    async def typed(self, interaction: Interaction, words: str) -> None:
        """Answer a slash command, given as words."""
        command = _read(words)
        said = hearing.said(interaction, words, private=command is None or command.private)
        await self._answer(interaction, said, command)

    async def shortcut(self, interaction: Interaction, message: discord.Message) -> None:
        """Answer "Roast this PR" on a message."""
        url = hearing.pull_request_in(message)
        if url:
            await self.typed(interaction, f"roast {url}")
            return
        said = hearing.said(interaction, "roast", private=True)
        if await self._defer(interaction, private=True, update=False):
            await self._show(said, _NO_LINK)

    async def pressed(self, interaction: Interaction, custom_id: str) -> None:
        """Answer a button, or a choice in a menu."""
        if custom_id.startswith(render.APPEAL):
            await self._open_form(interaction, custom_id.removeprefix(render.APPEAL))
            return
        words = custom_id.removeprefix(render.SAY)
        if custom_id.startswith(render.KEPT):
            words = await self._kept(custom_id) or "help"
        command = _read(words)
        name = command.name if command else ""
        if name == "full":
            await self._full(interaction, words)
            return
        update = name in _IN_PLACE
        said = hearing.said(interaction, words, private=not update, update=update)
        await self._answer(interaction, said, command)

    async def _kept(self, name: str) -> str:
        try:
            return await self.commands.desk.store.meta(f"discord:{name}") or ""
        except RoastBotError:
            log.exception("the words behind a button could not be read")
            return ""

    async def _answer(self, interaction: Interaction, said: Said, command: Command | None) -> None:
        """Have it written down, defer it, show what is known at once; what takes longer comes by the messenger."""
        if command is not None and command.quiet:
            said = said.model_copy(update={"reply": {**said.reply, "ephemeral": True}})
        self.messenger.expect(said.event)
        with self.rush.waiting():
            heard = asyncio.ensure_future(self.commands.hear(said))
            await asyncio.wait({heard}, timeout=self.heard_within)
            private, update = bool(said.reply.get("ephemeral")), bool(said.reply.get("update"))
            if heard.done() and (answer := heard.result().answer) is not None and not update:
                private = answer.private
            deferred = await self._defer(interaction, private=private, update=update)
        self.messenger.deferred(said.event)
        reply = await heard
        if deferred or reply.answer is not None:
            await self._reply(said, reply, private=private)
        if reply.job is None:
            self.messenger.forget(said.event)

    async def _reply(self, said: Said, reply: Reply, *, private: bool) -> None:
        if reply.answer is not None:
            kept = {**said.reply, "ephemeral": True} if private else {**said.reply, "ephemeral": False}
            if said.reply.get("update"):
                kept["ephemeral"] = True
            await self._show(said.model_copy(update={"reply": kept}), reply.answer)
        elif reply.job is not None and reply.typed:
            async with self.rush.afterwards():
                await self.messenger.preheat(_ask(said), f"Preheating for {reply.typed}")

    async def _defer(self, interaction: Interaction, *, private: bool, update: bool) -> bool:
        """Let Discord know that an answer comes; false where it is too late, or another process was first."""
        try:
            async with asyncio.timeout(_DEFERRED_WITHIN):
                await interaction.response.defer(ephemeral=private and not update, thinking=not update)
        except CALLS as error:
            log.warning("an interaction could not be deferred", code=code_of(error))
            return fault_of(error) is Fault.TAKEN
        return True

    async def _show(self, said: Said, answer: Answer) -> None:
        self.messenger.here(said.event)
        try:
            await self.messenger.answer(said.ask(said.words), hearing.localised(answer))
        except RoastBotError:
            log.exception("somebody could not be answered", place=str(said.place))

    # what stands under a roast

    async def _full(self, interaction: Interaction, words: str) -> None:
        """Tell the whole story in a thread below the card, once; to the presser alone under a private card."""
        said = hearing.said(interaction, words, update=True)
        hidden = bool(said.reply.get("ephemeral"))
        if not await self._defer(interaction, private=hidden, update=not hidden):
            return
        if hidden:
            said = hearing.said(interaction, words, private=True)
        reply = await self.commands.hear(said)
        if reply.answer is None:
            return
        command = _read(words)
        number = command.number if command else None
        if hidden or reply.answer.private or number is None or said.message is None:
            await self._show(_alone(said), reply.answer.model_copy(update={"private": True}))
            return
        turn = self._turns.setdefault(said.message.id, asyncio.Lock())
        async with turn:
            await self._tell_full(said, said.message, VerdictId(number), reply.answer)
        self._turns.pop(said.message.id, None)

    async def _tell_full(self, said: Said, card: Message, number: VerdictId, answer: Answer) -> None:
        desk, spot = self.commands.desk, spot_of(card)
        try:
            for post in await desk.store.posts(number):
                if post.kind is PostKind.FULL and post.message.place == said.place:
                    await self._show(_alone(said), Answer(text="The whole story stands here already."))
                    return
            pages = render.answer(answer)
            spots = None if said.reply.get("thread") else await self.messenger.post_in_thread(spot, answer.title, pages)
            if spots is None:
                spots = await self.messenger.say_below(said.ask(said.words), pages)
            for page, at in enumerate(spots):
                await desk.shown_full(number, message_of(said.place, at, page))
        except RoastBotError as error:
            log.exception("a full roast could not be shown", verdict=number)
            await self._show(_alone(said), Answer(text=str(error), tone=Tone.FAILED))

    async def _open_form(self, interaction: Interaction, number: str) -> None:
        """Open the form for an appeal: all that it needs is in the store, so three seconds are enough."""
        said = hearing.said(interaction, f"appeal {number}", private=True)
        try:
            exhibits = await self.commands.desk.exhibits(VerdictId(int(number)), said.place, said.person)
            if not exhibits:
                raise UsageError("There is no line left in it to appeal against.")
            await interaction.response.send_modal(parts.AppealForm(int(number), exhibits))
        except RoastBotError as error:
            if await self._defer(interaction, private=True, update=False):
                await self._show(said, Answer(text=str(error), tone=Tone.REFUSED))
        except (*CALLS, ValueError) as error:
            log.warning("a form could not be opened", code=code_of(error))

    async def appealed(self, interaction: Interaction) -> None:
        """Take a submitted form, once: the library tells of one that it remembers twice."""
        if interaction.extras.get("taken"):
            return
        interaction.extras["taken"] = True
        try:
            words = parts.form_words(dict(interaction.data or {}))
        except ValueError:
            return
        await self._answer(interaction, hearing.said(interaction, words, private=True), _read(words))

    # what happens without words

    async def interacted(self, interaction: Interaction) -> None:
        """Take forms that were opened before a restart: nobody else remembers them."""
        if interaction.type is discord.InteractionType.modal_submit:
            custom_id = str(dict(interaction.data or {}).get("custom_id", ""))
            if custom_id.startswith(render.APPEAL):
                await self.appealed(interaction)

    async def reacted(self, event: discord.RawReactionActionEvent) -> None:
        """Count a reaction, or take it back."""
        at = self.commands.desk.clock.now()
        await self._kindly(self.commands.desk.store.record_reaction(hearing.reaction(self.wire.client, event, at)))

    async def cleared(self, guild: int | None, channel: int, message: int, emoji: str = "") -> None:
        """Take back every reaction on a message, or all of one emoji."""
        place = hearing.spot_place(self.wire.client, guild, channel)
        desk = self.commands.desk
        gone = message_of(place, Spot(channel, message))
        await self._kindly(desk.store.clear_reactions(gone, at=desk.clock.now(), emoji=emoji))

    async def guild_joined(self, guild: discord.Guild) -> None:
        """Note a server that let the bot in."""
        await self._kindly(self.commands.desk.store.installed("discord", str(guild.id), guild.name))

    async def guild_left(self, guild: discord.Guild) -> None:
        """Note a server that put the bot out."""
        await self._kindly(self.commands.desk.store.uninstalled("discord", str(guild.id)))

    async def failed(self, interaction: Interaction, error: BaseException) -> None:
        """Tell somebody that something unforeseen happened: nothing that is asked ends in silence."""
        log.error("an interaction failed", code=code_of(error), exc_info=error)
        words = f"Something unforeseen went wrong. {faults.next_step(error) or 'It is in the log; try again.'}"
        if interaction.response.is_done() or await self._defer(interaction, private=True, update=False):
            said = hearing.said(interaction, "help", private=True)
            await self._show(said, Answer(text=words, tone=Tone.FAILED))

    async def _kindly(self, call: Awaitable[Any]) -> None:
        try:
            await call
        except RoastBotError as error:
            log.warning("what happened in Discord could not be noted", words=str(error))


def _alone(said: Said) -> Said:
    """Return the same with an answer for the asker alone."""
    return said.model_copy(update={"reply": {**said.reply, "ephemeral": True}})


def _read(words: str) -> Command | None:
    """Return the command in some words; nothing where they are none."""
    try:
        return read(words)
    except UsageError:
        return None


def _ask(said: Said) -> Ask:
    """Return the wish in it as the desk will hand it back, quiet or not."""
    command = _read(said.words)
    ask = said.ask(command.typed if command else said.words, command.heat if command else None)
    return ask.model_copy(update={"quiet": bool(command and command.quiet)})
