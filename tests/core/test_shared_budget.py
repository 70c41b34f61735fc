"""A model's budget over many processes: its turns and its day's money are everybody's."""

import asyncio
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
    """Return a budget for each process."""
    return [
        SharedBudget(Bounds(**bounds), watch, store, f"process{number}", LONGEST) for number, store in enumerate(stores)
    ]


async def test_turns_are_everybodys(stores):
    """No more calls run at once than the bound says, whichever process makes them, and all come to their turn"""
    both, watch = stores
    pair, now, most = budgets(both, watch, at_once=2, patience=60), 0, []

    async def call(budget):
        nonlocal now
        async with budget.turn():
            now += 1
            most.append(now)
            await asyncio.sleep(0.01)
            now -= 1

    await asyncio.gather(*(call(pair[number % 2]) for number in range(8)))
    assert (len(most), max(most)) == (8, 2)


async def test_the_dead_lose_their_turn(stores):
    """A turn that its process never gave back is somebody else's when its lease is over"""
    both, watch = stores
    first, second = budgets(both, watch, at_once=1, patience=0.2)
    held = first.turn()
    await held.__aenter__()
    with pytest.raises(WriterError, match="others were asking"):
        async with second.turn():
            pass
    watch.forward(seconds=61)
    async with second.turn():
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
