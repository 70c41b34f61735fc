"""The ways to say something in Discord, one after the other until one is open: see ``adapters.discord.messenger``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from adapters.discord import faults
from adapters.discord.asked import channel_of, is_private, noted, sure_spot, sure_token
from adapters.discord.faults import CALLS, Fault, code_of, fault_of
from adapters.discord.growth import Growth
from adapters.discord.render import Drawn
from adapters.discord.spots import Spot, address
from bot.errors import MessengerError
from bot.ports_messenger import Ask

log = structlog.get_logger(__name__)

Way = tuple[str, Callable[[str], Awaitable[Spot]]]
"""One way to say something: its name, and what takes it with the reason why the ways before it failed."""


class Ways(Growth):
    """The part of ``DiscordMessenger`` that gets around whatever refuses an answer."""

    async def _public_ways(self, ask: Ask, draw: Callable[[str], Drawn], picture: bytes | None = None) -> list[Way]:
        token, known = self._token(ask), await self._known(ask)
        link = f"To your question of a while ago: {address(ask.place, known)}" if known else ""

        async def original(_: str) -> Spot:
            return await self._wire.edit_original(sure_token(token), draw(""), picture)

        async def edit(_: str) -> Spot:
            return await self._wire.edit(sure_spot(known), draw(""), picture)

        async def follow(_: str) -> Spot:
            return await self._wire.follow(sure_token(token), draw(""), picture, ephemeral=False)

        async def post(_: str) -> Spot:
            drawn = draw("")
            note = link or f"<@{ask.person.user}> asked for this a while ago."
            return await self._wire.post(channel_of(ask), noted(drawn, note), ask.key, picture)

        ways: list[Way] = [("original", original)] if token and ask.event not in self._turned_away else []
        ways += [("edit", edit)] if known else []
        ways += [("follow", follow)] if token else []
        return [*ways, ("post", post), ("direct", self._direct(ask, draw, picture))]

    def _private_ways(self, ask: Ask, draw: Callable[[str], Drawn], picture: bytes | None = None) -> list[Way]:
        token = self._token(ask)

        async def original(_: str) -> Spot:
            return await self._wire.edit_original(sure_token(token), draw(""), picture)

        async def follow(_: str) -> Spot:
            return await self._wire.follow(sure_token(token), draw(""), picture, ephemeral=True)

        own = bool(ask.reply.get("ephemeral")) and (ask.again is not None or not ask.reply.get("update"))
        ways: list[Way] = [("original", original)] if token and own else []
        ways += [("follow", follow)] if token else []
        return [*ways, ("direct", self._direct(ask, draw, picture))]

    async def _unsaid_ways(self, ask: Ask, draw: Callable[[str], Drawn]) -> list[Way]:
        """Return the ways to tell one person what was to be for all: what had begun in public goes away first.

        Where nothing reaches them alone, the message that grew says it: better than one that never ends.
        """
        token, known = self._token(ask), await self._known(ask)

        async def swap(_: str) -> Spot:
            await self._wire.delete_original(sure_token(token))
            return await self._wire.follow(sure_token(token), draw(""), ephemeral=True)

        async def direct(reason: str) -> Spot:
            spot = await self._direct(ask, draw)(reason)
            if known:
                await self._quietly(self._wire.delete(known))
            return spot

        async def edit(_: str) -> Spot:
            return await self._wire.edit(sure_spot(known), draw(""))

        ways: list[Way] = [("swap", swap)] if token else []
        return [*ways, ("direct", direct), *([("edit", edit)] if known else [])]

    def _direct(
        self, ask: Ask, draw: Callable[[str], Drawn], picture: bytes | None = None
    ) -> Callable[[str], Awaitable[Spot]]:
        async def direct(reason: str) -> Spot:
            note = f"I could not answer where you asked. {reason}" if reason else ""
            return await self._wire.direct(int(ask.person.user), draw(note), picture)

        return direct

    async def _say(self, ask: Ask, ways: list[Way]) -> tuple[str, Spot]:
        """Go one way after the other; raise ``MessengerError`` where all are closed.

        Where Discord did not say whether everybody sees it already, it is not said to everybody again.
        """
        first: BaseException | None = None
        unsure = False
        for name, way in ways:
            if unsure and name in {"follow", "post"} and not is_private(ask):
                continue
            try:
                return name, await way(self._why(ask, first) if first else "")
            except CALLS as error:
                fault = fault_of(error)
                first = error if first is None or fault_of(first) in {Fault.GONE, Fault.EXPIRED} else first
                unsure = unsure or fault is Fault.DOWN
                log.warning("Discord refused a way to answer", way=name, code=code_of(error), place=str(ask.place))
        if first is None:
            raise MessengerError("There is no way to answer in Discord.")
        raise MessengerError(self._why(ask, first), faults.next_step(first)) from first

    def _why(self, ask: Ask, error: BaseException) -> str:
        return faults.in_words(error, self._wire.lacking(channel_of(ask)))

    async def _quietly(self, call: Awaitable[object]) -> None:
        try:
            await call
        except CALLS as error:
            log.info("Discord refused an extra", code=code_of(error))
