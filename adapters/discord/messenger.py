"""Says in Discord what the desk has to say: the deferred answer that grows, and ways around whatever refuses it.

An answer is an edit of the deferred one, by the interaction's token; where that has run out (fifteen minutes), by the
bot's own right; where the message is gone, a new one in the channel with a link to the question. What is for one
person alone takes the token, then a direct message. The last way always is a direct message that says why.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

import discord
import structlog

from adapters.discord import faults, limits, render
from adapters.discord.asked import channel_of, is_private
from adapters.discord.digests import DigestPosts
from adapters.discord.faults import CALLS, Fault, code_of, fault_of
from adapters.discord.render import Drawn
from adapters.discord.spots import Spot, message_of, page_of, spot_of
from adapters.discord.ways import Way, Ways
from bot import guard
from bot.answers import shown_by
from bot.card import Card
from bot.errors import MessengerError, StoreError
from bot.feedback import DEFAULT_EMOJI, Meaning
from bot.ports_messenger import Answer, Ask, Hurdle, Messenger
from bot.records import Message, Person, Place, Post, PostKind, StoredVerdict

log = structlog.get_logger(__name__)

T = TypeVar("T")

SEEDED = (Meaning.FUNNY, Meaning.TRUE, Meaning.HARSH)


class DiscordMessenger(DigestPosts, Ways, Messenger):
    """See ``bot.ports_messenger.Messenger``. ``every`` is the pause between two edits; ``now`` is the time of day."""

    platform = "discord"

    # answers

    async def show(self, ask: Ask, card: Card, stored: StoredVerdict, picture: bytes | None) -> Message:
        """Put the card where the progress was; see the module for the ways around."""

        def draw(note: str) -> Drawn:
            return render.card(card, stored, note=note, picture=bool(picture))

        growing = await self._growth(ask)
        async with growing.turn:
            growing.over = True
            private = is_private(ask)
            ways = self._private_ways(ask, draw, picture) if private else await self._public_ways(ask, draw, picture)
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
            known = (one for one, its in DEFAULT_EMOJI.items() if its is meaning is self._store.emoji.meaning(one))
            if (emoji := next(known, None)) is None:
                continue  # this place's settings took it away, and a custom one is of another server maybe
            try:
                await self._wire.react(spot, emoji)
            except CALLS as error:
                log.info("a reaction was not put", code=code_of(error))
                return

    async def answer(self, ask: Ask, answer: Answer) -> None:
        """Tell the asker something; what is private leaves no public message behind."""
        growing = await self._growth(ask)
        pages = render.answer(answer)

        def draw(note: str) -> Drawn:
            return render.answer(answer, note=note)[0]

        async with growing.turn:
            growing.over = True
            name, _ = await self._say(ask, await self._ways_to_answer(ask, answer, draw))
        await self._more(ask, pages[1:], name, private=answer.private or is_private(ask))
        self.forget(ask.event)

    async def _ways_to_answer(self, ask: Ask, answer: Answer, draw: Callable[[str], Drawn]) -> list[Way]:
        if not answer.private and not is_private(ask):
            return await self._public_ways(ask, draw)
        if is_private(ask) or ask.again is not None:
            return self._private_ways(ask, draw)
        return await self._unsaid_ways(ask, draw)

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

    async def say_below(self, ask: Ask, pages: list[Drawn], *, begun: bool = False) -> list[Spot]:
        """Say something long for all to see, in messages of its own where it was asked for; return where they stand.

        ``begun``: some of them may stand there already.
        """
        token, channel = self._token(ask), channel_of(ask)
        if token is None:
            return await self._pages(channel, pages, lambda drawn: self._wire.post(channel, drawn), begun=begun)
        follow = partial(self._wire.follow, token, ephemeral=False)
        return await self._pages(channel, pages, follow, begun=begun)

    async def post_in_thread(
        self, spot: Spot, name: str, pages: list[Drawn], *, begun: bool = False
    ) -> list[Spot] | None:
        """Say something long in a thread below a message; nothing where that is not allowed. ``begun``: as above."""
        try:
            thread = await self._wire.thread(spot, name)
        except CALLS as error:
            log.info("no thread could be begun", code=code_of(error), lacking=self._wire.lacking(spot.channel))
            return None
        return await self._pages(thread, pages, lambda drawn: self._wire.post(thread, drawn), begun=begun)

    async def _pages(
        self, channel: int, pages: list[Drawn], say: Callable[[Drawn], Awaitable[Spot]], *, begun: bool
    ) -> list[Spot]:
        """Say one page after the other, but for those that a process said which died before it could note them."""
        spots: list[Spot] = []
        for drawn in pages:
            found = await self._sure(self._wire.find(channel, partial(_shows, drawn))) if begun else None
            spots.append(await self._sure(say(drawn)) if found is None else found)
        return spots

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

    async def mention(self, ask: Ask, message: Message, person: Person, words: str) -> None:
        """Mention somebody in a reply to a card."""
        del ask
        await self._sure(self._wire.mention(spot_of(message), int(person.user), words), message.place)

    # what is said unasked

    async def tell(self, person: Person, answer: Answer) -> None:
        """Write somebody a direct message."""
        for drawn in render.answer(answer):
            await self._sure(self._wire.direct(int(person.user), drawn))

    async def settle_in(self, place: Place) -> Hurdle | None:
        """Return which permissions are wanting in a channel, and who can grant them: a bot cannot join by itself."""
        lacking = self._wire.lacking(int(place.channel)) if place.channel.isdecimal() else ""
        if not lacking:
            return None
        return Hurdle(
            words=f"I lack the permission {lacking} there."
            " Whoever runs this server can grant it in the channel's settings.",
            closed=any(one in lacking.split(", ") for one in limits.NEEDED),
        )

    async def redraw(self, post: Post, card: Card, stored: StoredVerdict) -> None:
        """Draw a standing post anew, without the old picture. A digest keeps its words: the card tells of strikes."""
        if (words := shown_by(post, stored)) is not None:
            pages, page = render.answer(words), page_of(post.message)
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


def _shows(drawn: Drawn, message: discord.Message) -> bool:
    """Whether a message shows these very words."""
    return [one.description for one in message.embeds] == [one["description"] for one in drawn.embeds]
