"""A process that stood still and comes back: what was taken over meanwhile is not its own any more."""

import asyncio

import pytest
from fakes.memory import Watch
from queue_rig import Cluster, Embedded, fresh, migrated

from bot.fence import TakenOverError, behind, fenced, still_ours
from bot.records import JobState, NewJob


@pytest.fixture(params=["embedded", "cluster"])
def rig(request, tmp_path):
    """The engine."""
    if request.param == "embedded":
        return Embedded(tmp_path)
    server = request.getfixturevalue("queue_server")
    return Cluster(server, fresh(server))


class Frozen:
    """A queue whose process stands still in the midst of a job, as if it were suspended: it beats no more."""

    def __init__(self, rig, store, watch):
        self.queue = rig.queue(store, watch, workers=1)
        self.begun, self.thaw, self.seen = asyncio.Event(), asyncio.Event(), []

    async def handle(self, job):
        """Stand still, and try to show something afterwards."""
        self.begun.set()
        await self.thaw.wait()
        await still_ours()
        self.seen.append(job.id)
        return ""

    async def freeze(self):
        """Begin, take a job, and stand still."""
        await self.queue.start({"roast": self.handle})
        await self.begun.wait()
        self.queue._beating.cancel()


async def until(condition):
    """Wait until something holds."""
    async with asyncio.timeout(60):
        while not await condition():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("when", ["while another is at it", "after another ended it"])
async def test_taken_over(rig, when):
    """It shows nothing and ends nothing of what another has or had, and the other ends it as if nothing were"""
    watch = Watch()
    async with migrated(rig.url, watch) as store:
        frozen = Frozen(rig, store, watch)
        await frozen.queue.put(NewJob(kind="roast"))
        await frozen.freeze()
        await rig.dies(watch)
        begun, go = asyncio.Event(), asyncio.Event()

        async def handle(job):
            begun.set()
            await go.wait()
            await still_ours()
            return ""

        other = rig.queue(store, watch, beat=0.01)
        await other.start({"roast": handle})
        await asyncio.wait_for(begun.wait(), 60)

        async def ended():
            return [job.state for job in await store.jobs(unfinished=False)] == [JobState.DONE]

        async def left():
            return frozen.queue.recovered["left to others"] == 1

        if when.startswith("after"):
            go.set()
            await until(ended)
        frozen.thaw.set()
        await until(left)
        if when.startswith("while"):
            (job,) = await store.jobs()
            assert (job.state, job.holder) == (JobState.RUNNING, other.holder)
        go.set()
        await until(ended)
        assert frozen.seen == []
        await frozen.queue.stop(1)
        await other.stop(1)


async def test_nobody_is_asked_for_a_while(rig):
    """Within the time in which nobody can have taken over, nothing is looked up"""
    watch, looks = Watch(), []
    async with migrated(rig.url, watch) as store:
        held = store.holds

        async def holds(*given):
            looks.append(given)
            return await held(*given)

        store.holds = holds

        async def handle(job):
            for seconds in (0, 14, 2):
                watch.forward(seconds=seconds)
                await still_ours()
                many.append(len(looks))
            return ""

        many: list[int] = []
        queue = rig.queue(store, watch, beat=3600, dead_after=30)
        await queue.put(NewJob(kind="roast"))
        await queue.start({"roast": handle})

        async def ended():
            return [job.state for job in await store.jobs(unfinished=False)] == [JobState.DONE]

        await until(ended)
        await queue.stop(1)
        assert many == [0, 0, 1]


async def test_messenger_behind_a_fence():
    """Through a messenger behind a fence nothing is seen once the job was taken over; what is no call passes"""

    class Lost:
        async def check(self):
            raise TakenOverError

    class Shown:
        platform = "slack"

        async def show(self, what):
            return what

    messenger = behind(Shown())
    assert messenger.platform == "slack"
    assert await messenger.show("card") == "card"
    with fenced(Lost()), pytest.raises(TakenOverError):
        await messenger.show("card")
