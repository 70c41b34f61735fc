"""Says in Slack what the desk has to say: one message that grows, and ways around whatever refuses it.

A roast for everybody grows in a message of ours (``chat.postMessage``, ``chat.update``): only such a message has a
``ts``, by which reactions, appeals and withdrawals find it. Where the bot may not post, the asker's ``response_url``
carries the card into the conversation. What is for one person alone takes that address first, then an ephemeral
message. The last way is a direct message that says why it comes there.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from adapters.slack import faults, limits, mails, render, settling
from adapters.slack.asks import is_private, name_of, names_of, spot_of, thread_of, url_of
from adapters.slack.digests import DigestPosts, sure
from adapters.slack.door import Quiet, always_quiet
from adapters.slack.extras import Extras, Standing
from adapters.slack.faults import CALLS, Fault, code_of, fault_of
from adapters.slack.render import Drawn
from adapters.slack.wire import Spot, Wire
from adapters.slack.workspaces import Wires
from bot.answers import shown_by
from bot.card import Card
from bot.errors import MessengerError, StoreError
from bot.ports_messenger import Answer, Ask, Hurdle, Messenger
from bot.ports_store import Store
from bot.records import Effect, EffectState, Message, Person, Place, Post, PostKind, StoredVerdict
from bot.vouching import Blind

log = structlog.get_logger(__name__)

_HOLDER = "slack"
_PREHEATING = "preheating"
_REMEMBERED = 5000
_A_MOMENT = timedelta(seconds=5)
"""How long a post of another process may be under way before it is looked for in the conversation."""
_SAYS_LITTLE = {Fault.GONE, Fault.EXPIRED}
"""Faults that are no reason to give where another way failed for a better one."""

Way = tuple[str, Callable[[str], Awaitable[Spot | None]]]
"""One way to say something: its name, and what takes it with the reason why the ways before it failed."""


@dataclass
class Growing:
    """What is known of the message that grows for an ask."""

    spot: Spot | None = None
    looked: bool = False
    stage: str = ""
    at: float = 0.0
    used: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class SlackMessenger(DigestPosts, Messenger):
    """See ``bot.ports_messenger.Messenger``. ``every`` is the pause between two edits of a growing message.

    ``quiet`` waits until nobody is to be acknowledged: what is an extra lets them go first.
    """

    platform = "slack"

    def __init__(
        self, wires: Wires, store: Store, *, every: float = 1.2, quiet: Quiet = always_quiet, tells_mail: bool = False
    ) -> None:
        self._wires, self._store, self._every, self._quiet = wires, store, every, quiet
        self.tells_mail = tells_mail
        self.extras = Extras(wires, store)
        self._growing: dict[str, Growing] = {}
        self._answered: dict[str, None] = {}

    async def mail_of(self, person: Person, blind: Blind) -> str:
        """See ``bot.vouching.TellsMail``."""
        return await mails.mail_of(self._wires, person, blind)

    # the message that grows

    async def begin(self, ask: Ask, phrase: str) -> None:
        """Let the asker see at once that something happens. Never raises."""
        if name_of(ask) not in self._answered:
            await self.progress(ask, _PREHEATING, phrase)

    async def progress(self, ask: Ask, stage: str, phrase: str) -> None:
        """Show a stage: the first one in a new message, later ones in the same, as often as Slack lets us."""
        if ask.again is not None:
            return
        await self._quiet()
        growing = self._growing.setdefault(name_of(ask), Growing())
        try:
            async with growing.turn:
                await self._grow(ask, growing, stage, phrase)
        except (*CALLS, StoreError) as error:
            log.info("progress was not shown", code=code_of(error), stage=stage)

    async def _grow(self, ask: Ask, growing: Growing, stage: str, phrase: str) -> None:
        now = time.monotonic()
        if growing.at and (now - growing.at < self._every or stage == "card"):
            return
        growing.at, growing.stage = now, stage
        drawn = render.progress(phrase)
        if is_private(ask):
            if url_of(ask) and growing.used < limits.RESPONSE_URL_USES - 3:
                growing.used += 1
                await self._wires.respond(url_of(ask), drawn, replace=growing.used > 1)
        elif growing.spot or await self._begun(ask, growing, drawn):
            if growing.spot and growing.looked and stage != _PREHEATING:
                await (await self._at(ask.place)).nudge(growing.spot, drawn)
            growing.looked = True

    async def _begun(self, ask: Ask, growing: Growing, drawn: Drawn | None, *, close: bool = False) -> Spot | None:
        """Return the message that was begun for an ask, in whatever process or life; begin it with ``drawn``.

        ``close`` is for when the answer comes: whoever is late with preheating finds that it is too late.
        """
        if ask.shown is not None:
            growing.spot, growing.looked = spot_of(ask.shown), True
            return growing.spot
        effect = f"slack:begun:{name_of(ask)}"
        taken = await self._settled(effect)
        if taken.state is EffectState.CONFIRMED:
            growing.spot = (str(taken.result["channel"]), str(taken.result["ts"])) if taken.result else None
            growing.looked = True
        elif taken.state is EffectState.UNCONFIRMED:
            growing.spot = await (await self._at(ask.place)).find(ask.place.channel, names_of(ask), thread_of(ask))
            growing.looked = True
        elif close:
            await self._store.confirm_effect(effect)
        elif drawn is None:
            await self._store.release_effect(effect)
        else:
            await self._post_first(ask, growing, drawn, effect)
        return growing.spot

    async def _settled(self, effect: str) -> Effect:
        """Claim an effect; where another process is just at it, give it a moment to come to its end."""
        while True:
            taken = await self._store.claim_effect(effect, _HOLDER)
            fresh = datetime.now(UTC) - taken.taken_at < _A_MOMENT
            if taken.state is not EffectState.UNCONFIRMED or not fresh:
                return taken
            await asyncio.sleep(0.2)

    async def _post_first(self, ask: Ask, growing: Growing, drawn: Drawn, effect: str) -> None:
        try:
            growing.spot = await (await self._at(ask.place)).post(
                ask.place.channel, drawn, names_of(ask), thread_of(ask)
            )
        except CALLS as error:
            if fault_of(error) is not Fault.DOWN:
                await self._store.confirm_effect(effect)
            raise
        await self._store.confirm_effect(effect, {"channel": growing.spot[0], "ts": growing.spot[1]})

    async def _known(self, ask: Ask) -> Spot | None:
        """Return the message of an ask that can be edited, if there is one."""
        if ask.shown is not None:
            return spot_of(ask.shown)
        growing = self._growing.setdefault(name_of(ask), Growing())
        async with growing.turn:
            if growing.spot is not None:
                return growing.spot
            try:
                return await self._begun(ask, growing, None, close=True)
            except (*CALLS, StoreError) as error:
                log.warning("could not look for a message that was begun", code=code_of(error))
                return None

    # answers

    async def show(self, ask: Ask, card: Card, stored: StoredVerdict, picture: bytes | None) -> Message:
        """Put the card where the progress was; see the module for the ways around."""

        def draw(note: str) -> Drawn:
            return render.card(card, stored, note=note)

        if is_private(ask):
            spot = await self._say(ask, self._private_ways(ask, draw))
        else:
            spot = await self._say(ask, await self._public_ways(ask, draw))
        self._over(ask)
        if spot is None:
            return Message(place=ask.place, id=f"unaddressed:{ask.key or name_of(ask)}")
        if not is_private(ask):
            self.extras.add_later(Standing(ask, spot, card, stored, picture))
        return Message(place=ask.place.model_copy(update={"channel": spot[0]}), id=spot[1])

    def _over(self, ask: Ask) -> None:
        """Forget what grew; remember for a while that it was answered, for preheating may come late."""
        self._growing.pop(name_of(ask), None)
        self._answered[name_of(ask)] = None
        while len(self._answered) > _REMEMBERED:
            self._answered.pop(next(iter(self._answered)))

    async def answer(self, ask: Ask, answer: Answer) -> None:
        """Tell the asker something; what is private leaves no public message behind."""

        def draw(note: str) -> Drawn:
            return render.answer(answer, note=note)

        if not answer.private and not is_private(ask) and ask.again is None:
            await self._say(ask, await self._public_ways(ask, draw))
            self._over(ask)
            return
        begun = None if ask.again is not None or is_private(ask) else await self._known(ask)
        await self._say(ask, self._private_ways(ask, draw))
        self._over(ask)
        if begun is not None:
            await self._clear(ask, begun)

    async def answer_at_once(self, ask: Ask, answer: Answer) -> None:
        """Tell the asker what was known at once: nothing had begun to grow for it."""

        def draw(note: str) -> Drawn:
            return render.answer(answer, note=note)

        async def respond(_: str) -> Spot | None:
            await self._wires.respond(url_of(ask), draw(""), in_channel=True)
            return None

        if answer.private or is_private(ask):
            await self._say(ask, self._private_ways(ask, draw))
            return
        first: list[Way] = [("respond", respond)] if url_of(ask) and not thread_of(ask) else []
        post = [way for way in await self._public_ways(ask, draw) if way[0] not in {"edit", "respond"}]
        await self._say(ask, [*first, *post])
        self._over(ask)

    async def found_in_thread(self, ask: Ask, thread: str) -> tuple[Message, ...]:
        """Return what was posted below a message before, by the ask's key. Raises ``MessengerError``."""
        wire = await sure(self._at(ask.place))
        spot = await sure(wire.find(ask.place.channel, {"key": ask.key}, thread))
        return (Message(place=ask.place, id=spot[1]),) if spot else ()

    async def post_in_thread(self, ask: Ask, answer: Answer, thread: str) -> tuple[Message, ...]:
        """Post something long below a message; to the asker alone where that cannot be: in no message then."""
        ask = ask.model_copy(update={"reply": {**ask.reply, "thread_ts": thread}})

        async def post(_: str) -> Spot | None:
            return await (await self._at(ask.place)).post(
                ask.place.channel, render.answer(answer), names_of(ask), thread
            )

        ways: list[Way] = [("post", post), *self._private_ways(ask, lambda note: render.answer(answer, note=note))]
        spot = await self._say(ask, ways)
        if spot is None or spot[0] != ask.place.channel:
            return ()
        return (Message(place=ask.place, id=spot[1]),)

    async def _clear(self, ask: Ask, spot: Spot) -> None:
        try:
            await (await self._at(ask.place)).delete(spot)
        except CALLS as error:
            if fault_of(error) is not Fault.GONE:
                log.warning("a message that was begun could not be deleted", code=code_of(error))

    async def _public_ways(self, ask: Ask, draw: Callable[[str], Drawn]) -> list[Way]:
        async def edit(_: str) -> Spot | None:
            if known is None:
                return None
            await (await self._at(ask.place)).edit(known, draw(""), names_of(ask))
            return known

        async def post(_: str) -> Spot | None:
            return await (await self._at(ask.place)).post(ask.place.channel, draw(""), names_of(ask), thread_of(ask))

        async def respond(_: str) -> Spot | None:
            await self._wires.respond(url_of(ask), draw(""), in_channel=True)
            return None

        known = await self._known(ask)
        ways: list[Way] = [("edit", edit)] if known is not None else []
        if url_of(ask) and not thread_of(ask):
            return [*ways, ("post", post), ("respond", respond), ("direct", self._direct(ask, draw))]
        return [*ways, ("post", post), ("direct", self._direct(ask, draw))]

    def _private_ways(self, ask: Ask, draw: Callable[[str], Drawn]) -> list[Way]:
        async def respond(_: str) -> Spot | None:
            growing = self._growing.get(name_of(ask))
            replace = bool(growing and growing.used) or ask.again is not None
            await self._wires.respond(url_of(ask), draw(""), replace=replace and is_private(ask))
            return None

        async def whisper(_: str) -> Spot | None:
            await (await self._at(ask.place)).whisper(ask.place.channel, ask.person.user, draw(""), thread_of(ask))
            return None

        ways: list[Way] = [("respond", respond)] if url_of(ask) else []
        if ask.place.channel:
            ways.append(("whisper", whisper))
        return [*ways, ("direct", self._direct(ask, draw))]

    def _direct(self, ask: Ask, draw: Callable[[str], Drawn]) -> Callable[[str], Awaitable[Spot | None]]:
        async def direct(reason: str) -> Spot | None:
            note = f"I could not answer where you asked. {reason}" if reason else ""
            return await (await self._at(ask.place)).post(ask.person.user, draw(note), names_of(ask))

        return direct

    async def _say(self, ask: Ask, ways: list[Way]) -> Spot | None:
        """Go one way after the other; raise ``MessengerError`` where all are closed.

        Where Slack did not say whether everybody sees it already, it is not said to everybody again.
        """
        first: BaseException | None = None
        unsure = False
        for name, way in ways:
            if unsure and name in {"post", "respond"} and not is_private(ask):
                continue
            try:
                return await way(faults.in_words(first) if first else "")
            except CALLS as error:
                fault = fault_of(error)
                first = error if first is None or fault_of(first) in _SAYS_LITTLE else first
                unsure = unsure or fault is Fault.DOWN
                log.warning("Slack refused a way to answer", way=name, code=code_of(error), place=str(ask.place))
        if first is None:
            raise MessengerError("There is no way to answer in Slack.")
        raise MessengerError(faults.in_words(first), faults.next_step(first)) from first

    async def mention(self, ask: Ask, message: Message, person: Person, words: str) -> None:
        """Mention somebody in the thread where a card stands, or in one below it."""
        spot = spot_of(message)
        if spot is None:
            return
        name = f"mention:{message.id}:{person.user}"
        wire = await self._at(ask.place)
        await sure(wire.post(spot[0], render.mention(person.user, words), {"key": name}, thread_of(ask) or spot[1]))

    async def find_answer(self, ask: Ask) -> Message | None:
        """Return the message that was begun or posted for an ask."""
        if is_private(ask):
            return None
        growing = self._growing.setdefault(name_of(ask), Growing())
        try:
            spot = await self._begun(ask, growing, None)
            spot = spot or await (await self._at(ask.place)).find(ask.place.channel, names_of(ask), thread_of(ask))
        except CALLS as error:
            raise MessengerError(faults.in_words(error), faults.next_step(error)) from error
        return Message(place=ask.place.model_copy(update={"channel": spot[0]}), id=spot[1]) if spot else None

    # what is said unasked

    async def tell(self, person: Person, answer: Answer) -> None:
        """Write somebody a direct message."""
        wire = await sure(self._at(person))
        await sure(wire.post(person.user, render.answer(answer), {}))

    async def settle_in(self, place: Place) -> Hurdle | None:
        """Join a channel; return what stands in the way."""
        return await settling.hurdle_in((await self._at(place)).client, place.channel)

    async def redraw(self, post: Post, card: Card, stored: StoredVerdict) -> None:
        """Draw a standing post anew. A digest keeps its words: what was struck is told on the card itself."""
        if (words := shown_by(post, stored)) is not None:
            await self._edit(post, render.answer(words))
        elif post.kind is PostKind.CARD:
            await self._edit(post, render.card(card, stored))
            await self.extras.remove_picture(post.message)

    async def take_down(self, post: Post, words: str) -> None:
        """Replace a post by a line."""
        await self._edit(post, render.words(words))
        await self.extras.remove_picture(post.message)

    async def _edit(self, post: Post, drawn: Drawn) -> None:
        spot = spot_of(post.message)
        if spot is None:
            raise MessengerError("That answer was sent without an address, and Slack lets nobody edit it.")
        try:
            await (await self._at(post.message.place)).edit(spot, drawn)
        except CALLS as error:
            if fault_of(error) is not Fault.GONE:
                raise MessengerError(faults.in_words(error), faults.next_step(error)) from error
            log.info("a post is gone", verdict=post.verdict, code=code_of(error))
            await self._store.message_deleted(post.message)

    async def _at(self, where: Place | Person) -> Wire:
        """Return what speaks with the token of a place's workspace, and with no other."""
        return await self._wires.of(where.workspace)
