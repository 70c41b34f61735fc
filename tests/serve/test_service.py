"""The service: platforms fail and come back each by itself, and the end is in order."""

import asyncio

from bot.errors import MessengerError, SettingsError
from bot.parts import Parts
from bot.ports_messenger import Check, Platform
from bot.serve import Service, screen
from bot.settings import Settings


class Steps(list):
    """What happened, in order."""


class FakeQueue:
    """Notes when it begins and ends."""

    def __init__(self, steps):
        self.steps = steps

    async def start(self, handlers):
        self.steps.append("queue on")

    async def stop(self, grace):
        self.steps.append("queue off")


class FakePlatform(Platform):
    """Starts, is lost and stops as the test wants."""

    def __init__(self, name, steps, failures=0, lost=0):
        self.name, self.steps, self.failures, self.lost = name, steps, failures, lost
        self.on, self.ended = asyncio.Event(), asyncio.Event()

    async def start(self):
        self.steps.append(f"{self.name} start")
        self.ended.clear()
        if self.failures:
            self.failures -= 1
            raise MessengerError("It does not answer.", "Wait.")
        self.on.set()

    async def wait(self):
        if self.lost:
            self.lost -= 1
            self.on.clear()
            raise ConnectionError
        await self.ended.wait()

    async def stop(self):
        self.steps.append(f"{self.name} stop")
        self.on.clear()
        self.ended.set()

    @property
    def connected(self):
        return self.on.is_set()

    def describe(self):
        return "as @roast"

    def mounts(self):
        return {}

    async def check(self):
        return (Check(name=self.name, ok=True, words="fine"),)


class FakeSide:
    """A side, perhaps one that cannot start."""

    def __init__(self, steps, error=None):
        self.steps, self.error = steps, error

    async def start(self):
        if self.error:
            raise self.error
        self.steps.append("side on")

    async def stop(self):
        self.steps.append("side off")


async def run(service, until):
    """Run the service until a condition holds, then stop it."""
    stop, begun = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(service.run(stop, begun.set))
    async with asyncio.timeout(20):
        await begun.wait()
        while not until():
            await asyncio.sleep(0.005)
        stop.set()
        await running


async def test_order():
    """It begins with the sides and the queue, and ends with the work while platforms can still be spoken to"""
    steps = Steps()

    async def close():
        steps.append("store off")

    platform = FakePlatform("slack", steps)
    service = Service(FakeQueue(steps), {}, [platform], [FakeSide(steps)], [close])
    await run(service, lambda: platform.connected)
    assert steps == ["side on", "queue on", "slack start", "queue off", "slack stop", "side off", "store off"]


async def test_one_fails_the_others_go_on():
    """A platform that fails to start is told of and tried again; another one is not slowed by it"""
    steps = Steps()
    good, bad = FakePlatform("slack", steps), FakePlatform("discord", steps, failures=3)
    service = Service(FakeQueue(steps), {}, [good, bad], pauses=[0.0])
    seen = []

    def until():
        seen.append((good.connected, service.troubles.get("discord", "")))
        return bad.connected

    await run(service, until)
    assert steps.count("discord start") == 4
    assert steps.count("slack start") == 1
    assert all(up for up, _ in seen)
    assert service.troubles == {}


async def test_lost_and_found():
    """A connection that is lost, in whatever way, is made anew"""
    steps = Steps()
    platform = FakePlatform("slack", steps, lost=2)
    service = Service(FakeQueue(steps), {}, [platform], pauses=[0.0])
    await run(service, lambda: steps.count("slack start") == 3 and platform.connected)


async def test_side_that_cannot_start():
    """A side that cannot start ends the process before anything is heard, in words, and everything is let go of"""
    steps = Steps()
    service = Service(
        FakeQueue(steps), {}, [FakePlatform("slack", steps)], [FakeSide(steps), FakeSide(steps, SettingsError("No."))]
    )
    try:
        await service.run(asyncio.Event(), lambda: None)
    except SettingsError:
        steps.append("told")
    assert steps == ["side on", "queue off", "slack stop", "side off", "told"]


async def test_stopped_while_it_starts():
    """A stop that comes while a platform is still starting is obeyed"""
    steps = Steps()

    class Slow(FakePlatform):
        async def start(self):
            await asyncio.sleep(3600)

    stop = asyncio.Event()
    running = asyncio.create_task(Service(FakeQueue(steps), {}, [Slow("slack", steps)]).run(stop, lambda: None))
    await asyncio.sleep(0)
    stop.set()
    async with asyncio.timeout(10):
        await running
    assert "slack stop" in steps


async def test_platform_that_will_not_stop():
    """A platform that does not stop in time does not keep the process"""
    steps = Steps()

    class Stuck(FakePlatform):
        async def stop(self):
            await asyncio.sleep(3600)

    platform = Stuck("slack", steps)
    service = Service(FakeQueue(steps), {}, [platform], [FakeSide(steps)])
    await run(service, lambda: platform.connected)
    assert steps[-1] == "side off"


def test_screen():
    """The first screen says what is on, what is off, and why"""
    text = screen("1.2", [("slack", True, "Socket Mode"), ("discord", False, "no token: set DISCORD_TOKEN")])
    assert text.splitlines()[1:3] == ["  slack    on   Socket Mode", "  discord  off  no token: set DISCORD_TOKEN"]


async def test_a_queue_in_trouble_is_a_hurdle():
    """A process whose queue cannot work is not ready, and says why; it is once the queue works"""

    class Store:
        async def backlog(self):
            return None

    troubles = ["It cannot reach its database."]
    parts = Parts(
        settings=Settings(),
        store=Store(),
        queue=None,
        desk=None,
        commands=None,
        queue_trouble=lambda: troubles[0] if troubles else "",
    )
    assert await parts.hurdles() == {"queue": "It cannot reach its database."}
    troubles.clear()
    assert await parts.hurdles() == {}
