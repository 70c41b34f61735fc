"""The answer that grows: deferred by whoever heard the question, edited stage by stage, found again after a crash."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

import structlog

from adapters.discord import limits, render
from adapters.discord.asked import Growing, is_private
from adapters.discord.faults import CALLS, Fault, code_of, fault_of
from adapters.discord.spots import Spot, spot_of
from adapters.discord.wire import Token, Wire
from bot.errors import StoreError
from bot.ports_messenger import Ask
from bot.ports_store import Store
from bot.records import EffectState

log = structlog.get_logger(__name__)

_HOLDER = "discord"
_MARGIN = 30.0
"""Seconds before a token's end from which it is not trusted to last."""
_DEFERRED_WITHIN = 5.0


class Growth:
    """The part of ``DiscordMessenger`` that knows of answers which are on their way."""

    def __init__(self, wire: Wire, store: Store, *, every: float = 1.5, now: Callable[[], float] = time.time) -> None:
        self._wire, self._store, self._every, self._now = wire, store, every, now
        self._growing: dict[str, Growing] = {}
        self._turned_away: deque[str] = deque(maxlen=1000)

    # the answer that grows

    def expect(self, event: str) -> None:
        """Let what is said for an event wait until it was deferred: a job may be quicker than Discord."""
        self._growing[event] = Growing()

    def deferred(self, event: str) -> None:
        """Let it come."""
        if event in self._growing:
            self._growing[event].deferred.set()

    def here(self, event: str) -> None:
        """Know that an event was deferred by this process, where that is not known yet."""
        if event not in self._growing:
            self.expect(event)
            self.deferred(event)

    def turned_away(self, event: str) -> None:
        """Know that an event's first answer was "ask again": should it be answered after all, it is not by an edit."""
        self._turned_away.append(event)
        self.deferred(event)
        self.forget(event)

    def forget(self, event: str) -> None:
        """Drop what is known of an event that no job follows."""
        self._growing.pop(event, None)

    async def progress(self, ask: Ask, stage: str, phrase: str) -> None:
        """Show a stage, as often as Discord lets us."""
        growing = await self._growth(ask)
        try:
            async with growing.turn:
                token = self._token(ask)
                begun = growing.at and stage in {"preheating", "card"}
                anew = ask.again is not None or ask.event in self._turned_away
                if token and not (anew or growing.over or begun):
                    await self._grow(ask, growing, token, phrase)
        except (*CALLS, StoreError) as error:
            log.info("progress was not shown", code=code_of(error), stage=stage)

    async def preheat(self, ask: Ask, phrase: str) -> None:
        """Show the first stage of an ask that was just deferred, where nothing has been said of it meanwhile."""
        if ask.event in self._growing:
            await self.progress(ask, "preheating", phrase)

    async def _grow(self, ask: Ask, growing: Growing, token: Token, phrase: str) -> None:
        now = time.monotonic()
        if growing.at and now - growing.at < self._every:
            return
        growing.at = now
        spot = await self._wire.edit_original(token, render.progress(phrase))
        if growing.spot is None and not is_private(ask):
            growing.spot = spot
            await self._note(ask, spot)

    async def _growth(self, ask: Ask) -> Growing:
        """Return what is known of an answer, once it was deferred. After a restart it was, in an earlier life."""
        growing = self._growing.get(ask.event)
        if growing is None:
            growing = self._growing[ask.event] = Growing()
            await self._deferred_elsewhere(ask)
            growing.deferred.set()
        try:
            async with asyncio.timeout(_DEFERRED_WITHIN):
                await growing.deferred.wait()
        except TimeoutError:
            growing.deferred.set()
        return growing

    async def _deferred_elsewhere(self, ask: Ask) -> None:
        """Wait for another process to defer a fresh ask: until then Discord knows of no answer to be edited."""
        token, at = self._token(ask), float(str(ask.reply.get("at") or 0))
        while token is not None and self._now() - at < _DEFERRED_WITHIN:
            try:
                await self._wire.original(token)
            except CALLS as error:
                if fault_of(error) not in {Fault.GONE, Fault.EXPIRED}:
                    return
            else:
                return
            await asyncio.sleep(0.2)

    async def _note(self, ask: Ask, spot: Spot) -> None:
        """Keep where an answer stands, for whoever has to find it when its token has run out."""
        effect = f"discord:answer:{ask.event or ask.key}"
        await self._store.note_effect(effect, _HOLDER, {"channel": spot.channel, "message": spot.message})

    async def _known(self, ask: Ask) -> Spot | None:
        """Return where an answer stands, by what the desk knows, this process, the store."""
        if ask.shown is not None:
            return spot_of(ask.shown)
        growing = self._growing.get(ask.event)
        if growing is not None and growing.spot is not None:
            return growing.spot
        effect = f"discord:answer:{ask.event or ask.key}"
        try:
            taken = await self._store.claim_effect(effect, _HOLDER)
            if taken.state is not EffectState.CONFIRMED:
                await self._store.release_effect(effect)
                return None
        except StoreError:
            log.exception("could not look for an answer that was begun")
            return None
        return Spot(int(str(taken.result["channel"])), int(str(taken.result["message"])))

    def _token(self, ask: Ask) -> Token | None:
        """Return the way back that an interaction gave, while Discord keeps it open."""
        text, at = str(ask.reply.get("token") or ""), float(str(ask.reply.get("at") or 0))
        if not text or self._now() - at > limits.INTERACTION_TOKEN_SECONDS - _MARGIN:
            return None
        return Token(int(str(ask.reply["application"])), text)
