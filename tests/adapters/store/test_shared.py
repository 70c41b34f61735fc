"""Leases and budgets: each thing belongs to one at a time, and nobody draws more than there is."""

import asyncio
from datetime import timedelta

import pytest

from bot.errors import StoreError
from bot.sharing import Allowance, Drawn, Heard, OneAtATime, Share, fingerprint

LEASE = timedelta(seconds=30)
NAMES = [f"shard:{number}/4" for number in range(4)]


async def test_one_holder(store):
    """What one holds no other gets, until it is let go"""
    assert await store.hold(NAMES, "first", LEASE, 4) == tuple(NAMES)
    assert await store.hold(NAMES, "second", LEASE, 4) == ()
    await store.let_go("first")
    assert await store.hold(NAMES, "second", LEASE, 1) == (NAMES[0],)


async def test_a_lapsed_lease(store, watch):
    """A lease that is not renewed is anybody's; one that is renewed is not"""
    await store.hold(NAMES[:2], "dead", LEASE, 2)
    await store.hold(NAMES[2:], "alive", LEASE, 2)
    watch.forward(seconds=20)
    await store.hold(NAMES[2:], "alive", LEASE, 2)
    watch.forward(seconds=20)
    assert await store.hold(NAMES, "heir", LEASE, 4) == tuple(NAMES[:2])


async def test_many_at_once(store):
    """Ten who reach for the same four things get each thing once"""
    got = await asyncio.gather(*(store.hold(NAMES, f"p{number}", LEASE, 1) for number in range(10)))
    assert sorted(name for one in got for name in one) == NAMES


async def test_one_at_a_time(store, monkeypatch):
    """Of many processes that want to do the same at once one does it at a time, and those who waited know that"""
    monkeypatch.setattr("bot.sharing._LOOKED_EVERY", 0.01)
    inside, waited, tried, hold = [], [], set(), store.hold

    async def noted(names, holder, lease, most):
        held = await hold(names, holder, lease, most)
        tried.add(holder)
        return held

    async def do(process):
        async with process.turn("judging:soup") as had_to:
            waited.append(had_to)
            inside.append(1)
            assert len(inside) == 1
            while len(tried) < 5:
                await asyncio.sleep(0.01)
            inside.pop()

    monkeypatch.setattr(store, "hold", noted)
    async with asyncio.timeout(60):
        await asyncio.gather(*(do(OneAtATime(store, f"p{number}", LEASE)) for number in range(5)))
        async with OneAtATime(store, "p6", LEASE).turn("judging:soup") as had_to:
            assert not had_to
    assert sorted(waited) == [False, True, True, True, True]


async def test_the_turn_of_the_dead(store, watch, monkeypatch):
    """The turn of a process that died is over with its lease"""
    monkeypatch.setattr("bot.sharing._LOOKED_EVERY", 0.01)
    await store.hold(["judging:soup"], "dead:turn1", LEASE, 1)
    turn = OneAtATime(store, "heir", LEASE).turn("judging:soup")
    entering = asyncio.create_task(turn.__aenter__())
    await asyncio.sleep(0.05)
    assert not entering.done()
    watch.forward(seconds=31)
    async with asyncio.timeout(60):
        assert await entering
    await turn.__aexit__(None, None, None)


async def test_a_long_turn(store, monkeypatch):
    """A turn that takes long keeps its lease: it is renewed, and nobody else gets in meanwhile"""
    held, hold = [], store.hold

    async def noted(names, holder, lease, most):
        held.append(holder)
        return await hold(names, holder, lease, most)

    monkeypatch.setattr(store, "hold", noted)
    async with OneAtATime(store, "slow", timedelta(seconds=0.03)).turn("judging:soup"), asyncio.timeout(60):
        while len(held) < 3:
            await asyncio.sleep(0.01)
        assert await hold(["judging:soup"], "other", LEASE, 1) == ()
    assert set(held) == {"slow:turn1"}


async def test_nobody_waits_for_a_store_that_is_away():
    """Where whose turn it is cannot be looked up, nobody waits for it"""

    class Away:
        async def hold(self, *_):
            raise StoreError("Away.")

        async def let_go(self, *_):
            raise StoreError("Away.")

    async with OneAtATime(Away(), "one", LEASE).turn("x") as waited:
        assert not waited


async def test_fair_shares(store, watch):
    """Two share four shards, a third that comes gets its part when the others renew, and a dead one's is divided"""
    shares = [Share(store, "discord", 4, name, LEASE) for name in ("a", "b", "c")]
    first, second, third = shares
    assert await first.renew() == (0, 1, 2, 3)
    assert await second.renew() == ()
    assert await first.renew() == (0, 1)
    assert await second.renew() == (2, 3)
    watch.forward(seconds=20)
    await first.renew()
    await third.renew()
    watch.forward(seconds=20)  # the second never renewed
    await first.renew()
    assert sorted([*await third.renew(), *await first.renew()]) == [0, 1, 2, 3]


async def test_budget_is_not_overdrawn(store, watch):
    """Twenty who draw at once from what is left get so many together and not one more, and then hear until when"""
    heard = Heard(100, watch.now() + timedelta(minutes=10))
    await store.draw("c", "core", 0, heard)
    drawn = await asyncio.gather(*(store.draw("c", "core", 7, None) for _ in range(20)))
    assert sum(one.granted for one in drawn) == 100
    assert await store.draw("c", "core", 7, None) == Drawn(0, heard.reset_at)
    assert (await store.draw("another", "core", 7, None)).granted == 7


async def test_budget_begins_anew(store, watch):
    """When the hour is over there is no limit until the host names one; a lower word corrects, a later hour replaces"""
    end = watch.now() + timedelta(minutes=10)
    await store.draw("c", "core", 5, Heard(10, end))
    assert (await store.draw("c", "core", 9, Heard(3, end))).granted == 3
    assert (await store.draw("c", "core", 9, None)).until == end
    watch.forward(minutes=11)
    assert (await store.draw("c", "core", 9, None)).granted == 9
    assert (await store.draw("c", "core", 5000, Heard(4000, end + timedelta(hours=1)))).granted == 4000


async def test_shut_for_all(store, watch):
    """What one was told to wait for, all wait for; one who cannot ask the store goes on"""
    one, other = (Allowance(store, watch, fingerprint("token")) for _ in range(2))
    assert await one.take("search") == 0
    await one.shut("search", watch.now() + timedelta(seconds=60))
    assert await other.take("search") == pytest.approx(60)
    assert await other.take("core") == 0
    watch.forward(seconds=61)
    assert await other.take("search") == 0

    class Away:
        async def draw(self, *_):
            raise StoreError("Away.")

    assert await Allowance(Away(), watch, "x").take("core") == 0


def test_fingerprint():
    """A credential's name does not tell it, and two have two"""
    assert "secret" not in fingerprint("secret")
    assert fingerprint("secret") != fingerprint("other")
