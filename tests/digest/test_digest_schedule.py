"""The scheduler makes its jobs from the store, and the settings make subscriptions."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from digest_kitchen import FRIDAY, HERE

from adapters.scheduler import Scheduler
from bot.digest_config import settle
from bot.errors import SettingsError, StoreError
from bot.settings import Settings
from bot.settings_sections import DigestEntry

ENTRY = DigestEntry(place="slack/T1/C1", repository="acme/soup", schedule="every friday 16:00", top=2)


class Due:
    """What is due, and how often it was looked at."""

    def __init__(self):
        self.moments = {}
        self.looked = 0
        self.seen = asyncio.Event()
        self.error = None

    async def sweep(self):
        """Look."""
        self.looked += 1
        self.seen.set()
        if self.error:
            raise self.error

    async def next_ones(self):
        """Return the moments."""
        return self.moments


async def until(due, count):
    """Wait until it was looked at so often."""
    async with asyncio.timeout(20):
        while due.looked < count:
            due.seen.clear()
            await due.seen.wait()


@pytest.fixture
async def due():
    """Something due."""
    return Due()


async def started(due, **options):
    """Return a scheduler at work."""
    made = Scheduler(due.sweep, due.next_ones, **options)
    await made.start()
    return made


async def test_jobs_follow_the_store(due):
    """Jobs are those that are asked for: new ones come, moved ones move, ended ones go"""
    far = datetime.now(UTC) + timedelta(days=3)
    scheduler = await started(due, every=3600)
    await until(due, 1)
    for moments in ({"a": far, "b": far}, {"b": far + timedelta(hours=1), "c": far}, {}):
        due.moments = moments
        await scheduler.refresh()
        assert scheduler.jobs == moments
    await scheduler.stop()


async def test_looks_at_once_and_at_each_moment(due):
    """It looks when it begins, for what was missed, and again at the moment of each job"""
    due.moments = {"a": datetime.now(UTC) + timedelta(seconds=0.2)}
    scheduler = await started(due, every=3600)
    await until(due, 2)
    await scheduler.stop()


async def test_a_fault_ends_no_looking(due):
    """A store that fails, or anything unforeseen, costs one look"""
    scheduler = await started(due, every=0.05)
    for error in (StoreError("The memory is locked."), ValueError("x"), None):
        due.error = error
        await until(due, due.looked + 2)
    await scheduler.stop()
    await scheduler.stop()


async def test_moments(kitchen):
    """Standing subscriptions have their next moment; those that rest have none"""
    one = await kitchen.subscribe()
    assert await kitchen.digests.moments() == {f"digest {one.id}": FRIDAY + timedelta(days=7)}
    await kitchen.store.save_subscription(one.model_copy(update={"paused": "for now"}))
    assert await kitchen.digests.moments() == {}


async def test_entries_become_subscriptions(kitchen):
    """An entry is kept once with its state, changed where it changed, and ended with its entry"""
    store, clock = kitchen.store, kitchen.watch
    await settle(store, clock, (ENTRY,), "Europe/Berlin")
    (one,) = await store.subscriptions()
    assert (one.place, one.schedule, one.timezone, one.top, one.from_config) == (
        HERE,
        "0 16 * * fri",
        "Europe/Berlin",
        2,
        True,
    )
    await store.save_subscription(one.model_copy(update={"paused": "by ada", "failures": 2}))
    await settle(store, clock, (ENTRY,), "Europe/Berlin")
    (same,) = await store.subscriptions()
    assert (same.id, same.paused, same.failures) == (one.id, "by ada", 2)
    await settle(store, clock, (ENTRY.model_copy(update={"top": 5, "silent": True}),), "UTC")
    (changed,) = await store.subscriptions()
    assert (changed.id, changed.top, changed.timezone, changed.options) == (one.id, 5, "UTC", {"silent": True})
    await settle(store, clock, (), "UTC")
    assert await store.subscriptions() == ()


async def test_entries_of_people_stay(kitchen):
    """What people subscribed to is not ended by the settings, and what the settings ask for is not ended by people"""
    await kitchen.subscribe(repository="acme/stew")
    await settle(kitchen.store, kitchen.watch, (ENTRY,), "UTC")
    await settle(kitchen.store, kitchen.watch, (ENTRY,), "UTC")
    assert {one.repository for one in await kitchen.store.subscriptions()} == {"acme/stew", "acme/soup"}
    assert "stand in the bot's own settings" in await kitchen.say("unsubscribe acme/soup", admin=True)
    with pytest.raises(SettingsError, match="twice"):
        await settle(kitchen.store, kitchen.watch, (ENTRY, ENTRY), "UTC")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("place", "slack"),
        ("schedule", "every blue moon"),
        ("timezone", "Mars/Base"),
        ("top", 0),
        ("min_doneness", "raw"),
    ],
)
def test_bad_entries_stop_the_start(name, value):
    """A bad entry is told when the settings are read, not when it would be due"""
    entry = {"place": "slack/T1/C1", "repository": "acme/soup", name: value}
    with pytest.raises(ValueError, match=name):
        Settings(scheduler={"digests": [entry]})
