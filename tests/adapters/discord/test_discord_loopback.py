"""The real client against a REST and a gateway on loopback: login, a command, resume, a bad day, many at once."""

import asyncio
import statistics

import pytest
from fakes.discord import BOT, FakeDiscord, text_of

from adapters.discord.check import invite
from bot.errors import MessengerError, SettingsError

ROAST = {
    "id": "1",
    "name": "roast",
    "type": 1,
    "options": [{"name": "pr", "type": 3, "value": "https://github.com/acme/soup/pull/7"}],
}


@pytest.fixture
async def server():
    """Discord."""
    async with FakeDiscord() as running:
        yield running


@pytest.fixture
def connected(make_home, server):
    """A maker of the whole, connected."""
    return lambda **more: make_home(discord={"base_url": server.base_url, **more})


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
        token, _ = await server.interact(ROAST)
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
        token, _ = await server.interact(ROAST)
        assert token in server.originals
        assert sum(one["op"] == 2 for one in server.heard) == 1


async def test_session_invalidated(connected, server):
    """A session that Discord gave up is begun anew"""
    async with connected() as home:
        await home.app.start()
        await server.gateway[-1].send_json({"op": 9, "d": False})
        await until(lambda: sum(one["op"] == 2 for one in server.heard) == 2)
        assert (await server.interact(ROAST))[0] in server.originals


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


async def test_rate_limited(connected, server):
    """A rate limit is waited for"""
    async with connected() as home:
        await home.app.start()
        await home.work()
        server.limited = 2
        await server.interact(ROAST)
        await home.done()
        assert ["acme/soup#7" in text_of(one) for one in server.seen()] == [True]


async def test_many_at_once(connected, server):
    """Two hundred commands at once are all deferred well within Discord's three seconds"""
    async with connected() as home:
        await home.app.start()
        took = [seconds for _, seconds in await asyncio.gather(*(server.interact(ROAST) for _ in range(200)))]
        assert len(server.originals) == 200
        assert max(took) < 3, statistics.quantiles(took, n=20)


async def test_no_token(make_home):
    """Without a token it says which one is missing"""
    async with make_home(discord={"token": ""}) as home:
        with pytest.raises(SettingsError, match="DISCORD_TOKEN"):
            await home.app.start()
        (check,) = await home.app.check()
        assert not check.ok


async def test_doctor(connected, server):
    """The doctor gives the invite with the permissions that are needed and no others"""
    async with connected() as home:
        found = {one.name: one for one in await home.app.check()}
        assert found["Discord token"].ok
        assert found["Discord invite"].words == invite(int(BOT))
        assert "permissions=309237763136" in invite(1)
        assert "scope=bot+applications.commands" in invite(1)
