"""A chat platform that stands still in memory: what was said to whom, and whatever shall go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.answers import shown_by
from bot.card import Card
from bot.errors import MessengerError
from bot.ports_messenger import Answer, Ask, Hurdle, Messenger
from bot.records import Message, Person, Place, Post, StoredVerdict


@dataclass
class Shown:
    """One message as people see it now: a card, words, or how far it is; and how often it was edited."""

    id: str
    place: Place
    key: str = ""
    private: bool = False
    card: Card | None = None
    verdict: int = 0
    answer: Answer | None = None
    progress: list[str] = field(default_factory=list)
    picture: bytes | None = None
    cards: tuple[Card, ...] = ()
    below: str = ""
    taken_down: str = ""
    edits: int = 0


class FakeMessenger(Messenger):
    """Keeps every message. ``fail`` names methods that raise ``MessengerError``; ``before`` runs before each method."""

    def __init__(self, platform: str = "slack") -> None:
        self.platform = platform
        self.messages: dict[str, Shown] = {}
        self.told: list[tuple[Person, Answer]] = []
        self.digests: dict[str, Message] = {}
        self.fail: set[str] = set()
        self.before: Callable[[str], None] = lambda _: None
        self.hurdle: Hurdle | None = None
        self.mentioned: list[tuple[str, str]] = []
        self._growing: dict[str, str] = {}

    @property
    def shown(self) -> list[Shown]:
        """Every message, oldest first."""
        return list(self.messages.values())

    @property
    def cards(self) -> list[Shown]:
        """The messages that show a card."""
        return [one for one in self.shown if one.card]

    @property
    def words(self) -> list[str]:
        """What was said in words, oldest first."""
        return [one.answer.text for one in self.shown if one.answer]

    async def progress(self, ask: Ask, stage: str, phrase: str) -> None:
        """Let the one message grow."""
        await self._gate("progress")
        if "progress" not in self.fail:
            self._message(ask).progress.append(f"{stage}: {phrase}")

    async def show(self, ask: Ask, card: Card, stored: StoredVerdict, picture: bytes | None) -> Message:
        """Put the card into it."""
        await self._gate("show")
        message = self._message(ask)
        message.card, message.verdict, message.picture, message.answer = card, stored.id, picture, None
        message.private = ask.quiet
        return Message(place=message.place, id=message.id)

    async def answer(self, ask: Ask, answer: Answer) -> None:
        """Put words into it."""
        await self._gate("answer")
        message = self._message(ask)
        message.answer, message.card, message.private = answer, None, answer.private

    async def find_answer(self, ask: Ask) -> Message | None:
        """Look for the message with the key."""
        await self._gate("find_answer")
        found = next((one for one in self.shown if one.key == ask.key), None)
        return Message(place=found.place, id=found.id) if found else None

    async def mention(self, ask: Ask, message: Message, person: Person, words: str) -> None:
        """See ``Messenger``."""
        await self._gate("mention")
        self.mentioned.append((message.id, person.user))

    async def tell(self, person: Person, answer: Answer) -> None:
        """Keep a direct message."""
        await self._gate("tell")
        self.told.append((person, answer))

    async def settle_in(self, place: Place) -> Hurdle | None:
        """Say what stands in the way."""
        await self._gate("settle_in")
        return self.hurdle

    async def redraw(self, post: Post, card: Card, stored: StoredVerdict) -> None:
        """Draw a message anew."""
        await self._gate("redraw")
        message = self.messages[post.message.id]
        words = shown_by(post, stored)
        message.card, message.answer = (card, None) if words is None else (None, words)
        message.verdict, message.taken_down = stored.id, ""
        message.edits += 1

    async def take_down(self, post: Post, words: str) -> None:
        """Replace it by a line."""
        await self._gate("take_down")
        message = self.messages[post.message.id]
        message.card, message.taken_down = None, words
        message.edits += 1

    async def post_digest(self, place, digest, run_id, cards, picture=None) -> Message:
        """Post a digest."""
        await self._gate("post_digest")
        shown = self._new(place)
        shown.answer, shown.cards, shown.picture = digest, cards, picture
        self.digests[run_id] = message = Message(place=place, id=shown.id)
        return message

    async def redraw_digest(self, message, digest, run_id, cards, picture=None) -> None:
        """Put other words into it."""
        await self._gate("redraw_digest")
        shown = self.messages[message.id]
        shown.answer, shown.cards, shown.picture = digest, cards, picture
        shown.edits += 1

    async def post_below(self, message: Message, answer: Answer, key: str) -> tuple[Message, ...]:
        """Post below it, once for each key."""
        await self._gate("post_below")
        found = next((one for one in self.shown if one.key == key), None) or self._new(message.place, key)
        found.answer, found.below = answer, message.id
        return (Message(place=message.place, id=found.id),)

    async def find_digest(self, place: Place, run_id: str) -> Message | None:
        """Look for a digest."""
        await self._gate("find_digest")
        return self.digests.get(run_id)

    async def _gate(self, method: str) -> None:
        self.before(method)
        await asyncio.sleep(0)
        if method in self.fail and method != "progress":
            raise MessengerError(f"{self.platform} would not {method}.")

    def _message(self, ask: Ask) -> Shown:
        """Return the one message of an ask: the one that is known already, the one that grows, or a new one."""
        if ask.shown is not None:
            found = self.messages[ask.shown.id]
            found.edits += 1
            return found
        if ask.key not in self._growing:
            self._growing[ask.key] = self._new(ask.place, ask.key).id
        return self.messages[self._growing[ask.key]]

    def _new(self, place: Place, key: str = "") -> Shown:
        message = Shown(id=f"m{len(self.messages) + 1}", place=place, key=key)
        self.messages[message.id] = message
        return message
