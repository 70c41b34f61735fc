"""A model's budget over many processes: its turns and its day's money are everybody's."""

import asyncio
import uuid
from datetime import timedelta

import pytest
from fakes.memory import Watch

from adapters.store import open_store
from bot.budget import Bounds
from bot.errors import StoreError, WriterError
from bot.shared_budget import SharedBudget
from bot.verdict import WriterInfo

LONGEST = timedelta(seconds=60)


@pytest.fixture
async def stores(tmp_path):
    """Two processes' stores on one database."""
    url, watch = f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite3'}", Watch()
    both = [await open_store(url, clock=watch) for _ in range(2)]
    yield both, watch
    for store in both:
        await store.aclose()


def budgets(stores, watch, **bounds):
    """Return a budget for each of as many processes, new at each call."""
    return [SharedBudget(Bounds(**bounds), watch, store, uuid.uuid4().hex, LONGEST) for store in stores]


async def test_turns_are_everybodys(stores):
    """No more calls run at once than the bound says, whichever process makes them; who waits comes to a turn"""
    both, watch = stores
    hasty, patient = budgets(both, watch, at_once=2, patience=0.01), budgets(both, watch, at_once=2, patience=3600)
    running = [patient[0].turn(), patient[1].turn()]
    for one in running:
        await one.__aenter__()
    for budget in hasty:
        with pytest.raises(WriterError, match="others were asking"):
            await budget.turn().__aenter__()
    third = patient[1].turn()
    waiting = asyncio.create_task(third.__aenter__())
    await running[0].__aexit__(None, None, None)
    await waiting
    for one in (running[1], third):
        await one.__aexit__(None, None, None)


async def test_the_dead_lose_their_turn(stores):
    """A turn that its process never gave back is somebody else's when its lease is over"""
    both, watch = stores
    first, patient = budgets(both, watch, at_once=1, patience=3600)
    _, hasty = budgets(both, watch, at_once=1, patience=0.01)
    held = first.turn()
    await held.__aenter__()
    with pytest.raises(WriterError, match="others were asking"):
        await hasty.turn().__aenter__()
    watch.forward(seconds=61)
    async with patient.turn():
        pass
    await held.__aexit__(None, None, None)


async def test_the_days_money_is_everybodys(stores):
    """What one process spent counts for the other"""
    both, watch = stores
    first, second = budgets(both, watch, at_once=1, dollars_a_day=1.0)
    await first.book(WriterInfo(name="model", model="m", input_tokens=1, output_tokens=1, cost_usd=1.5))
    with pytest.raises(WriterError, match="is spent"):
        async with second.turn():
            pass


async def test_store_away(stores):
    """Where the store cannot be asked the model is not asked either, in words"""

    class Away:
        async def hold(self, *_):
            raise StoreError("Away.")

    budget = SharedBudget(Bounds(), Watch(), Away(), "p", LONGEST)
    with pytest.raises(WriterError, match="cannot be looked up"):
        async with budget.turn():
            pass
