"""Everything that Discord can refuse: the asker learns of it, and nothing is said twice."""

from datetime import timedelta

import aiohttp
import discord
import pytest

from adapters.discord import faults, limits
from adapters.discord.faults import Fault
from adapters.discord.wire import lacking_in
from bot.answers import full_roast
from bot.card import card_of
from bot.errors import MessengerError
from bot.ports_messenger import Answer
from bot.records import Place, PostKind

SOUP = "https://github.com/acme/soup/pull/7"
ORIGINAL = "/webhooks/*/messages/@original"


def said(message):
    """Return all that a message says."""
    embeds = [f"{one.title or ''} {one.description or ''}" for one in message.embeds]
    return " ".join([message.content, *embeds])


class Reply:
    """The least that the library wants of a response."""

    def __init__(self, status):
        self.status, self.reason = status, ""


@pytest.mark.parametrize(
    ("status", "code", "fault"),
    [
        (404, 10062, Fault.EXPIRED),
        (404, 10015, Fault.EXPIRED),
        (401, 50027, Fault.EXPIRED),
        (400, 40060, Fault.TAKEN),
        (404, 10008, Fault.GONE),
        (404, 10003, Fault.PLACE),
        (403, 50001, Fault.RIGHTS),
        (403, 50013, Fault.RIGHTS),
        (400, 50083, Fault.ARCHIVED),
        (400, 50035, Fault.SHAPE),
        (413, 40005, Fault.TOO_LARGE),
        (403, 50007, Fault.CLOSED),
        (429, 20028, Fault.BUSY),
        (500, 0, Fault.DOWN),
        (413, 0, Fault.TOO_LARGE),
        (418, 0, Fault.UNKNOWN),
    ],
)
def test_codes(status, code, fault):
    """Each code of Discord's has its meaning, and words for whoever waits"""
    error = discord.HTTPException(Reply(status), {"code": code, "message": "x"})
    assert faults.fault_of(error) is fault
    assert faults.in_words(error)
    assert faults.code_of(error) == (str(code) if code else f"status {status}")


def test_other_errors():
    """What is no answer of Discord's has a meaning too"""
    assert faults.fault_of(aiohttp.ClientConnectionError()) is Fault.DOWN
    assert faults.fault_of(TimeoutError()) is Fault.DOWN
    assert faults.fault_of(discord.RateLimited(90)) is Fault.BUSY
    assert faults.fault_of(discord.LoginFailure()) is Fault.CREDENTIAL


def test_missing_permissions_by_name():
    """What is missing is told by the names that people know, and nothing else is asked for"""
    held = discord.Permissions(**dict.fromkeys(limits.PERMISSIONS, True))
    assert lacking_in(held) == ""
    held.update(embed_links=False, attach_files=False)
    assert lacking_in(held) == "Embed Links, Attach Files"


async def test_token_ran_out(live):
    """An answer that took longer than fifteen minutes edits the message by the bot's own right"""
    async with live(work=False) as home:
        await home.bob.slash(home.channel, "roast", pr=SOUP)
        home.env.inject_error("PATCH", ORIGINAL, status=404, code=10015, times=None)
        await home.work()
        await home.done()
        (card,) = home.shown()
        assert "acme/soup#7" in card.embeds[0].author.name


async def test_outlived(live):
    """Where the deferred message is gone as well, the card is posted with a link to the question"""
    async with live(work=False) as home:
        await home.bob.slash(home.channel, "roast", pr=SOUP)
        (question,) = home.shown()
        now = home.env.now()
        home.app.messenger._now = (now + timedelta(minutes=16)).timestamp
        home.env.inject_error("PATCH", f"/channels/*/messages/{question.id}", status=404, code=10008, times=None)
        await home.work()
        await home.done()
        card = home.shown()[-1]
        assert f"/{home.channel.id}/{question.id}" in card.content
        assert "acme/soup#7" in card.embeds[0].author.name
        assert (await home.store.posts(1))[0].message.id == str(card.id)


