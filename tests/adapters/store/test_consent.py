"""Opt-outs, bindings, settings, limits and appeals as they are kept."""

import asyncio
from datetime import timedelta

import pytest
from fakes.memory import NOON, PLACE, person, shown

from bot.brief import Heat
from bot.errors import StoreError
from bot.records import Ground, Limit, OptOutKind, Outcome, Place, PlaceSettings, Policy, UserSettings, VerdictId

LOGIN, REPOSITORY = OptOutKind.LOGIN, OptOutKind.REPOSITORY


async def test_opt_out_stands(store):
    """An opt-out holds for any spelling of the login, once, until it is undone."""
    assert await store.opt_out(LOGIN, "Alice", by="bob")
    assert not await store.opt_out(LOGIN, "alice", by="carol")
    assert await store.opted_out(LOGIN, ["ALICE", "bob"]) == {"alice"}
    assert await store.opted_out(REPOSITORY, ["alice"]) == frozenset()
    assert [(one.subject, one.by) for one in await store.opt_outs()] == [("alice", "bob")]
    assert await store.undo_opt_out(LOGIN, "alice", by="admin")
    assert not await store.undo_opt_out(LOGIN, "alice", by="admin")
    assert await store.opted_out(LOGIN, ["alice"]) == frozenset()


async def test_every_workspace_s_own_no(store):
    """A no that two workspaces said is undone by neither for the other, in whatever order; by the operator at once"""
    here, there = Place(platform="slack", workspace="T1"), Place(platform="discord", workspace="T1")
    for first, second in ((here, there), (there, here)):
        assert await store.opt_out(LOGIN, "alice", by=f"{first}/bob")
        assert not await store.opt_out(LOGIN, "Alice", by=f"{second}/eve")
        assert not await store.opt_out(LOGIN, "alice", by=f"{second}/mallory")
        assert [(one.subject, one.by) for one in await store.opt_outs()] == [("alice", f"{first}/bob")]
        assert await store.undo_opt_out(LOGIN, "alice", by="a", said_in=first)
        assert not await store.undo_opt_out(LOGIN, "alice", by="a", said_in=first)
        assert await store.opted_out(LOGIN, ["alice"]) == {"alice"}
        assert [one.by for one in await store.opt_outs()] == [f"{second}/eve"]
        assert await store.undo_opt_out(LOGIN, "alice", by="a", said_in=second)
        assert await store.opted_out(LOGIN, ["alice"]) == frozenset()
    await store.opt_out(LOGIN, "alice", by=f"{here}/bob")
    await store.opt_out(LOGIN, "alice", by=f"{there}/bob")
    assert await store.undo_opt_out(LOGIN, "alice", by="root")
    assert await store.opted_out(LOGIN, ["alice"]) == frozenset()
    assert not await store.undo_opt_out(LOGIN, "alice", by="root")


async def test_a_no_of_a_workspace_with_an_odd_name(store):
    """Marks of the database's patterns in a workspace's name mean nothing"""
    await store.opt_out(LOGIN, "alice", by="slack/T1/bob")
    assert not await store.undo_opt_out(LOGIN, "alice", by="a", said_in=Place(platform="slack", workspace="T_"))
    assert not await store.undo_opt_out(LOGIN, "alice", by="a", said_in=Place(platform="slack", workspace="%"))
    assert not await store.undo_opt_out(LOGIN, "alice", by="a", said_in=Place(platform="slack", workspace="T"))


async def test_opt_out_again(store):
    """After an undone opt-out the next one is new."""
    await store.opt_out(REPOSITORY, "acme/tools", by="a")
    await store.undo_opt_out(REPOSITORY, "Acme/Tools", by="admin")
    assert await store.opt_out(REPOSITORY, "acme/Tools", by="b")


async def test_bindings(store):
    """A repository is bound to channels and a channel to repositories; binding twice is binding once."""
    other = Place(platform="slack", workspace="T1", channel="C2")
    await store.bind(PLACE, "Acme/Tools", by="admin")
    await store.bind(PLACE, "acme/tools", by="admin")
    await store.bind(other, "acme/tools", by="admin")
    assert {place for place, _ in await store.bindings(repository="ACME/TOOLS")} == {PLACE, other}
    assert await store.bindings(place=PLACE) == ((PLACE, "acme/tools"),)
    assert len(await store.bindings(place=PLACE.whole)) == 2
    assert await store.unbind(PLACE, "acme/tools")
    assert not await store.unbind(PLACE, "acme/tools")


