"""What the app does with everything that Discord sends: hand it to the commands, and show what comes back.

What makes a job is in the store before it is deferred, so that nobody waits for an answer that a crash took along.
What cannot be kept within Discord's three seconds is not deferred: its asker is told to ask again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

import discord
import structlog

from adapters.discord import faults, hearing, parts, render
from adapters.discord.faults import CALLS, Fault, code_of, fault_of
from adapters.discord.hearing import Interaction
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.spots import Spot, message_of, spot_of
from adapters.discord.wire import Wire
from bot.answers import in_words
from bot.command_words import Command, read
from bot.commands import Commands
from bot.errors import RoastBotError, UsageError
from bot.inbox import KEPT, Inbox
from bot.ports_messenger import Answer, Ask, Reply, Said, Tone
from bot.records import Message, VerdictId
from bot.rush import Rush

log = structlog.get_logger(__name__)

HEARD = "discord_heard"
HEARD_WITHIN = 2.0
"""Seconds that the store has to write a wish down before its asker is told to ask again."""
DECIDED_WITHIN = 0.5
"""Seconds that a single asker's deferral waits for what is decided: a refusal need not begin in public then."""
_AT_ONCE = 16
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
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    _deciding: dict[str, asyncio.Future[Reply]] = field(default_factory=dict)
    _came: dict[str, float] = field(default_factory=dict)
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Lay out the inbox."""
        desk = self.commands.desk
        self.inbox = Inbox(desk.store, desk.holder, HEARD, self.heard, self.rush.calm, at_once=_AT_ONCE)

    async def stop(self) -> None:
        """Let go of the inbox, and of what is an extra."""
        await self.inbox.stop()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _behind(self, work: Coroutine[Any, Any, None]) -> None:
        """Do what nobody waits for."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

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
        """Defer it, and show what is known at once; what takes longer is kept first, and comes by the messenger."""
        self._came[said.event] = time.perf_counter()
        if command is not None and command.quiet:
            said = _alone(said)
        self.messenger.expect(said.event)
        if command is not None and command.name in KEPT:
            await self._keep(interaction, said)
            return
        with self.rush.waiting():
            hearing_ = asyncio.ensure_future(self.commands.hear(said))
            await asyncio.wait({hearing_}, timeout=self.heard_within)
            known = hearing_.result() if hearing_.done() else None
            private = await self._defer_for(interaction, said, known)
        await self._reply(said, await hearing_, private=private)

    async def _keep(self, interaction: Interaction, said: Said) -> None:
        """Keep it, then defer it: at once in a crowd, otherwise in the light of what is decided."""
        decided = self._deciding[said.event] = asyncio.get_running_loop().create_future()
        with self.rush.waiting():
            try:
                await self.inbox.put(said, self.heard_within)
            except RoastBotError as error:
                self._deciding.pop(said.event, None)
                await self._turn_away(interaction, said, error)
                return
            if not self.rush.alone:
                self._deciding.pop(said.event, None)
                await self._defer_for(interaction, said, None)
                return
        await asyncio.wait({decided}, timeout=DECIDED_WITHIN)
        self._deciding.pop(said.event, None)
        reply = decided.result() if decided.done() else None
        private = await self._defer_for(interaction, said, reply)
        if reply is not None:
            await self._reply(said, reply, private=private)

    async def heard(self, said: Said) -> None:
        """Decide on what was kept; whoever does not wait for that, here or in another life, is answered from here."""
        reply = await self.commands.hear(said)
        waiting = self._deciding.pop(said.event, None)
        if waiting is None:
            await self._reply(said, reply, private=bool(said.reply.get("ephemeral")), elsewhere=True)
        else:
            waiting.set_result(reply)

    async def _defer_for(self, interaction: Interaction, said: Said, reply: Reply | None) -> bool:
        """Defer what somebody said; return whether that was for them alone, as the answer is where it is known."""
        private, update = bool(said.reply.get("ephemeral")), bool(said.reply.get("update"))
        if reply is not None and reply.answer is not None and not update:
            private = reply.answer.private
        await self._defer(interaction, private=private, update=update)
        self._acknowledged(said)
        self.messenger.deferred(said.event)
        return private

    def _acknowledged(self, said: Said) -> None:
        came = self._came.pop(said.event, None)
        if came is not None:
            self.commands.desk.meters.acknowledged(hearing.PLATFORM, time.perf_counter() - came)

    async def _turn_away(self, interaction: Interaction, said: Said, error: RoastBotError) -> None:
        """Tell somebody that they were not heard, in place of a deferral, which would be a promise."""
        self.commands.desk.meters.fault(type(error).__name__, hearing.PLATFORM)
        log.warning("somebody was not heard", place=str(said.place), words=str(error))
        self._acknowledged(said)
        self.messenger.turned_away(said.event)
        try:
            async with asyncio.timeout(_DEFERRED_WITHIN):
                await self.wire.reply(interaction, render.answer(in_words(error))[0])
        except CALLS as fault:
            log.warning("somebody could not be told that they were not heard", code=code_of(fault))

    async def _reply(self, said: Said, reply: Reply, *, private: bool, elsewhere: bool = False) -> None:
        """Show what there is to show at once; ``elsewhere``: it may not have been this process that deferred it."""
        if reply.answer is not None:
            kept = {**said.reply, "ephemeral": private or bool(said.reply.get("update"))}
            await self._show(said.model_copy(update={"reply": kept}), reply.answer, elsewhere=elsewhere)
        elif reply.job is not None and reply.typed:
            self._behind(self._preheat(_ask(said), f"Preheating for {reply.typed}"))
        if reply.job is None:
            self.messenger.forget(said.event)

    async def _preheat(self, ask: Ask, phrase: str) -> None:
        async with self.rush.afterwards():
            await self.messenger.preheat(ask, phrase)

    async def _defer(self, interaction: Interaction, *, private: bool, update: bool) -> bool:
        """Let Discord know that an answer comes; false where it is too late, or another process was first."""
        try:
            async with asyncio.timeout(_DEFERRED_WITHIN):
                await interaction.response.defer(ephemeral=private and not update, thinking=not update)
        except CALLS as error:
            log.warning("an interaction could not be deferred", code=code_of(error))
            return fault_of(error) is Fault.TAKEN
        return True

    async def _show(self, said: Said, answer: Answer, *, elsewhere: bool = False) -> None:
        if not elsewhere:
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

    async def _tell_full(self, said: Said, card: Message, number: VerdictId, answer: Answer) -> None:
        spot, pages = spot_of(card), render.answer(answer)

        async def tell(begun: bool) -> Sequence[Message]:
            threaded = not said.reply.get("thread")
            spots = await self.messenger.post_in_thread(spot, answer.title, pages, begun=begun) if threaded else None
            if spots is None:
                spots = await self.messenger.say_below(said.ask(said.words), pages, begun=begun)
            return [message_of(said.place, at, page) for page, at in enumerate(spots)]

        try:
            if not await self.commands.desk.full_once(number, said.place, tell):
                await self._show(_alone(said), Answer(text="The whole story stands here already."))
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
