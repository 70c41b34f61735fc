"""Many processes on one gateway: each shard has one listener, and a dead one's shards are taken over."""

import asyncio
import contextlib
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from fakes.discord import FakeDiscord

from bot.errors import MessengerError, StoreError


@pytest.fixture
async def server():
    """Discord, which wants two shards."""
    async with FakeDiscord() as running:
        running.shards = 2
        yield running


@pytest.fixture
async def apps(make_home, server):
    """A maker of processes that share."""
    async with AsyncExitStack() as kept:

        async def begin():
            home = await kept.enter_async_context(
                make_home(
                    discord={"base_url": server.base_url}, queue={"engine": "procrastinate"}, guild_ready_timeout=0.05
                )
            )
            home.app._shards._every = 0.02
            await home.app.start()
            return home

        yield begin


def listened(server):
    """Return the shards that were asked for at the gateway, in order."""
    return [tuple(one["d"]["shard"]) for one in server.heard if one["op"] == 2]


async def test_one_takes_all_and_another_its_half(apps, server):
    """The first process listens on both shards; when a second comes, both go on with one each"""
    first = await apps()
    assert listened(server) == [(0, 2), (1, 2)]
    second = await apps()
    assert second.app.connected
    assert "stands by" in second.app.describe()
    with pytest.raises(MessengerError):
        await asyncio.wait_for(first.app.wait(), 20)
    with pytest.raises(MessengerError):
        await asyncio.wait_for(second.app.wait(), 20)
    for one in (first, second):
        await one.app.stop()
    await first.app.start()
    await second.app.start()
    held = sorted([*first.app._shards.held, *second.app._shards.held])
    assert set(held) == {0, 1}
    assert len(held) == len(set(held))


async def test_the_dead_are_replaced(apps, server):
    """What a process held that died without a word is taken over when its leases are over"""
    dead, heir = await apps(), await apps()
    dead.app._shards._every = 3600
    dead.app._running.cancel()
    heir.watch.forward(seconds=31)
    with pytest.raises(MessengerError):
        await asyncio.wait_for(heir.app.wait(), 20)
    await heir.app.stop()
    await heir.app.start()
    assert heir.app._shards.held == (0, 1)
    assert listened(server)[-2:] == [(0, 2), (1, 2)]


async def test_without_leases_it_lets_go(apps):
    """A process that cannot renew its leases closes its gateway before another may open it"""
    home = await apps()
    shards = home.app._shards

    async def away(*_):
        raise StoreError("Away.")

    shards._share.store = type("Away", (), {"hold": away, "holders": away})()
    shards._lease = timedelta(0)
    with pytest.raises(MessengerError):
        await asyncio.wait_for(home.app.wait(), 20)


async def test_a_store_that_hangs(apps):
    """A store that does not answer, nor hears that it is no longer asked, is one that is away: the gateway is closed"""
    home = await apps()
    shards, free = home.app._shards, asyncio.Event()

    async def hangs(*_):
        while not free.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await free.wait()
        raise StoreError("Away.")

    shards._within = 0.01
    shards._share.store = shards._store = type("Hangs", (), {"hold": hangs, "holders": hangs, "let_go": hangs})()
    shards._lease = timedelta(0)
    try:
        with pytest.raises(MessengerError):
            await asyncio.wait_for(home.app.wait(), 20)
        await asyncio.wait_for(home.app.stop(), 20)
        with pytest.raises(StoreError, match="in time"):
            await asyncio.wait_for(shards.claim(2), 20)
    finally:
        free.set()
