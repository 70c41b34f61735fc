"""What every messenger promises, whatever platform it speaks to: Slack on loopback, the one in memory.

To plug in another one, add a factory to ``RIGS``: given a folder it yields a ``Rig``.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from discord_rig import discord_on_loopback
from fakes.discord import ASKER as DISCORD_ASKER
from fakes.discord import text_of as discord_text_of
from fakes.memory import ASKER, NOON, PLACE, verdict
from fakes.messenger import FakeMessenger, Shown
from fakes.slack import FakeSlack, Fault, text_of

from adapters.slack.messenger import SlackMessenger
from adapters.slack.wire import Wire
from adapters.store import open_store
from bot.answers import where_to_look
from bot.appeals import strike
from bot.card import card_of
from bot.errors import MessengerError
from bot.ports_messenger import Answer, Ask, Messenger
from bot.records import Post, PostKind, StoredVerdict, VerdictId

PICTURE = b"\x89PNG\r\n\x1a\n"
HOSTILE = "<!channel> <@U1> @everyone @here <@123> <https://evil.example|click>"


@dataclass
class Rig:
    """A messenger and what people see of it, as texts: everybody in the place, the asker alone, in direct messages.

    ``every`` is all of it, threads too. ``break_down`` makes the platform refuse everything. ``keeps_cards`` is false where a fault takes a card's place.
    """

    messenger: Messenger
    public: Callable[[], list[str]]
    private: Callable[[], list[str]]
    direct: Callable[[], list[str]]
    break_down: Callable[[], None]
    every: Callable[[], list[str]]
    raw: Callable[[], str] = str
    keeps_cards: bool = True


@asynccontextmanager
async def in_memory(folder: Path) -> AsyncIterator[Rig]:
    """The messenger that the desk is tested with."""
    messenger = FakeMessenger()

    def words(one: Shown) -> str:
        if one.answer is not None and one.card is None and not one.taken_down:
            return "\n".join(
                [one.answer.title, one.answer.text, *(f"{label}: {text}" for label, text in one.answer.rows)]
            )
        return (one.card and one.card.title) or one.taken_down or one.progress[-1]

    def digests() -> set[str]:
        return {one.id for one in messenger.digests.values()}

    yield Rig(
        messenger,
        public=lambda: [words(one) for one in messenger.shown if not one.private and one.id not in digests()],
        private=lambda: [words(one) for one in messenger.shown if one.private],
        direct=lambda: [answer.text for _, answer in messenger.told],
        break_down=lambda: messenger.fail.update(
            {
                "show",
                "answer",
                "tell",
                "post_digest",
                "find_digest",
                "post_below",
                "redraw",
                "take_down",
                "progress",
                "find_answer",
            }
        ),
        every=lambda: list(map(words, messenger.shown)),
        keeps_cards=False,
    )


@asynccontextmanager
async def slack(folder: Path) -> AsyncIterator[Rig]:
    """Slack on loopback."""
    store = await open_store(f"sqlite+aiosqlite:///{folder / 'store.sqlite3'}")
    async with FakeSlack() as server:
        wire = Wire("xoxb-made-up", server.base_url, pauses=(0.01,), timeout=2, patience=1)
        methods = ("chat.postMessage", "chat.update", "chat.delete", "chat.postEphemeral", "conversations.history")
        yield Rig(
            SlackMessenger(wire, store, every=0),
            public=lambda: [text_of(one) for one in server.in_channel(PLACE.channel)],
            private=lambda: [text_of(one) for one in server.private(ASKER.user)],
            direct=lambda: [text_of(one) for one in server.in_channel(ASKER.user)],
            break_down=lambda: server.faults.extend(Fault(method, error="token_revoked") for method in methods),
            every=lambda: list(map(text_of, server.posts)),
            raw=lambda: str([*server.posts, *server.whispers]),
        )
    await store.aclose()


@asynccontextmanager
async def discord(folder: Path) -> AsyncIterator[Rig]:
    """Discord on loopback."""
    async with discord_on_loopback(folder) as (server, messenger):
        yield Rig(
            messenger,
            public=lambda: [discord_text_of(one) for one in server.seen() if one["id"] in server.told],
            private=lambda: [discord_text_of(one) for one in server.seen(ephemeral=True)],
            direct=lambda: [discord_text_of(one) for one in server.seen(DISCORD_ASKER)],
            break_down=lambda: server.refused.extend((method, "") for method in ("POST", "PATCH", "GET", "DELETE")),
            every=lambda: list(map(discord_text_of, server.messages.values())),
            raw=lambda: re.sub(r"\\\\?[^0-9A-Za-z\s]", "", "".join(map(discord_text_of, server.messages.values()))),
        )


RIGS: dict[str, Callable[[Path], AbstractAsyncContextManager[Rig]]] = {
    "memory": in_memory,
    "slack": slack,
    "discord": discord,
}


@pytest.fixture(params=RIGS)
async def rig(request, tmp_path):
    """One messenger after the other."""
    async with RIGS[request.param](tmp_path) as made:
        yield made


def an_ask(key="k" * 24, **more):
    """Return an ask as the desk hands it over."""
    return Ask(typed="acme/Tools#7", place=PLACE, person=ASKER, key=key, event=f"slack:{key}", **more)


def stored(number=1, title="The assertive handshake"):
    """Return a verdict as the memory keeps it."""
    return StoredVerdict(id=VerdictId(number), verdict=verdict(title=title), place=PLACE, asker=ASKER, created_at=NOON)


async def shown(rig, ask, kept=None):
    """Show a card; return its message."""
    kept = kept or stored()
    return await rig.messenger.show(ask, card_of(kept.verdict), kept, None)


def a_post(message):
    """Return a standing post."""
    return Post(message=message, verdict=VerdictId(1), kind=PostKind.CARD, posted_at=NOON)


async def test_one_message(rig):
    """Stages and card grow in one message"""
    ask = an_ask()
    for stage in ("preheating", "reading", "writing"):
        await rig.messenger.progress(ask, stage, f"{stage} now")
        assert len(rig.public()) == 1
    await shown(rig, ask)
    (seen,) = rig.public()
    assert "The assertive handshake" in seen
    assert rig.private() == rig.direct() == []


async def test_no_stage_before(rig):
    """A card that no stage went before is shown all the same"""
    await shown(rig, an_ask())
    assert ["The assertive handshake" in one for one in rig.public()] == [True]


async def test_two_asks(rig):
    """Two asks have a message each"""
    await shown(rig, an_ask("a" * 24))
    await shown(rig, an_ask("b" * 24))
    assert len(rig.public()) == 2


async def test_fault(rig):
    """A fault is told to the asker alone, and what had begun for everybody is gone"""
    ask = an_ask()
    await rig.messenger.progress(ask, "reading", "reading now")
    await rig.messenger.answer(ask, Answer(text="GitHub is down."))
    assert rig.public() == []
    assert ["GitHub is down." in one for one in rig.private()] == [True]


async def test_answer_for_all(rig):
    """An answer that is for everybody takes the place of the stages"""
    ask = an_ask()
    await rig.messenger.progress(ask, "reading", "reading now")
    await rig.messenger.answer(ask, Answer(text="Nothing to see.", private=False))
    assert ["Nothing to see." in one for one in rig.public()] == [True]


async def test_quietly(rig):
    """What was asked for quietly is seen by the asker alone"""
    await shown(rig, an_ask(quiet=True))
    assert rig.public() == []
    assert any("The assertive handshake" in one for one in rig.private())


async def test_taken_up(rig):
    """What was begun before a crash is found by the ask, and grows on"""
    ask = an_ask()
    await rig.messenger.progress(ask, "reading", "reading now")
    found = await rig.messenger.find_answer(ask)
    assert found is not None
    message = await shown(rig, ask.model_copy(update={"shown": found}))
    assert message == found
    assert len(rig.public()) == 1


async def test_posted_and_found(rig):
    """A card that was shown before a crash is found by the ask, and is not posted again"""
    message = await shown(rig, an_ask())
    found = await rig.messenger.find_answer(an_ask())
    assert found == message
    await shown(rig, an_ask(shown=found))
    assert len(rig.public()) == 1


async def test_nothing_begun(rig):
    """Where nothing was begun, nothing is found"""
    await shown(rig, an_ask("a" * 24))
    assert await rig.messenger.find_answer(an_ask("b" * 24)) is None


async def test_again(rig):
    """A hotter one takes the card's place in its own message"""
    message = await shown(rig, an_ask("a" * 24))
    again = await shown(rig, an_ask("b" * 24, again=1, shown=message), stored(2, "Hotter still"))
    assert again == message
    assert ["Hotter still" in one for one in rig.public()] == [True]


