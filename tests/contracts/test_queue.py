"""What every queue keeps to: what was acknowledged is worked off once it can be, whatever dies, and by one alone."""

import asyncio
import itertools
import os
import platform

import pytest
from fakes.memory import Watch
from queue_rig import Bounced, Cluster, Embedded, fresh, migrated

from adapters.store import open_store
from bot.errors import StoreError
from bot.records import JobState, NewJob, Person, Place
from bot.turnstile import Wish


@pytest.fixture(params=["embedded", "cluster", "behind pgbouncer"])
def rig(request, tmp_path):
    """The engine: embedded over SQLite, then procrastinate over PostgreSQL, then the same behind PgBouncer."""
    if request.param == "embedded":
        return Embedded(tmp_path)
    server = request.getfixturevalue("queue_server")
    if request.param == "cluster":
        return Cluster(server, fresh(server))
    return Bounced(server, fresh(server), request.getfixturevalue("bouncer"))


@pytest.fixture
async def store(rig):
    """A fresh store."""
    async with migrated(rig.url, Watch()) as store:
        yield store


@pytest.fixture
async def make_queue(store, rig):
    """A maker of queues over the store, all stopped in the end."""
    made = []

    def make(**options):
        queue = rig.queue(options.pop("store", store), options.pop("clock", Watch()), **options)
        made.append(queue)
        return queue

    yield make
    for queue in made:
        await queue.stop(0)


async def until(condition):
    """Wait until something holds, however slow the machine is."""
    async with asyncio.timeout(30):
        while not (found := await condition()):
            await asyncio.sleep(0.005)
    return found


def ended(store, count=1):
    """Return a condition: so many jobs came to an end."""

    async def look():
        done = [job for job in await store.jobs(unfinished=False) if job.state in {JobState.DONE, JobState.FAILED}]
        return done if len(done) >= count else None

    return look


async def test_worked_off(store, make_queue):
    """A job that was put wakes a worker at once, and ends as done"""
    queue, seen = make_queue(), []

    async def handle(job):
        seen.append(job.payload)
        return ""

    await queue.start({"roast": handle})
    assert await queue.put(NewJob(kind="roast", payload={"n": 1})) is not None
    (job,) = await until(ended(store))
    assert (job.state, seen) == (JobState.DONE, [{"n": 1}])


async def test_put_before_the_start(store, make_queue):
    """What was put before anybody worked is worked off when somebody does"""
    await make_queue().put(NewJob(kind="roast"))

    async def handle(job):
        return ""

    await make_queue().start({"roast": handle})
    assert (await until(ended(store)))[0].state is JobState.DONE


async def test_failed_in_words(store, make_queue):
    """What the asker was told is kept; a handler that falls over is a failure in words, and the next job is done"""

    async def handle(job):
        if job.payload["n"] == 2:
            raise ValueError
        return "The grill is out." if job.payload["n"] == 1 else ""

    queue = make_queue(workers=1)
    await queue.start({"roast": handle})
    for number in (1, 2, 3):
        await queue.put(NewJob(kind="roast", payload={"n": number}))
    kept = {job.payload["n"]: job for job in await until(ended(store, 3))}
    assert kept[1].error == "The grill is out."
    assert kept[2].state is JobState.FAILED
    assert "unforeseen" in kept[2].error
    assert kept[3].state is JobState.DONE


async def test_event_once(make_queue):
    """An event that comes twice makes one job"""
    queue = make_queue()
    assert await queue.put(NewJob(kind="roast"), event="slack:1") is not None
    assert await queue.put(NewJob(kind="roast"), event="slack:1") is None


async def test_room(make_queue):
    """There is room below the bound, and none at it"""
    queue = make_queue(most_waiting=2)
    assert await queue.has_room()
    await queue.put(NewJob(kind="roast"))
    assert await queue.has_room()
    await queue.put(NewJob(kind="roast"))
    assert not await queue.has_room()


async def test_bounded_workers(store, make_queue):
    """As many run at once as there are workers, and no more"""
    queue, now, seen, both = make_queue(workers=2), 0, [], asyncio.Event()

    async def handle(job):
        nonlocal now
        now += 1
        seen.append(now)
        if now == 2:
            both.set()
        await both.wait()
        await asyncio.sleep(0)
        now -= 1
        return ""

    await queue.start({"roast": handle})
    for _ in range(8):
        await queue.put(NewJob(kind="roast"))
    await until(ended(store, 8))
    assert max(seen) == 2


async def test_priorities(store, make_queue):
    """A person who waits goes before a digest that was put first"""
    queue, order = make_queue(workers=1), []

    async def handle(job):
        order.append(job.kind)
        return ""

    await queue.put(NewJob(kind="digest", priority=5))
    await queue.put(NewJob(kind="roast"))
    await queue.start({"digest": handle, "roast": handle})
    await until(ended(store, 2))
    assert order == ["roast", "digest"]


async def test_own_kinds(store, make_queue):
    """A queue takes only what it has handlers for"""
    queue = make_queue()

    async def handle(job):
        return ""

    await queue.put(NewJob(kind="digest"))
    await queue.start({"roast": handle})
    await queue.put(NewJob(kind="roast"))
    await until(ended(store))
    assert [job.kind for job in await store.jobs()] == ["digest"]


async def test_drained(store, make_queue):
    """Stopping lets what runs come to its end within the grace, and takes nothing more"""
    queue, begun, go = make_queue(workers=1), asyncio.Event(), asyncio.Event()

    async def handle(job):
        begun.set()
        await go.wait()
        return ""

    await queue.start({"roast": handle})
    await queue.put(NewJob(kind="roast"))
    await queue.put(NewJob(kind="roast"))
    await begun.wait()
    stopping = asyncio.create_task(queue.stop(30))
    await asyncio.sleep(0)
    go.set()
    await stopping
    assert [job.state for job in await store.jobs(unfinished=False)] == [JobState.DONE, JobState.WAITING]


