"""``roast-bot status``: how things stand, at the terminal."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from adapters.store import open_store
from bot.records import NewJob, Place

ROOT = Path(__file__).resolve().parents[2]


def test_status(tmp_path):
    """It tells what waits by kind, and who writes"""
    url = f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite3'}"

    async def fill():
        store = await open_store(url)
        await store.enqueue(NewJob(kind="roast", place=Place(platform="slack", workspace="T1")))
        await store.aclose()

    asyncio.run(fill())
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ROAST_", "GITHUB_"))}
    env = kept | {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "ROAST_STORE__URL": url,
    }
    done = subprocess.run(
        [sys.executable, "-m", "bot", "status"], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "roast: 1 wait (the oldest for" in done.stdout
    assert "slack/T1 1 job" in done.stdout
    assert "the embedded writer" in done.stdout
