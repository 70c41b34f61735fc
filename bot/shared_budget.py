"""The budget of many processes: turns at the model are leases in the store, as the day's spending is kept there."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Protocol

from bot.budget import Bounds, OwnBudget
from bot.errors import StoreError, WriterError
from bot.ports import Clock
from bot.ports_care import LedgerStore
from bot.sharing import SharedStore

_LOOKED_EVERY = 0.3


class BudgetStore(LedgerStore, SharedStore, Protocol):
    """The part of the store that a shared budget works over."""


class SharedBudget(OwnBudget):
    """At most ``bounds.at_once`` calls of all processes on one store. A turn of a dead process lapses.

    ``longest`` is how long one call may take: the lease of its turn.
    """

    def __init__(self, bounds: Bounds, clock: Clock, store: BudgetStore, holder: str, longest: timedelta) -> None:
        super().__init__(bounds, clock, store)
        self._store, self._holder, self._longest = store, holder, longest
        self._places = [f"model:{number}" for number in range(bounds.at_once)]
        self._calls = itertools.count(1)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """See ``Budget``."""
        mine = f"{self._holder}:call{next(self._calls)}"
        try:
            async with asyncio.timeout(self._bounds.patience):
                while not await self._store.hold(self._places, mine, self._longest, 1):  # noqa: ASYNC110 - rows wake nobody
                    await asyncio.sleep(_LOOKED_EVERY)
        except TimeoutError:
            raise WriterError(f"{self._bounds.at_once} others were asking the model already") from None
        except StoreError as error:
            raise WriterError("whose turn at the model it is cannot be looked up, so it was not asked") from error
        try:
            await self._must_have_money()
            yield
        finally:
            with contextlib.suppress(StoreError):  # it lapses by itself
                await self._store.let_go(mine)
