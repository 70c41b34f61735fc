"""Getting ready for digests in a channel: to join what can be joined, and to see whether the rest lets us post."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import faults
from adapters.slack.faults import CALLS, Fault, code_of, fault_of
from bot.ports_messenger import Hurdle

_UNJOINABLE = {"method_not_supported_for_channel_type", "channel_not_found"}
_INVITE = "I cannot join that conversation by myself. Invite me with /invite, and ask again."


async def hurdle_in(client: AsyncWebClient, channel: str) -> Hurdle | None:
    """Join a channel; return what stands in the way."""
    try:
        await client.conversations_join(channel=channel)
    except CALLS as error:
        if code_of(error) in _UNJOINABLE:
            return await _uninvited(client, channel)
        words = f"{faults.in_words(error)} {faults.next_step(error)}".strip()
        return Hurdle(words=words, closed=fault_of(error) is Fault.PLACE)
    return None


async def _uninvited(client: AsyncWebClient, channel: str) -> Hurdle | None:
    """Return nothing where somebody let the bot into what it cannot join: a private channel, a conversation."""
    try:
        told = (await client.conversations_info(channel=channel)).get("channel") or {}
    except CALLS as error:
        return Hurdle(words=_INVITE, closed=fault_of(error) is Fault.PLACE)
    return None if told.get("is_member") or told.get("is_im") else Hurdle(words=_INVITE, closed=True)
