"""A private repository's roasts are read in the channels that it is bound to, and nowhere else."""

from datetime import timedelta

import pytest
from fakes.github import made_up_pull_request
from fakes.memory import react

from bot.publisher import Publisher
from bot.records import Message, NewSubscription, PlaceSettings, UserSettings
from bot.settings_sections import Devlog

from .conftest import ABROAD, ELSEWHERE, HERE, person

READING = ("why {}", "receipts {}", "full {}", "appeals {}")
UNKNOWN = "There is no roast number"


def turn(github, number=7, *, private):
    """Let GitHub say whether the repository is private, on a pull request."""
    pull = made_up_pull_request(number)
    pull.pull["base"]["repo"]["private"] = private
    github.add(pull)


async def _bound_then(bot, github):
    """Roast a private repository in a channel that it is bound to, then unbind it; return the number."""
    turn(github, private=True)
    await bot.store.bind(HERE, "acme/soup", "admin")
    number = await bot.roast()
    await _laughed_at(bot, number)
    await bot.store.unbind(HERE, "acme/soup")
    return number


async def _turned_since(bot, github):
    """Roast a public repository; later somebody asks, and GitHub says that it is private. Return the number."""
    number = await bot.roast()
    await _laughed_at(bot, number)
    turn(github, 8, private=True)
    await bot.say("https://github.com/acme/soup/pull/8")
    await bot.done()
    assert "private" in bot.messenger.words[-1]
    return number


@pytest.fixture
async def secret(bot, github):
    """The number of a roast of a private repository that is bound nowhere any more."""
    return await _bound_then(bot, github)


@pytest.fixture(params=[_bound_then, _turned_since])
async def either(bot, github, request):
    """The same, made while it was private or before."""
    return await request.param(bot, github)


async def _laughed_at(bot, number):
    (post,) = await bot.store.posts(number)
    shown = react("🔥", "carol").model_copy(update={"message": post.message})
    await bot.store.record_reaction(shown)


async def test_unbound(bot, either):
    """Unbound, or private since: neither its channel nor another reads it, by number or by being the newest"""
    for place in (HERE, ELSEWHERE, ABROAD):
        for words in READING:
            assert UNKNOWN in await bot.answer(words.format(either), place=place), (place, words)
        assert "Season" not in await bot.answer("appeals", place=place)
    assert "Which roast" in await bot.answer("why")
    assert UNKNOWN in await bot.answer(f"hotter {either}")


async def test_bound_again(bot, either):
    """In a channel that it is bound to it is read, there alone"""
    await bot.store.bind(ELSEWHERE, "acme/soup", "admin")
    title = (await bot.store.verdict(either)).verdict.title
    assert title in await bot.answer(f"full {either}", place=ELSEWHERE)
    assert title in await bot.answer("leaderboard all", place=ELSEWHERE)
    assert UNKNOWN in await bot.answer(f"full {either}", place=HERE)


async def test_lists(bot, either):
    """Leaderboard, ``me`` and an author's record elsewhere do not name it"""
    title = (await bot.store.verdict(either)).verdict.title
    await bot.store.set_user_settings(person("ada"), UserSettings(login="ada", confirmed_by="admin"))
    for place in (HERE, ELSEWHERE):
        for words in ("leaderboard", "leaderboard all", "me"):
            said = await bot.answer(words, "ada", place=place)
            assert title not in said, words
            assert "acme/soup" not in said.lower(), words
    assert await bot.store.record("ada", reader=HERE) == ()
    assert await bot.store.repository_records(HERE, reader=HERE) == ()
    await bot.store.bind(HERE, "acme/soup", "admin")
    assert "acme/soup#7" in await bot.answer("me", "ada")
    assert len(await bot.store.record("ada", reader=HERE)) == 1


async def test_not_shared(bot, secret):
    """Asked for again minutes later in the unbound channel, the roast of before is not shown: the ask is refused"""
    await bot.say("https://github.com/acme/soup/pull/7", "carol")
    await bot.done(2)
    assert "not at home in this channel" in bot.messenger.words[-1]


async def test_who_takes_down(bot, secret):
    """An admin withdraws it from any channel of the workspace, somebody else does not, nor does an admin abroad"""
    assert UNKNOWN in await bot.answer(f"withdraw {secret}", "carol", place=ELSEWHERE)
    assert UNKNOWN in await bot.answer(f"withdraw {secret}", "carol", place=ABROAD, is_admin=True)
    assert UNKNOWN not in await bot.answer(f"withdraw {secret}", "carol", place=ELSEWHERE, is_admin=True)
    assert (await bot.store.verdict(secret)).withdrawn


