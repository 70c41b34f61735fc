"""Jobs, events, effects and the ledger of small things."""

import asyncio
from datetime import timedelta

from fakes.memory import NOON, PLACE

from bot.records import EffectState, JobState, NewJob, Usage


async def test_queue(store):
    """Jobs are taken by priority, then in order, each by one holder, and end in the state they are given."""
    first = await store.enqueue(NewJob(kind="answer", payload={"n": [1]}, place=PLACE, priority=5))
    second = await store.enqueue(NewJob(kind="digest", priority=5))
    urgent = await store.enqueue(NewJob(kind="answer"))
    taken = [await store.next_job("me") for _ in range(4)]
    assert [job.id if job else None for job in taken] == [urgent, first, second, None]
    assert (taken[1].payload, taken[1].place, taken[1].state, taken[1].attempts) == (
        {"n": [1]},
        PLACE,
        JobState.RUNNING,
        1,
    )
    await store.finish_job(first)
    await store.finish_job(second, "The grill is out.")
    ended = {job.id: (job.state, job.error) for job in await store.jobs(unfinished=False)}
    assert ended[first] == (JobState.DONE, "")
    assert ended[second] == (JobState.FAILED, "The grill is out.")
    assert [job.id for job in await store.jobs()] == [urgent]


async def test_by_kind(store):
    """A worker takes only the kinds it asks for."""
    await store.enqueue(NewJob(kind="digest"))
    assert await store.next_job("me", kinds=["answer"]) is None
    assert (await store.next_job("me", kinds=["answer", "digest"])).kind == "digest"


async def test_event_and_job(store):
    """An event makes its job once, however often it comes; a different event makes another."""
    job = NewJob(kind="answer")
    made = await asyncio.gather(*(store.enqueue(job, event="slack:Ev1") for _ in range(5)))
    assert len([one for one in made if one is not None]) == 1
    assert await store.enqueue(job, event="slack:Ev2") is not None
    assert not await store.claim_event("slack:Ev1")
    assert await store.claim_event("slack:Ev3")


async def test_key(store):
    """A key holds while its job waits or runs, and is free afterwards."""
    job = NewJob(kind="roast", key="acme/tools#7")
    first = await store.enqueue(job)
    assert await store.enqueue(job) is None
    await store.next_job("me")
    assert await store.enqueue(job) is None
    await store.finish_job(first)
    assert await store.enqueue(job) is not None


async def test_many_workers(store):
    """Thirty jobs and six workers: each job is taken exactly once."""
    wanted = {await store.enqueue(NewJob(kind="answer")) for _ in range(30)}
    taken = []

    async def work(name):
        while job := await store.next_job(name):
            taken.append(job.id)

    await asyncio.gather(*(work(f"w{number}") for number in range(6)))
    assert sorted(taken) == sorted(wanted)


async def test_recovered(store):
    """After a restart the running jobs wait again, and say how often they were tried."""
    job_id = await store.enqueue(NewJob(kind="answer"))
    await store.next_job("dead")
    await store.enqueue(NewJob(kind="answer"))
    assert [job.id for job in await store.recover_jobs(holder="somebody else")] == []
    assert [job.id for job in await store.recover_jobs()] == [job_id]
    again = await store.next_job("alive")
    assert (again.id, again.attempts) == (job_id, 2)


async def test_effect(store, watch):
    """An effect is taken by one, unconfirmed to others until confirmed, then known with its result."""
    states = [one.state for one in await asyncio.gather(*(store.claim_effect("post:1", f"p{n}") for n in range(5)))]
    assert sorted(states) == [EffectState.MINE] + [EffectState.UNCONFIRMED] * 4
    assert [one.key for one in await store.unconfirmed_effects(before=NOON + timedelta(1))] == ["post:1"]
    assert await store.unconfirmed_effects(before=NOON) == ()
    await store.confirm_effect("post:1", {"message": "1.1"})
    found = await store.claim_effect("post:1", "late")
    assert (found.state, found.result) == (EffectState.CONFIRMED, {"message": "1.1"})
    assert not await store.release_effect("post:1")


async def test_effect_noted(store):
    """What was done already is noted in one write, over whatever was known of it."""
    for spot in ("1.1", "1.2"):
        await store.note_effect("post:1", "a", {"message": spot})
    found = await store.claim_effect("post:1", "late")
    assert (found.state, found.result) == (EffectState.CONFIRMED, {"message": "1.2"})


async def test_effect_given_back(store):
    """An effect that surely did not happen can be taken again."""
    await store.claim_effect("post:1", "a")
    assert await store.release_effect("post:1")
    assert (await store.claim_effect("post:1", "b")).state is EffectState.MINE


async def test_usage(store, watch):
    """Model usage adds up by day, workspace and model."""
    for _ in range(2):
        await store.record_usage(PLACE, "opus", (1000, 200), 0.25)
    watch.forward(days=1)
    await store.record_usage(PLACE, "opus", (3_000_000_000, 1), 1.0)
    used = await store.usage(since=NOON)
    assert used[0] == Usage(
        day=NOON.date(), place=PLACE.whole, model="opus", calls=2, input_tokens=2000, output_tokens=400, cost_usd=0.5
    )
    assert used[1].input_tokens == 3_000_000_000
    assert len(await store.usage(since=watch.now(), place=PLACE)) == 1


async def test_meta(store):
    """Small values are kept by name, the last one wins."""
    assert await store.meta("discord.commands") is None
    await store.set_meta("discord.commands", "abc")
    await store.set_meta("discord.commands", "def")
    assert await store.meta("discord.commands") == "def"


async def test_backlog(store, watch):
    """The backlog counts what waits and runs, and knows since when the oldest one waits"""
    assert (await store.backlog()).waiting == 0
    for _ in range(3):
        await store.enqueue(NewJob(kind="answer", place=PLACE))
        watch.forward(seconds=5)
    await store.next_job("me")
    backlog = await store.backlog()
    assert (backlog.waiting, backlog.running, backlog.oldest) == (2, 1, NOON + timedelta(seconds=5))


async def test_newest_first(store):
    """Jobs of one workspace can be read newest first"""
    kept = [await store.enqueue(NewJob(kind="answer", place=PLACE)) for _ in range(3)]
    await store.enqueue(NewJob(kind="answer"))
    assert [job.id for job in await store.jobs(place=PLACE, newest=True, limit=2)] == [kept[2], kept[1]]


async def test_handled(store):
    """Asking whether an event was handled does not claim it"""
    assert not await store.handled("slack:Ev9")
    assert await store.claim_event("slack:Ev9")
    assert await store.handled("slack:Ev9")


async def test_meta_forgotten(store):
    """An empty value forgets its key"""
    await store.set_meta("holder", "me")
    await store.set_meta("holder", "")
    assert await store.meta("holder") is None
