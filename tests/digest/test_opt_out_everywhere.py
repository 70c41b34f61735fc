"""A login says no in Slack, and nothing of theirs stands anywhere any more: Slack, Discord, digest, dev log, GitHub.

The real adapters speak to Slack and Discord on loopback; desk, queue, store, digests and dev log are the real ones.
"""

from __future__ import annotations

import asyncio
import shutil
from contextlib import asynccontextmanager
from datetime import timedelta

import discord
import pytest
from digest_kitchen import FRIDAY, week
from discord.http import Route
from fakes.desks import desk_of
from fakes.discord import CHANNEL, GUILD, FakeDiscord
from fakes.discord import text_of as discord_text
from fakes.memory import Watch
from fakes.slack import FakeSlack, text_of
from fakes.weeks import FakeWeeks, target_of

from adapters.devlog.app import DevlogApp
from adapters.devlog.live import Live, Pictures
from adapters.devlog.look import Look
from adapters.discord.app import USUAL_BASE
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.wire import Wire as DiscordWire
from adapters.queue.embedded import EmbeddedQueue
from adapters.slack.messenger import SlackMessenger
from adapters.slack.wire import Wire
from adapters.store import open_store
from bot import memory
from bot.commands import COMMAND, REDRAW, TAKE_DOWN, Commands
from bot.desk import ROAST
from bot.digest_run import DigestRunner
from bot.digests import DIGEST, Digests
from bot.ports_messenger import Said
from bot.publisher import Publisher
from bot.records import JobState, Message, NewSubscription, Person, Place, PlaceSettings, PostKind
from bot.settings_sections import Devlog

SLACK = Place(platform="slack", workspace="T1", channel="C1")
GUILDS = Place(platform="discord", workspace=GUILD, channel=CHANNEL)
GITHUB = Place(platform="github", workspace="acme", channel="soup")
BOB = Person(platform="slack", workspace="T1", user="U1")
GRILLED = "https://github.com/acme/soup/pull/1"


class Remarks:
    """A remark on a pull request."""

    def __init__(self):
        self.said = {"99": "A roast of ada's."}

    async def strike(self, message, words):
        """Put a line in its place."""
        self.said[message.id] = words


class Everywhere:
    """The whole bot, and short ways to it."""

    def __init__(self, store, watch, slack, guild):
        self.store, self.watch, self.slack, self.guild = store, watch, slack, guild
        self.source, self.queue, self.remarks = FakeWeeks(*week()), EmbeddedQueue(store, watch), Remarks()
        self.publisher = Publisher(
            store=store, clock=watch, settings=Devlog(publish="all", delay_hours=0), address="https://log.example"
        )
        self.desk = desk_of(
            store, self.source, watch, self.queue, publisher=self.publisher, remarks=self.remarks
        )  # fmt: skip
        self.digests = Digests(DigestRunner(self.desk, self.source, target_of))
        self.commands = Commands(self.desk, digests=self.digests)
        self._event = 0

    async def start(self):
        """Begin to work."""
        commands = self.commands
        await self.queue.start({
            ROAST: self.desk.work, DIGEST: self.digests.work, COMMAND: commands.work, REDRAW: commands.work_redraw,
            TAKE_DOWN: commands.work_take_down,
        })  # fmt: skip

    async def say(self, words, place=SLACK):
        """Say something, and wait for all that follows; return what is answered at once."""
        self._event += 1
        who = BOB if place == SLACK else Person(platform="discord", workspace=GUILD, user="300")
        reply = await self.commands.hear(Said(words=words, place=place, person=who, event=f"e{self._event}"))
        await self.done()
        return reply.answer

    async def done(self):
        """Wait until nothing waits or runs."""
        async with asyncio.timeout(120):
            while any(job.state in {JobState.WAITING, JobState.RUNNING} for job in await self.store.jobs()):
                await asyncio.sleep(0.01)

    async def digest(self, place):
        """Have this week's digest told in a place."""
        wish = NewSubscription(place=place, repository="acme/soup", schedule="0 16 * * fri", top=3)
        self.watch.time = FRIDAY - timedelta(days=6)
        await self.store.subscribe(wish)
        self.watch.time = FRIDAY
        await self.digests.sweep()
        await self.done()

    def seen(self):
        """Return all that people see, as one text for each message."""
        return [
            *(text_of(one) for one in self.slack.posts),
            *(discord_text(one).replace("\\", "") for one in self.guild.messages.values()),
        ]

    async def page(self, path):
        """Ask the dev log; return status and text."""
        sent = []
        live = Live(self.publisher, Look(address="https://log.example"), Pictures(lambda *_: b""), fresh_seconds=0)

        async def send(event):
            sent.append(event)

        scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
        await DevlogApp(live, "")(scope, None, send)
        return sent[0]["status"], b"".join(event.get("body", b"") for event in sent[1:]).decode()


