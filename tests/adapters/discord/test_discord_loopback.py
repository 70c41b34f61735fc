"""The real client against a REST and a gateway on loopback: login, a command, resume, a bad day, many at once."""

import asyncio

import discord
import pytest
from fakes.discord import ASKER, BOT, CHANNEL, GUILD, TYPED, text_of
from structlog.testing import capture_logs

from adapters.discord import limits, wire
from adapters.discord.check import invite
from adapters.discord.listeners import HEARD
from bot.errors import MessengerError, SettingsError
from bot.records import NewSubscription, Place


async def until(true, seconds=20):
    """Wait until something holds."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


async def test_login_and_one_roast(connected, server):
    """It logs in, syncs its commands once, defers a command and grows the answer into the card"""
    async with connected() as home:
        await home.app.start()
        await home.work()
        assert home.app.connected
        assert "roast" in home.app.describe()
        token, _ = await server.interact(TYPED)
        await home.done()
        (card,) = server.seen()
        assert card["id"] == server.originals[token]
        assert "acme/soup#7" in text_of(card)
        await home.app.stop()
        assert not home.app.connected
        await home.app.start()
        assert home.app.connected
        syncs = [path for method, path, _ in server.requests if method == "PUT" and path.endswith("/commands")]
        assert len(syncs) == 1


async def test_resume(connected, server):
    """A gateway that closes is resumed, and commands are heard again"""
    async with connected() as home:
        await home.app.start()
        await server.cut(4000)
        await until(lambda: any(one["op"] == 6 for one in server.heard))
        token, _ = await server.interact(TYPED)
        assert token in server.originals
        assert sum(one["op"] == 2 for one in server.heard) == 1


async def test_session_invalidated(connected, server):
    """A session that Discord gave up is begun anew"""
    async with connected() as home:
        await home.app.start()
        await server.gateway[-1].send_json({"op": 9, "d": False})
        await until(lambda: sum(one["op"] == 2 for one in server.heard) == 2)
        assert (await server.interact(TYPED))[0] in server.originals


async def test_token_not_accepted(connected, server):
    """A gateway that does not accept the token ends the wait with words on the token"""
    async with connected() as home:
        await home.app.start()
        await server.cut(4004)
        with pytest.raises(MessengerError, match="does not accept the token"):
            await asyncio.wait_for(home.app.wait(), 20)


async def test_stopped_while_waiting(connected, server):
    """A stop ends the wait without a fault"""
    async with connected() as home:
        await home.app.start()
        waiting = asyncio.ensure_future(home.app.wait())
        await asyncio.sleep(0)
        await home.app.stop()
        assert await asyncio.wait_for(waiting, 5) is None


@pytest.mark.parametrize("where", ["server", "group"])
async def test_brought_along(connected, server, where):
    """Brought along by somebody to where the bot itself is not, it answers by the interaction alone, the story included"""
    server.refused += [(method, "channels/") for method in ("GET", "POST", "PATCH", "PUT", "DELETE")]
    async with connected() as home:
        await home.app.start()
        await home.work()
        token, _ = await server.interact(TYPED, brought=where)
        await home.done()
        (card,) = server.seen()
        assert card["id"] == server.originals[token]
        assert "acme/soup#7" in text_of(card)
        pressed = {"component_type": 2, "custom_id": "say:full 1"}
        await server.interact(pressed, kind=3, under=card, brought=where)
        await until(lambda: len(server.seen()) > 1)
        assert "Final verdict" in text_of(server.seen()[-1])
        assert server.seen(ASKER) == []


async def test_rate_limited(connected, server):
    """A rate limit is waited for"""
    async with connected() as home:
        await home.app.start()
        await home.work()
        server.limited = 2
        await server.interact(TYPED)
        await home.done()
        assert ["acme/soup#7" in text_of(one) for one in server.seen()] == [True]


async def test_rate_limited_everywhere(connected, server):
    """A limit on everything is waited for as well, and nothing is said twice"""
    async with connected() as home:
        await home.app.start()
        await home.work()
        server.limited, server.limited_everywhere = 1, True
        await server.interact(TYPED)
        await home.done()
        assert ["acme/soup#7" in text_of(one) for one in server.seen()] == [True]


async def test_limited_for_too_long(connected, server, monkeypatch):
    """A limit that lasts longer than anybody waits is a fault that is told and logged, not a silence"""
    monkeypatch.setattr(wire, "_PATIENCE", 0.3)
    async with connected() as home:
        await home.app.start()
        await server.interact(TYPED)
        server.limited, server.limited_for = 1000, 3600
        with capture_logs() as logged:
            await home.work()
            (job,) = await home.done()
        assert job.error
        assert any(one["event"] == "Discord refused a way to answer" for one in logged)
        assert any(one["event"] == "the asker could not be told" for one in logged)


async def test_quick_answers_are_cheap(connected, server):
    """An answer from the store costs two calls: the deferral and the words"""
    async with connected() as home:
        await home.app.start()
        before = len(server.requests)
        await server.interact({"id": "1", "name": "roastbot", "type": 1, "options": [{"name": "help", "type": 1}]})
        await until(lambda: server.seen(ephemeral=True) and "pull request" in text_of(server.seen(ephemeral=True)[0]))
        assert [method for method, _, _ in server.requests[before:]] == ["POST", "PATCH"]


async def test_missing_permission_by_name(connected, server):
    """Whoever asks learns which permission is missing, and who can grant it; so does whoever subscribes"""
    needed = discord.Permissions(**dict.fromkeys(limits.PERMISSIONS, True))
    server.granted = needed.value & ~discord.Permissions(embed_links=True).value
    async with connected() as home:
        await home.app.start()
        await server.interact(TYPED)
        closed = ("webhooks/", f"channels/{CHANNEL}/")
        server.refused += [(method, path) for method in ("POST", "PATCH") for path in closed]
        await home.work()
        await home.done()
        (direct,) = server.seen(ASKER)
        assert direct["content"] == "I could not answer where you asked. I lack the permission Embed Links there."
        assert "acme/soup#7" in text_of(direct)
        place = Place(platform="discord", workspace=GUILD, channel=CHANNEL)
        hurdle = await home.app.messenger.settle_in(place)
        assert hurdle.closed
        assert hurdle.words == (
            "I lack the permission Embed Links there. Whoever runs this server can grant it in the channel's settings."
        )


async def test_many_at_once(connected, server):
    """Two hundred commands at once are all deferred, each once, and none of them before it is in the store"""
    async with connected() as home:
        kept, enqueue = [], home.store.enqueue

        async def noted(job, **more):
            number = await enqueue(job, **more)
            kept.extend([job] if job.kind == HEARD else [])  # in the store by now; an ended one keeps no words
            return number

        home.store.enqueue = noted
        await home.app.start()
        tokens = {token for token, _ in await asyncio.gather(*(server.interact(TYPED) for _ in range(200)))}
        assert set(server.originals) == set(server.deferred) == tokens
        assert {said["reply"]["token"] for job in kept for said in job.payload["said"]} == tokens


async def test_no_token(make_home):
    """Without a token it says which one is missing"""
    async with make_home(discord={"token": ""}) as home:
        with pytest.raises(SettingsError, match="DISCORD_TOKEN"):
            await home.app.start()
        (check,) = await home.app.check()
        assert not check.ok


@pytest.mark.parametrize(
    ("lacking", "server_id", "channel", "words"),
    [
        ({}, GUILD, CHANNEL, "#general: may do all that is needed"),
        ({"embed_links": True, "attach_files": True}, GUILD, CHANNEL, "#general: lacks Embed Links, Attach Files"),
        ({}, GUILD, "201", "201: lacks View Channel"),
        ({}, "101", "201", "server 101: That channel is gone, or nothing can be written in it."),
    ],
)
async def test_doctor_looks_at_each_channel(connected, server, *, lacking, server_id, channel, words):
    """The doctor says of each subscribed channel which permissions are missing there, and what to do"""
    needed = discord.Permissions(**dict.fromkeys(limits.PERMISSIONS, True))
    server.granted = needed.value & ~discord.Permissions(**lacking).value
    async with connected() as home:
        place = Place(platform="discord", workspace=server_id, channel=channel)
        await home.store.subscribe(NewSubscription(place=place, repository="acme/soup", schedule="0 16 * * fri"))
        (found,) = [one for one in await home.app.check() if one.name == "Discord channels"]
        assert found.words == words
        assert found.ok is (not lacking and channel == CHANNEL)
        assert bool(found.next_step) is not found.ok


async def test_doctor(connected, server):
    """The doctor gives the invite with the permissions that are needed and no others"""
    async with connected() as home:
        found = {one.name: one for one in await home.app.check()}
        assert found["Discord token"].ok
        assert found["Discord invite"].words == invite(int(BOT))
        assert "permissions=309237763136" in invite(1)
        assert "scope=bot+applications.commands" in invite(1)
