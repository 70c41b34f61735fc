"""Says in Discord what the desk has to say: the deferred answer that grows, and ways around whatever refuses it.

An answer is an edit of the deferred one, by the interaction's token; where that has run out (fifteen minutes), by the
bot's own right; where the message is gone, a new one in the channel with a link to the question. What is for one
person alone takes the token, then a direct message. The last way always is a direct message that says why.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from adapters.discord import faults, limits, render
from adapters.discord.asked import Growing, channel_of, is_private, noted, sure_spot, sure_token
from adapters.discord.digests import DigestPosts
from adapters.discord.faults import CALLS, Fault, code_of, fault_of
from adapters.discord.render import Drawn
from adapters.discord.spots import Spot, address, message_of, page_of, spot_of
from adapters.discord.wire import Token, Wire
from bot import guard
from bot.answers import full_roast
from bot.card import Card
from bot.errors import MessengerError, StoreError
from bot.feedback import DEFAULT_EMOJI, Meaning
from bot.ports_messenger import Answer, Ask, Messenger
from bot.ports_store import Store
from bot.records import EffectState, Message, Person, Place, Post, PostKind, StoredVerdict

log = structlog.get_logger(__name__)

T = TypeVar("T")

SEEDED = (Meaning.FUNNY, Meaning.TRUE, Meaning.HARSH)
_HOLDER = "discord"
_MARGIN = 30.0
"""Seconds before a token's end from which it is not trusted to last."""
_DEFERRED_WITHIN = 5.0

Way = tuple[str, Callable[[str], Awaitable[Spot]]]
"""One way to say something: its name, and what takes it with the reason why the ways before it failed."""


