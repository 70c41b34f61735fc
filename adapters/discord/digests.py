"""Digests in Discord: one message that carries its run, and what belongs to it in its thread."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

import structlog

from adapters.discord import faults, render
from adapters.discord.faults import CALLS, Fault, code_of, fault_of
from adapters.discord.spots import message_of, spot_of
from adapters.discord.wire import Wire
from bot.card import Card
from bot.errors import MessengerError
from bot.ports_messenger import Answer
from bot.records import Message, Place

log = structlog.get_logger(__name__)

T = TypeVar("T")


class DigestPosts:
    """The part of ``DiscordMessenger`` that posts digests."""

    _wire: Wire

    async def _sure(self, call: Awaitable[T], place: Place | None = None) -> T:
        raise NotImplementedError  # the messenger's own

    async def post_digest(
        self, place: Place, digest: Answer, run_id: str, cards: tuple[Card, ...], picture: bytes | None = None
    ) -> Message:
        """Post a digest that carries its run, as nonce for the next minutes and at its foot for ever."""
        drawn = render.digest(digest, cards, run_id, with_picture=picture is not None)
        spot = await self._sure(self._wire.post(int(place.channel), drawn, run_id, picture), place)
        return message_of(place, spot)

    async def redraw_digest(
        self, message: Message, digest: Answer, run_id: str, cards: tuple[Card, ...], picture: bytes | None = None
    ) -> None:
        """Put other words into it, with its picture anew: an edit would lose it."""
        drawn = render.digest(digest, cards, run_id, with_picture=picture is not None)
        try:
            await self._wire.edit(spot_of(message), drawn, picture)
        except CALLS as error:
            if fault_of(error) not in {Fault.GONE, Fault.PLACE}:
                raise MessengerError(faults.in_words(error), faults.next_step(error)) from error

    async def find_digest(self, place: Place, run_id: str) -> Message | None:
        """Look for it in the channel's history."""
        found = self._wire.find(
            int(place.channel), lambda one: render.run_of([dict(each.to_dict()) for each in one.embeds]) == run_id
        )
        spot = await self._sure(found, place)
        return message_of(place, spot) if spot else None

    async def post_below(self, message: Message, answer: Answer, key: str) -> tuple[Message, ...]:
        """Post into the thread of a digest; Discord keeps what comes twice within minutes to once, by its nonce."""
        try:
            thread = await self._wire.thread(spot_of(message), answer.title)
        except CALLS as error:
            log.info("no thread could be begun", code=code_of(error), place=str(message.place))
            return ()
        posted = []
        for page, drawn in enumerate(render.answer(answer)):
            spot = await self._sure(self._wire.post(thread, drawn, f"{key[:22]}{page:02}"))
            posted.append(message_of(message.place, spot, page))
        return tuple(posted)
