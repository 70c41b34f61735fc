"""``roast-bot serve`` as a real process, with Slack and GitHub on loopback."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from fakes.github import FakeGitHub
from fakes.slack import FakeSlack

ROOT = Path(__file__).resolve().parents[3]
BOT_TOKEN, APP_TOKEN = "xoxb-1-made-up-token", "xapp-1-made-up-token"
GITHUB_TOKEN = "ghp_madeupmadeupmadeupmadeup"


@dataclass
class Served:
    """The process, its log as it comes, and its web side."""

    process: asyncio.subprocess.Process
    log: list[str] = field(default_factory=list)
    screen: list[str] = field(default_factory=list)

    @property
    def web(self) -> str:
        """The address of the web side."""
        return re.search(r"web +on +(http://127\.0\.0\.1:\d+)", "".join(self.screen))[1]

    async def get(self, path: str) -> httpx.Response:
        """Look at a page."""
        async with httpx.AsyncClient(timeout=60) as client:
            return await client.get(self.web + path)

    async def kill(self) -> None:
        """Kill it with -9."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def end(self) -> int:
        """Ask it to end; return its status."""
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), 60)


def environment(slack: FakeSlack, github: FakeGitHub, folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of such a process: an empty home, and nothing of ours."""
    ours = ("ROAST_", "SLACK_", "DISCORD_", "GITHUB_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "XDG_CACHE_HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "ROAST_WEB__PORT": "0",
        "ROAST_STORE__URL": f"sqlite+aiosqlite:///{folder / 'store.sqlite3'}",
        "ROAST_GITHUB__API_URL": github.url,
        "ROAST_SLACK__BASE_URL": slack.base_url,
        "GITHUB_TOKEN": GITHUB_TOKEN,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        **more,
    }


@asynccontextmanager
async def serving(slack: FakeSlack, github: FakeGitHub, folder: Path, **more: str) -> AsyncIterator[Served]:
    """Run it until the block ends; give it once its first screen stands there."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "serve",
        cwd=folder,
        env=environment(slack, github, folder, **more),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    served = Served(process)
    reading = asyncio.create_task(_read(process.stderr, served.log))
    try:
        async for line in process.stdout:
            served.screen.append(line.decode())
            if line.startswith(b"Ctrl-C"):
                break
        yield served
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await asyncio.wait_for(reading, 30)


async def doctor(slack: FakeSlack, github: FakeGitHub, folder: Path, **more: str) -> tuple[int, str]:
    """Run ``roast-bot doctor``; return its status and what it says."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "doctor",
        cwd=folder,
        env=environment(slack, github, folder, **more),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 120)
    return process.returncode, said.decode()


async def _read(stream: asyncio.StreamReader, lines: list[str]) -> None:
    while line := await stream.readline():
        lines.append(line.decode())