async def test_again_fails(rig):
    """A card whose hotter version could not be made stays, and only the asker is told why"""
    if not rig.keeps_cards:
        pytest.skip("the messenger in memory lets a fault take the card's place")
    message = await shown(rig, an_ask("a" * 24))
    ask = an_ask("b" * 24, again=1, shown=message)
    await rig.messenger.progress(ask, "reading", "reading now")
    await rig.messenger.answer(ask, Answer(text="GitHub is down."))
    assert ["The assertive handshake" in one for one in rig.public()] == [True]
    assert ["GitHub is down." in one for one in rig.private()] == [True]


async def test_taken_down_and_put_back(rig):
    """A post is replaced by a line when its roast is withdrawn, and drawn again when that is undone"""
    post = a_post(await shown(rig, an_ask()))
    await rig.messenger.take_down(post, "This roast was taken down.")
    assert ["This roast was taken down." in one for one in rig.public()] == [True]
    await rig.messenger.redraw(post, card_of(stored().verdict), stored())
    assert ["The assertive handshake" in one for one in rig.public()] == [True]


async def test_digest(rig):
    """A digest is found by its run, and by no other"""
    posted = await rig.messenger.post_digest(PLACE, Answer(title="The week"), "run-1", (card_of(stored().verdict),))
    assert await rig.messenger.find_digest(PLACE, "run-1") == posted
    assert await rig.messenger.find_digest(PLACE, "run-2") is None


