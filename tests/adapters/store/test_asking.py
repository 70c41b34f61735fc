"""Asks let in together, on both databases: in order, all or none, each for a reason."""

import asyncio
import random
from datetime import timedelta

import pytest
from fakes.memory import NOON, PLACE, person

from adapters.store import open_store
from bot.guard import limits_in
from bot.records import NewJob, OptOutKind, Place, PlaceSettings
from bot.turnstile import Turnstile, Wish


def wish(who="bob", event="", place=PLACE, repository="acme/tools"):
    """Return a wish."""
    job = NewJob(kind="roast", payload={"who": who}, place=place)
    return Wish(job, place, person(who), repository, event)


async def take(store, *wishes, most=100):
    """Let wishes in together."""
    return await store.take_asks(wishes, limits_in, most)


async def test_in_order(store):
    """Each wish gets the job that is its own, in the order in which they came"""
    taken = await take(store, *(wish(f"p{number}", f"e{number}") for number in range(20)))
    kept = {job.id: job.payload["who"] for job in await store.jobs()}
    assert [kept[one.job] for one in taken] == [f"p{number}" for number in range(20)]


async def test_event(store):
    """An event is taken once, within a group and between groups; a refused one stays free"""
    await store.set_place_settings(PLACE, PlaceSettings(per_person=2))
    first = await take(store, wish("bob", "e1"), wish("bob", "e1"), wish("bob", "e2"), wish("bob", "e3"))
    assert [(bool(one.job), one.repeated, bool(one.wait)) for one in first] == [
        (True, False, False), (False, True, False), (True, False, False), (False, False, True)
    ]  # fmt: skip
    assert (await take(store, wish("bob", "e2")))[0].repeated
    assert not await store.handled("e3")


@pytest.mark.parametrize(("setting", "others"), [("per_person", False), ("per_channel", True), ("per_workspace", True)])
async def test_limits(store, watch, setting, others):
    """A limit holds for its own scope, within a group too, and says when the next one is possible"""
    place = PLACE.whole if setting == "per_workspace" else PLACE
    await store.set_place_settings(place, PlaceSettings(**{setting: 2}))
    assert (await take(store, wish()))[0].job
    watch.forward(minutes=10)
    taken = await take(store, wish(), wish(), wish("eve"))
    assert [bool(one.job) for one in taken] == [True, False, not others]
    assert taken[1].wait.until == NOON + timedelta(hours=1)
    elsewhere = Place(platform="slack", workspace="T2", channel="C1")
    assert (await take(store, wish("zoe", place=elsewhere)))[0].job
    watch.forward(minutes=51)
    assert (await take(store, wish()))[0].job


@pytest.mark.parametrize("seed", range(3))
async def test_as_by_hand(store, watch, seed):
    """Whoever is let in or has to wait, and until when, is as if all asks of the hour were gone through by hand"""
    dice = random.Random(seed)
    places = [PLACE, PLACE.model_copy(update={"channel": "C2"}), Place(platform="slack", workspace="T2", channel="C1")]
    settings = PlaceSettings(per_person=3, per_channel=5, per_workspace=7)
    for place in places:
        await store.set_place_settings(place.whole, settings)
    let_in = []
    for _ in range(25):
        now = watch.forward(minutes=dice.randint(0, 12))
        group = [wish(dice.choice("abc"), place=dice.choice(places)) for _ in range(dice.randint(1, 4))]
        for one, taken in zip(group, await take(store, *group), strict=True):
            until = by_hand(let_in, one, settings, now)
            assert (taken.wait and taken.wait.until) == until
            if until is None:
                let_in.append((one, now))


def by_hand(let_in, one, settings, now):
    """Return until when somebody has to wait; nothing where they need not."""
    near = [(w, at) for w, at in let_in if w.place.whole == one.place.whole and now - at < timedelta(hours=1)]
    scopes = [
        (settings.per_person, [at for w, at in near if w.person == one.person]),
        (settings.per_channel, [at for w, at in near if w.place == one.place]),
        (settings.per_workspace, [at for _, at in near]),
    ]
    over = [sorted(times)[-most] + timedelta(hours=1) for most, times in scopes if len(times) >= most]
    return max(over, default=None)


async def test_no_roasts_at_all(store):
    """A limit of none is a limit"""
    await store.set_place_settings(PLACE, PlaceSettings(per_channel=0))
    assert (await take(store, wish()))[0].wait


async def test_room(store):
    """There is room for so many; what is refused counts against nobody"""
    taken = await take(store, *(wish(f"p{number}") for number in range(5)), most=3)
    assert [one.full for one in taken] == [False] * 3 + [True] * 2
    assert (await take(store, wish(), most=3))[0].full
    assert (await take(store, wish(), most=4))[0].job


async def test_opted_out(store):
    """A repository that opted out is refused whatever its case"""
    await store.opt_out(OptOutKind.REPOSITORY, "Acme/Tools", "admin")
    taken = await take(store, wish(repository="ACME/tools"), wish(repository="acme/other"))
    assert [one.opted_out for one in taken] == [True, False]


async def test_two_processes(url, watch):
    """Two processes together let in no more than the limit allows"""
    stores = [await open_store(url, clock=watch) for _ in range(2)]
    await stores[0].set_place_settings(PLACE, PlaceSettings(per_channel=7))
    groups = [take(stores[number % 2], *(wish(f"p{number}{n}") for n in range(3))) for number in range(6)]
    taken = [one for group in await asyncio.gather(*groups) for one in group]
    assert sum(one.job is not None for one in taken) == 7
    for store in stores:
        await store.aclose()


async def test_turnstile_goes_in_groups(store):
    """The first goes alone and at once; those who come meanwhile go together"""
    groups = []

    async def through(wishes):
        groups.append(len(wishes))
        return await take(store, *wishes)

    turnstile = Turnstile(through)
    taken = await asyncio.gather(*(turnstile.enter(wish(f"p{number}")) for number in range(50)))
    assert (len(groups), sum(groups)) == (1, 50)
    assert sum(one.job is not None for one in taken) == 30, "the channel's usual limit"


async def test_turnstile_that_fails():
    """What goes wrong reaches all who were in the group, and the next group is tried anew"""
    failures = iter([True, False])

    async def through(wishes):
        if next(failures):
            raise ValueError
        return [None] * len(wishes)

    turnstile = Turnstile(through)
    first = await asyncio.gather(*(turnstile.enter(wish()) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in first] == [ValueError] * 3
    assert await turnstile.enter(wish()) is None