async def test_asker_takes_down(bot, secret):
    """Whoever asked withdraws it, though they cannot read it any more"""
    assert UNKNOWN not in await bot.answer(f"withdraw {secret}")
    assert (await bot.store.verdict(secret)).withdrawn


async def test_opened_later(bot, github, secret):
    """A repository that is opened is free again; what was said while it was private stays in its channels"""
    turn(github, 8, private=False)
    number = await bot.roast("https://github.com/acme/soup/pull/8")
    assert UNKNOWN in await bot.answer(f"why {secret}")
    assert UNKNOWN not in await bot.answer(f"why {number}", place=ELSEWHERE)


async def test_out_of_the_dev_log(bot, github):
    """What stands in the dev log leaves it when its repository turns private"""
    await bot.store.set_place_settings(HERE.whole, PlaceSettings(publish="all"))
    bot.desk.publisher = publisher = Publisher(
        store=bot.store, clock=bot.watch, settings=Devlog(delay_hours=0), read_rules=bot.desk.read_rules
    )
    number = await bot.roast()
    bot.watch.forward(hours=1)
    before = await bot.store.listed_mark()
    assert [one.id for one in (await publisher.shelf()).posts] == [number]
    await bot.store.note_privacy("Acme/Soup", private=True)
    shelf = await publisher.shelf()
    assert (shelf.posts, shelf.gone) == ((), {number})
    assert await bot.store.listed_mark() != before
    assert await publisher.offer(await bot.store.verdict(number)) is None


async def test_message_of_it(bot, secret):
    """Neither does a reply to its own message in the unbound channel read it"""
    (post,) = await bot.store.posts(secret)
    assert UNKNOWN in await bot.answer("why", message=Message(place=HERE, id=post.message.id))


async def test_same_words(bot, github):
    """What is private and what is not there are refused in the same words, as a pull request and as a subscription"""
    turn(github, private=True)
    said = {}
    for name in ("acme/soup", "acme/stew"):
        await bot.say(f"https://github.com/{name}/pull/7")
        await bot.done(len(said) + 1)
        said[name] = bot.messenger.words[-1], await bot.answer(f"subscribe {name}")
    assert [one.replace("acme/soup", "acme/stew") for one in said["acme/soup"]] == list(said["acme/stew"])
    assert all("is not there, or it is private and not at home in this channel" in one for one in said["acme/stew"])


async def test_at_home(bot, github):
    """A channel where a private repository is at home may subscribe it, and learns what is really not there"""
    turn(github, private=True)
    await bot.store.bind(HERE, "acme/soup", "admin")
    await bot.store.bind(HERE, "acme/stew", "admin")
    assert "Subscribed: acme/soup" in await bot.answer("subscribe acme/soup")
    assert "not there, or not to be seen by me" in await bot.answer("subscribe acme/stew")
    await bot.say("https://github.com/acme/soup/pull/404")
    await bot.done()
    assert "was not found on" in bot.messenger.words[-1]


async def test_record_at_home(bot):
    """``me`` tells of the roasts in one's own workspace alone, though all of them were public"""
    for workspace in ("T1", "T2"):
        await bot.store.set_user_settings(person("ada", workspace), UserSettings(login="ada", confirmed_by="admin"))
    title = (await bot.store.verdict(await bot.roast())).verdict.title
    assert title in await bot.answer("me", "ada")
    assert title in await bot.answer("me", "ada", place=ELSEWHERE)
    assert title not in await bot.answer("me", "ada", place=ABROAD)


async def test_status_elsewhere(idle):
    """Another channel is not told what is asked, made and refused here: it may be private, or somebody's own"""
    store = idle.store
    one = await store.subscribe(NewSubscription(place=HERE, repository="acme/secret", schedule="0 9 * * mon"))
    run = await store.claim_run(one.id, "2026-05-22T09:00", "me", timedelta(minutes=2))
    await store.save_run(run.model_copy(update={"progress": {"step": "reading #7"}}), timedelta(minutes=2))
    await idle.say("roast https://github.com/acme/secret/pull/7")
    running = await store.next_job("me", ["roast"])
    assert "acme/secret" in await idle.answer("status")
    assert "acme/secret" not in await idle.answer("status", place=ELSEWHERE)
    await store.finish_job(running.id, "acme/secret is private and not at home in this channel.")
    assert "not at home" in await idle.answer("status")
    assert "acme/secret" not in await idle.answer("status", place=ELSEWHERE)
