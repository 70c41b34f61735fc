"""A process that is killed at any moment loses no acknowledged write and leaves a store that opens."""

import asyncio
import contextlib
import os
import random
import signal
import sys
from pathlib import Path

from adapters.store import open_store
from bot.feedback import Meaning
from bot.records import VerdictId

ROOT = Path(__file__).resolve().parents[3]
KILLS = 50


async def killed_once(child, name, dice):
    """Let a writer write, kill it with -9 at a random moment, and return what it had acknowledged."""
    child.stdin.write(f"{name}\n".encode())
    pid = int(await child.stdout.readline())
    said = []

    async def listen():
        while (line := (await child.stdout.readline()).decode().strip()) != "dead":
            said.append(line)

    listener = asyncio.create_task(listen())
    # Some die while they open the store, most while they write.
    await asyncio.sleep(dice.uniform(0.0, 0.3))
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    await asyncio.wait_for(listener, 20)
    return said


async def lost(store, said):
    """Return those acknowledged writes that are not there."""
    jobs = {str(job.id) for job in await store.jobs(limit=1_000_000)}
    missing = []
    for line in said:
        kind, key, *title = line.split()
        if kind == "event":
            there = not await store.claim_event(key)
        elif kind == "job":
            there = key in jobs
        else:
            kept = await store.verdict(VerdictId(int(key)))
            there = kept is not None and (
                kept.verdict.title == title[0] if kind == "verdict" else kept.voices == {Meaning.FUNNY: 1}
            )
        if not there:
            missing.append(line)
    return missing


async def test_killed_at_any_moment(url):
    """Fifty times killed with -9 under load: nothing acknowledged is lost, and it opens whole."""
    dice = random.Random(5)
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, str(Path(__file__).with_name("crash_writer.py")), url),
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    said = []
    try:
        for number in range(KILLS):
            said += await killed_once(child, f"round{number}", dice)
    finally:
        child.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(child.wait(), 10)
        if child.returncode is None:
            child.kill()
    store = await open_store(url)
    try:
        await store.check()
        assert len(said) > KILLS
        assert await lost(store, said) == []
        sizes = await store.sizes()
        assert sizes["verdict_bodies"] == sizes["verdicts"]
    finally:
        await store.aclose()
