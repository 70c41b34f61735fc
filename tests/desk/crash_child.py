"""A bot in a process of its own that dies by its own hand where it is told to: for ``test_crash``, by ``fakes.forks``.

Its platform is a file, as a platform outlives a process: every message by number, with the key it carries.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fakes.desks import desk_of
from fakes.forks import serve
from fakes.messenger import FakeMessenger, Shown

import adapters.store.driver  # noqa: F401 - imported once, not by every child
from adapters.github.source import GitHubSource
from adapters.queue.embedded import EmbeddedQueue
from adapters.store import open_store
from adapters.store.base import SystemClock
from bot.commands import COMMAND, REDRAW, Commands
from bot.desk import ROAST
from bot.ports_messenger import Said
from bot.records import JobState, Person, Place
from bot.sample import TARGET, SampleSource
from bot.trial import roast

HERE = Place(platform="slack", workspace="T1", channel="C1")


class Journal(FakeMessenger):
    """Writes every message down as soon as people would see it."""

    def __init__(self, path: Path, die_at: str) -> None:
        super().__init__()
        self._path, self.die_at = path, die_at
        if path.exists():
            self.messages = {
                one["id"]: Shown(id=one["id"], place=HERE, key=one["key"]) for one in json.loads(path.read_text())
            }

    def died(self, point: str) -> None:
        """Die if this is the place."""
        if point == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def _write(self) -> None:
        told = [
            {"id": one.id, "key": one.key, "card": bool(one.card), "words": one.answer.text if one.answer else ""}
            for one in self.shown
        ]
        self._path.write_text(json.dumps(told))

    async def progress(self, ask, stage, phrase):
        """Die after a stage was shown."""
        await super().progress(ask, stage, phrase)
        self._write()
        self.died(stage)

    async def show(self, ask, card, stored, picture):
        """Die before or after the card is seen."""
        self.died("before the card")
        message = await super().show(ask, card, stored, picture)
        self._write()
        self.died("after the card")
        return message

    async def answer(self, ask, answer):
        """Die after the words are seen."""
        await super().answer(ask, answer)
        self._write()
        self.died("after the words")


async def live(common: dict[str, str], life: dict[str, str]) -> None:
    """Say the words (if any), then work until nothing is left."""
    url, github, journal = common["url"], common["github"], common["journal"]
    words, die_at = life["words"], life["die_at"]
    messenger = Journal(Path(journal), die_at)
    clock = SystemClock()
    store = await open_store(url, clock=clock)
    source = GitHubSource(api_url=github, patience=0.0)
    queue = EmbeddedQueue(store, clock)
    desk = desk_of(store, source, clock, queue, messengers={"slack": messenger})
    commands = Commands(desk)
    record_post, confirm = store.record_post, store.confirm_effect

    async def recorded(*given, **named):
        await record_post(*given, **named)
        messenger.died("after the post was noted")

    async def confirmed(*given, **named):
        await confirm(*given, **named)
        messenger.died("after it was confirmed")

    store.record_post, store.confirm_effect = recorded, confirmed  # type: ignore[method-assign]
    if words:
        said = Said(
            words=words, place=HERE, person=Person(platform="slack", workspace="T1", user="bob"), event="slack:1"
        )
        reply = await commands.hear(said)
        assert reply.job is not None, reply
        messenger.died("acknowledged")
    await queue.start({ROAST: desk.work, COMMAND: commands.work, REDRAW: commands.work_redraw})
    while any(job.state in {JobState.WAITING, JobState.RUNNING} for job in await store.jobs()):
        await asyncio.sleep(0.01)
    await queue.stop(5)
    await source.aclose()
    await store.aclose()


if __name__ == "__main__":
    # What is imported, read and compiled by a first roast need not be so by every child.
    asyncio.run(roast(TARGET, SampleSource()))
    serve(live)
