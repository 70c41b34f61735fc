"""What Slack needs to know of an ask: its names, its ways back, where its message stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.slack.wire import Spot
from bot.ports_messenger import Ask
from bot.records import Message


def is_private(ask: Ask) -> bool:
    """Whether all of an answer is for its asker alone: asked quietly, or from under such an answer."""
    return ask.quiet or bool(ask.reply.get("ephemeral"))


def name_of(ask: Ask) -> str:
    """Return what an ask is called before the desk named its answer: the event that it came with."""
    return ask.event or ask.key


def names_of(ask: Ask) -> Mapping[str, str]:
    """Return what its messages carry, so that they can be found again."""
    return {"event": ask.event, "key": ask.key}


def url_of(ask: Ask) -> str:
    """Return the answer's own address, or nothing."""
    return str(ask.reply.get("response_url") or "")


def thread_of(ask: Ask) -> str:
    """Return the thread that it is answered in, or nothing."""
    return str(ask.reply.get("thread_ts") or "")


def spot_of(message: Message) -> Spot | None:
    """Return where a message stands, if Slack told us."""
    return None if ":" in message.id else (message.place.channel, message.id)
