"""What was merged lately is at hand: quickly, from memory, and never in silence where it is not."""

import asyncio
from datetime import timedelta

import pytest
from fakes.memory import NOON, Watch

from bot.errors import UnavailableError
from bot.lately import AGAIN_AFTER, FRESH_FOR, MOST_EACH, MOST_KEPT, SPARED, Lately
from bot.merged import Merged, MergedPull
from bot.ports import ListsMerged


class Lists(ListsMerged):
    """A source with some pull requests, one a day; it may fail, or take until it is let go on."""

    def __init__(self, count=40):
        self.pulls = tuple(
            MergedPull(number=count - day, title=f"Number {count - day}", merged_at=NOON - timedelta(days=day, hours=1))
            for day in range(count)
        )
        self.asked = []
        self.error = None
        self.go = asyncio.Event()
        self.go.set()

    async def merged(self, repository, since, until):
        self.asked.append(repository)
        await self.go.wait()
        if self.error:
            raise self.error
        found = tuple(one for one in self.pulls if since <= one.merged_at < until)
        return Merged(repository=repository, since=since, until=until, pulls=found)


@pytest.fixture
def lists():
    """A source."""
    return Lists()


async def settled(lately):
    """Wait until nothing is being read."""
    async with asyncio.timeout(20):
        while any(one.reading for one in lately._kept.values()):
            await asyncio.sleep(0)


async def test_asked_once(lists):
    """A list is read once for many keys that are pressed, whatever the letters' case"""
    lately = Lately(lists, Watch())
    first, trouble = await lately.merged("acme/soup", 20)
    assert [one.number for one in first] == [40, 39, 38, 37, 36, 35, 34]
    assert trouble == ""
    for _ in range(10):
        assert (await lately.merged("Acme/Soup", 20))[0] == first
    assert lists.asked == ["acme/soup"]


async def test_a_quiet_repository():
    """Where a week gives little, two months are looked through, and no more is kept than is of use"""
    lists, watch = Lists(50), Watch()
    watch.forward(days=9)
    found, _ = await Lately(lists, watch).merged("acme/soup", 20)
    assert len(found) == MOST_EACH
    assert len(lists.asked) == 2


async def test_old_while_new_is_read(lists):
    """An old list is shown at once while a new one is read behind it"""
    watch = Watch()
    lately = Lately(lists, watch)
    first, _ = await lately.merged("acme/soup", 20)
    watch.forward(seconds=FRESH_FOR.total_seconds() + 1)
    lists.go.clear()
    assert (await lately.merged("acme/soup", 0))[0] == first
    lists.pulls = lists.pulls[1:]
    lists.go.set()
    await asyncio.sleep(0)
    await settled(lately)
    assert [one.number for one in (await lately.merged("acme/soup", 0))[0]][:1] == [39]


async def test_too_slow(lists):
    """A list that does not come in time is said to be on its way, and is there later"""
    lately = Lately(lists, Watch())
    lists.go.clear()
    assert await lately.merged("acme/soup", 0) == ((), "It is still being read; go on typing.")
    lists.go.set()
    await settled(lately)
    assert (await lately.merged("acme/soup", 0))[0]


async def test_fault_in_words(lists):
    """A fault is told in words, kept for a minute, and tried again then; what was known stays"""
    watch = Watch()
    lately = Lately(lists, watch)
    await lately.merged("acme/soup", 20)
    watch.forward(seconds=FRESH_FOR.total_seconds() + 1)
    lists.error = UnavailableError("GitHub is down.", "Try again.")
    await lately.merged("acme/soup", 20)
    await settled(lately)
    found, trouble = await lately.merged("acme/soup", 20)
    assert found
    assert trouble == "GitHub is down. Try again."
    asked = len(lists.asked)
    await lately.merged("acme/soup", 20)
    assert len(lists.asked) == asked
    watch.forward(seconds=AGAIN_AFTER.total_seconds())
    lists.error = ZeroDivisionError()
    await lately.merged("acme/soup", 20)
    await settled(lately)
    assert "unforeseen" in (await lately.merged("acme/soup", 20))[1]


async def test_spares_the_limit(lists):
    """The last requests of an hour are left to roasts"""
    found, trouble = await Lately(lists, Watch(), lambda: SPARED - 1).merged("acme/soup", 20)
    assert (found, lists.asked) == ((), [])
    assert "kept for roasts" in trouble


async def test_bounded_and_closed(lists):
    """However many repositories are asked for, a bounded number is kept, and closing ends what is being read"""
    lately = Lately(lists, Watch())
    lists.go.clear()
    for number in range(MOST_KEPT + 20):
        await lately.merged(f"acme/{number}", 0)
    assert len(lately._kept) == MOST_KEPT
    reading = [one.reading for one in lately._kept.values()]
    await lately.close()
    assert all(task.cancelled() for task in reading)
