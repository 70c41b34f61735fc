"""What asking a model may cost: whose turn it is, what today has cost already, and who pays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import structlog

from bot.errors import StoreError, WriterError
from bot.ports import Clock
from bot.ports_care import LedgerStore
from bot.records import Place
from bot.verdict import WriterInfo

log = structlog.get_logger(__name__)

NOBODY = Place(platform="terminal", workspace="")
_payer: ContextVar[Place] = ContextVar("payer", default=NOBODY)


@contextmanager
def paid_by(place: Place) -> Iterator[None]:
    """Book every call of a model that is made inside on this place's workspace."""
    token = _payer.set(place)
    try:
        yield
    finally:
        _payer.reset(token)


class Budget(Protocol):
    """Who may ask a model, and when. Whoever asks holds a turn, and books the call whatever became of it."""

    def turn(self) -> AbstractAsyncContextManager[None]:
        """Wait for a turn and hold it. Raises ``WriterError`` where no turn comes or today's money is spent."""
        ...

    async def book(self, call: WriterInfo) -> None:
        """Note what one call took. Never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Bounds:
    """Calls ``at_once``, ``dollars_a_day`` (0: no limit), and seconds of ``patience`` until it is one's turn."""

    at_once: int = 2
    dollars_a_day: float = 0.0
    patience: float = 60.0


class OwnBudget:
    """The budget of one process. What today has cost is kept in the ledger of a store, where there is one.

    So it counts what was spent before a restart, and by other processes on the same store; turns it knows of its own
    only. The call that crosses the day's limit is the last: at most ``at_once`` calls can be under way then.
    """

    def __init__(self, bounds: Bounds, clock: Clock, ledger: LedgerStore | None = None) -> None:
        """Keep the bounds; the day is the one of ``clock``, in UTC, as in the ledger."""
        self._bounds, self._clock, self._ledger = bounds, clock, ledger
        self._turns = asyncio.Semaphore(bounds.at_once)
        self._unkept: dict[date, float] = {}

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """See ``Budget``."""
        try:
            async with asyncio.timeout(self._bounds.patience):
                await self._turns.acquire()
        except TimeoutError:
            raise WriterError(f"{self._bounds.at_once} others were asking the model already") from None
        try:
            await self._must_have_money()
            yield
        finally:
            self._turns.release()

    async def book(self, call: WriterInfo) -> None:
        """See ``Budget``."""
        if self._bounds.dollars_a_day and not call.cost_usd:
            log.warning(
                "this call has no known price: it does not count towards model.dollars_a_day",
                model=call.model,
                next_step="set model.dollars_a_million_in and model.dollars_a_million_out",
            )
        if self._ledger is not None:
            try:
                tokens = (call.input_tokens, call.output_tokens)
                await self._ledger.record_usage(_payer.get().whole, call.model, tokens, call.cost_usd)
            except StoreError:
                log.exception("what a model cost could not be booked: until a restart this process remembers it")
            else:
                return
        today = self._clock.now().date()
        self._unkept = {today: self._unkept.get(today, 0.0) + call.cost_usd}

    async def spent_today(self) -> float:
        """Return today's US dollars, over all workspaces and models. Raises ``StoreError``."""
        now = self._clock.now()
        kept = await self._ledger.usage(since=now) if self._ledger is not None else ()
        return sum(one.cost_usd for one in kept if one.day == now.date()) + self._unkept.get(now.date(), 0.0)

    async def _must_have_money(self) -> None:
        limit = self._bounds.dollars_a_day
        if not limit:
            return
        try:
            spent = await self.spent_today()
        except StoreError as error:
            raise WriterError("what today has cost cannot be looked up, so the model was not asked") from error
        if spent >= limit:
            raise WriterError(f"today's limit for the model (${limit:,.2f}) is spent")