async def test_handed_back(store, make_queue):
    """What does not end within the grace waits again, for the next process"""
    queue, begun = make_queue(), asyncio.Event()

    async def handle(job):
        begun.set()
        await asyncio.sleep(3600)
        return ""

    await queue.start({"roast": handle})
    await queue.put(NewJob(kind="roast"))
    await begun.wait()
    await queue.stop(0)
    (job,) = await store.jobs()
    assert (job.state, job.holder) == (JobState.WAITING, "")


@pytest.mark.parametrize(
    "left_by",
    [
        "elsewhere:1:never-beat",
        f"{platform.node() or 'here'}:{os.getpid()}:same-process-number-before-a-restart",
        f"{platform.node() or 'here'}:4194305:no-such-process",
    ],
    ids=["elsewhere", "same number", "no such process"],
)
async def test_after_a_crash(store, make_queue, rig, left_by):
    """What a dead process was working on is worked off at the next start, and counts as tried before"""
    await rig.put(store, NewJob(kind="roast"))
    await rig.leave_running(store, left_by, Watch())
    home, _, token = left_by.rpartition(":")
    if "no-such" in token:
        await store.set_meta(f"queue:{home}", f"{token} {Watch().now().isoformat()}")
    attempts = []

    async def handle(job):
        attempts.append(job.attempts)
        return ""

    await make_queue().start({"roast": handle})
    await until(ended(store))
    assert attempts == [2]


async def test_the_living_keep_theirs(store, make_queue, rig):
    """What a living process works on is not taken from it; once it stops beating, it is"""
    holder, watch = "elsewhere:7:token", Watch()
    await rig.put(store, NewJob(kind="roast"))
    await rig.leave_running(store, holder, watch, alive=True)

    async def handle(job):
        return ""

    queue = make_queue(clock=watch, beat=0.01)
    await queue.start({"roast": handle})
    await queue.put(NewJob(kind="roast"))
    await until(ended(store))
    assert [job.holder for job in await store.jobs()] == [holder]
    await rig.dies(watch)
    await until(ended(store, 2))


async def test_two_processes(store, rig, make_queue):
    """Two queues on one store never take the same job"""
    other = await open_store(rig.url, clock=Watch())
    taken = []

    async def handle(job):
        taken.append(job.id)
        await asyncio.sleep(0)
        return ""

    first, second = make_queue(poll=0.01), make_queue(store=other, poll=0.01)
    try:
        await first.start({"roast": handle})
        await second.start({"roast": handle})
        put = [await first.put(NewJob(kind="roast")) for _ in range(40)]
        await until(ended(store, 40))
        assert sorted(taken) == sorted(put)
    finally:
        await second.stop(5)
        await other.aclose()


async def test_store_away_for_a_while(store, make_queue):
    """A store that fails now and then costs time, not jobs"""

    class Flaky:
        def __init__(self):
            self.failures = {"next_job": 2, "take_job": 2, "finish_job": 2, "running_holders": 1}

        def __getattr__(self, name):
            method = getattr(store, name)

            async def call(*words, **named):
                if self.failures.get(name, 0):
                    self.failures[name] -= 1
                    raise StoreError("The memory is locked.")
                return await method(*words, **named)

            return call

    async def handle(job):
        return ""

    queue = make_queue(store=Flaky(), poll=0.01)
    await queue.start({"roast": handle})
    await queue.put(NewJob(kind="roast"))
    assert (await until(ended(store)))[0].state is JobState.DONE


async def test_trouble_is_told(store, make_queue):
    """A queue that works has no trouble; one whose workers fell over says so, and one that was stopped does not"""

    class Broken:
        def __getattr__(self, name):
            return getattr(store, name)

        async def waiting_tickets(self, *_, **__):
            raise LookupError

        next_job = waiting_tickets

    sound, broken = make_queue(), make_queue(store=Broken())
    await sound.start({})
    await broken.start({"roast": None})

    async def told():
        return broken.trouble

    assert "fell over" in await until(told)
    assert sound.trouble == ""
    await sound.stop(0)
    assert sound.trouble == ""


async def test_leaves_no_trace(store, make_queue):
    """A queue that stopped leaves no sign of life behind"""
    queue = make_queue()
    await queue.start({})
    key = queue._key(queue._home)
    assert await store.meta(key)
    await queue.stop(1)
    assert await store.meta(key) is None


async def test_workspaces_in_turn(store, make_queue):
    """A workspace that asks for many is served in turn with another's single one, which waits for one round at most"""
    queue, order = make_queue(workers=1), []

    async def handle(job):
        order.append(job.place.workspace)
        return ""

    for home in [*["noisy"] * 20, "quiet", "other", "other"]:
        await queue.put(NewJob(kind="roast", place=Place(platform="slack", workspace=home)))
    await queue.start({"roast": handle})
    await until(ended(store, 23))
    assert order[:5] == ["noisy", "quiet", "other", "noisy", "other"]
    assert order[5:] == ["noisy"] * 18


async def test_one_workspace_does_not_fill_the_room(make_queue):
    """Where one workspace may have so many, its next wish is refused, and another's is not"""
    queue, now = make_queue(most_each=2), itertools.count()

    async def ask(home):
        place = Place(platform="slack", workspace=home, channel="C1")
        who = Person(platform="slack", workspace=home, user=f"U{next(now)}")
        return await queue.take(Wish(NewJob(kind="roast", place=place), place, who, "acme/soup"))

    noisy = [await ask("noisy") for _ in range(3)]
    assert [one.full for one in noisy] == [False, False, True]
    assert (await ask("quiet")).job is not None
