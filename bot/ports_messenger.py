"""What the core needs of a chat platform: one protocol, implemented by Slack, Discord and the terminal.

The desk (``bot.desk``) decides what is said to whom; a messenger only draws it. Every adapter passes
``tests/contracts/test_messenger.py``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from pydantic import Field, JsonValue

from bot.brief import Heat
from bot.card import Card
from bot.pull_request import Frozen
from bot.records import Message, Person, Place, Post, StoredVerdict


class Ask(Frozen):
    """Somebody's wish for a roast, as it is kept in the store before anything is acknowledged.

    ``typed`` is what names the pull request. ``reply`` is the platform's own address of the answer (a response
    URL, an interaction token, the message that grows); the core hands it back and never looks inside.
    ``again`` is the verdict that "Hotter" or "Milder" asks to see anew, in its own message.
    """

    typed: str
    place: Place
    person: Person
    heat: Heat | None = None
    quiet: bool = False
    reply: dict[str, JsonValue] = Field(default_factory=dict)
    again: int | None = None
    event: str = ""


class Tone(StrEnum):
    """What kind of answer it is, for platforms that colour them."""

    PLAIN = "plain"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class Action(Frozen):
    """Something that can be pressed under an answer: its words, and the command it stands for."""

    label: str
    command: str


class Answer(Frozen):
    """An answer in words that every platform can draw: a heading, paragraphs, rows of label and text, buttons.

    ``private`` answers are for the asker alone. Nothing in it is markup: adapters escape all of it.
    """

    text: str = ""
    title: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    actions: tuple[Action, ...] = ()
    tone: Tone = Tone.PLAIN
    private: bool = True


class Messenger(Protocol):
    """A platform. Methods raise ``MessengerError`` where, after all fallbacks, nobody could be told."""

    platform: str

    async def progress(self, ask: Ask, stage: str, phrase: str) -> None:
        """Let the waiting asker see how far it is, in the one message that grows. Never raises: it is an extra."""
        ...

    async def show(self, ask: Ask, card: Card, stored: StoredVerdict, picture: bytes | None) -> Message:
        """Put the card where the progress was; return the message that shows it now.

        Falls back to a new message, then to a direct message to the asker with the reason, before it raises.
        A picture that cannot be sent is left out.
        """
        ...

    async def answer(self, ask: Ask, answer: Answer) -> None:
        """Tell the asker something in place of a card (a refusal, a fault), by the same fallbacks."""
        ...

    async def redraw(self, post: Post, card: Card, stored: StoredVerdict) -> None:
        """Draw a standing post anew after an appeal, or when a verdict was restored."""
        ...

    async def take_down(self, post: Post, words: str) -> None:
        """Replace a post by a line that says it was withdrawn."""
        ...

    async def post_digest(self, place: Place, digest: Answer, run_id: str, cards: tuple[Card, ...]) -> Message:
        """Post a digest with ``run_id`` inside the message, so that it can be found again."""
        ...

    async def find_digest(self, place: Place, run_id: str) -> Message | None:
        """Return the message that carries this run, if it was posted."""
        ...
