"""Retention is kept by the running bot: once a day, and told where it cannot be."""

import asyncio
from datetime import timedelta

import pytest
from fakes.memory import Watch, shown
from structlog.testing import capture_logs

from adapters.store import open_store
from bot.errors import StoreError
from bot.retention import AGAIN, DAY, SOON, Retention, prune_if_due


@pytest.fixture
def watch():
    """A clock that is turned by hand."""
    return Watch()


@pytest.fixture
async def store(tmp_path, watch):
    """An open store."""
    store = await open_store(f"sqlite:///{tmp_path}/store.sqlite3", clock=watch)
    yield store
    await store.aclose()


async def turned(side, pauses):
    """Run a side for so many pauses; return how long they were."""
    slept, enough = [], asyncio.Event()

    async def sleep(seconds):
        if len(slept) == pauses:
            enough.set()
            await asyncio.Event().wait()
        slept.append(timedelta(seconds=seconds))
        side.clock.forward(seconds=seconds)

    side.sleep = sleep
    await side.start()
    await asyncio.wait_for(enough.wait(), 30)
    await side.stop()
    return slept


async def test_daily(store, watch):
    """An old verdict is gone a day after it became too old, without anybody asking for it."""
    old = await shown(store)
    watch.forward(days=29)
    side = Retention(store, watch, keep_days=30)
    assert await turned(side, 1) == [SOON]
    assert await store.verdict(old) is not None
    assert await turned(side, 3) == [SOON, DAY - SOON, DAY]
    assert await store.verdict(old) is None


async def test_once_a_day(store, watch):
    """A process that starts again the same day does not prune again; the next day it does."""
    due = await prune_if_due(store, 30, watch.now())
    watch.forward(hours=5)
    assert await prune_if_due(store, 30, watch.now()) == due
    watch.forward(hours=20)
    assert await prune_if_due(store, 30, watch.now()) == watch.now() + DAY


async def test_clock_set_back(store, watch):
    """A note from the future, left by a clock that went wrong, does not stop the retention."""
    await store.set_meta("pruned", (watch.now() + timedelta(days=400)).isoformat())
    assert await prune_if_due(store, 30, watch.now()) == watch.now() + DAY


async def test_for_ever(store, watch):
    """With a setting of 0 verdicts stay."""
    kept = await shown(store)
    watch.forward(days=9000)
    await prune_if_due(store, 0, watch.now())
    assert await store.verdict(kept) is not None


async def test_trouble(store, watch, monkeypatch):
    """A store that fails is told of in the log and tried again an hour later; the side goes on."""

    async def fails(keep):
        raise StoreError("The memory is locked by another program.")

    monkeypatch.setattr(store, "prune", fails)
    with capture_logs() as said:
        assert await turned(Retention(store, watch, keep_days=30), 3) == [SOON, AGAIN, AGAIN]
    assert [one["words"] for one in said] == ["The memory is locked by another program."] * 3
