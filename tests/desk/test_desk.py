"""The desk, end to end: asked, acknowledged, worked off, told once, whatever goes wrong."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from weakref import WeakValueDictionary

import pytest
from fakes.github import made_up_pull_request

from bot.brief import Heat
from bot.errors import StoreError
from bot.ports_messenger import Ask, Tone
from bot.records import Ground, JobState, OptOutKind, PlaceSettings, Policy, UserSettings
from bot.sharing import OneAtATime

from .conftest import ABROAD, ELSEWHERE, HERE, SOUP, person


async def test_roasted(bot):
    """An ask grows in one message from the first stage to the card, and the post is known by its verdict"""
    number = await bot.roast()
    (shown,) = bot.messenger.shown
    assert shown.card.slug == "acme/soup#7"
    assert [line.partition(":")[0] for line in shown.progress] == ["reading", "reading", "exhibits", "writing", "card"]
    (post,) = await bot.store.posts(number)
    assert (post.message.id, post.asker) == (shown.id, person())


async def test_acknowledged_first(idle):
    """The job is in the store when the ask is acknowledged, and nothing was asked of GitHub yet"""
    reply = await idle.say(SOUP)
    (job,) = await idle.store.jobs()
    assert (reply.job, job.state) == (job.id, JobState.WAITING)
    assert idle.github.requests == []


async def test_asked_twice_by_two(bot):
    """Two people who ask for one pull request share one run, and each gets an answer"""
    await asyncio.gather(bot.say(SOUP, "bob"), bot.say("acme/soup#7", "eve"))
    await bot.done(2)
    first, second = bot.messenger.cards
    assert first.verdict == second.verdict
    assert len(bot.github.asked(r"/pulls/7$")) == 1


async def test_asked_twice_in_two_processes(bot):
    """Two people whose asks are worked off by two processes at once share one run as well"""
    lease = timedelta(seconds=30)
    desks = [
        replace(bot.desk, alone=OneAtATime(bot.store, name, lease).turn, _turns=WeakValueDictionary())
        for name in ("one", "other")
    ]
    asks = [
        Ask(place=HERE, person=person(name), typed=SOUP, event=f"slack:{name}", key=name) for name in ("bob", "eve")
    ]
    shown = await asyncio.gather(
        *(desk._roast(ask, bot.messenger) for desk, ask in zip(desks, asks, strict=True))  # each as its own process
    )
    assert len({message.id for message in shown}) == 2
    first, second = bot.messenger.cards
    assert first.verdict == second.verdict
    assert len(bot.github.asked(r"/pulls/7$")) == 1


async def test_shared_no_longer(bot):
    """Who asks much later gets a roast of their own"""
    first = await bot.roast()
    bot.watch.forward(minutes=11)
    assert await bot.roast(who="eve") != first


async def test_event_twice(bot):
    """An event that comes twice is answered once, and counts once against the limits"""
    await bot.store.set_place_settings(HERE, PlaceSettings(per_person=1))
    replies = [await bot.say(SOUP, event="slack:Ev1") for _ in range(3)]
    await bot.done()
    assert [(reply.job is not None, reply.answer) for reply in replies] == [(True, None), (False, None), (False, None)]
    assert len(bot.messenger.cards) == 1


async def test_refusal_twice(bot):
    """A refusal is told once for each event"""
    replies = [await bot.say("hello world", event="slack:Ev1") for _ in range(2)]
    assert [reply.answer is not None for reply in replies] == [True, False]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("acme/soup", "is not a pull request"),
        ("https://gitlab.example/a/b/pull/7", "not a host"),
        ("#7", "which repository"),
        ("/etc/passwd#7", "is not a pull request"),
        ("roastt acme/soup#7", "Did you mean “roast”"),
    ],
)
async def test_no_pull_request(bot, words, said):
    """Words that name no pull request are answered at once, and nothing is queued"""
    assert said in await bot.answer(words)
    assert await bot.store.jobs() == ()


async def test_bound_repository(bot):
    """In a channel bound to one repository a number is enough"""
    await bot.store.bind(HERE, "acme/soup", "admin")
    await bot.roast("#7")
    assert bot.messenger.cards[0].card.slug == "acme/soup#7"


async def test_opted_out_author(bot):
    """An author who opted out is not roasted: the asker reads so, in the one message, and no more is read"""
    await bot.store.opt_out(OptOutKind.LOGIN, "ada", "ada")
    await bot.say(SOUP)
    (job,) = await bot.done()
    (shown,) = bot.messenger.shown
    assert "ada prefers not to be roasted" in shown.answer.text
    assert (shown.answer.tone, job.state) == (Tone.REFUSED, JobState.FAILED)
    assert bot.github.asked("/commits/") == []


async def test_opted_out_repository(bot):
    """A repository that opted out is refused at once"""
    await bot.store.opt_out(OptOutKind.REPOSITORY, "acme/soup", "admin")
    assert "opted out" in await bot.answer(SOUP)


async def test_rules_of_the_repository(bot):
    """A .roast.toml on the default branch that says no is obeyed"""
    bot.github.routes["/repos/acme/soup/contents/.roast.toml"] = b"roast = false\n"
    await bot.say(SOUP)
    await bot.done()
    assert "prefers not to be roasted" in bot.messenger.words[0]


async def test_shared_with_consent(bot):
    """A verdict of minutes ago is not handed to somebody whom the policy refuses"""
    await bot.roast()
    await bot.store.set_place_settings(HERE.whole, PlaceSettings(policy=Policy.OWN))
    await bot.say(SOUP, "eve")
    await bot.done(2)
    assert "their own pull requests only" in bot.messenger.words[0]


async def test_too_hot_to_share(bot):
    """A verdict hotter than an asker bears is not shared with them: they get a milder one"""
    await bot.roast(f"{SOUP} spicy")
    await bot.store.set_user_settings(person("eve"), UserSettings(hottest=Heat.MILD))
    await bot.say(SOUP, "eve")
    await bot.done(2)
    kept = [await bot.store.verdict(one.verdict) for one in bot.messenger.cards]
    assert [one.verdict.heat for one in kept] == [Heat.SPICY, Heat.MILD]


async def test_full_queue(idle):
    """A full queue says so, and what it refuses costs the asker nothing"""
    idle.queue._most_waiting = 2
    await idle.store.set_place_settings(HERE, PlaceSettings(per_person=3))
    for _ in range(2):
        assert (await idle.say(SOUP)).job is not None
    assert "The grill is full" in await idle.answer(SOUP)
    idle.queue._most_waiting = 3
    assert (await idle.say(SOUP)).job is not None


async def test_limit(bot):
    """Whoever had enough is told when the next one is ready"""
    await bot.store.set_place_settings(HERE, PlaceSettings(per_person=1))
    await bot.roast()
    assert "ready in 60 minutes" in await bot.answer(SOUP)


@pytest.mark.parametrize(("status", "said"), [(404, "not"), (502, "GitHub"), (451, "legal")])
async def test_github_fails(bot, status, said):
    """What GitHub refuses reaches the asker in words, and the job's record says the same"""
    bot.source._client._patience = 0.0
    bot.github.fault(r"/pulls/7", status=status)
    await bot.say(SOUP)
    (job,) = await bot.done()
    (words,) = bot.messenger.words
    assert said in words
    assert job.error == words


