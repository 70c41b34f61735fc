"""Subscriptions and their runs."""

import asyncio
from datetime import timedelta

from fakes.memory import NOON, PLACE, person

from bot.records import NewSubscription, RunState, SubscriptionId

LEASE = timedelta(minutes=10)


def wish(**changes):
    """Return a wish for a weekly digest."""
    fields = {"place": PLACE, "repository": "acme/Tools", "schedule": "0 16 * * fri", "timezone": "Europe/Berlin"}
    return NewSubscription(**(fields | {"created_by": person("bob"), "options": {"labels": ["bug"]}} | changes))


async def test_kept(store):
    """A subscription comes back with all that was wished for."""
    kept = await store.subscribe(wish())
    assert NewSubscription(**kept.model_dump(include=set(NewSubscription.model_fields))) == wish()
    assert await store.subscription(kept.id) == kept
    assert await store.subscriptions(PLACE) == await store.subscriptions(PLACE.whole) == (kept,)
    assert await store.subscription(SubscriptionId(99)) is None


async def test_changed_not_doubled(store):
    """Subscribing the same repository in the same channel again changes the one there is, and wakes it."""
    first = await store.subscribe(wish())
    await store.save_subscription(first.model_copy(update={"paused": "three failures", "failures": 3}))
    second = await store.subscribe(wish(repository="ACME/tools", top=5))
    assert (second.id, second.top, second.paused, second.failures) == (first.id, 5, "", 0)
    other = await store.subscribe(wish(person="alice", feed="https://example.org/feed"))
    assert other.id != first.id


async def test_ended(store, watch):
    """An ended subscription is listed no more, is still known, and can be made anew."""
    kept = await store.subscribe(wish())
    await store.save_subscription(kept.model_copy(update={"ended_at": watch.now()}))
    assert await store.subscriptions() == ()
    assert (await store.subscription(kept.id)).ended_at == NOON
    assert (await store.subscribe(wish())).id != kept.id


async def test_claimed_once(store):
    """Of ten who claim one period at once, one gets it; the next period is free."""
    kept = await store.subscribe(wish())
    claims = [store.claim_run(kept.id, "2026-W21", f"p{number}", LEASE) for number in range(10)]
    won = [run for run in await asyncio.gather(*claims) if run is not None]
    assert [(run.state, run.taken_over, run.lease_until) for run in won] == [(RunState.CLAIMED, False, NOON + LEASE)]
    assert (await store.claim_run(kept.id, "2026-W22", "p", LEASE)).run_id != won[0].run_id


async def test_taken_over(store, watch):
    """A run whose holder died is taken over once its lease lapsed, with its progress; the former holder is fenced off."""
    kept = await store.subscribe(wish())
    run = await store.claim_run(kept.id, "2026-W21", "first", LEASE)
    run = run.model_copy(update={"progress": {"read": [1, 2]}})
    assert await store.save_run(run, LEASE)
    watch.forward(minutes=9)
    assert await store.claim_run(kept.id, "2026-W21", "second", LEASE) is None
    watch.forward(minutes=2)
    taken = await store.claim_run(kept.id, "2026-W21", "second", LEASE)
    assert (taken.run_id, taken.taken_over, taken.attempts, taken.progress) == (run.run_id, True, 2, {"read": [1, 2]})
    assert not await store.save_run(run, LEASE)
    assert not await store.finish_run(run, RunState.POSTED, "by the first")
    assert await store.finish_run(taken, RunState.POSTED, "by the second")


async def test_finished(store, watch):
    """A finished run is never claimed again, and its decision can be read."""
    kept = await store.subscribe(wish())
    run = await store.claim_run(kept.id, "2026-W21", "p", LEASE)
    assert await store.finish_run(run, RunState.SKIPPED, "a quiet week")
    watch.forward(days=30)
    assert await store.claim_run(kept.id, "2026-W21", "p", LEASE) is None
    assert [(one.state, one.decision) for one in await store.runs(kept.id)] == [(RunState.SKIPPED, "a quiet week")]