async def test_digest_with_a_picture(rig):
    """A picture is an extra: the digest is posted and found with it too"""
    posted = await rig.messenger.post_digest(PLACE, Answer(title="The week"), "run-1", (), PICTURE)
    assert await rig.messenger.find_digest(PLACE, "run-1") == posted


async def test_digest_edited(rig):
    """A digest says other words where it stands, and is found by its run still"""
    posted = await rig.messenger.post_digest(PLACE, Answer(title="The week", text="Ada."), "run-1", (), PICTURE)
    await rig.messenger.redraw_digest(posted, Answer(title="The week", text="Taken down."), "run-1", (), PICTURE)
    assert await rig.messenger.find_digest(PLACE, "run-1") == posted
    await rig.messenger.take_down(a_post(posted), "Gone.")


async def test_below_a_digest(rig):
    """What belongs to a digest is posted apart from it, and once for each key"""
    posted = await rig.messenger.post_digest(PLACE, Answer(title="The week"), "run-1", ())
    first, again, second = [
        (await rig.messenger.post_below(posted, Answer(title="More", text=text), key))[0]
        for text, key in (("One.", "run-1-one"), ("One.", "run-1-one"), ("Two.", "run-1-two"))
    ]
    assert first == again != second
    assert posted not in {first, second}
    assert await rig.messenger.find_digest(PLACE, "run-1") == posted


async def test_where_to_look(rig):
    """What stands below a headline is amended after an appeal, taken down, and there again when that is undone"""
    kept = stored()
    posted = await rig.messenger.post_digest(PLACE, Answer(title="The week"), "run-1", ())
    (below,) = await rig.messenger.post_below(posted, where_to_look(kept.verdict), "run-1-where")
    post = a_post(below).model_copy(update={"kind": PostKind.COMMENT})
    line = next(one for one in kept.verdict.exhibits if one.is_charge)
    amended = kept.model_copy(update={"verdict": strike(kept.verdict, line.id, "My mistake.")})

    assert "Where to look" in "".join(rig.every())
    await rig.messenger.redraw(post, card_of(amended.verdict), amended)
    assert "Struck on appeal" in "".join(rig.every())
    assert "My mistake" in "".join(rig.every())
    await rig.messenger.take_down(post, "This roast was taken down.")
    assert "Where to look" not in "".join(rig.every())
    await rig.messenger.redraw(post, card_of(kept.verdict), kept)
    assert "Where to look" in "".join(rig.every())
    assert "Struck on appeal" not in "".join(rig.every())


async def test_told(rig):
    """What is told unasked comes as a direct message"""
    await rig.messenger.tell(ASKER, Answer(text="Psst."))
    assert ["Psst." in one for one in rig.direct()] == [True]
    assert rig.public() == rig.private() == []


async def test_broken_down(rig):
    """Where nobody can be told, that is said as a fault of the messenger; a stage never raises"""
    rig.break_down()
    ask = an_ask()
    await rig.messenger.progress(ask, "reading", "reading now")
    for saying in (
        shown(rig, ask),
        rig.messenger.answer(ask, Answer(text="x")),
        rig.messenger.tell(ASKER, Answer(text="x")),
        rig.messenger.post_digest(PLACE, Answer(text="x"), "run-1", ()),
        rig.messenger.find_digest(PLACE, "run-1"),
    ):
        with pytest.raises(MessengerError):
            await saying


async def test_nobody_pinged(rig):
    """Hostile text mentions nobody and links nowhere, whether on a card or in an answer"""
    kept = stored().model_copy(update={"verdict": verdict(title=HOSTILE[:70], gist=HOSTILE, punchline=HOSTILE)})
    await shown(rig, an_ask("a" * 24), kept)
    await rig.messenger.answer(an_ask("b" * 24), Answer(text=HOSTILE, rows=((HOSTILE, HOSTILE),)))
    for alive in ("<!channel", "<@U1>", "<https://evil"):
        assert alive not in rig.raw()