@asynccontextmanager
async def _discord(store):
    client = discord.Client(intents=discord.Intents.none(), allowed_mentions=discord.AllowedMentions.none())
    async with FakeDiscord() as server:
        Route.BASE = server.base_url
        try:
            await client.login("made.up")
            wire = DiscordWire(store)
            wire.client = client
            yield server, DiscordMessenger(wire, store, every=0)
        finally:
            await client.close()
            Route.BASE = USUAL_BASE


@pytest.fixture
async def everywhere(tmp_path, empty_store):
    """A bot in Slack and Discord, whose workspace publishes all."""
    shutil.copy(empty_store, tmp_path / "store.sqlite3")
    watch = Watch()
    watch.time = FRIDAY
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite3'}", clock=watch)
    async with FakeSlack() as slack, _discord(store) as (guild, messenger):
        bot = Everywhere(store, watch, slack, guild)
        wire = Wire("xoxb-made-up", slack.base_url, pauses=(0.01,), timeout=20, patience=20)
        bot.desk.messengers |= {"slack": SlackMessenger(wire, store, every=0), "discord": messenger}
        for place in (SLACK, GUILDS):
            await store.set_place_settings(place.whole, PlaceSettings(publish="all"))
        await bot.start()
        yield bot
        await bot.queue.stop(0)
    await store.aclose()


async def test_everywhere(everywhere):
    """Cards, full stories, digests, pages, remarks and lists drop them; the others' stand, and later asks are refused"""
    bot = everywhere
    for place in (SLACK, GUILDS):
        await bot.say(GRILLED, place)
        await bot.digest(place)
    mine = [one for one in await bot.store.verdicts() if one.verdict.subject.author == "ada"]
    others = [one for one in await bot.store.verdicts() if one.verdict.subject.author != "ada"]
    assert len(mine) == 4
    assert others
    card = next(one for one in mine if one.asker == BOB)
    (below,) = await bot.desk.messengers["slack"].post_below(
        (await bot.store.posts(card.id))[0].message, await bot.desk.full(card.id, SLACK, BOB), "k" * 22
    )
    await bot.desk.shown_full(card.id, below)
    await bot.store.record_post(card.id, Message(place=GITHUB, id="99"), PostKind.COMMENT)
    await memory.react(bot.store, card.id, "🔥", BOB.model_copy(update={"user": "U2"}), at=FRIDAY)
    shelf = await bot.publisher.shelf()
    path = next(f"/posts/{one.slug}/" for one in shelf.posts if one.author == "ada")
    words = {one.verdict.punchline for one in mine} | {one.verdict.paragraphs[0].text for one in mine}
    assert (await bot.page(path))[0] == 200
    assert sum(any(one in said for one in words) for said in bot.seen()) == 5
    assert sum("Where to look" in said for said in bot.seen()) == 2
    told_before = _digests(bot)

    answer = await bot.say("optout ada")

    assert "ada is not roasted any more" in answer.text
    seen = bot.seen()
    for said in seen:
        assert not any(one in said for one in words if one), said
    assert not any("Where to look" in one for one in seen)
    assert sum("was taken down: ada prefers not to be roasted" in one for one in seen) >= 5
    assert "taken down" in bot.remarks.said["99"]
    told = _digests(bot)
    assert len(told) == len(told_before) == 2
    for now in told:
        assert "The week in acme/soup" in now
        assert "In numbers" in now
        assert any(one.verdict.title in now for one in others), now
    status, page = await bot.page(path)
    assert status == 410
    for feed in ("/atom.xml", "/feed.json", "/"):
        status, page = await bot.page(feed)
        assert not any(one in page for one in words if one), feed
    assert card.verdict.title not in str(await bot.say("leaderboard all"))
    before = len(await bot.store.verdicts())
    await bot.say(GRILLED)
    whispered = [text_of(one) for one in bot.slack.whispers] + bot.seen()
    assert any("ada prefers not to be roasted, and that is that" in one for one in whispered)
    bot.watch.forward(days=7)
    bot.source.add(*week(11, before=bot.watch.now()))
    await bot.digests.sweep()
    await bot.done()
    authors = {one.verdict.subject.author for one in await bot.store.verdicts()}
    assert len(await bot.store.verdicts()) > before
    assert "ada" not in authors


def _digests(bot):
    return [one for one in bot.seen() if "The week in acme/soup" in one]
