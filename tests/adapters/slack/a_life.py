"""One life of a bot, to be killed: ``a_life.py SLACK GITHUB FOLDER`` works until it dies."""

import asyncio
import sys

from fakes.slack import FakeSlack

from adapters.github.source import GitHubSource
from adapters.queue.embedded import EmbeddedQueue
from adapters.slack.app import SlackApp
from adapters.store import open_store
from bot.commands import COMMAND, Commands
from bot.desk import ROAST, Desk
from bot.settings import Settings
from bot.writers.house import HouseWriter


class Clock:
    """The real time."""

    def now(self):
        """Return it."""
        from datetime import UTC, datetime

        return datetime.now(UTC)


async def live(slack_url, github_url, folder):
    """Serve until killed."""
    slack = FakeSlack()
    slack.url = slack_url
    section = {"bot_token": "xoxb-made-up", "app_token": "xapp-made-up", "base_url": slack.base_url}
    store = await open_store(f"sqlite+aiosqlite:///{folder}/store.sqlite3", clock=Clock())
    source = GitHubSource(api_url=github_url)
    queue = EmbeddedQueue(store, Clock())
    desk = Desk(store=store, source_of=lambda _: source, clock=Clock(), queue=queue, writer=HouseWriter())
    commands = Commands(desk)
    app = SlackApp(Settings(slack=section), desk, commands)
    desk.messengers["slack"] = app.messenger
    app.messenger._every = 0.0
    await app.start()
    await queue.start({ROAST: desk.work, COMMAND: commands.work})
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(live(*sys.argv[1:]))
