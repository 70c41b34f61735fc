"""A bot that makes digests, forked from a parent that has everything imported, and killed where it is told to.

See ``fakes.forks``. A child dies by SIGKILL at its so-many-th step: before or after anything that it writes, reads or
posts. Its platform is a file that outlives it; its clock stands still at the order's moment.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fakes.desks import desk_of
from fakes.forks import serve
from fakes.memory import verdict
from fakes.weeks import FakeWeeks, made_up, target_of

from adapters.queue.embedded import EmbeddedQueue
from adapters.store import open_store
from bot.digest_run import DigestRunner
from bot.digests import DIGEST, Digests
from bot.records import JobState, Message

_WATCHED = (
    "claim_run", "save_run", "finish_run", "save_verdict", "save_subscription", "record_post", "claim_effect",
    "confirm_effect", "enqueue", "finish_job", "find_verdict",
)  # fmt: skip


class Stands:
    """A clock that stands still."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """Return the moment."""
        return self._moment


class Fate:
    """Counts steps, and kills at one of them."""

    def __init__(self, at: int) -> None:
        self.left = at

    def step(self, what: str) -> None:
        """Take a step; it may be the last."""
        del what
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watched(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return a call that may die before it does anything, and after it is done."""

        async def do(*given: Any, **named: Any) -> Any:
            self.step("before")
            found = await call(*given, **named)
            self.step("after")
            return found

        return do


class FilePlatform:
    """A chat platform in a file, as a platform outlives a process. What is posted is there before anybody hears of it."""

    platform = "slack"

    def __init__(self, path: str, fate: Fate) -> None:
        self._path, self._fate = path, fate
        self._write("CREATE TABLE IF NOT EXISTS posts (id INTEGER PRIMARY KEY, run TEXT, below INTEGER, key TEXT)")

    def _write(self, statement: str, *values: Any) -> int:
        with sqlite3.connect(self._path, timeout=30) as file:
            return int(file.execute(statement, values).lastrowid or 0)

    async def post_digest(self, place, digest, run_id, cards, picture=None):
        """Post, and perhaps die before or after."""
        self._fate.step("before the post")
        number = self._write("INSERT INTO posts (run, below, key) VALUES (?, 0, '')", run_id)
        self._fate.step("after the post")
        return Message(place=place, id=str(number))

    async def find_digest(self, place, run_id):
        """Look."""
        with sqlite3.connect(self._path, timeout=30) as file:
            found = file.execute("SELECT id FROM posts WHERE run = ? AND below = 0", (run_id,)).fetchone()
        self._fate.step("looked")
        return Message(place=place, id=str(found[0])) if found else None

    async def post_below(self, message, answer, key):
        """Post into the thread, once for each key."""
        with sqlite3.connect(self._path, timeout=30) as file:
            found = file.execute("SELECT id FROM posts WHERE key = ?", (key,)).fetchone()
        number = found[0] if found else self._write(
            "INSERT INTO posts (run, below, key) VALUES ('', ?, ?)", message.id, key
        )  # fmt: skip
        self._fate.step("below")
        return (Message(place=message.place, id=str(number)),)


async def live(order: dict[str, Any], at: int) -> None:
    """Sweep once, work off what comes of it, and end."""
    fate, now = Fate(at), datetime.fromisoformat(order["now"])
    store = await open_store(order["url"], clock=Stands(now))
    for name in _WATCHED:
        setattr(store, name, fate.watched(getattr(store, name)))
    first = int(order["first"])
    week = [
        made_up(first + rank, author, now - timedelta(days=1 + rank), sins=3 - rank)
        for rank, author in enumerate(("ada", "grace", "ken"))
    ]
    source = FakeWeeks(*week)
    source.before = fate.step
    queue = EmbeddedQueue(store, Stands(now), poll=0.01, beat=0.05)
    platforms = {"slack": FilePlatform(order["posts"], fate)}
    desk = desk_of(store, source, Stands(now), queue, messengers=platforms)

    async def judged(ask, target, progress):
        fate.step("judging")
        return verdict(target.number, repository="acme/soup", author="ada")

    desk.judged = judged  # type: ignore[method-assign]
    digests = Digests(DigestRunner(desk, source, target_of), lease=timedelta(seconds=order["lease"]))
    await digests.sweep()
    await queue.start({DIGEST: digests.work})
    async with asyncio.timeout(120):
        while any(job.state in {JobState.WAITING, JobState.RUNNING} for job in await store.jobs()):
            await asyncio.sleep(0.01)
    await queue.stop(5)
    await store.aclose()


if __name__ == "__main__":
    serve(live)
