"""Digests in Slack: one message that carries its run, and what belongs to it in its thread."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

import structlog

from adapters.slack import faults, render
from adapters.slack.faults import CALLS, Fault, code_of, fault_of
from adapters.slack.wire import Spot, Wire
from adapters.slack.workspaces import Wires
from bot.card import Card
from bot.errors import MessengerError
from bot.ports_messenger import Answer
from bot.records import Message, Place

log = structlog.get_logger(__name__)

T = TypeVar("T")
_ALT = "The week in figures, day by day."


async def sure(call: Awaitable[T]) -> T:
    """Return what Slack answers; raise ``MessengerError`` in words where it does not."""
    try:
        return await call
    except CALLS as error:
        raise MessengerError(faults.in_words(error), faults.next_step(error)) from error


class DigestPosts:
    """The part of ``SlackMessenger`` that posts digests."""

    _wires: Wires

    async def post_digest(
        self, place: Place, digest: Answer, run_id: str, cards: tuple[Card, ...], picture: bytes | None = None
    ) -> Message:
        """Post a digest that carries its run; its picture goes into the thread."""
        wire = await self._at_place(place)
        channel, ts = await sure(wire.post(place.channel, render.digest(digest, cards), {"run_id": run_id}))
        await self._picture(wire, (channel, ts), picture)
        return Message(place=place.model_copy(update={"channel": channel}), id=ts)

    async def redraw_digest(
        self, message: Message, digest: Answer, run_id: str, cards: tuple[Card, ...], picture: bytes | None = None
    ) -> None:
        """Put other words into it; the picture stays in the thread."""
        del picture
        wire = await self._at_place(message.place)
        try:
            await wire.edit((message.place.channel, message.id), render.digest(digest, cards), {"run_id": run_id})
        except CALLS as error:
            if fault_of(error) is not Fault.GONE:
                raise MessengerError(faults.in_words(error), faults.next_step(error)) from error

    async def find_digest(self, place: Place, run_id: str) -> Message | None:
        """Look for it in the channel's history."""
        spot = await sure((await self._at_place(place)).find(place.channel, {"run_id": run_id}))
        return Message(place=place, id=spot[1]) if spot else None

    async def post_below(self, message: Message, answer: Answer, key: str) -> tuple[Message, ...]:
        """Post into the thread of a digest, unless it stands there already."""
        channel, thread, names = message.place.channel, message.id, {"key": key}
        wire = await self._at_place(message.place)
        spot = await sure(wire.find(channel, names, thread))
        if spot is None:
            spot = await sure(wire.post(channel, render.answer(answer), names, thread))
        return (Message(place=message.place, id=spot[1]),)

    async def _at_place(self, place: Place) -> Wire:
        return await sure(self._wires.of(place.workspace))

    async def _picture(self, wire: Wire, spot: Spot, picture: bytes | None) -> None:
        """Send an extra: what goes wrong with it costs a log line."""
        if picture is None:
            return
        try:
            await wire.upload(spot, picture, "week.png", _ALT)
        except CALLS as error:
            log.warning("the picture of a week could not be sent", code=code_of(error), channel=spot[0])
