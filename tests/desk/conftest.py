"""A whole bot in memory: the stand-in GitHub, a store in a file, the embedded queue, a messenger that keeps all."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
import structlog
from fakes.desks import desk_of
from fakes.github import FakeGitHub, made_up_pull_request
from fakes.memory import Watch
from fakes.messenger import FakeMessenger

from adapters.github.source import GitHubSource
from adapters.queue.embedded import EmbeddedQueue
from adapters.store import SqlStore, open_store
from bot.commands import COMMAND, REDRAW, Commands
from bot.desk import ROAST, Desk
from bot.ports_messenger import Reply, Said
from bot.records import Job, JobState, Person, Place
from bot.repository_rules import read_rules
from bot.settings_sections import Privacy

HERE = Place(platform="slack", workspace="T1", channel="C1")
ELSEWHERE = Place(platform="slack", workspace="T1", channel="C2")
ABROAD = Place(platform="slack", workspace="T2", channel="C1")
SOUP = "https://github.com/acme/soup/pull/7"


def person(name: str = "bob", workspace: str = "T1") -> Person:
    """Return somebody."""
    return Person(platform="slack", workspace=workspace, user=name)


@dataclass
class Bot:
    """The whole bot, and short ways to talk to it."""

    store: SqlStore
    github: FakeGitHub
    source: GitHubSource
    queue: EmbeddedQueue
    desk: Desk
    commands: Commands
    messenger: FakeMessenger
    watch: Watch
    events: Any = field(default_factory=count)

    async def say(self, words: str, who: str = "bob", place: Place = HERE, **more: Any) -> Reply:
        """Say something; every utterance is an event of its own unless told otherwise."""
        more = {"event": f"slack:{next(self.events)}", **more}
        return await self.commands.hear(
            Said(
                words=words,
                place=place,
                person=Person(platform=place.platform, workspace=place.workspace, user=who),
                **more,
            )
        )

    async def answer(self, words: str, who: str = "bob", place: Place = HERE, **more: Any) -> str:
        """Say something and return what is answered at once, all of it as text."""
        reply = await self.say(words, who, place, **more)
        assert reply.answer is not None, reply
        answer = reply.answer
        rows = [f"{label}: {text}" for label, text in answer.rows]
        return "\n".join([answer.title, answer.text, *rows, *(action.command for action in answer.actions)])

    async def start(self) -> None:
        """Begin to work."""
        await self.queue.start({ROAST: self.desk.work, COMMAND: self.commands.work, REDRAW: self.commands.work_redraw})

    async def done(self, jobs: int | None = None) -> list[Job]:
        """Wait until nothing waits or runs (and so many jobs ended); return the ended ones."""
        async with asyncio.timeout(60):
            while True:
                kept = await self.store.jobs(unfinished=False)
                ended = [job for job in kept if job.state in {JobState.DONE, JobState.FAILED}]
                if len(ended) == len(kept) >= (jobs or 1):
                    return ended
                await asyncio.sleep(0.01)

    async def roast(self, words: str = SOUP, who: str = "bob", **more: Any) -> int:
        """Ask for a roast, wait for it, and return its number."""
        reply = await self.say(words, who, **more)
        assert reply.job is not None, reply
        await self.done()
        card = self.messenger.cards[-1]
        return card.verdict


@pytest.fixture
def github():
    """GitHub with one made-up pull request by ada."""
    with FakeGitHub() as server:
        server.add(made_up_pull_request(7))
        yield server


@pytest.fixture
async def idle(tmp_path, empty_store, github):
    """A bot whose queue does not work yet."""
    shutil.copy(empty_store, tmp_path / "store.sqlite3")
    watch = Watch()
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite3'}", clock=watch)
    source = GitHubSource(api_url=github.url)
    queue = EmbeddedQueue(store, watch)
    messenger = FakeMessenger()

    async def rules(repository: str):
        return read_rules(await source.file_of(repository, ".roast.toml"))

    privacy = Privacy(private_for=("slack/T1",))
    desk = desk_of(store, source, watch, queue, messengers={"slack": messenger}, read_rules=rules, privacy=privacy)
    commands = Commands(desk, reachable=source.may_see)
    yield Bot(store, github, source, queue, desk, commands, messenger, watch)
    await queue.stop(0)
    await source.aclose()
    await store.aclose()


@pytest.fixture
async def bot(idle):
    """A bot at work."""
    await idle.start()
    return idle


@pytest.fixture(autouse=True)
def own_log():
    """Log as the library does by itself: the command line's tests point the log at streams that are closed by now."""
    structlog.reset_defaults()
