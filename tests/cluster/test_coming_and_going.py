"""Processes that are told to end, die without a word, or stand still and come back: every question keeps one answer."""

import asyncio
import signal

import httpx
import pytest
from fakes.town import Report, questions

from adapters.store import open_store

pytestmark = pytest.mark.timeout(600)
PATIENCE = 100


class Street:
    """A town in which somebody asks, GitHub can be held back, and what came of it is looked at."""

    def __init__(self, town, client):
        self.town, self.client, self.report = town, client, Report()
        self._window = town.places["window"]

    async def ask(self, some):
        """Ask, and return once all is acknowledged."""
        await self.town.let_ask({one.team for one in some})
        await asyncio.gather(*(self.town.hear(self.client, one, self.report) for one in some))

    async def github(self, what):
        """Have GitHub ``hold`` its answers back, ``pass-by`` those that come new, ``let-go`` all; return how many wait."""
        return (await self.client.get(f"{self._window}/{what}")).json()["held"]

    async def held(self, many):
        """Wait until so many requests are held back: so many jobs are under way."""
        async with asyncio.timeout(PATIENCE):
            while await self.github("held") < many:
                await asyncio.sleep(0.05)

    async def answered(self, some):
        """Wait until each has its card; return what stands."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = await self.town.answers(self.client)
                if all(found.get(one.name, {"cards": 0})["cards"] for one in some):
                    return found
                await asyncio.sleep(0.1)

    async def ready_no_more(self, machine):
        """Tell a process to end, and wait until it says of itself that it is not ready because of that."""
        machine.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            while True:
                told = await self.client.get(f"http://127.0.0.1:{machine.port}/readyz")
                if told.status_code == 503 and "process" in told.json()["because"]:
                    return
                await asyncio.sleep(0.02)

    async def tries(self):
        """Return how often each roast was begun."""
        store = await open_store(self.town.url)
        try:
            return [job.attempts for job in await store.jobs(unfinished=False) if job.kind == "roast"]
        finally:
            await store.aclose()

    async def verdicts(self):
        """Return how many verdicts there are."""
        store = await open_store(self.town.url)
        try:
            return len(await store.verdicts())
        finally:
            await store.aclose()


@pytest.fixture
async def street(town):
    """A maker of streets."""
    async with httpx.AsyncClient(timeout=60) as client:

        async def make(serves, workers, **more):
            here = town(serves, workers, **more)
            await here.ready()
            return Street(here, client)

        yield make


def one_card_each(found, some):
    """Check that every question has one message, one card in it, and no other words."""
    kept = {one.name: found.get(one.name) for one in some}
    assert {(one["messages"], one["cards"], len(one["words"])) for one in kept.values()} == {(1, 1, 0)}, kept


async def gone(machine):
    """Wait for the end of a process; return how it ended."""
    return await asyncio.to_thread(machine.process.wait, PATIENCE)


async def test_told_to_end_it_finishes(street):
    """A worker that is told to end says so, takes nothing new, finishes what it has within its grace, and ends in order"""
    here = await street(1, 1, ROAST_QUEUE__DRAIN="120")
    (worker,) = [one for one in here.town.machines if one.command == "worker"]
    begun, later = questions(1, 2), questions(1, 3)[2:]
    await here.github("hold")
    await here.ask(begun)
    await here.held(2)
    await here.ready_no_more(worker)
    await here.ask(later)
    await here.github("let-go")
    assert await gone(worker) == 0
    found = await here.town.answers(here.client)
    one_card_each(found, begun)
    assert found.get(later[0].name, {"cards": 0})["cards"] == 0
    here.town.machines.remove(worker)
    here.town.begin("worker", 1)
    one_card_each(await here.answered(later), [*begun, *later])
    assert sorted(await here.tries()) == [1, 1, 1]


async def test_told_to_end_it_hands_back(street):
    """What a worker cannot finish within its grace is handed back, and answered once by whoever works next"""
    here = await street(1, 1, ROAST_QUEUE__DRAIN="0.5")
    (worker,) = [one for one in here.town.machines if one.command == "worker"]
    some = questions(1, 2)
    await here.github("hold")
    await here.ask(some)
    await here.held(2)
    worker.process.send_signal(signal.SIGTERM)
    assert await gone(worker) == 0
    assert "Traceback" not in worker.log.read_text()
    here.town.machines.remove(worker)
    await here.github("let-go")
    here.town.begin("worker", 1)
    one_card_each(await here.answered(some), some)
    assert await here.tries() == [2, 2]


async def test_serve_told_to_end(street):
    """A serve that is told to end turns unready first, still hears whoever comes, and ends in order: they are answered"""
    here = await street(1, 1, ROAST_WEB__LINGER="6")
    (serve,) = here.town.serves
    await here.ready_no_more(serve)
    some = questions(1, 3)
    await here.ask(some)
    assert here.report.refused == 0
    assert await gone(serve) == 0
    here.town.machines.remove(serve)
    assert "Traceback" not in serve.log.read_text()
    here.town.begin("serve", 1, ROAST_QUEUE__WORKERS="0")
    one_card_each(await here.answered(some), some)


@pytest.mark.parametrize("comes_back", [False, True], ids=["dead", "stopped"])
async def test_silent(street, comes_back):
    """What a process had that was killed, or that stands still, is taken over by another, and answered once

    The one that stood still and comes back finds that it was taken over: it shows nothing and keeps nothing, works on
    what is asked next, and ends in order.
    """
    here = await street(1, 1, ROAST_QUEUE__DEAD_AFTER="3")
    (silent,) = [one for one in here.town.machines if one.command == "worker"]
    some, more = questions(1, 2), questions(1, 4)[2:]
    await here.github("hold")
    await here.ask(some)
    await here.held(2)
    (other,) = here.town.begin("worker", 1)
    await other.ready()
    silent.process.send_signal(signal.SIGSTOP if comes_back else signal.SIGKILL)
    await here.github("pass-by")
    one_card_each(await here.answered(some), some)
    assert await here.tries() == [2, 2]
    if comes_back:
        await here.github("let-go")
        silent.process.send_signal(signal.SIGCONT)
        other.kill(signal.SIGTERM)
        here.town.machines.remove(other)
        await here.ask(more)
        await here.answered(more)
        silent.kill(signal.SIGTERM)
        assert silent.process.returncode == 0
        log = silent.log.read_text()
        assert log.count("left a job to whoever took it over") == 2
        assert "Traceback" not in log
        one_card_each(await here.town.answers(here.client), [*some, *more])
        assert await here.verdicts() == 4
