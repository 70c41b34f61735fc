"""Nothing is deferred before it is in the store: in a crowd, in a store that is slow, and where it fails."""

import asyncio

import pytest
from fakes.discord import CHANNEL, TYPED, text_of
from serve.running import until

from adapters.discord.listeners import HEARD
from bot.errors import StoreError
from bot.meters import Silent
from bot.records import OptOutKind

AGAIN = "Ask again in a minute"


@pytest.fixture
async def home(connected):
    """The whole, connected; its queue does not work."""
    async with connected() as made:
        await made.app.start()
        yield made


@pytest.fixture
def stuck(home, monkeypatch):
    """Let the store write down nothing that was said until the event is set, and nobody wait for that for long."""
    gate = asyncio.Event()
    enqueue = home.store.enqueue

    async def slowly(*args, **more):
        await gate.wait()
        return await enqueue(*args, **more)

    monkeypatch.setattr(home.store, "enqueue", slowly)
    home.app.listeners.heard_within = 0.05
    return gate


async def everybody(server, many=30):
    """Ask at once, each for themselves."""
    return await asyncio.gather(*(server.interact(TYPED, by=str(1000 + number)) for number in range(many)))


async def test_kept_before_deferred(home, server):
    """What was deferred in a crowd is in the store, though nothing was decided on it yet"""
    await home.app.listeners.inbox.stop()
    home.app.listeners.inbox._tasks = [asyncio.create_task(home.app.listeners.inbox._keep())]
    tokens = {token for token, _ in await everybody(server)}
    kept = [job for job in await home.store.jobs() if job.kind == HEARD]
    assert {said["reply"]["token"] for job in kept for said in job.payload["said"]} == tokens
    assert len(server.originals) == len(tokens)


async def test_everybody_gets_an_answer(home, server):
    """A crowd is deferred at once, decided upon afterwards, and everybody has a card in the end, in the same message"""
    tokens = [token for token, _ in await everybody(server, 8)]
    await home.work()
    await home.done(8)
    assert sorted(one["id"] for one in server.seen()) == sorted(server.originals[token] for token in tokens)
    assert all("acme/soup#7" in text_of(one) for one in server.seen())


async def test_refused_in_a_crowd(home, server):
    """A refusal that a crowd's public deferral came before is told alone, and nothing of it stays in public"""
    await home.store.opt_out(OptOutKind.REPOSITORY, "acme/soup", "ada")
    await everybody(server, 8)
    await until(lambda: len(server.seen(ephemeral=True)) == 8)
    assert server.seen() == []
    assert all("has opted out of roasts" in text_of(one) for one in server.seen(ephemeral=True))


async def test_refused_alone(home, server):
    """A single asker's refusal is not begun in public at all"""
    await home.store.opt_out(OptOutKind.REPOSITORY, "acme/soup", "ada")
    token, _ = await server.interact(TYPED)
    (told,) = server.seen(ephemeral=True)
    assert told["id"] == server.originals[token]


async def test_slow_store(home, server, stuck):
    """What is not in the store in time is not deferred: its asker alone reads that, and it is never done"""
    first, _ = await server.interact(TYPED)
    second, _ = await server.interact(TYPED, by="501")
    assert server.seen() == []
    assert [AGAIN in text_of(one) for one in server.seen(ephemeral=True)] == [True, True]
    stuck.set()
    await home.work()
    await home.done()  # the first was being written when its time was up: that is answered, in a message of its own
    (card,) = server.seen()
    assert "acme/soup#7" in text_of(card)
    assert card["id"] not in {server.originals[first], server.originals[second]}
    assert len(await home.jobs()) == 1


async def test_slow_store_under_a_card(home, server, stuck):
    """A button whose press could not be kept leaves its card as it is, and says so to the presser alone"""
    hotter = {"type": 2, "style": 2, "label": "Hotter", "custom_id": "say:hotter 1"}
    row = {"type": 1, "components": [hotter]}
    card = server._keep(CHANNEL, {"flags": 0, "content": "a card", "components": [row]})
    await server.interact({"component_type": 2, "custom_id": "say:hotter 1"}, kind=3, under=card)
    assert server.seen() == [card]
    assert AGAIN in text_of(server.seen(ephemeral=True)[0])


async def test_measured(home, server, stuck):
    """How long somebody waited is measured, deferred or turned away, and so is the fault"""
    seen = []

    class Seen(Silent):
        def acknowledged(self, platform, seconds):
            seen.append((platform, 0 < seconds < 30))

        def fault(self, kind, platform):
            seen.append((platform, kind))

    home.desk.meters = Seen()
    await server.interact({"id": "1", "name": "roastbot", "type": 1, "options": [{"name": "help", "type": 1}]})
    await until(lambda: seen)
    await server.interact(TYPED)
    await until(lambda: len(seen) == 3)
    assert seen == [("discord", True), ("discord", "BusyError"), ("discord", True)]


async def test_unforeseen(home, server, monkeypatch):
    """A fault that nobody foresaw is told of too, and those who come later are heard"""
    enqueue = home.store.enqueue

    async def fail(*args, **more):
        monkeypatch.setattr(home.store, "enqueue", enqueue)
        raise ValueError("what is this")

    monkeypatch.setattr(home.store, "enqueue", fail)
    await server.interact(TYPED)
    (told,) = server.seen(ephemeral=True)
    assert "Something unforeseen went wrong here. It is in the log; try again." in text_of(told)
    await server.interact(TYPED)
    await home.work()
    await home.done()
    assert "acme/soup#7" in text_of(server.seen()[0])


async def test_store_fails(home, server, monkeypatch):
    """A store that fails is told of at once, in its own words"""

    async def fail(*args, **more):
        raise StoreError("The disk that holds the memory is full.", "Free some space there.")

    monkeypatch.setattr(home.store, "enqueue", fail)
    await server.interact(TYPED)
    (told,) = server.seen(ephemeral=True)
    assert "The disk that holds the memory is full. Free some space there." in text_of(told)
