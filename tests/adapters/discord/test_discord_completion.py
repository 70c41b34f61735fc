"""What is offered while somebody types: what is subscribed here and was merged there lately, and why it is not."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace

import pytest
from fakes.memory import NOON

from adapters.discord import completion, limits
from bot.errors import StoreError, UnavailableError
from bot.lately import Lately
from bot.merged import Merged, MergedPull
from bot.ports import ListsMerged
from bot.records import Place
from bot.settings_sections import Privacy


class Lists(ListsMerged):
    """A source in which each repository has thirty merged pull requests; it may fail or never answer."""

    def __init__(self, error=None, stuck=False, private=False):
        self.error, self.stuck, self.private = error, stuck, private

    async def merged(self, repository, since, until):
        if self.stuck:
            await asyncio.Event().wait()
        if self.error:
            raise self.error
        pulls = tuple(
            MergedPull(number=30 - n, title=f"Season {n} `*` the soup", merged_at=NOON - timedelta(hours=n + 1))
            for n in range(30)
        )
        return Merged(repository=repository, since=since, until=until, pulls=pulls, private=self.private)


async def offered(home, current, command="roast", option="pr"):
    """Return what is offered: what is shown, and what it stands for."""
    found = await home.bob.autocomplete(home.channel, command, option, current)
    assert len(found) <= limits.CHOICES
    assert all(0 < len(one["name"]) <= 100 and 0 < len(one["value"]) <= 100 for one in found)
    return [(one["name"], one["value"]) for one in found]


@pytest.fixture
def subscribed(live):
    """A maker of a server in which acme/soup is subscribed."""
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def make(lists):
        async with live(work=False) as home:
            home.commands.lately = Lately(lists, home.watch)
            await home.bob.slash(home.channel, "roastbot subscribe", repository="acme/soup", when="every friday 16:00")
            yield home
            await home.commands.lately.close()
            assert home.env.errors == []

    return make


async def test_merged_lately(subscribed):
    """What was merged lately in a subscribed repository is offered, newest first, and ``owner/repo#`` to go on from"""
    async with subscribed(Lists()) as home:
        found = await offered(home, "")
        assert found[0] == ("acme/soup#30 Season 0 `*` the soup", "acme/soup#30")
        assert [value for _, value in found][:3] == ["acme/soup#30", "acme/soup#29", "acme/soup#28"]
        assert len(found) == limits.CHOICES
        assert (await offered(home, "acme/soup#7"))[0][1] == "acme/soup#7"
        assert {value for _, value in await offered(home, "season 12")} == {"acme/soup#18"}


async def test_roasted_ones_too(live):
    """What was roasted here is offered once, though it was merged long ago or is merged lately as well"""
    async with live() as home:
        home.commands.lately = Lately(Lists(), home.watch)
        await home.roast()
        await home.bob.slash(home.channel, "roastbot subscribe", repository="acme/soup", when="every friday 16:00")
        values = [value for _, value in await offered(home, "acme/soup#7")]
        assert values.count("acme/soup#7") == 1


@pytest.mark.parametrize(
    ("lists", "words"),
    [
        (Lists(UnavailableError("GitHub is down.", "Try again in a minute.")), "GitHub is down."),
        (Lists(ZeroDivisionError()), "unforeseen"),
    ],
)
async def test_faults_are_told(subscribed, monkeypatch, lists, words):
    """Where the list cannot be had, the repository is offered all the same, and the last line says why"""
    monkeypatch.setattr(completion, "_LISTED_WITHIN", 0.05)
    async with subscribed(lists) as home:
        *rest, (shown, _) = await offered(home, "")
        assert words in shown
        assert ("acme/soup#…", "acme/soup#") in rest


def typing(home):
    """Return the least that is asked of somebody who types."""
    return SimpleNamespace(guild_id=home.guild.id, channel_id=home.channel.id, channel=None)


async def test_source_hangs(subscribed, monkeypatch):
    """A source that never answers is not waited for"""
    monkeypatch.setattr(completion, "_LISTED_WITHIN", 0.05)
    async with subscribed(Lists(stuck=True)) as home:
        *rest, (shown, _) = await home.app._hears.targets(typing(home), "")
        assert "still being read" in shown
        assert ("acme/soup#…", "acme/soup#") in rest
        await home.commands.lately.close()


async def test_memory_fails(subscribed, monkeypatch):
    """Where the memory fails, or does not answer in time, that is what is offered"""
    async with subscribed(Lists()) as home:

        async def fails(*_):
            raise StoreError("The memory is locked.")

        async def hangs(*_):
            await asyncio.Event().wait()

        monkeypatch.setattr(completion, "OFFERED_WITHIN", 0.05)
        for what, words in ((fails, "The memory is locked."), (hangs, "takes its time")):
            monkeypatch.setattr(home.store, "bindings", what)
            ((shown, value),) = await home.app._hears.targets(typing(home), "acme")
            assert words in shown
            assert value == "acme"
            ((shown, _),) = await home.app._hears.repositories(typing(home), "acme")
            assert words in shown


async def test_nothing_subscribed(live):
    """Where nothing is subscribed that is said, and nobody is disturbed who types an address"""
    async with live(work=False) as home:
        ((shown, _),) = await offered(home, "")
        assert "Nothing is subscribed" in shown
        assert await offered(home, "https://github.com/acme/soup/pull/7") == []


async def test_private_ones_stay_home(subscribed):
    """A repository that is bound to another channel is not offered here"""
    async with subscribed(Lists()) as home:
        elsewhere = Place(platform="discord", workspace=str(home.guild.id), channel="1")
        await home.store.bind(elsewhere, "acme/soup", by="2")
        ((shown, _),) = await offered(home, "")
        assert "Nothing is subscribed" in shown


async def test_private_titles(subscribed):
    """What was merged into a private repository is offered where it is bound, in a server that the operator trusts"""
    async with subscribed(Lists(private=True)) as home:
        assert "Season" not in str(await offered(home, ""))
        here = Place(platform="discord", workspace=str(home.guild.id), channel=str(home.channel.id))
        await home.store.bind(here, "acme/soup", by="2")
        assert "Season" not in str(await offered(home, ""))
        home.commands.desk.privacy = Privacy(private_for=(f"discord/{home.guild.id}",))
        assert "Season 0" in str(await offered(home, ""))
