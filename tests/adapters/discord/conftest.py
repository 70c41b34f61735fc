"""A whole bot in a made-up server: discord.py for real on simcord, GitHub on loopback, a store, the embedded queue."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import discord
import pytest
import simcord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from fakes import discord_schema
from fakes.desks import desk_of
from fakes.discord import FakeDiscord
from fakes.github import FakeGitHub, made_up_pull_request
from fakes.memory import Watch

from adapters.discord.app import USUAL_BASE, DiscordApp
from adapters.discord.listeners import HEARD
from adapters.github.source import GitHubSource
from adapters.queue.embedded import EmbeddedQueue
from adapters.store import SqlStore, open_store
from bot.commands import COMMAND, REDRAW, Commands
from bot.desk import ROAST, Desk
from bot.records import JobState
from bot.settings import Settings

SOUP = "https://github.com/acme/soup/pull/7"


@dataclass
class Home:
    """Everything, and short ways to it."""

    app: DiscordApp
    desk: Desk
    commands: Commands
    store: SqlStore
    queue: EmbeddedQueue
    github: FakeGitHub
    watch: Watch
    env: Any = None
    guild: Any = None
    channel: Any = None
    bob: Any = None
    admin: Any = None

    async def work(self) -> None:
        """Let the queue work."""
        await self.queue.start({ROAST: self.desk.work, COMMAND: self.commands.work, REDRAW: self.commands.work_redraw})

    async def done(self, jobs: int = 1) -> list[Any]:
        """Wait until so many jobs ended and none is left; return them."""
        async with asyncio.timeout(60):
            while True:
                kept = await self.jobs()
                if any(job.kind == HEARD for job in await self.store.jobs()):
                    await asyncio.sleep(0.01)
                    continue
                ended = [job for job in kept if job.state in {JobState.DONE, JobState.FAILED}]
                if len(ended) == len(kept) >= jobs:
                    return ended
                await asyncio.sleep(0.01)

    async def jobs(self) -> list[Any]:
        """Return the jobs that there ever were, but for what was heard."""
        return [job for job in await self.store.jobs(unfinished=False) if job.kind != HEARD]

    async def roast(self, pr: str = SOUP, who: Any = None, **more: Any) -> Any:
        """Type the command, wait for the job; return what the interaction became."""
        before = len(await self.jobs())
        result = await (who or self.bob).slash(self.channel, "roast", pr=pr, **more)
        await self.done(before + 1)
        return result

    def shown(self) -> list[Any]:
        """Return the messages of the channel, oldest first."""
        return self.channel.history()


@pytest.fixture
def github():
    """GitHub with one made-up pull request by ada."""
    with FakeGitHub() as server:
        server.add(made_up_pull_request(7))
        yield server


@pytest.fixture(autouse=True)
def no_pause_between_logins(monkeypatch):
    """Leave out the five seconds that the library keeps between two logins to the gateway."""

    async def at_once(*_, **__):
        pass

    monkeypatch.setattr(discord.Client, "before_identify_hook", at_once)


@pytest.fixture
async def server():
    """Discord on loopback."""
    async with FakeDiscord() as running:
        yield running


@pytest.fixture
def connected(make_home, server):
    """A maker of the whole, which a ``start`` connects to it; it hears of its one server at once, or of none."""
    return lambda **more: make_home(discord={"base_url": server.base_url, **more}, guild_ready_timeout=0.05)


@pytest.fixture
def make_home(tmp_path, empty_store, github):
    """A maker of the whole without Discord; use it as a context."""

    @asynccontextmanager
    async def make(
        *, draw: Any = None, discord: dict[str, Any] | None = None, queue: dict[str, Any] | None = None, **options: Any
    ):
        path = tmp_path / "store.sqlite3"
        if not path.exists():
            shutil.copy(empty_store, path)
        watch = Watch()
        store = await open_store(f"sqlite+aiosqlite:///{path}", clock=watch)
        source = GitHubSource(api_url=github.url)
        jobs = EmbeddedQueue(store, watch)
        desk = desk_of(store, source, watch, jobs, draw=draw)
        commands = Commands(desk)
        settings = Settings(discord={"token": "made.up", **(discord or {})}, queue=queue or {})
        app = DiscordApp(settings, desk, commands, **options)
        app.messenger._every = 0.0
        desk.messengers["discord"] = app.messenger
        try:
            yield Home(app, desk, commands, store, jobs, github, watch)
        finally:
            await jobs.stop(0)
            await app.stop()
            # The library keeps these for all clients of a process.
            Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = USUAL_BASE, yarl.URL("wss://gateway.discord.gg/")
            await source.aclose()
            await store.aclose()

    return make


@asynccontextmanager
async def _listening(home: Home) -> AsyncIterator[None]:
    """Keep what is heard, in tasks that simcord does not wait for."""
    home.app.listeners.inbox.start()
    yield
    await home.app.listeners.inbox.stop()


@pytest.fixture
def live(make_home):
    """A maker of the whole in a server with a channel, bob and an admin; use it as a context.

    At its end, everything that was sent to Discord has the shape that Discord describes.
    """

    @asynccontextmanager
    async def make(*, work: bool = True, **options: Any):
        async with (
            make_home(**options) as home,
            _listening(home),
            simcord.run(home.app.make_client(), shard_count=1, settle_timeout=60) as env,
        ):
            home.app.messenger._now = lambda: env.now().timestamp()
            home.env, home.guild = env, env.create_guild()
            home.channel = home.guild.create_text_channel("general")
            home.bob = home.guild.add_member(env.create_user("bob"))
            rights = home.guild.create_role("Admins", permissions=discord.Permissions(administrator=True))
            home.admin = home.guild.add_member(env.create_user("admin"), roles=[rights])
            if work:
                await home.work()
            yield home
            await home.queue.stop(0)
            sent = [discord_schema.faults_of(one.method, one.path, one.json) for one in env.http_requests]
            assert [fault for faults in sent for fault in faults] == []

    return make
