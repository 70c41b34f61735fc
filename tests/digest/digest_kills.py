"""Weeks of digests made by bots that are killed at one step after another: what the suite does, and the benchmark."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

from digest_kitchen import BOB, FRIDAY, HERE
from fakes.forks import forked, order
from fakes.memory import Watch

from adapters.store import open_store
from bot.records import DigestRun, NewSubscription

SCRIPT = Path(__file__).with_name("digest_crash.py")
LEASE = 60
STEPS = 45
"""A run that nothing ends takes about so many."""


async def _with_store(url, watch, do):
    store = await open_store(url, clock=watch)
    try:
        return await do(store)
    finally:
        await store.aclose()


@dataclass
class Weeks:
    """What came of it: the runs, the posts by run, and what was posted below them by key."""

    weeks: int
    kills: int
    runs: tuple[DigestRun, ...]
    posted: list[str]
    below: list[str]


def weeks_of_kills(url: str, posts: str, kills: int, *, stride: int = 1) -> Weeks:
    """Let weeks pass until so many bots were killed with -9, two at once; ``stride`` is how far the step moves on."""
    watch, dice = Watch(), Random(8)
    watch.time = FRIDAY - timedelta(days=6)
    wish = NewSubscription(place=HERE, repository="acme/soup", schedule="0 16 * * fri", top=2, created_by=BOB)
    one = asyncio.run(_with_store(url, watch, lambda store: store.subscribe(wish)))
    killed = week = step = 0
    with forked(SCRIPT) as bots:
        while killed < kills:
            due = FRIDAY + timedelta(days=7 * week)
            common = {"url": url, "posts": posts, "first": 10 * week + 1, "lease": LEASE}
            for attempt in count():
                # One dies at the next step of all in turn, the other at any, until both end by themselves.
                step += stride
                moment = due + timedelta(seconds=attempt * (LEASE + 1))
                deaths = step % STEPS + 1, dice.randint(1, STEPS)
                codes = order(bots, *deaths, now=moment.isoformat(), **common)
                assert set(codes) <= {0, -signal.SIGKILL}, (codes, week, attempt)
                killed += codes.count(-signal.SIGKILL)
                if set(codes) == {0}:
                    break
            week += 1
    runs = asyncio.run(_with_store(url, watch, lambda store: store.runs(one.id, limit=1000)))
    with sqlite3.connect(posts) as file:
        posted = [row[0] for row in file.execute("SELECT run FROM posts WHERE below = 0 ORDER BY id")]
        below = [row[0] for row in file.execute("SELECT key FROM posts WHERE below > 0")]
    return Weeks(week, killed, runs, posted, below)
