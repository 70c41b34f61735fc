"""A whole bot in a workspace on loopback: Slack, GitHub, a store in a file, the embedded queue, the Slack app."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fakes.desks import desk_of
from fakes.github import FakeGitHub, made_up_pull_request
from fakes.memory import Watch
from fakes.slack import SECRET, FakeSlack, signed

from adapters.github.source import GitHubSource
from adapters.queue.embedded import EmbeddedQueue
from adapters.slack.app import SlackApp
from adapters.slack.listeners import HEARD
from adapters.slack.wire import Wire
from adapters.store import SqlStore, open_store
from bot.commands import COMMAND, REDRAW, Commands
from bot.desk import ROAST, Desk
from bot.records import JobState
from bot.settings import Settings

SOUP = "https://github.com/acme/soup/pull/7"


@dataclass
class Home:
    """Everything, and short ways to it."""

    slack: FakeSlack
    app: SlackApp
    desk: Desk
    commands: Commands
    store: SqlStore
    queue: EmbeddedQueue
    github: FakeGitHub
    watch: Watch

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

    async def roast(self, text: str = SOUP, **more: Any) -> Any:
        """Type the command, wait for the job; return it."""
        before = len(await self.jobs())
        await self.slack.send(self.slack.command(text, **more))
        return (await self.done(before + 1))[-1]

    async def settled(self) -> None:
        """Wait until nobody calls Slack any more."""
        seen = -1
        while seen != len(self.slack.calls):
            seen = len(self.slack.calls)
            await asyncio.sleep(0.15)

    async def post(self, payload: dict[str, Any], **how: Any) -> httpx.Response:
        """Post a payload over HTTP, signed."""
        body, headers = signed(payload, **how)
        return await self.post_raw(body, headers)

    async def get(self, path: str, *, cookies: dict[str, str] | None = None, **how: Any) -> httpx.Response:
        """Look at one of the pages for installing."""
        transport = httpx.ASGITransport(app=self.app.mounts()[path])
        async with httpx.AsyncClient(transport=transport, base_url="https://bot", cookies=cookies) as client:
            return await client.get(path, **how)

    async def install(self, team: str) -> httpx.Response:
        """Install the app into a workspace as somebody with a browser does; return the last page."""
        page = await self.get("/slack/install")
        state = page.cookies["slack-app-oauth-state"]
        query = {"code": self.slack.teams.code(team), "state": state}
        return await self.get("/slack/oauth_redirect", params=query, cookies={"slack-app-oauth-state": state})

    async def post_raw(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        """Post what may be no payload at all."""
        transport = httpx.ASGITransport(app=self.app.mounts()["/slack/events"])
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            return await client.post("/slack/events", content=body, headers=headers)


def settings_for(slack: FakeSlack, *, http: bool = False, installs: bool = False, **more: Any) -> Settings:
    """Return settings that reach the stand-in."""
    section = {"bot_token": "xoxb-made-up", "base_url": slack.base_url, **more}
    if installs:
        section |= {"bot_token": "", "client_id": slack.teams.client_id, "client_secret": slack.teams.client_secret}
    section["signing_secret" if http else "app_token"] = SECRET if http else "xapp-made-up"
    return Settings(slack=section)


@pytest.fixture
def github():
    """GitHub with one made-up pull request by ada."""
    with FakeGitHub() as server:
        server.add(made_up_pull_request(7))
        yield server


@pytest.fixture
async def slack():
    """Slack."""
    async with FakeSlack() as server:
        yield server


@pytest.fixture
async def make_home(tmp_path, empty_store, github, slack):
    """A maker of the whole, over HTTP or Socket Mode; all is stopped in the end."""
    made = []

    async def make(
        *, http: bool = False, work: bool = True, draw: Any = None, installs: bool = False, url: str = "", **wire: Any
    ) -> Home:
        path = tmp_path / "store.sqlite3"
        if not path.exists():
            shutil.copy(empty_store, path)
        watch = Watch()
        store = await open_store(url or f"sqlite+aiosqlite:///{path}", clock=watch)
        source = GitHubSource(api_url=github.url)
        queue = EmbeddedQueue(store, watch)
        desk = desk_of(store, source, watch, queue, draw=draw)
        commands = Commands(desk)
        patience = {"pauses": (0.01, 0.02), "timeout": 2, "patience": 2, **wire}
        token = "" if installs else "xoxb-made-up"
        app = SlackApp(
            settings_for(slack, http=http, installs=installs),
            desk,
            commands,
            wire=Wire(token, slack.base_url, **patience),
        )
        app.messenger._every = 0.0
        app.messenger.extras.pauses = (0.01, 0.02)
        desk.messengers["slack"] = app.messenger
        home = Home(slack, app, desk, commands, store, queue, github, watch)
        made.append((home, source))
        await app.start()
        if work:
            await home.work()
        return home

    yield make
    for home, source in made:
        await home.app.stop()
        await home.queue.stop(0)
        await source.aclose()
        await home.store.aclose()


@pytest.fixture
async def home(make_home):
    """The whole at work, by Socket Mode."""
    return await make_home()
