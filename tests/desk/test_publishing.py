"""From a roast in a channel to the dev log's shelf: what is offered, what is not, and who may say no."""

import asyncio

import pytest
from fakes.github import made_up_pull_request

from bot.asking_again import AN_HOUR, SOON, AskingAgain
from bot.errors import UnavailableError
from bot.publisher import Publisher
from bot.records import OptOutKind, PlaceSettings, UserSettings
from bot.repository_rules import RepositoryRules
from bot.settings_sections import Devlog

from .conftest import HERE, person


@pytest.fixture
def publisher(bot):
    """A publisher that the desk knows; a day passes until something is public."""
    bot.desk.publisher = Publisher(
        store=bot.store, clock=bot.watch, settings=Devlog(delay_hours=24), read_rules=bot.desk.read_rules,
        address="https://log.example",
    )  # fmt: skip
    return bot.desk.publisher


@pytest.fixture
async def open_place(bot, publisher):
    """A workspace that publishes all."""
    await bot.store.set_place_settings(HERE.whole, PlaceSettings(publish="all"))
    return publisher


async def posts(bot, **later):
    """Return the numbers that are public after a while."""
    bot.watch.forward(**(later or {"hours": 25}))
    return [one.id for one in (await bot.desk.publisher.shelf()).posts]


async def test_not_by_default(bot, publisher):
    """Nobody chose: nothing is offered, and the card says nothing of it"""
    number = await bot.roast()
    assert await bot.store.publication(number) is None
    assert not any("unpublish" in note for note in bot.messenger.cards[0].card.notes)


async def test_published_after_the_delay(bot, open_place):
    """With all chosen a roast is public after the delay, and its card says when and how to say no"""
    number = await bot.roast()
    assert any(f"unpublish {number}" in note and "23 May" in note for note in bot.messenger.cards[0].card.notes)
    assert await posts(bot, hours=23) == []
    assert await posts(bot, hours=2) == [number]


async def test_headlines_only(bot, publisher):
    """With headlines chosen a roast is public once a digest led with it; offering again changes nothing"""
    await bot.store.set_place_settings(HERE.whole, PlaceSettings(publish="headlines"))
    number = await bot.roast()
    stored = await bot.store.verdict(number)
    assert await publisher.offer(stored) is None
    first = await publisher.offer(stored, headline=True)
    bot.watch.forward(hours=1)
    assert await publisher.offer(stored, headline=True) == first
    assert await posts(bot) == [number]


async def test_leads_to_what_is_there(bot, open_place):
    """Until a page is public its address leads nowhere: people are sent to the log itself"""
    stored = await bot.store.verdict(await bot.roast())
    assert (await open_place.offer(stored)).url == "https://log.example/"
    bot.watch.forward(hours=25)
    assert (await open_place.offer(stored)).url.startswith(f"https://log.example/posts/{stored.id}-")


async def test_quiet_stays_quiet(bot, open_place):
    """What was asked for quietly is not published"""
    number = await bot.roast("https://github.com/acme/soup/pull/7 quietly")
    assert await bot.store.publication(number) is None


async def test_private_never(bot, open_place, github):
    """A private repository at home in a channel is roasted there and published nowhere"""
    secret = made_up_pull_request(8)
    secret.pull["base"]["repo"]["private"] = True
    github.add(secret)
    await bot.store.bind(HERE, "acme/soup", "admin")
    number = await bot.roast("acme/soup#8")
    assert (await bot.store.verdict(number)).verdict.private
    assert await open_place.offer(await bot.store.verdict(number), headline=True) is None
    assert await posts(bot) == []


async def test_repository_says_no(bot, open_place, github):
    """A repository whose .roast.toml says publish = false is roasted and not published"""
    github.routes["/repos/acme/soup/contents/.roast.toml"] = b"publish = false\n"
    number = await bot.roast()
    assert await bot.store.publication(number) is None


async def test_author_vetoes(bot, open_place):
    """The author says no within the delay: it never is public, nor is a later roast of the same pull request"""
    number = await bot.roast()
    assert "Only its author" in await bot.answer(f"unpublish {number}", "eve")
    await bot.store.set_user_settings(person("ada"), UserSettings(login="ada", confirmed_by="admin"))
    assert "stays out" in await bot.answer(f"unpublish {number}", "ada")
    shelf = await open_place.shelf()
    assert (await posts(bot), shelf.gone) == ([], frozenset())
    again = await bot.roast()
    assert again != number
    assert await bot.store.publication(again) is None


async def test_taken_down_and_back(bot, open_place):
    """A page that was there is gone after a no, and comes back when an admin takes the no back"""
    number = await bot.roast()
    assert await posts(bot) == [number]
    await bot.answer(f"unpublish {number}", "root", is_admin=True)
    assert (await open_place.shelf()).gone == {number}
    await bot.answer(f"publish {number}", "root", is_admin=True)
    assert (await open_place.shelf()).posts[0].id == number


