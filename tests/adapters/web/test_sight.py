"""How things stand, in numbers: by kind, by workspace, bounded, and on the web."""

from datetime import timedelta

import pytest
from fakes.memory import Watch

from adapters.store import open_store
from adapters.web.metrics import PrometheusMeters
from bot.records import NewJob, Place


@pytest.fixture
async def store(tmp_path):
    """A store with a clock that is turned by hand."""
    watch = Watch()
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite3'}", clock=watch)
    store.watch = watch
    yield store
    await store.aclose()


def home(number):
    """Return a workspace."""
    return Place(platform="slack", workspace=f"T{number}")


async def test_by_kind(store):
    """What waits, what runs, since when, and what is tried again, are told by kind"""
    for _ in range(3):
        await store.enqueue(NewJob(kind="roast", place=home(1)))
    await store.enqueue(NewJob(kind="digest", priority=5))
    taken = await store.next_job("dead")
    await store.recover_jobs()
    await store.take_job(taken.id, "alive")
    store.watch.forward(seconds=40)
    digest, roast = (await store.sight()).kinds
    assert (roast.kind, roast.waiting, roast.running, roast.tried_before) == ("roast", 2, 1, 1)
    assert store.watch.now() - roast.oldest == timedelta(seconds=40)
    assert (digest.kind, digest.waiting, digest.running, digest.tried_before) == ("digest", 1, 0, 0)
    told = (await store.sight()).in_words(store.watch.now())
    assert told.startswith(
        "digest: 1 wait (the oldest for 40 seconds), 0 run; roast: 2 wait (the oldest for 40 seconds)"
    )
    assert "1 run (the longest for 40 seconds); 1 of these tried before" in told


async def test_workspaces_are_bounded(store):
    """The busiest are told by name, the others as one, and none is lost"""
    for number in range(7):
        for _ in range(number + 1):
            await store.enqueue(NewJob(kind="roast", place=home(number)))
        await store.record_usage(home(number), "m", (1, 1), 0.5)
    sight = await store.sight(most=3)
    assert [(one.place.workspace, one.jobs) for one in sight.homes] == [("T6", 7), ("T5", 6), ("T4", 5), ("", 10)]
    assert sight.dollars == pytest.approx(3.5)
    assert sight.busiest_in_words(2) == "slack/T6 7 jobs, $0.50; slack/T5 6 jobs, $0.50"


async def test_on_the_web(store):
    """The web side tells all of it, and forgets a workspace that has nothing to do any more"""
    meters = PrometheusMeters()
    job = await store.enqueue(NewJob(kind="roast", place=home(1)))
    store.watch.forward(seconds=9)
    await store.take_job(job, "somebody")
    store.watch.forward(seconds=5)
    meters.sight(await store.sight(), store.watch.now())
    meters.recovered({"taken over": 2})
    text = meters.text().decode()
    assert 'roast_jobs{kind="roast",state="running"} 1.0' in text
    assert 'roast_jobs_longest_seconds{kind="roast"} 5.0' in text
    assert 'roast_workspace_jobs{platform="slack",workspace="T1"} 1.0' in text
    assert 'roast_queue_recovered{how="taken over"} 2.0' in text
    await store.finish_job(job)
    meters.sight(await store.sight(), store.watch.now())
    assert 'workspace="T1"' not in meters.text().decode()
