"""``roast-bot serve`` as a process beside an event loop: for tests whose platforms are servers in that loop."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_KEPT_OUT = ("ROAST_", "SLACK_", "DISCORD_", "GITHUB_")


@dataclass
class Running:
    """The process: its first screen, the address of its web side, what it logged so far."""

    process: asyncio.subprocess.Process
    screen: str = ""
    log: list[str] = field(default_factory=list)

    @property
    def web(self) -> str:
        """Where its web side is."""
        found = re.search(r"web +on +(http://127\.0\.0\.1:\d+)", self.screen)
        assert found, self.screen
        return found[1]

    async def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def serving(folder: Path, **settings: str) -> AsyncIterator[Running]:
    """Run it in a home of its own; the store is in there, so that a second life finds it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_KEPT_OUT)}
    home = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), str(folder))
    ours = {
        "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT), "ROAST_WEB__PORT": "0",
        "ROAST_STORE__URL": f"sqlite+aiosqlite:///{folder / 'store.sqlite3'}",
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", cwd=folder, env=kept | home | ours | settings,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    running, begun = Running(process), asyncio.Event()
    reading = asyncio.create_task(_read(running, begun))
    try:
        async with asyncio.timeout(90):
            await begun.wait()
        yield running
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reading


async def _read(running: Running, begun: asyncio.Event) -> None:
    """Read what it says: its first screen, then its log."""
    assert running.process.stdout is not None
    lines: list[str] = []
    async for line in running.process.stdout:
        text = line.decode(errors="replace")
        lines.append(text)
        running.log.append(text)
        if text.startswith("Ctrl-C"):
            running.screen = "".join(lines)
            begun.set()
    begun.set()


async def until(true, seconds: float = 60) -> None:  # type: ignore[no-untyped-def]
    """Wait until something holds."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let nobody else write into the store there, as another program may."""
    with closing(sqlite3.connect(folder / "store.sqlite3", timeout=60, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()