async def test_unforeseen(bot):
    """A bug ends in words and in the log, and the next ask is answered"""

    async def broken(work, *args, **kwargs):
        raise ZeroDivisionError

    bot.desk.bench, good = broken, bot.desk.bench
    await bot.say(SOUP)
    await bot.done()
    assert "unforeseen" in bot.messenger.words[0]
    bot.desk.bench = good
    await bot.roast()
    assert len(bot.messenger.cards) == 1


async def test_store_fails_in_the_middle(bot, monkeypatch):
    """A store that fails while a roast is written is told to the asker"""

    async def full(*_, **__):
        raise StoreError("The disk that holds the memory is full.", "Free some space there.")

    monkeypatch.setattr(bot.store, "save_verdict", full)
    await bot.say(SOUP)
    (job,) = await bot.done()
    assert bot.messenger.words == ["The disk that holds the memory is full. Free some space there."]
    assert job.state is JobState.FAILED


async def test_store_fails_after_the_card(bot, monkeypatch):
    """Once the card is shown, a failing store takes nothing away from it"""

    async def full(*_, **__):
        raise StoreError("The disk that holds the memory is full.")

    monkeypatch.setattr(bot.store, "record_post", full)
    monkeypatch.setattr(bot.store, "confirm_effect", full)
    await bot.say(SOUP)
    await bot.done()
    assert len(bot.messenger.cards) == 1


async def test_store_fails_at_the_counter(bot, monkeypatch):
    """A store that fails when somebody asks is told at once"""

    async def locked(*_, **__):
        raise StoreError("The memory is locked by another program.")

    monkeypatch.setattr(bot.store, "take_asks", locked)
    monkeypatch.setattr(bot.store, "claim_event", locked)
    assert "locked by another program" in await bot.answer(SOUP)


async def test_nobody_can_be_told(bot):
    """A platform that takes neither card nor words costs a log line; the job ends, and others are answered"""
    bot.messenger.fail = {"show", "answer"}
    await bot.say(SOUP)
    (job,) = await bot.done()
    assert "would not show" in job.error
    bot.messenger.fail = set()
    bot.github.add(made_up_pull_request(8))
    await bot.roast("acme/soup#8")
    assert [one.card.slug for one in bot.messenger.cards] == ["acme/soup#8"]


