"""How soon 200 commands at once are acknowledged while roasts are running, against a Bolt app that only acknowledges.

``roast-bot serve`` and the bare app are processes of their own behind the same web server, called over HTTP with signed
requests in turns, while the bot's roasts keep both cores busy; Slack and GitHub are stand-ins in a third process. What
the bot acknowledges is in its store; the bare app keeps nothing. ``python tests/benchmarks/slack_ack.py``.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import aiohttp  # noqa: E402
from fakes.slack import SECRET, FakeSlack, signed  # noqa: E402

AT_ONCE = 200
ROUNDS = 5
PULL_REQUESTS = 39
NUMBERS = count()


async def world() -> None:
    """Be Slack and GitHub until killed."""
    from fakes.github import FakeGitHub, made_up_pull_request

    with FakeGitHub() as github:
        for number in range(1, PULL_REQUESTS + 1):
            github.add(made_up_pull_request(number))
        async with FakeSlack() as slack:
            print(slack.base_url, github.url, flush=True)
            await asyncio.Event().wait()


async def bare() -> None:
    """Be a Bolt app that acknowledges and does nothing else, behind our own web server, until killed."""
    from slack_bolt.async_app import AsyncApp
    from slack_bolt.authorization import AuthorizeResult

    from adapters.slack.http import PATH, mounted
    from adapters.web.app import make_app
    from adapters.web.server import WebServer

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb", bot_id="B1", bot_user_id="UBOT")

    app = AsyncApp(signing_secret=SECRET, authorize=authorize)

    async def acknowledge(ack):
        await ack()

    app.command("/roast")(acknowledge)
    server = WebServer(make_app(_nothing, _no_metrics, {PATH: mounted(app)}), "127.0.0.1", 0)
    await server.start()
    print(server.address, flush=True)
    await asyncio.Event().wait()


async def _nothing() -> dict[str, str]:
    return {}


async def _no_metrics() -> bytes:
    return b""


@asynccontextmanager
async def running(*words: str, **environment: str) -> AsyncIterator[asyncio.StreamReader]:
    """Run a process for as long as the block lasts; give what it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, env={**os.environ, **environment}, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process.stdout
    finally:
        process.terminate()
        await process.wait()


async def burst(session: aiohttp.ClientSession, url: str, slack: FakeSlack) -> list[float]:
    """Send commands at once; return how long each acknowledgement took."""
    payloads = [
        signed(slack.command(f"acme/soup#{at % PULL_REQUESTS + 1}", user=f"U{next(NUMBERS)}", channel=f"C{at % 20}"))
        for at in range(AT_ONCE)
    ]

    async def one(body: bytes, headers: dict[str, str]) -> float:
        began = time.perf_counter()
        async with session.post(f"{url}/slack/events", data=body, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
        return time.perf_counter() - began

    return list(await asyncio.gather(*(one(*payload) for payload in payloads)))


def told(name: str, taken: list[float]) -> tuple[float, float, float]:
    """Print and return p50, p99 and the worst, in milliseconds."""
    ordered = sorted(1000 * one for one in taken)
    figures = (statistics.median(ordered), ordered[int(len(ordered) * 0.99) - 1], ordered[-1])
    print(f"{name:<28} p50 {figures[0]:7.1f} ms   p99 {figures[1]:7.1f} ms   worst {figures[2]:7.1f} ms")
    return figures


async def prepared(folder: Path) -> str:
    """Lay out a store in which nobody has to wait for their turn; return its address."""
    from adapters.store import open_store
    from bot.records import Place, PlaceSettings

    url = f"sqlite+aiosqlite:///{folder / 'store.sqlite3'}"
    store = await open_store(url)
    generous = PlaceSettings(per_person=10_000, per_channel=10_000, per_workspace=10_000)
    await store.set_place_settings(Place(platform="slack", workspace="T1"), generous)
    await store.aclose()
    return url


async def main() -> None:
    """Measure, print, and hold it to one second."""
    me = __file__
    with tempfile.TemporaryDirectory() as folder:
        async with running(me, "world") as about, running(me, "bare") as said:
            slack_url, github_url = (await about.readline()).decode().split()
            theirs = (await said.readline()).decode().strip()
            settings = {
                "HOME": folder,
                "XDG_CACHE_HOME": folder,
                "ROAST_STORE__URL": await prepared(Path(folder)),
                "ROAST_WEB__PORT": "0",
                "ROAST_QUEUE__MOST_WAITING": "5000",
                "ROAST_GITHUB__API_URL": github_url,
                "ROAST_SLACK__BASE_URL": slack_url,
                "SLACK_BOT_TOKEN": "xoxb-made-up",
                "SLACK_SIGNING_SECRET": SECRET,
                "PYTHONPATH": str(ROOT),
            }
            async with running("-m", "bot", "serve", **settings) as screen:
                ours = ""
                while not ours:
                    line = (await screen.readline()).decode()
                    ours = line.split()[2] if line.split()[:2] == ["web", "on"] else ""
                await measure(ours, theirs, slack_url.removesuffix("/api"))


async def measure(ours: str, theirs: str, slack_url: str) -> None:
    """Call both in turns."""
    slack = FakeSlack()
    slack.url = f"{slack_url}/gone"  # nobody answers there: what is said by response URLs is not looked at
    mine: list[float] = []
    bolt: list[float] = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=600)) as session:
        await burst(session, theirs, slack)
        await burst(session, ours, slack)  # the roasts of this one run through all that follows
        for _ in range(ROUNDS):
            await asyncio.sleep(1)
            bolt += await burst(session, theirs, slack)
            mine += await burst(session, ours, slack)
        async with session.get(f"{ours}/metrics") as answer:
            metrics = await answer.text()
    todo = sum(float(line.split()[1]) for line in metrics.splitlines() if line.startswith(_BACKLOG))
    assert todo, "no roast was running any more"
    print(f"{AT_ONCE} commands at once, {ROUNDS} rounds; {todo:.0f} roasts still to do at the end")
    figures, bar = told("roast-bot, kept in the store", mine), told("bare Bolt, keeps nothing", bolt)
    within = "yes" if figures[2] < 1000 else "NO"
    print(f"ratio of p99: {figures[1] / bar[1]:.2f} (aim: 1.5); worst within 1 s: {within}")
    assert figures[2] < 3000, "Slack would have given up"


_BACKLOG = ("roast_queue_waiting ", "roast_queue_running ")

if __name__ == "__main__":
    asyncio.run({"world": world, "bare": bare}.get(sys.argv[-1], main)())
