"""What the core and a chat platform need of each other: the records that pass between, and two protocols.

An adapter hands what people say to ``bot.commands.Commands.hear`` as a ``Said`` (typed words, a pressed button,
a reply to a roast), shows the ``Reply`` at once, and implements ``Messenger`` for all that comes later. The desk
(``bot.desk``) decides what is said to whom; a messenger only draws it. ``Platform`` is what ``roast-bot serve``
starts, watches and stops. Every adapter passes ``tests/contracts/test_messenger.py``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Any, Protocol

from pydantic import Field, JsonValue

from bot.brief import Heat
from bot.card import Card
from bot.pull_request import Frozen
from bot.records import JobId, Message, Person, Place, Post, StoredVerdict, Subscription


class Ask(Frozen):
    """Somebody's wish for a roast, as it is kept in the store before anything is acknowledged.

    ``typed`` is what names the pull request. ``reply`` is the platform's own address of the answer (a response
    URL, an interaction token, the message that grows); the core hands it back and never looks inside.
    ``again`` is the verdict that "Hotter" or "Milder" asks to see anew, in its own message.

    The desk fills in the last two before it hands the ask to a messenger: ``key`` names this answer for all time
    (24 characters; put it into the message, as Slack's metadata or Discord's nonce, so that it can be found again),
    and ``shown`` is the message to edit, where one is known already: after a restart, or for ``again``.
    """

    typed: str
    place: Place
    person: Person
    heat: Heat | None = None
    quiet: bool = False
    reply: dict[str, JsonValue] = Field(default_factory=dict)
    again: int | None = None
    event: str = ""
    key: str = ""
    shown: Message | None = None


class Said(Frozen):
    """What somebody typed or pressed, as an adapter hears it: words, who, where, and the way back.

    ``words`` is everything after the command's name, or an ``Action.command``; links, channels and people may stand
    in it as the platform writes them (``<https://…|label>``, ``<#C1|general>``, ``<@U1>``). ``called`` is what people
    type before the words here (``/roast``, ``@roast``, ``/roastbot``), for the examples. ``message`` is the one that a
    button belongs to or that is replied to. ``channels`` may name channels by name, where words carry no ids.
    ``event`` makes a repetition harmless. ``alone``: it was pressed under an answer that one person alone sees,
    and what follows is theirs alone as well.
    """

    words: str
    place: Place
    person: Person
    is_admin: bool = False
    called: str = "/roast"
    message: Message | None = None
    channels: dict[str, str] = Field(default_factory=dict)
    reply: dict[str, JsonValue] = Field(default_factory=dict)
    event: str = ""
    alone: bool = False

    def ask(self, typed: str, heat: Heat | None = None, *, quiet: bool = False) -> Ask:
        """Return the wish for a roast in it, or the way back for a slow answer."""
        return Ask(
            typed=typed,
            place=self.place,
            person=self.person,
            heat=heat,
            quiet=quiet or self.alone,
            reply=self.reply,
            event=self.event,
        )


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


class Reply(Frozen):
    """What becomes of a ``Said``, at once: an answer to show now, or a job whose answer comes through the messenger.

    Neither: this very event was heard before, and nothing more is to be said. ``typed`` is what a roast was asked for.
    """

    answer: Answer | None = None
    job: JobId | None = None
    typed: str = ""


class Check(Frozen):
    """A line of ``roast-bot doctor``: what was looked at, how it stands, what to do. ``needed`` ones must hold."""

    name: str
    ok: bool
    words: str
    next_step: str = ""
    needed: bool = True


class Hurdle(Frozen):
    """What stands in the way in a channel, in words with the next step. ``closed``: surely nothing can be posted."""

    words: str
    closed: bool = False


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

    async def find_answer(self, ask: Ask) -> Message | None:
        """Return the message that was begun or posted for this ask (by ``ask.key``), where the platform can tell.

        Asked after a crash, before anything is posted for the same ask once more.
        """
        ...

    async def mention(self, ask: Ask, message: Message, person: Person, words: str) -> None:
        """Say something to somebody who asked to be mentioned, in the thread of a card: the only ping there is."""
        ...

    async def tell(self, person: Person, answer: Answer) -> None:
        """Tell somebody something unasked, in a direct message."""
        ...

    async def settle_in(self, place: Place) -> Hurdle | None:
        """Make ready to post and to hear reactions in a channel (Slack: join it), for a subscription.

        Return what stands in the way, or nothing.
        """
        ...

    async def redraw(self, post: Post, card: Card, stored: StoredVerdict) -> None:
        """Draw a standing post anew after an appeal, or when a verdict was restored; ``post.kind`` says as what.

        ``bot.answers.shown_by(post, stored)`` are the words of what is no card.
        """
        ...

    async def take_down(self, post: Post, words: str) -> None:
        """Replace a post by a line that says it was withdrawn."""
        ...

    async def post_digest(
        self, place: Place, digest: Answer, run_id: str, cards: tuple[Card, ...], picture: bytes | None = None
    ) -> Message:
        """Post a digest with ``run_id`` inside the message, so that it can be found again; the picture is an extra."""
        ...

    async def redraw_digest(
        self, message: Message, digest: Answer, run_id: str, cards: tuple[Card, ...], picture: bytes | None = None
    ) -> None:
        """Put other words into a standing digest, where it stands; what is gone is no matter."""
        ...

    async def find_digest(self, place: Place, run_id: str) -> Message | None:
        """Return the message that carries this run, if it was posted."""
        ...

    async def post_below(self, message: Message, answer: Answer, key: str) -> tuple[Message, ...]:
        """Say more in the thread below a digest, in as many messages as it takes; in none where no thread can be.

        ``key`` (22 characters) names it: what is there already is returned, as far as the platform can tell.
        """
        ...


class Digests(Protocol):
    """What runs digests, for those who do not wait until they are due. A preview takes its time."""

    async def preview(self, subscription: Subscription, said: Said) -> Answer:
        """Return what the next digest would say, for the asker alone."""
        ...

    async def now(self, subscription: Subscription, said: Said) -> Answer:
        """Have it posted at once; return a word about it."""
        ...

    async def cancel(self, subscription: Subscription, said: Said) -> Answer:
        """Have one that is being made end before it is posted. Raises ``UsageError`` where none is."""
        ...


AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]
"""https://asgi.readthedocs.io/en/latest/specs/main.html"""


class Platform(Protocol):
    """A chat platform as ``roast-bot serve`` runs it.

    ``adapters.slack.app.SlackApp`` and ``adapters.discord.app.DiscordApp`` are made as
    ``App(settings, desk, commands)``; making one neither connects nor waits. The desk learns of the messenger from
    ``serve``. One that fails is told of, and started again with growing pauses.
    """

    name: str
    messenger: Messenger
    hears: bool = True
    """False in a worker, which speaks by REST alone; set before ``start``, which then opens no gateway, no socket."""

    async def start(self) -> None:
        """Connect and listen; return once events can come. Raises ``RoastBotError``; may be called after ``stop``."""
        ...

    async def wait(self) -> None:
        """Return after ``stop``; raise ``RoastBotError`` where the connection was lost for good."""
        ...

    async def stop(self) -> None:
        """Take no more, finish what is being sent, let go; harmless where nothing runs. Takes a few seconds at most."""
        ...

    @property
    def connected(self) -> bool:
        """Whether people are heard at this moment."""
        ...

    def describe(self) -> str:
        """Return one line for the start screen and ``status``: "Socket Mode as @roast in Acme"; no secrets."""
        ...

    def mounts(self) -> Mapping[str, AsgiApp]:
        """Return what the web side has to answer for it, by path (``/slack/events``); mostly nothing."""
        ...

    async def check(self) -> tuple[Check, ...]:
        """Look at tokens, scopes, permissions, memberships for ``doctor``, without ``start``. Never raises."""
        ...
