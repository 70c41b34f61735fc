"""What can go wrong between the bot and Discord, by Discord's own codes, and what people are told of it.

https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
"""

from __future__ import annotations

import asyncio
from enum import StrEnum

import aiohttp
import discord


class Fault(StrEnum):
    """What can be done about an error."""

    EXPIRED = "expired"
    TAKEN = "taken"
    GONE = "gone"
    PLACE = "place"
    RIGHTS = "rights"
    ARCHIVED = "archived"
    SHAPE = "shape"
    TOO_LARGE = "too large"
    CLOSED = "closed"
    BUSY = "busy"
    CREDENTIAL = "credential"
    DOWN = "down"
    UNKNOWN = "unknown"


_CODES = {
    10062: Fault.EXPIRED,  # Unknown interaction
    10015: Fault.EXPIRED,  # Unknown webhook: the interaction's token has run out
    50027: Fault.EXPIRED,  # Invalid webhook token
    40060: Fault.TAKEN,  # Interaction has already been acknowledged
    10008: Fault.GONE,  # Unknown message
    50005: Fault.GONE,  # Cannot edit a message authored by another user
    10003: Fault.PLACE,  # Unknown channel
    10004: Fault.PLACE,  # Unknown guild
    50001: Fault.RIGHTS,  # Missing access
    50013: Fault.RIGHTS,  # Missing permissions
    160005: Fault.RIGHTS,  # Thread is locked
    50083: Fault.ARCHIVED,  # Thread is archived
    50035: Fault.SHAPE,  # Invalid form body
    50006: Fault.SHAPE,  # Cannot send an empty message
    50008: Fault.PLACE,  # Cannot send messages in a non-text channel
    40005: Fault.TOO_LARGE,  # Request entity too large
    50007: Fault.CLOSED,  # Cannot send messages to this user
    20028: Fault.BUSY,  # Write rate limit of the channel
    50014: Fault.CREDENTIAL,  # Invalid authentication token
}
_STATUSES = {401: Fault.CREDENTIAL, 413: Fault.TOO_LARGE, 429: Fault.BUSY, 403: Fault.RIGHTS, 404: Fault.GONE}

WORDS = {
    Fault.EXPIRED: "The answer took longer than the fifteen minutes that Discord keeps a question open.",
    Fault.TAKEN: "Somebody else answered that already.",
    Fault.GONE: "The message is gone.",
    Fault.PLACE: "That channel is gone, or nothing can be written in it.",
    Fault.RIGHTS: "I may not write there.",
    Fault.ARCHIVED: "That thread is archived.",
    Fault.SHAPE: "Discord would not take the message.",
    Fault.TOO_LARGE: "That was too large for Discord.",
    Fault.CLOSED: "They take no direct messages from me.",
    Fault.BUSY: "Discord asks me to wait.",
    Fault.CREDENTIAL: "Discord does not accept my token any more.",
    Fault.DOWN: "Discord did not say whether it took my answer.",
    Fault.UNKNOWN: "Discord would not take it.",
}
_MORE = {
    Fault.RIGHTS: "Whoever runs this server can grant it in the channel's settings.",
    Fault.ARCHIVED: "Open the thread again, then ask again.",
    Fault.BUSY: "Ask again in some minutes.",
    Fault.DOWN: "Ask again in a minute.",
    Fault.CREDENTIAL: "Whoever runs me has to set a new DISCORD_TOKEN.",
    Fault.CLOSED: "Allow direct messages from this server's members.",
}

CALLS = (discord.DiscordException, aiohttp.ClientError, asyncio.TimeoutError, OSError)
"""Everything that a call to Discord raises."""


def code_of(error: BaseException) -> str:
    """Return Discord's own code of an error, or its status, or the kind of exception."""
    if isinstance(error, discord.HTTPException):
        return str(error.code or f"status {error.status}")
    return type(error).__name__


def fault_of(error: BaseException) -> Fault:
    """Return what can be done about an error of a call."""
    if isinstance(error, discord.RateLimited):
        return Fault.BUSY
    if isinstance(error, discord.LoginFailure):
        return Fault.CREDENTIAL
    if isinstance(error, discord.HTTPException):
        if error.code in _CODES:
            return _CODES[error.code]
        return Fault.DOWN if error.status >= 500 else _STATUSES.get(error.status, Fault.UNKNOWN)
    return Fault.UNKNOWN if isinstance(error, discord.DiscordException) else Fault.DOWN


def in_words(error: BaseException, lacking: str = "") -> str:
    """Return why something could not be said, for the person who waits for it; ``lacking`` names permissions."""
    fault = fault_of(error)
    if fault is Fault.RIGHTS and lacking:
        return f"I lack the permission {lacking} there."
    return WORDS[fault]


def next_step(error: BaseException) -> str:
    """Return what can be done about it, or nothing."""
    return _MORE.get(fault_of(error), "")