class DiscordMessenger(DigestPosts, Messenger):
    """See ``bot.ports_messenger.Messenger``. ``every`` is the pause between two edits; ``now`` is the time of day."""

    platform = "discord"

    def __init__(self, wire: Wire, store: Store, *, every: float = 1.5, now: Callable[[], float] = time.time) -> None:
        self._wire, self._store, self._every, self._now = wire, store, every, now
        self._growing: dict[str, Growing] = {}

    # the answer that grows

    def expect(self, event: str) -> None:
        """Let what is said for an event wait until it was deferred: a job may be quicker than Discord."""
        self._growing[event] = Growing()

    def deferred(self, event: str) -> None:
        """Let it come."""
        if event in self._growing:
            self._growing[event].deferred.set()

    def forget(self, event: str) -> None:
        """Drop what is known of an event that no job follows."""
        self._growing.pop(event, None)

    async def progress(self, ask: Ask, stage: str, phrase: str) -> None:
        """Show a stage, as often as Discord lets us."""
        growing = await self._growth(ask)
        try:
            async with growing.turn:
                token = self._token(ask)
                if ask.again is None and token and not (growing.at and stage == "card"):
                    await self._grow(ask, growing, token, phrase)
        except (*CALLS, StoreError) as error:
            log.info("progress was not shown", code=code_of(error), stage=stage)

    async def _grow(self, ask: Ask, growing: Growing, token: Token, phrase: str) -> None:
        now = time.monotonic()
        if growing.at and now - growing.at < self._every:
            return
        growing.at = now
        spot = await self._wire.edit_original(token, render.progress(phrase))
        if growing.spot is None and not is_private(ask):
            growing.spot = spot
            await self._note(ask, spot)

    async def _growth(self, ask: Ask) -> Growing:
        """Return what is known of an answer, once it was deferred. After a restart it was, in an earlier life."""
        growing = self._growing.get(ask.event)
        if growing is None:
            growing = self._growing[ask.event] = Growing()
            await self._deferred_elsewhere(ask)
            growing.deferred.set()
        try:
            async with asyncio.timeout(_DEFERRED_WITHIN):
                await growing.deferred.wait()
        except TimeoutError:
            growing.deferred.set()
        return growing

    async def _deferred_elsewhere(self, ask: Ask) -> None:
        """Wait for another process to defer a fresh ask: until then Discord knows of no answer to be edited."""
        token, at = self._token(ask), float(str(ask.reply.get("at") or 0))
        while token is not None and self._now() - at < _DEFERRED_WITHIN:
            try:
                await self._wire.original(token)
            except CALLS as error:
                if fault_of(error) not in {Fault.GONE, Fault.EXPIRED}:
                    return
            else:
                return
            await asyncio.sleep(0.2)

    async def _note(self, ask: Ask, spot: Spot) -> None:
        """Keep where an answer stands, for whoever has to find it when its token has run out."""
        effect = f"discord:answer:{ask.event or ask.key}"
        await self._store.claim_effect(effect, _HOLDER)
        await self._store.confirm_effect(effect, {"channel": spot.channel, "message": spot.message})

    async def _known(self, ask: Ask) -> Spot | None:
        """Return where an answer stands, by what the desk knows, this process, the store."""
        if ask.shown is not None:
            return spot_of(ask.shown)
        growing = self._growing.get(ask.event)
        if growing is not None and growing.spot is not None:
            return growing.spot
        effect = f"discord:answer:{ask.event or ask.key}"
        try:
            taken = await self._store.claim_effect(effect, _HOLDER)
            if taken.state is not EffectState.CONFIRMED:
                await self._store.release_effect(effect)
                return None
        except StoreError:
            log.exception("could not look for an answer that was begun")
            return None
        return Spot(int(str(taken.result["channel"])), int(str(taken.result["message"])))

    def _token(self, ask: Ask) -> Token | None:
        """Return the way back that an interaction gave, while Discord keeps it open."""
        text, at = str(ask.reply.get("token") or ""), float(str(ask.reply.get("at") or 0))
        if not text or self._now() - at > limits.INTERACTION_TOKEN_SECONDS - _MARGIN:
            return None
        return Token(int(str(ask.reply["application"])), text)

    # answers

    async def show(self, ask: Ask, card: Card, stored: StoredVerdict, picture: bytes | None) -> Message:
        """Put the card where the progress was; see the module for the ways around."""

        def draw(note: str) -> Drawn:
            return render.card(card, stored, note=note, picture=bool(picture))

        await self._growth(ask)
        ways = (
            self._private_ways(ask, draw, picture) if is_private(ask) else await self._public_ways(ask, draw, picture)
        )
        name, spot = await self._say(ask, ways)
        self.forget(ask.event)
        place = ask.place
        if name == "direct":
            return Message(
                place=Place(platform="discord", workspace=f"dm{spot.channel}", channel=str(spot.channel)),
                id=str(spot.message),
            )
        if not is_private(ask) and ask.again is None:
            await self._after(ask, spot)
        return message_of(place, spot)

    async def _after(self, ask: Ask, spot: Spot) -> None:
        """Note where the card stands, and put reactions under it where that is set: extras, both."""
        try:
            await self._note(ask, spot)
            here = guard.over(
                await self._store.place_settings(ask.place), await self._store.place_settings(ask.place.whole)
            )
        except StoreError:
            log.exception("a card's address could not be noted")
            return
        for meaning in SEEDED if here.seed_reactions else ():
            emoji = next(one for one, its in DEFAULT_EMOJI.items() if its is meaning)
            try:
                await self._wire.react(spot, emoji)
            except CALLS as error:
                log.info("a reaction was not put", code=code_of(error))
                return

    async def answer(self, ask: Ask, answer: Answer) -> None:
        """Tell the asker something; what is private leaves no public message behind."""
        await self._growth(ask)
        pages = render.answer(answer)

        def draw(note: str) -> Drawn:
            return render.answer(answer, note=note)[0]

        if is_private(ask):
            ways = self._private_ways(ask, draw)
        elif answer.private and ask.again is None:
            ways = await self._unsaid_ways(ask, draw)
        elif answer.private:
            ways = self._private_ways(ask, draw)
        else:
            ways = await self._public_ways(ask, draw)
        name, _ = await self._say(ask, ways)
        await self._more(ask, pages[1:], name, private=answer.private or is_private(ask))
        self.forget(ask.event)

    async def _more(self, ask: Ask, pages: list[Drawn], way: str, *, private: bool) -> list[Spot]:
        """Send the further pages of a long answer by the way that the first one took, as far as that goes."""
        token, spots = self._token(ask), []
        for drawn in pages:
            if way == "direct":
                spots.append(await self._sure(self._wire.direct(int(ask.person.user), drawn)))
            elif token is not None:
                spots.append(await self._sure(self._wire.follow(token, drawn, ephemeral=private)))
            else:
                spots.append(await self._sure(self._wire.post(channel_of(ask), drawn)))
        return spots

    async def say_below(self, ask: Ask, pages: list[Drawn]) -> list[Spot]:
        """Say something long for all to see, in messages of its own where it was asked for; return where they stand."""
        token = self._token(ask)
        if token is None:
            return [await self._sure(self._wire.post(channel_of(ask), drawn)) for drawn in pages]
        return [await self._sure(self._wire.follow(token, drawn, ephemeral=False)) for drawn in pages]

    async def post_in_thread(self, spot: Spot, name: str, pages: list[Drawn]) -> list[Spot] | None:
        """Say something long in a thread below a message; nothing where that is not allowed."""
        try:
            thread = await self._wire.thread(spot, name)
        except CALLS as error:
            log.info("no thread could be begun", code=code_of(error), lacking=self._wire.lacking(spot.channel))
            return None
        return [await self._sure(self._wire.post(thread, drawn)) for drawn in pages]

    async def _public_ways(self, ask: Ask, draw: Callable[[str], Drawn], picture: bytes | None = None) -> list[Way]:
        token, known = self._token(ask), await self._known(ask)
        link = f"To your question of a while ago: {address(ask.place, known)}" if known else ""

        async def original(_: str) -> Spot:
            return await self._wire.edit_original(sure_token(token), draw(""), picture)

        async def edit(_: str) -> Spot:
            return await self._wire.edit(sure_spot(known), draw(""), picture)

        async def follow(_: str) -> Spot:
            return await self._wire.follow(sure_token(token), draw(""), picture, ephemeral=False)

        async def post(_: str) -> Spot:
            drawn = draw("")
            note = link or f"<@{ask.person.user}> asked for this a while ago."
            return await self._wire.post(channel_of(ask), noted(drawn, note), ask.key, picture)

        ways: list[Way] = [("original", original)] if token else []
        ways += [("edit", edit)] if known else []
        ways += [("follow", follow)] if token else []
        return [*ways, ("post", post), ("direct", self._direct(ask, draw, picture))]

    def _private_ways(self, ask: Ask, draw: Callable[[str], Drawn], picture: bytes | None = None) -> list[Way]:
        token = self._token(ask)

        async def original(_: str) -> Spot:
            return await self._wire.edit_original(sure_token(token), draw(""), picture)

        async def follow(_: str) -> Spot:
            return await self._wire.follow(sure_token(token), draw(""), picture, ephemeral=True)

        own = bool(ask.reply.get("ephemeral")) and (ask.again is not None or not ask.reply.get("update"))
        ways: list[Way] = [("original", original)] if token and own else []
        ways += [("follow", follow)] if token else []
        return [*ways, ("direct", self._direct(ask, draw, picture))]

    async def _unsaid_ways(self, ask: Ask, draw: Callable[[str], Drawn]) -> list[Way]:
        """Return the ways to tell one person what was to be for all: what had begun in public goes away first.

        Where nothing reaches them alone, the message that grew says it: better than one that never ends.
        """
        token, known = self._token(ask), await self._known(ask)

        async def swap(_: str) -> Spot:
            await self._wire.delete_original(sure_token(token))
            return await self._wire.follow(sure_token(token), draw(""), ephemeral=True)

        async def direct(reason: str) -> Spot:
            spot = await self._direct(ask, draw)(reason)
            if known:
                await self._quietly(self._wire.delete(known))
            return spot

        async def edit(_: str) -> Spot:
            return await self._wire.edit(sure_spot(known), draw(""))

        ways: list[Way] = [("swap", swap)] if token else []
        return [*ways, ("direct", direct), *([("edit", edit)] if known else [])]

    def _direct(
        self, ask: Ask, draw: Callable[[str], Drawn], picture: bytes | None = None
    ) -> Callable[[str], Awaitable[Spot]]:
        async def direct(reason: str) -> Spot:
            note = f"I could not answer where you asked. {reason}" if reason else ""
            return await self._wire.direct(int(ask.person.user), draw(note), picture)

        return direct

    async def _say(self, ask: Ask, ways: list[Way]) -> tuple[str, Spot]:
        """Go one way after the other; raise ``MessengerError`` where all are closed.

        Where Discord did not say whether everybody sees it already, it is not said to everybody again.
        """
        first: BaseException | None = None
        unsure = False
        for name, way in ways:
            if unsure and name in {"follow", "post"} and not is_private(ask):
                continue
            try:
                return name, await way(self._why(ask, first) if first else "")
            except CALLS as error:
                fault = fault_of(error)
                first = error if first is None or fault_of(first) in {Fault.GONE, Fault.EXPIRED} else first
                unsure = unsure or fault is Fault.DOWN
                log.warning("Discord refused a way to answer", way=name, code=code_of(error), place=str(ask.place))
        if first is None:
            raise MessengerError("There is no way to answer in Discord.")
        raise MessengerError(self._why(ask, first), faults.next_step(first)) from first

    def _why(self, ask: Ask, error: BaseException) -> str:
        return faults.in_words(error, self._wire.lacking(channel_of(ask)))

    async def find_answer(self, ask: Ask) -> Message | None:
        """Return the message that was begun or posted for an ask."""
        if is_private(ask):
            return None
        token = self._token(ask)
        spot = await self._known(ask)
        if spot is None and token is not None:
            try:
                spot = await self._wire.original(token)
            except CALLS as error:
                if fault_of(error) not in {Fault.GONE, Fault.EXPIRED}:
                    raise MessengerError(faults.in_words(error), faults.next_step(error)) from error
        return message_of(ask.place, spot) if spot else None

    # what is said unasked

    async def tell(self, person: Person, answer: Answer) -> None:
        """Write somebody a direct message."""
        for drawn in render.answer(answer):
            await self._sure(self._wire.direct(int(person.user), drawn))

    async def settle_in(self, place: Place) -> str:
        """Return which permissions are wanting in a channel, and who can grant them: a bot cannot join by itself."""
        lacking = self._wire.lacking(int(place.channel)) if place.channel.isdecimal() else ""
        if not lacking:
            return ""
        return (
            f"I lack the permission {lacking} there. Whoever runs this server can grant it in the channel's settings."
        )

    async def redraw(self, post: Post, card: Card, stored: StoredVerdict) -> None:
        """Draw a standing post anew, without the old picture. A digest keeps its words: the card tells of strikes."""
        if post.kind is PostKind.FULL:
            pages, page = render.answer(full_roast(stored)), page_of(post.message)
            await self._edit(post, pages[page] if page < len(pages) else render.words("The rest was struck on appeal."))
        elif post.kind is PostKind.CARD:
            await self._edit(post, render.card(card, stored))

    async def take_down(self, post: Post, words: str) -> None:
        """Replace a post by a line."""
        await self._edit(post, render.words(words))

    async def _edit(self, post: Post, drawn: Drawn) -> None:
        try:
            await self._wire.edit(spot_of(post.message), drawn)
        except CALLS as error:
            if fault_of(error) not in {Fault.GONE, Fault.PLACE}:
                raise MessengerError(faults.in_words(error), faults.next_step(error)) from error
            log.info("a post is gone", verdict=post.verdict, code=code_of(error))
            await self._store.message_deleted(post.message)

    async def _sure(self, call: Awaitable[T], place: Place | None = None) -> T:
        try:
            return await call
        except CALLS as error:
            lacking = self._wire.lacking(int(place.channel)) if place else ""
            raise MessengerError(faults.in_words(error, lacking), faults.next_step(error)) from error

    async def _quietly(self, call: Awaitable[object]) -> None:
        try:
            await call
        except CALLS as error:
            log.info("Discord refused an extra", code=code_of(error))
