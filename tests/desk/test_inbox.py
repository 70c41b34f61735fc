"""What was heard: kept before it is acknowledged, decided upon in turns, and heard again by the next life."""

import asyncio

import pytest
import structlog
from serve.running import until

from bot.errors import BusyError, StoreError
from bot.inbox import Inbox
from bot.ports_messenger import Said
from bot.records import JobState, NewJob, Place
from desk.conftest import person

HEARD = "test_heard"


def said(words, workspace="T1"):
    """Return what somebody of a workspace said."""
    place = Place(platform="slack", workspace=workspace, channel="C1")
    return Said(words=words, place=place, person=person("bob", workspace), event=f"{workspace}:{words}")


class Listener:
    """Decides on one thing each time that it is let; notes what."""

    def __init__(self):
        self.begun, self.ended = [], []
        self.may = asyncio.Semaphore(0)

    async def __call__(self, one):
        """Decide."""
        self.begun.append(f"{one.place.workspace} {one.words}")
        await self.may.acquire()
        if one.words == "broken":
            raise ValueError(one.words)
        self.ended.append(f"{one.place.workspace} {one.words}")

    def let(self, many):
        """Let it decide so many times."""
        for _ in range(many):
            self.may.release()


async def at_ease():
    """Nobody is to be acknowledged."""


@pytest.fixture
async def make(idle):
    """A maker of inboxes over one store, each with its listener."""
    made = []

    def inbox(holder="one", at_once=1):
        listener = Listener()
        made.append(Inbox(idle.store, holder, HEARD, listener, at_ease, at_once=at_once, poll=0.05))
        made[-1].start()
        return made[-1], listener

    yield inbox
    for one in made:
        await one.stop()


async def put(inbox, *many):
    """Say all of it at once; return what each was told instead of being kept."""
    told = await asyncio.gather(*(inbox.put(one, 30) for one in many), return_exceptions=True)
    return [str(error) for error in told if error]


async def unfinished(store):
    """Return the jobs that were not ended."""
    return [job for job in await store.jobs() if job.kind == HEARD]


async def test_in_turns(make):
    """A crowd of one workspace lets another's one through after the one that is being decided upon"""
    inbox, listener = make()
    await put(inbox, *(said(f"n{number}") for number in range(20)))
    await until(lambda: listener.begun)
    await put(inbox, said("one", "T2"), said("one", "T3"))
    await until(lambda: inbox._lines.qsize() == 21)
    listener.let(5)
    await until(lambda: len(listener.ended) == 5)
    assert listener.ended == ["T1 n0", "T1 n1", "T2 one", "T3 one", "T1 n2"]


async def test_all_in_one_write(make, idle):
    """A burst is one job, ended once all of it was decided upon, whatever became of each"""
    inbox, listener = make(at_once=3)
    await put(inbox, said("a"), said("broken"), said("c", "T2"))
    (job,) = await unfinished(idle.store)
    assert [one["words"] for one in job.payload["said"]] == ["a", "broken", "c"]
    listener.let(2)
    await until(lambda: len(listener.ended) >= 1)
    assert await unfinished(idle.store)
    listener.let(1)
    async with asyncio.timeout(30):
        while await unfinished(idle.store):
            await asyncio.sleep(0.01)
    assert sorted(listener.ended) == ["T1 a", "T2 c"]
    assert (await idle.store.jobs(unfinished=False))[0].state is JobState.DONE


async def test_handed_to_the_next_life(make, idle):
    """What was not decided upon when it stopped is heard by whoever comes next, and by itself if it is begun again"""
    inbox, listener = make()
    await put(inbox, said("a"), said("b"))
    await until(lambda: listener.begun)
    await inbox.stop()
    assert [job.state for job in await unfinished(idle.store)] == [JobState.WAITING]
    listener.let(2)
    inbox.start()
    await until(lambda: listener.ended == ["T1 a", "T1 b"])


async def test_turned_away_when_stopped(make, idle, monkeypatch):
    """What was not written down when it stopped is turned away in words"""
    inbox, _ = make()
    begun = asyncio.Event()

    async def hangs(*_, **__):
        begun.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(idle.store, "enqueue", hangs)
    waiting = asyncio.create_task(put(inbox, said("a")))
    await begun.wait()
    await inbox.stop()
    assert await waiting == ["I am being restarted. Ask again in a minute."]


async def test_store_fails(make, idle, monkeypatch):
    """Who could not be written down is told why; the next one is heard"""
    inbox, listener = make()
    enqueue = idle.store.enqueue

    async def fails(*_, **__):
        monkeypatch.setattr(idle.store, "enqueue", enqueue)
        raise StoreError("The disk is full.", "Make room.")

    monkeypatch.setattr(idle.store, "enqueue", fails)
    assert await put(inbox, said("a")) == ["The disk is full. Make room."]
    listener.let(1)
    await put(inbox, said("b"))
    await until(lambda: listener.ended == ["T1 b"])


async def test_ended_later(make, idle, monkeypatch):
    """A job that could not be ended while the store was away is ended when it is back, and decided upon once"""
    inbox, listener = make()
    finish = idle.store.finish_job
    failed = []

    async def away(job, *_):
        failed.append(job)
        if len(failed) == 3:
            monkeypatch.setattr(idle.store, "finish_job", finish)
        raise StoreError("The memory is away.", "Try again.")

    monkeypatch.setattr(idle.store, "finish_job", away)
    listener.let(5)
    await put(inbox, said("a"))
    async with asyncio.timeout(30):
        while await unfinished(idle.store):
            await asyncio.sleep(0.01)
    assert listener.ended == ["T1 a"]
    assert len(failed) == 3


async def test_one_workspace_floods(make, monkeypatch):
    """A workspace with too much undecided is told to come again; another is heard"""
    monkeypatch.setattr("bot.inbox._MOST_UNDECIDED", 2)
    inbox, listener = make()
    await put(inbox, *(said(f"n{number}") for number in range(3)))
    await until(lambda: listener.begun and inbox._lines.qsize() == 2)
    (told,) = await put(inbox, said("more"))
    assert told == "I am busy: this workspace asks faster than I can listen. Ask again in a minute."
    assert await put(inbox, said("one", "T2")) == []
    with pytest.raises(BusyError):
        await inbox.put(said("more"), 30)


async def test_unreadable(make, idle):
    """What this version cannot read is told in the log, and what came with it is decided upon"""
    _, listener = make()
    listener.let(1)
    good = said("good").model_dump(mode="json")
    strange = {"said": [good | {"spoken_by": "a later version"}, good]}
    with structlog.testing.capture_logs() as logs:
        await idle.store.enqueue(NewJob(kind=HEARD, payload=strange, priority=-10))
        async with asyncio.timeout(30):
            while await unfinished(idle.store):
                await asyncio.sleep(0.01)
    assert listener.ended == ["T1 good"]
    assert [one["event"] for one in logs if one["log_level"] == "error"] == [
        "something that was said cannot be read here, and is not answered"
    ]


async def test_falls_over(make, idle, monkeypatch):
    """What nobody foresaw in the store does not end it: what was acknowledged is decided upon at the next look"""
    next_job = idle.store.next_job

    async def breaks(*_, **__):
        monkeypatch.setattr(idle.store, "next_job", next_job)
        raise ValueError("unforeseen")

    monkeypatch.setattr(idle.store, "next_job", breaks)
    _, listener = make()
    listener.let(1)
    await idle.store.enqueue(NewJob(kind=HEARD, payload={"said": [said("a").model_dump(mode="json")]}, priority=-10))
    await until(lambda: listener.ended == ["T1 a"])
