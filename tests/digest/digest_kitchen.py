"""A bot with digests in memory, and short ways to it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from fakes.memory import Watch
from fakes.messenger import FakeMessenger, Shown
from fakes.weeks import FakeWeeks, made_up

from adapters.queue.embedded import EmbeddedQueue
from adapters.store import SqlStore
from bot.commands import Commands
from bot.desk import Desk
from bot.digests import Digests
from bot.ports_messenger import Said
from bot.records import DigestRun, JobState, NewSubscription, Person, Place, Subscription

HERE = Place(platform="slack", workspace="T1", channel="C1")
BOB = Person(platform="slack", workspace="T1", user="bob")
FRIDAY = datetime.fromisoformat("2026-05-22T16:00:00+00:00")


@dataclass
class Kitchen:
    """The whole, and short ways to it."""

    store: SqlStore
    source: FakeWeeks
    queue: EmbeddedQueue
    desk: Desk
    digests: Digests
    commands: Commands
    messenger: FakeMessenger
    watch: Watch

    async def subscribe(self, **changes: object) -> Subscription:
        """Subscribe to acme/soup on Fridays at four, a week before the first one."""
        fields = {"place": HERE, "repository": "acme/soup", "schedule": "0 16 * * fri", "created_by": BOB}
        self.watch.time = FRIDAY - timedelta(days=6)
        one = await self.store.subscribe(NewSubscription(**(fields | changes)))  # type: ignore[arg-type]
        self.watch.time = FRIDAY
        return one

    async def sweep(self) -> None:
        """Let the clock look once, and everything that follows from it end."""
        await self.digests.sweep()
        await self.work()

    async def work(self) -> None:
        """Wait until nothing waits or runs."""
        async with asyncio.timeout(60):
            while any(job.state in {JobState.WAITING, JobState.RUNNING} for job in await self.store.jobs()):
                await asyncio.sleep(0.01)

    async def later(self, **by: float) -> None:
        """Let time pass, and sweep."""
        self.watch.forward(**by)
        await self.sweep()

    async def again(self, one: Subscription) -> Subscription:
        """Return a subscription as it stands now."""
        found = await self.store.subscription(one.id)
        assert found is not None
        return found

    async def runs(self, one: Subscription) -> tuple[DigestRun, ...]:
        """Return its runs, newest first."""
        return await self.store.runs(one.id)

    @property
    def posts(self) -> list[Shown]:
        """The digests as people see them, oldest first."""
        ids = {message.id for message in self.messenger.digests.values()}
        return [one for one in self.messenger.shown if one.id in ids]

    @property
    def texts(self) -> list[str]:
        """The same as words."""
        return [f"{one.answer.title}\n{one.answer.text}" for one in self.posts if one.answer]

    async def say(self, words: str, *, admin: bool = False, who: str = "bob") -> str:
        """Say something, and return what is answered in the end."""
        person = Person(platform="slack", workspace="T1", user=who)
        before = len(self.messenger.shown)
        reply = await self.commands.hear(Said(words=words, place=HERE, person=person, is_admin=admin))
        answer = reply.answer
        if reply.job is not None:
            await self.work()
            answer = self.messenger.shown[before].answer
        assert answer is not None
        rows = [f"{label}: {text}" for label, text in answer.rows]
        return "\n".join([answer.title, answer.text, *rows, *(action.command for action in answer.actions)])


def week(first: int = 1, *, before: datetime = FRIDAY, people: tuple[str, ...] = ("ada", "grace", "ken", "barbara")):
    """Return a week's pull requests by these people: the first one the worst, the last one clean."""
    return [
        made_up(
            first + rank, author, before - timedelta(days=1, hours=5 * rank), sins=max(0, 4 - rank), repairs=5 - rank
        )
        for rank, author in enumerate(people)
    ]
