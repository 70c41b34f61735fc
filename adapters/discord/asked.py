"""What an ask says of where its answer belongs, and what must be there before it can be used."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from adapters.discord.render import Drawn
from adapters.discord.spots import Spot
from adapters.discord.wire import Token
from bot.errors import MessengerError
from bot.ports_messenger import Ask


@dataclass
class Growing:
    """What this process knows of an answer that grows: whether it was deferred, when it was last edited, where.

    ``turn`` orders what is said of it, and nothing is once it is ``over``: a stage that comes late must not take the
    card's place.
    """

    deferred: asyncio.Event = field(default_factory=asyncio.Event)
    at: float = 0.0
    spot: Spot | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    over: bool = False


def is_private(ask: Ask) -> bool:
    """Whether all of an answer is for its asker alone: asked quietly, or deferred as such."""
    return ask.quiet or bool(ask.reply.get("ephemeral"))


def channel_of(ask: Ask) -> int:
    """Return the thread or channel that the ask came from, 0 where it says neither."""
    return int(str(ask.reply.get("thread") or ask.place.channel or 0))


def noted(drawn: Drawn, note: str) -> Drawn:
    """Return the same with a note above it."""
    return Drawn(drawn.embeds, drawn.components, f"{note}\n{drawn.content}".strip(), drawn.kept)


def sure_token(token: Token | None) -> Token:
    """Return the token, or raise ``MessengerError`` where it has run out."""
    if token is None:
        raise MessengerError("The question's address has run out.")
    return token


def sure_spot(spot: Spot | None) -> Spot:
    """Return the spot, or raise ``MessengerError`` where nothing was posted."""
    if spot is None:
        raise MessengerError("Nothing was posted yet.")
    return spot
