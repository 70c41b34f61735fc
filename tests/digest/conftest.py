"""A bot with digests in memory: a repository that merges, a store in a file, the embedded queue, a messenger."""

from __future__ import annotations

import shutil

import pytest
from digest_hooks import SECRET, Remarks
from digest_kitchen import FRIDAY, Kitchen, week
from fakes.desks import desk_of
from fakes.memory import Watch
from fakes.messenger import FakeMessenger
from fakes.weeks import FakeWeeks, target_of

from adapters.queue.embedded import EmbeddedQueue
from adapters.store import open_store
from bot.commands import COMMAND, REDRAW, Commands
from bot.digest_run import DigestRunner
from bot.digests import DIGEST, Digests
from bot.repository_rules import RepositoryRules
from bot.settings_sections import Privacy
from bot.webhooks import Hooks


@pytest.fixture
async def kitchen(tmp_path, empty_store):
    """A bot at work, on a Friday at four."""
    shutil.copy(empty_store, tmp_path / "store.sqlite3")
    watch = Watch()
    watch.time = FRIDAY
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite3'}", clock=watch)
    source, messenger = FakeWeeks(*week()), FakeMessenger()
    queue = EmbeddedQueue(store, watch)
    privacy = Privacy(private_for=("slack/T1",))
    desk = desk_of(store, source, watch, queue, messengers={"slack": messenger}, privacy=privacy)
    digests = Digests(DigestRunner(desk, source, target_of))
    commands = Commands(desk, digests=digests)
    await queue.start({DIGEST: digests.work, COMMAND: commands.work, REDRAW: commands.work_redraw})
    yield Kitchen(store, source, queue, desk, digests, commands, messenger, watch)
    await queue.stop(0)
    await store.aclose()


@pytest.fixture
def hooks(kitchen):
    """The ear, over a kitchen whose repository asks for remarks."""

    async def rules(repository):
        return RepositoryRules(comment=True)

    kitchen.desk.read_rules = rules
    return Hooks(kitchen.desk, SECRET, target_of, Remarks())