async def test_settings(store):
    """Settings of a channel, a workspace and a person come back as they were set, the defaults before."""
    assert await store.place_settings(PLACE) == PlaceSettings()
    settings = PlaceSettings(policy=Policy.OWN, hottest=Heat.MILD, more={"welcome": [1, "two"]})
    await store.set_place_settings(PLACE, settings)
    assert await store.place_settings(PLACE) == settings
    assert await store.place_settings(PLACE.whole) == PlaceSettings()
    mine = UserSettings(hottest=Heat.MEDIUM, opted_in=True)
    await store.set_user_settings(person("bob"), mine)
    assert await store.user_settings(person("bob")) == mine


async def test_people_of_a_login(store):
    """Only confirmed links lead from a login to people."""
    await store.set_user_settings(person("a"), UserSettings(login="Alice", confirmed_by="admin"))
    await store.set_user_settings(person("b"), UserSettings(login="alice"))
    assert await store.people_of("ALICE") == (person("a"),)


async def test_limits(store, watch):
    """A limit lets so many through, says when the next one fits, and lets it through then."""
    limits = [Limit(scope="person", most=2, seconds=600)]
    assert await store.claim_ask(PLACE, person("bob"), limits) is None
    watch.forward(seconds=60)
    assert await store.claim_ask(PLACE, person("bob"), limits) is None
    watch.forward(seconds=60)
    wait = await store.claim_ask(PLACE, person("bob"), limits)
    assert (wait.limit.scope, wait.until) == ("person", NOON + timedelta(seconds=600))
    assert await store.claim_ask(PLACE, person("carol"), limits) is None
    watch.time = wait.until
    assert await store.claim_ask(PLACE, person("bob"), limits) is None


async def test_longest_wait(store, watch):
    """Of several limits the one that lasts longest is told, and a refused ask counts for none."""
    limits = [Limit(scope="person", most=1, seconds=60), Limit(scope="workspace", most=1, seconds=3600)]
    assert await store.claim_ask(PLACE, person("bob"), limits) is None
    assert (await store.claim_ask(PLACE, person("bob"), limits)).limit.scope == "workspace"
    watch.forward(seconds=3600)
    assert await store.claim_ask(PLACE, person("bob"), limits) is None


async def test_limit_of_nothing(store):
    """A limit of zero lets nobody through."""
    wait = await store.claim_ask(PLACE, person("bob"), [Limit(scope="channel", most=0, seconds=60)])
    assert wait.until == NOON + timedelta(seconds=60)


async def test_limit_under_a_crowd(store):
    """Twenty who ask at once for five places get five."""
    limits = [Limit(scope="channel", most=5)]
    asked = [store.claim_ask(PLACE, person(f"p{number}"), limits) for number in range(20)]
    assert (await asyncio.gather(*asked)).count(None) == 5


async def test_appeal(store):
    """An appeal is kept pending, decided with its reason, and listed."""
    verdict_id = await shown(store)
    appeal = await store.open_appeal(verdict_id, "e1", "bare_assert", Ground.WRONG, person("bob"))
    assert (appeal.outcome, appeal.by, appeal.at) == (Outcome.PENDING, person("bob"), NOON)
    decided = await store.decide_appeal(appeal.id, Outcome.UPHELD, "It stands.")
    assert (decided.outcome, decided.reason, decided.decided_at) == (Outcome.UPHELD, "It stands.", NOON)
    assert await store.appeals(place=PLACE) == await store.appeals(verdict_id=verdict_id) == (decided,)
    again = await store.open_appeal(verdict_id, "e1", "bare_assert", Ground.WRONG, person("bob"))
    assert again == decided


async def test_appeal_against_nothing(store):
    """An appeal against an unknown verdict, or a decision on an unknown appeal, ends in words."""
    with pytest.raises(StoreError, match="no verdict 99"):
        await store.open_appeal(VerdictId(99), "e1", "bare_assert", Ground.WRONG, person("bob"))
    with pytest.raises(StoreError, match="no appeal 99"):
        await store.decide_appeal(99, Outcome.UPHELD, "")


async def test_unfair_counts_people(store):
    """People who call an offence unfair in a channel are counted once each, for that channel's taste."""
    for number in (1, 2):
        verdict_id = await shown(store, number, where=str(number))
        for who in ("a", "b"):
            await store.open_appeal(verdict_id, "e1", "bare_assert", Ground.UNFAIR, person(who))
    assert (await store.taste_counts(PLACE, NOON)).unfair == {"bare_assert": 2}
    elsewhere = Place(platform="slack", workspace="T1", channel="C2")
    assert (await store.taste_counts(elsewhere, NOON)).unfair == {}