async def test_no_right_to_write(live):
    """Where the bot may write nowhere, the asker gets the card directly, and the missing permission by name"""
    async with live(work=False) as home:
        await home.bob.slash(home.channel, "roast", pr=SOUP)
        home.env.inject_error("*", "/webhooks/*", status=404, code=10015, times=None)
        home.env.inject_error("*", f"/channels/{home.channel.id}/messages*", status=403, code=50013, times=None)
        await home.work()
        await home.done()
        direct = [one for one in home.env.http_requests if one.path == "/users/@me/channels"]
        assert direct
        posted = [one.json for one in home.env.http_requests if one.method == "POST" and "messages" in one.path][-1]
        assert "I could not answer where you asked." in posted["content"]
        assert posted["embeds"]


async def test_nobody_can_be_told(live):
    """Where every way is closed the fault is raised, and told of in the job"""
    async with live() as home:
        home.env.inject_error("*", "/webhooks/*", status=403, code=50001, times=None)
        home.env.inject_error("*", "/channels/*", status=403, code=50001, times=None)
        home.env.inject_error("*", "/users/@me/channels", status=403, code=50007, times=None)
        await home.bob.slash(home.channel, "roast", pr=SOUP)
        (job,) = await home.done()
        assert job.error == "I may not write there. Whoever runs this server can grant it in the channel's settings."


async def test_not_said_twice(live):
    """Where Discord does not say whether it took the card, it is not posted once more for all to see"""
    async with live(work=False) as home:
        await home.bob.slash(home.channel, "roast", pr=SOUP)
        home.env.inject_error("PATCH", "*", status=500, times=None)
        await home.work()
        await home.done()
        posts = [one for one in home.env.http_requests if one.method == "POST" and "/messages" in one.path]
        assert not [one for one in posts if str(home.channel.id) in one.path]


async def test_source_fault_is_private(live):
    """What cannot be read is told to the asker alone, and no public message stays behind"""
    async with live() as home:
        result = await home.roast("https://github.com/acme/nothing/pull/9")
        assert home.shown() == []
        assert result.followups[-1].ephemeral
        assert "acme/nothing" in said(result.followups[-1])


async def test_too_large(live):
    """A picture that is too large is left out, and the card comes"""
    async with live(draw=lambda card, verdict: b"\x89PNG" + bytes(limits.ATTACHMENT_BYTES)) as home:
        await home.roast()
        (card,) = home.shown()
        assert card.attachments == []
        assert "acme/soup#7" in card.embeds[0].author.name


async def test_picture_refused(live):
    """So is one that Discord refuses"""
    async with live(work=False, draw=lambda card, verdict: b"\x89PNG") as home:
        await home.bob.slash(home.channel, "roast", pr=SOUP)
        home.app.messenger._every = 1e9
        home.env.inject_error("PATCH", ORIGINAL, status=413, code=40005)
        await home.work()
        await home.done()
        (card,) = home.shown()
        assert card.embeds[0].author.name.startswith("acme/soup#7")


async def test_bare_words(live):
    """A message that Discord finds fault with comes as bare words"""
    async with live(work=False) as home:
        home.env.inject_error("PATCH", ORIGINAL, status=400, code=50035)
        result = await home.bob.slash(home.channel, "roastbot me")
        assert "which GitHub login" in result.response.content


async def test_deferred_elsewhere(live):
    """An interaction that was acknowledged already is answered all the same"""
    async with live() as home:
        home.env.inject_error("POST", "/interactions/*", status=400, code=40060)
        await home.bob.slash(home.channel, "roast", pr=SOUP)
        await home.done()
        assert home.env.errors == []
        assert len(await home.store.posts(1)) == 1


