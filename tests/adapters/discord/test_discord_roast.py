"""A roast in Discord from the command to the card, and everything that stands under it."""

import pytest

from adapters.discord import limits
from adapters.discord.asked import Growing
from bot.errors import StoreError
from bot.records import PostKind

SOUP = "https://github.com/acme/soup/pull/7"


async def test_roasted(live):
    """A command is deferred, and the one message grows into the card"""
    async with live() as home:
        result = await home.roast()
        assert home.env.http_requests[2].json == {"type": 5}
        assert not result.ephemeral
        (message,) = home.shown()
        assert "acme/soup#7" in message.embeds[0].author.name
        assert [part.label for part in message.components[0].children][:2] == ["Full roast", "Receipts"]
        posts = await home.store.posts(1)
        assert [post.message.id for post in posts] == [str(message.id)]
        assert home.env.errors == []


async def test_quiet(live):
    """A quiet roast is shown to its asker alone"""
    async with live() as home:
        result = await home.roast(quiet=True)
        assert result.ephemeral
        assert result.response.embeds[0].author.name.startswith("acme/soup#7")
        assert home.bob is not None


async def test_full_in_a_thread(live):
    """The whole story stands in a thread below the card, once"""
    async with live() as home:
        await home.roast()
        (card,) = home.shown()
        await home.bob.click(card, label="Full roast")
        (thread,) = home.channel.threads
        assert "Final verdict" in thread.history()[-1].embeds[0].description
        again = await home.bob.click(card, label="Full roast")
        assert "already" in again.followups[-1].embeds[0].description
        kinds = [post.kind for post in await home.store.posts(1)]
        assert kinds == [PostKind.CARD, PostKind.FULL]


@pytest.mark.parametrize("long", [False, True])
async def test_full_that_nobody_noted(live, monkeypatch, long):
    """A process that dies between the story and its note: the next press finds its pages and tells the rest once"""
    async with live() as home:
        await home.roast()
        (card,) = home.shown()
        if long:
            monkeypatch.setattr(limits, "EMBED_DESCRIPTION", 250)
        record, deaths = home.store.record_post, [StoreError("The process died here.")]

        async def dying(number, message, kind=PostKind.CARD, asker=None):
            if kind is PostKind.FULL and deaths:
                raise deaths.pop()
            await record(number, message, kind, asker)

        monkeypatch.setattr(home.store, "record_post", dying)
        told = []
        for _ in range(3):
            await home.bob.click(card, label="Full roast")
            (thread,) = home.channel.threads
            told.append([one.embeds[0].description for one in thread.history() if one.embeds])
        assert told[0] == told[1] == told[2]
        assert (len(told[0]) > 1) is long
        full = [post for post in await home.store.posts(1) if post.kind is PostKind.FULL]
        assert len(full) == len(told[0])


async def test_refused_words(live):
    """What names no pull request is answered at once, to the asker alone"""
    async with live() as home:
        result = await home.bob.slash(home.channel, "roast", pr="soup")
        assert result.ephemeral
        assert "soup" in result.response.embeds[0].description
        assert SOUP not in result.response.embeds[0].description


async def test_a_late_stage(live):
    """A stage that comes when the card is shown already, or with it, does not take the card's place"""
    async with live() as home:
        asks, show = [], home.app.messenger.show

        async def noted(ask, *rest):
            asks.append(ask)
            return await show(ask, *rest)

        home.app.messenger.show = noted
        await home.roast()
        (shown,) = home.shown()
        edits = [one for one in home.env.http_requests if one.method == "PATCH"]
        ask = asks[0]
        await home.app.messenger.preheat(ask, "Preheating")
        growing = home.app.messenger._growing[ask.event] = Growing(over=True)
        growing.deferred.set()
        await home.app.messenger.progress(ask, "reading", "Reading")
        assert [one for one in home.env.http_requests if one.method == "PATCH"] == edits
        assert home.shown()[0].embeds == shown.embeds
