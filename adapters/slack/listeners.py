"""What the app does with everything that Slack sends: hand it to the commands, and show what comes back.

What makes a job or changes something is in the store before it is acknowledged, so that nobody waits for an answer, or
trusts in a no, that a crash took along. What cannot be kept within Slack's three seconds is not acknowledged, or with
the words that it was not taken: see ``Listeners._turn_away``. All else only reads: it is acknowledged first.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

import structlog
from slack_bolt.response import BoltResponse

from adapters.slack import hearing, home, modals, render
from adapters.slack.asks import is_private
from adapters.slack.door import Door
from adapters.slack.escape import escape
from adapters.slack.faults import CALLS, code_of
from adapters.slack.messenger import SlackMessenger
from adapters.slack.wire import Wire
from adapters.slack.workspaces import Workspaces
from bot.answers import in_words
from bot.command_words import read
from bot.commands import CHANGES, Commands
from bot.errors import RoastBotError, StoreError, UsageError
from bot.inbox import KEPT, Inbox
from bot.ports_messenger import Answer, Ask, Reply, Said, Tone
from bot.records import Message, Place, PostKind, VerdictId

log = structlog.get_logger(__name__)

HEARD_WITHIN = 2.0
HEARD = "slack_heard"
_KEPT = KEPT | CHANGES | {"digest"}
_NO_LINK = "There is no link to a pull request in that message."
_WELCOME = Answer(
    title="Hello, I roast pull requests",
    text="Every line of a roast carries a receipt, a good pull request is acquitted, and whoever does not want to be"
    " roasted is not.",
    private=False,
)

Ack = Callable[..., Awaitable[Any]]
InAck = Callable[[str], Awaitable[Any]]
"""Acknowledges with words for the one who asked."""
Unheard = BoltResponse | None
"""What a listener answers in place of an acknowledgement; nothing where it acknowledged."""

Lost = Callable[[str, str], Awaitable[None]]
"""Takes note that the app was removed from a workspace, and why."""


@dataclass
class Listeners:
    """One method for each kind of thing that Slack sends."""

    commands: Commands
    messenger: SlackMessenger
    workspaces: Workspaces
    door: Door
    command: str
    lost: Lost
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    _running: set[asyncio.Task[None]] = field(default_factory=set)
    _preheating: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))
    _sorry: deque[str] = field(default_factory=lambda: deque(maxlen=1000))

    def __post_init__(self) -> None:
        """Lay out the inbox."""
        desk = self.commands.desk
        self.inbox = Inbox(desk.store, desk.holder, HEARD, self.heard, self.door.quiet)

    async def stop(self) -> None:
        """Let go of the inbox, and of what was acknowledged without being kept."""
        await self.inbox.stop()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _behind(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do something after the acknowledgement that this listener ends with."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a listener failed", exc_info=error)

    # what people say

    async def slash(self, ack: Ack, body: Mapping[str, Any]) -> Unheard:
        """Answer the slash command."""
        return await self._answer(hearing.slash(body, self.command), ack, lambda words: ack(escape(words)))

    async def shortcut(self, ack: Ack, body: Mapping[str, Any]) -> Unheard:
        """Answer the message shortcut."""
        said = hearing.shortcut(body, self.command)
        if said.words:
            return await self._answer(said, ack)
        await ack()
        self._behind(self._show(said, Answer(text=_NO_LINK, tone=Tone.REFUSED)))
        return None

    async def mention(self, ack: Ack, body: Mapping[str, Any], context: Mapping[str, Any]) -> Unheard:
        """Answer a mention, in its thread."""
        return await self._answer(hearing.mention(body, context["bot_user_id"]), ack)

    async def pressed(self, ack: Ack, body: Mapping[str, Any], action: Mapping[str, Any]) -> Unheard:
        """Answer a button or a choice that stands for a command."""
        words = str(action.get("value") or (action.get("selected_option") or {}).get("value") or "")
        said = hearing.pressed(body, words, self.command)
        if _name(words) in (_KEPT if said.place.channel else _KEPT - KEPT):
            return await self._answer(said, ack)
        await ack()
        self._behind(self._pressed(said, words))
        return None

    async def _pressed(self, said: Said, words: str) -> None:
        await self._note_message(said, words)
        if words.partition(" ")[0] == "full":
            await self._full(said)
        elif said.place.channel:
            await self._answer_now(said)
        else:
            await self._in_a_window(said)

    async def _answer(self, said: Said, ack: Ack, in_ack: InAck | None = None) -> Unheard:
        if _name(said.words) not in _KEPT:
            await ack()
            self._behind(self._answer_now(said))
            return None
        try:
            await self.inbox.put(said, HEARD_WITHIN)
        except RoastBotError as error:
            return await self._turn_away(said, error, in_ack)
        await ack()
        return None

    async def _turn_away(self, said: Said, error: RoastBotError, in_ack: InAck | None) -> Unheard:
        """Let somebody see that they were not heard, in a way that no crash takes back.

        Where an acknowledgement can carry words, it says so; otherwise there is none: Slack marks a button or a
        shortcut that nobody answered, and sends an event again.
        """
        self.commands.desk.meters.fault(type(error).__name__, hearing.PLATFORM)
        log.warning("somebody was not heard", place=str(said.place), words=str(error))
        if in_ack is not None:
            await in_ack(str(error))
            return None
        if said.event not in self._sorry:
            self._sorry.append(said.event)
            self._behind(self._show(said, in_words(error)))
        return BoltResponse(status=503, body=str(error))

    async def _answer_now(self, said: Said) -> None:
        await self._reply(said, await self._hear(said))

    async def heard(self, said: Said) -> None:
        """Decide on what was kept, and show what there is to show at once."""
        if said.message is not None:
            await self._note_message(said, said.words)
        if not said.place.channel:
            await self._in_a_window(said)
            return
        reply = await (self.commands.hear(said) if _name(said.words) in KEPT else self._hear(said))
        await self._reply(said, reply)

    async def _hear(self, said: Said) -> Reply:
        return await self.commands.hear(said.model_copy(update={"is_admin": await self._is_admin(said)}))

    async def _is_admin(self, said: Said) -> bool:
        """Whether somebody runs the workspace; no where Slack does not say."""
        try:
            return await (await self.workspaces.identity(said.place.workspace)).is_admin(said.person.user)
        except (*CALLS, StoreError) as error:
            log.warning("nobody says who is an admin", workspace=said.place.workspace, code=code_of(error))
            return False

    async def _reply(self, said: Said, reply: Reply) -> None:
        if reply.answer is not None:
            await self._show(said, reply.answer)
        elif reply.job is not None and reply.typed:
            ask = _ask(said)
            if not ask.quiet or ask.reply.get("response_url"):
                self._behind(self._preheat(ask, f"Preheating for {reply.typed}"))
        elif reply.job is None:
            log.info("heard before, and answered once", event_id=said.event)

    async def _preheat(self, ask: Ask, phrase: str) -> None:
        """Show that something happens: an extra, a few at a time, for which no other decision waits."""
        async with self._preheating:
            await self.messenger.begin(ask, phrase)

    async def _show(self, said: Said, answer: Answer) -> None:
        """Show an answer where it was asked for; what would be long goes into a thread by itself."""
        ask = said.ask(said.words)
        try:
            await self.messenger.answer_at_once(ask, answer)
        except RoastBotError:
            log.exception("somebody could not be answered", place=str(said.place))

    # what stands under a roast

    async def _full(self, said: Said) -> None:
        """Tell the whole story in the card's thread, once; to the presser alone under a private card."""
        reply = await self._hear(said)
        if reply.answer is None:
            return
        number = read(said.words).number
        if reply.answer.private or said.message is None or number is None:
            await self._show(said, reply.answer.model_copy(update={"private": True}))
            return
        turn = self._turns.setdefault(said.message.id, asyncio.Lock())
        async with turn:
            await self._tell_full(said, VerdictId(number), reply.answer)

    async def _tell_full(self, said: Said, number: VerdictId, answer: Answer) -> None:
        thread = str(said.reply.get("thread_ts") or (said.message.id if said.message else ""))
        ask = said.ask(said.words).model_copy(update={"key": f"full:{number}"})

        async def tell(begun: bool) -> Sequence[Message]:
            found = await self.messenger.found_in_thread(ask, thread) if begun else ()
            return found or await self.messenger.post_in_thread(ask, answer, thread)

        try:
            if not await self.commands.desk.full_once(number, said.place, tell):
                await self._show(said, Answer(text="The whole story stands in the thread already."))
        except RoastBotError as error:
            log.exception("a full roast could not be shown", verdict=number)
            await self._show(said, Answer(text=str(error), tone=Tone.FAILED))

    async def _note_message(self, said: Said, words: str) -> None:
        """Learn the address of a card that was sent without one: from here on it counts reactions and is edited."""
        store, number = self.commands.desk.store, words.partition(" ")[2]
        if said.message is None or not number.isdecimal() or len(number) > 15:
            return
        try:
            posts = await store.posts(VerdictId(int(number)))
            lost = [one for one in posts if ":" in one.message.id and one.message.place == said.place]
            if lost and not any(one.message == said.message for one in posts):
                await store.record_post(VerdictId(int(number)), said.message, PostKind.CARD, lost[0].asker)
        except RoastBotError as error:
            log.warning("a message could not be noted", words=str(error))

    async def open_appeal(self, ack: Ack, body: Mapping[str, Any], action: Mapping[str, Any]) -> None:
        """Open the form for an appeal: Slack's trigger lives three seconds, and all that it needs is in the store."""
        await ack()
        self._behind(self._open_appeal(body, action))

    async def _open_appeal(self, body: Mapping[str, Any], action: Mapping[str, Any]) -> None:
        said = hearing.pressed(body, f"appeal {action.get('value')}", self.command)
        await self._note_message(said, said.words)
        try:
            number = int(str(action.get("value")))
            exhibits = await self.commands.desk.exhibits(VerdictId(number), said.place, said.person)
            thread = str(said.reply.get("thread_ts") or "")
            view = modals.appeal(number, exhibits, said.place.channel, thread)
            wire = await self.workspaces.of(said.place.workspace)
            await wire.client.views_open(trigger_id=str(body["trigger_id"]), view=view)
        except RoastBotError as error:
            await self._show(said, Answer(text=str(error), tone=Tone.REFUSED))
        except (*CALLS, ValueError) as error:
            log.warning("a form could not be opened", code=code_of(error))
            words = f"The form did not open. Type {self.command} appeal {action.get('value')} and what is wrong."
            await self._show(said, Answer(text=words, tone=Tone.FAILED))

    async def appealed(self, ack: Ack, body: Mapping[str, Any], view: Mapping[str, Any]) -> Unheard:
        """Take a submitted form; one that could not be kept stays open and says so."""
        words, channel, thread = modals.appealed(view)

        def stays_open(trouble: str) -> Awaitable[Any]:
            return ack(response_action="errors", errors={"exhibit": trouble})

        return await self._answer(hearing.appealed(body, words, self.command, channel, thread), ack, stays_open)

    # what happens without words

    async def reacted(self, body: Mapping[str, Any], context: Mapping[str, Any]) -> None:
        """Count a reaction, or take it back."""
        reaction = hearing.reaction(body, bot_user=context["bot_user_id"])
        if reaction is None:
            return
        try:
            await self.commands.desk.store.record_reaction(reaction)
        except RoastBotError as error:
            log.warning("a reaction was not counted", words=str(error))

    async def home_opened(self, ack: Ack, body: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        """Draw the home tab anew for whoever looks at it."""
        await ack()
        self._behind(self._draw_home(body, event))

    async def _draw_home(self, body: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        place = Place(platform=hearing.PLATFORM, workspace=hearing.team_of(body))
        person = hearing.person(place.workspace, event.get("user"))
        if event.get("tab") == "messages":
            await self.welcome_person(place.workspace, person.user)
            return
        answers = []
        for words in ("digest", "me", "settings"):
            reply = await self.commands.hear(Said(words=words, place=place, person=person, called=self.command))
            answers.append(reply.answer or Answer())
        view = home.view(self.command, *answers)
        await self._quietly(
            place.workspace, lambda wire: wire.client.views_publish(user_id=person.user, view=view), "home tab"
        )

    async def joined(
        self, ack: Ack, body: Mapping[str, Any], event: Mapping[str, Any], context: Mapping[str, Any]
    ) -> None:
        """Say hello in a channel, once for all time."""
        await ack()
        if event.get("user") == context["bot_user_id"]:
            self._behind(self._welcome(hearing.team_of(body), str(event.get("channel", ""))))

    async def welcome_person(self, team: str, user: str) -> None:
        """Say hello to somebody who installed the app or looks at its messages, once for all time."""
        await self._welcome(team, user)

    async def _welcome(self, team: str, to: str) -> None:
        try:
            if not await self.commands.desk.store.claim_event(f"slack:welcome:{team}:{to}"):
                return
        except RoastBotError as error:
            log.warning("nobody was welcomed", words=str(error))
            return
        example = f"Begin with {self.command} https://github.com/owner/repo/pull/7"
        hello = _WELCOME.model_copy(update={"rows": (("Try it", example),)})
        await self._quietly(team, lambda wire: wire.post(to, render.answer(hello), {}), "welcome")

    async def removed(self, body: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        """Take note that the app was uninstalled, or its bot token revoked."""
        bots = (event.get("tokens") or {}).get("bot")
        if event.get("type") == "tokens_revoked" and not bots:
            return
        await self.lost(hearing.team_of(body), str(event.get("type")))

    async def _in_a_window(self, said: Said) -> None:
        """Answer what was pressed on the home tab: in a window, or, where that closed, in a direct message."""
        reply = await self._hear(said)
        if reply.answer is None:
            return
        try:
            wire = await self.workspaces.of(said.place.workspace)
            await wire.client.views_open(trigger_id=hearing.trigger_of(said), view=modals.answer(reply.answer))
        except CALLS as error:
            log.info("a window could not be opened", code=code_of(error))
            await self._show(said, reply.answer.model_copy(update={"private": True}))

    async def _quietly(self, team: str, call: Callable[[Wire], Awaitable[Any]], what: str) -> None:
        try:
            await call(await self.workspaces.of(team))
        except (*CALLS, StoreError) as error:
            log.warning("Slack refused an extra", what=what, code=code_of(error))


def _name(words: str) -> str:
    """Return the command in some words; nothing where they are none."""
    try:
        return read(words).name
    except UsageError:
        return ""


def _ask(said: Said) -> Ask:
    """Return the wish in it as the desk will hand it back, quiet or not."""
    try:
        command = read(said.words)
    except UsageError:
        return said.ask(said.words)
    ask = said.ask(command.typed, command.heat, quiet=command.quiet)
    return ask.model_copy(update={"quiet": ask.quiet or is_private(ask)})