async def test_platform_gone(bot):
    """A job of a platform that is not connected any more fails in words"""
    del bot.desk.messengers["slack"]
    await bot.say(SOUP)
    (job,) = await bot.done()
    assert "slack is not connected" in job.error


async def test_picture_is_an_extra(bot):
    """A picture that cannot be drawn does not cost the roast"""

    def broken(card, verdict):
        raise OSError

    bot.desk.draw = broken
    await bot.roast()
    assert bot.messenger.cards[0].picture is None
    bot.desk.draw = lambda card, verdict: b"png"
    bot.watch.forward(hours=1)
    await bot.roast()
    assert bot.messenger.cards[1].picture == b"png"


async def test_again_in_place(bot):
    """Hotter is written into the message that shows the verdict, and that message is then a post of the new one"""
    first = await bot.roast(f"{SOUP} mild")
    await bot.say(f"hotter {first}")
    await bot.done(2)
    (shown,) = bot.messenger.cards
    assert shown.verdict != first
    assert (await bot.store.verdict(shown.verdict)).verdict.heat is Heat.MEDIUM
    assert await bot.store.posts(first) == ()


async def test_again_by_others(bot):
    """Only its author and whoever asked can turn the heat; the author is known by a confirmed login"""
    first = await bot.roast(f"{SOUP} mild")
    assert "Only its author" in await bot.answer(f"hotter {first}", "eve")
    await bot.store.set_user_settings(person("eve"), UserSettings(login="ada", confirmed_by="admin"))
    assert (await bot.say(f"hotter {first}", "eve")).job is not None


async def test_no_hotter_than_hottest(bot):
    """There is nothing above spicy and nothing below mild"""
    first = await bot.roast(f"{SOUP} spicy")
    assert "does not get hotter" in await bot.answer(f"hotter {first}")


@pytest.mark.parametrize("kept", ["place", "asker", "author", "operator"])
async def test_no_hotter_than_somebody_bears(bot, kept):
    """Where the place, whoever asks, the author or the operator want no more, it is said before anything is done"""
    first = await bot.roast(f"{SOUP} mild")
    if kept == "place":
        await bot.store.set_place_settings(HERE, PlaceSettings(hottest=Heat.MILD))
    elif kept == "asker":
        await bot.answer("heat mild")
    elif kept == "author":
        ada = UserSettings(login="ada", confirmed_by="admin", hottest=Heat.MILD)
        await bot.store.set_user_settings(person("ada"), ada)
    else:
        bot.desk.bounded = lambda _: Heat.MILD
    assert "does not get hotter than mild here" in await bot.answer(f"hotter {first}")


async def test_mentioned(bot):
    """An author who asked for it is mentioned below a roast, once; not when it was quiet, their own, or another's wish"""
    ada = UserSettings(login="ada", confirmed_by="admin")
    await bot.store.set_user_settings(person("ada"), ada)
    await bot.roast(f"{SOUP} mild")
    assert bot.messenger.mentioned == []
    assert "You are mentioned below" in await bot.answer("ping on", "ada")
    await bot.roast(f"{SOUP} quietly", "carol")
    await bot.roast(f"{SOUP} medium", "ada")
    assert bot.messenger.mentioned == []
    await bot.roast(f"{SOUP} spicy")
    await bot.roast(f"{SOUP} spicy", "carol")  # shares that verdict
    assert [user for _, user in bot.messenger.mentioned] == ["ada"]
    bot.watch.forward(hours=1)
    await bot.answer("ping off", "ada")
    await bot.roast(SOUP)
    assert len(bot.messenger.mentioned) == 1


async def test_mention_that_fails(bot):
    """A mention that cannot be made costs nobody the roast"""
    await bot.store.set_user_settings(
        person("ada"), UserSettings(login="ada", confirmed_by="admin", may_be_mentioned=True)
    )
    bot.messenger.fail.add("mention")
    await bot.roast()
    assert [job.error for job in await bot.done()] == [""]


async def test_not_for_other_places(bot):
    """A roast on a repository that is bound to a channel is not spoken of in another, and none abroad"""
    await bot.store.bind(HERE, "acme/soup", "admin")
    number = await bot.roast()
    assert "receipts" in (await bot.answer(f"receipts {number}", "eve")).lower()
    assert "no roast number" in await bot.answer(f"receipts {number}", "eve", ELSEWHERE)
    assert "no roast number" in await bot.answer(f"full {number}", "eve", ABROAD)


async def test_not_told_here(bot):
    """Once three people found an offence unfair, the settings of the channel say that it is not told there any more"""
    number = await bot.roast()
    for who in ("al", "bo", "cy"):
        assert "Not told here" not in await bot.answer("settings")
        await bot.store.open_appeal(number, "E1", "nit_parade", Ground.UNFAIR, person(who))
    assert "Not told here: nit_parade" in await bot.answer("settings")