async def test_deferred_too_late(live):
    """An interaction that Discord forgot is answered in the channel where it asked for a roast"""
    async with live() as home:
        home.env.inject_error("POST", "/interactions/*", status=404, code=10062)
        home.env.inject_error("*", "/webhooks/*", status=404, code=10015, times=None)
        await home.bob.slash(home.channel, "roast", pr=SOUP)
        await home.done()
        (card,) = home.shown()
        assert "acme/soup#7" in card.embeds[0].author.name
        assert "asked for this" in card.content


async def test_no_thread_allowed(live):
    """Where no thread may be begun, the whole story comes in messages below"""
    async with live() as home:
        await home.roast()
        (card,) = home.shown()
        home.env.inject_error("POST", "/channels/*/messages/*/threads", status=403, code=50013)
        await home.bob.click(card, label="Full roast")
        assert home.channel.threads == []
        assert "Final verdict" in said(home.shown()[-1])
        kinds = [post.kind for post in await home.store.posts(1)]
        assert kinds == [PostKind.CARD, PostKind.FULL]


async def test_thread_archived(live):
    """A story in an archived thread is edited by opening the thread"""
    async with live() as home:
        await home.roast()
        (card,) = home.shown()
        await home.bob.click(card, label="Full roast")
        stored = await home.store.verdict(1)
        post = (await home.store.posts(1))[1]
        home.env.inject_error("PATCH", "/channels/*/messages/*", status=400, code=50083)
        await home.app.messenger.redraw(post, card_of(stored.verdict), stored)
        opened = [one for one in home.env.http_requests if one.method == "PATCH" and one.json == {"archived": False}]
        assert len(opened) == 1
        assert full_roast(stored).title


async def test_deleted_message(live):
    """A post that was deleted is noted as gone"""
    async with live() as home:
        await home.roast()
        (card,) = home.shown()
        stored, (post,) = await home.store.verdict(1), await home.store.posts(1)
        await home.app.wire.client.get_channel(home.channel.id).get_partial_message(card.id).delete()
        await home.app.messenger.redraw(post, card_of(stored.verdict), stored)
        assert await home.store.posts(1) == ()


async def test_digest_is_found_again(live):
    """A digest carries its run as nonce and at its foot, and is found by it"""
    async with live() as home:
        await home.roast()
        stored = await home.store.verdict(1)
        place = Place(platform="discord", workspace=str(home.guild.id), channel=str(home.channel.id))
        run = "0123456789abcdef01234567"
        posted = await home.app.messenger.post_digest(
            place, Answer(title="This week", text="One."), run, (card_of(stored.verdict),)
        )
        assert await home.app.messenger.find_digest(place, run) == posted
        assert await home.app.messenger.find_digest(place, "another") is None
        (sent,) = [
            one.json for one in home.env.http_requests if isinstance(one.json, dict) and one.json.get("nonce") == run
        ]
        assert sent["enforce_nonce"] is True


async def test_settle_in(live):
    """A channel that the bot may not write in says so, by the permission's name"""
    async with live() as home:
        place = Place(platform="discord", workspace=str(home.guild.id), channel=str(home.channel.id))
        lacking = await home.app.messenger.settle_in(place)
        held = home.app.wire.client.get_channel(home.channel.id).permissions_for(home.guild.me)
        assert bool(lacking) == bool(lacking_in(held))


async def test_closed_to_direct_messages(live):
    """Somebody who takes no direct messages is told of as such"""
    async with live() as home:
        home.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)
        from bot.records import Person

        person = Person(platform="discord", workspace=str(home.guild.id), user=str(home.bob.id))
        with pytest.raises(MessengerError, match="direct messages"):
            await home.app.messenger.tell(person, Answer(text="Hello."))


async def test_after_kill(live):
    """A job that was deferred in an earlier life is answered in the very message that was deferred"""
    async with live(work=False) as home:
        await home.bob.slash(home.channel, "roast", pr=SOUP)
        home.app.messenger._growing.clear()
        await home.env.restart_bot(home.app.make_client())
        await home.work()
        await home.done()
        (card,) = home.shown()
        assert "acme/soup#7" in card.embeds[0].author.name