async def test_withdrawn(bot, open_place):
    """A withdrawn roast is gone from the log too, and back when that is undone"""
    number = await bot.roast()
    assert await posts(bot) == [number]
    await bot.say(f"withdraw {number}")
    assert (await open_place.shelf()).gone == {number}
    await bot.say(f"undo {number}")
    assert await posts(bot, seconds=1) == [number]


async def test_opted_out(bot, open_place):
    """Whoever opts out disappears from the log"""
    number = await bot.roast()
    assert await posts(bot) == [number]
    await bot.say("optout ada", "ada")
    shelf = await open_place.shelf()
    assert (shelf.posts, shelf.gone) == ((), {number})
    assert await bot.store.opted_out(OptOutKind.LOGIN, ["ada"])


@pytest.mark.parametrize("hours", [1, 25], ids=["during the delay", "after it"])
@pytest.mark.parametrize("change", ["private", "wishes", "roast", "author"])
async def test_asked_again(bot, open_place, change, hours):
    """A repository that goes private, or says no, takes its roasts out: before they are public and after"""
    number = await bot.roast()
    bot.watch.forward(hours=hours)
    assert await open_place.ask_again() == (0, ())

    async def private(_):
        return change == "private"

    async def wishes(_):
        return {
            "wishes": RepositoryRules(publish=False),
            "roast": RepositoryRules(roast=False),
            "author": RepositoryRules(opted_out=("@Ada",)),
        }.get(change, RepositoryRules(opted_out=("grace",)))

    open_place.is_private, open_place.read_rules = private, wishes
    assert await open_place.ask_again() == (1, ())
    assert await open_place.ask_again() == (0, ())
    assert await posts(bot) == []
    assert "cannot go into" in await bot.answer(f"publish {number}", "root", is_admin=True)
    assert await posts(bot) == []


async def test_asked_in_vain(bot, open_place):
    """Where the host does not answer, nothing changes; what the operator vouches for is not asked about"""

    async def away(_):
        raise UnavailableError("GitHub is away.", "Try again.")

    async def private(_):
        return True

    number = await bot.roast()
    open_place.is_private = away
    assert await open_place.ask_again() == (0, ("acme/soup",))
    open_place.is_private = private
    open_place.settings = open_place.settings.model_copy(update={"known_public": ("acme/*",)})
    assert await open_place.ask_again() == (0, ())
    assert await posts(bot) == [number]


async def test_asked_every_hour(bot, open_place):
    """While the bot runs, it asks soon and then every hour, also after a fault"""
    pauses, enough, asked = [], asyncio.Event(), []

    async def sleep(seconds):
        pauses.append(seconds)
        if len(pauses) == 3:
            enough.set()
            await asyncio.Event().wait()

    async def ask_again():
        asked.append(1)
        raise ValueError

    open_place.ask_again = ask_again
    side = AskingAgain(open_place, sleep)
    await side.start()
    await enough.wait()
    await side.stop()
    assert (pauses, len(asked)) == ([SOON, AN_HOUR, AN_HOUR], 2)


async def test_told_anew(bot, open_place):
    """A second roast of the same pull request takes the first one's place"""
    first = await bot.roast()
    bot.watch.forward(minutes=11)
    second = await bot.roast()
    assert await posts(bot) == [second]
    assert (await open_place.shelf()).moved == {first: second}


async def test_settings(bot, publisher):
    """Admins choose for the workspace; a channel can choose less for itself"""
    assert "nothing of what is roasted" in await bot.answer("settings")
    await bot.answer("settings publish all", is_admin=True)
    assert (await bot.store.place_settings(HERE.whole)).publish == "all"
    assert "all of what is roasted" in await bot.answer("settings")
    await bot.answer("settings here publish nothing", is_admin=True)
    assert (await bot.store.place_settings(HERE)).publish == "nothing"
    assert "nothing of what is roasted" in await bot.answer("settings")
    assert "does not go" in await bot.answer("settings publish loudly", is_admin=True)


async def test_a_fault_costs_a_log_line(bot, open_place, monkeypatch):
    """Where the store fails at the offer, the roast is shown all the same"""
    from bot.errors import StoreError

    async def broken(*_, **__):
        raise StoreError("The disk is full.", "Make room.")

    monkeypatch.setattr(bot.store, "offer_publication", broken)
    assert await bot.roast()


async def test_nothing_to_unpublish(bot, publisher):
    """A no to what was never offered is answered in words"""
    number = await bot.roast()
    assert "not meant for the dev log" in await bot.answer(f"unpublish {number}", is_admin=True)
    bot.desk.publisher = None
    assert "Nothing is published" in await bot.answer(f"unpublish {number}", is_admin=True)
