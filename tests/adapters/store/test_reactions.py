"""Voices: one for each person, verdict and meaning, whatever the order of events."""

import asyncio
import itertools
import random
from datetime import timedelta

import pytest
from fakes.memory import ASKER, NOON, PLACE, message, person, react, shown

from adapters.store import open_store
from bot.feedback import EmojiMap, Meaning
from bot.records import Heard, Person, PostKind
from bot.taste import Feature


async def test_counted(store):
    """A reaction on a verdict's post is a voice for what its emoji means."""
    verdict_id = await shown(store)
    answer = await store.record_reaction(react())
    assert (answer.heard, answer.verdict, answer.voices) == (Heard.COUNTED, verdict_id, {Meaning.FUNNY: 1})
    assert (await store.verdict(verdict_id)).voices == {Meaning.FUNNY: 1}


async def test_one_voice(store):
    """Two emoji of one meaning, on two posts of the same verdict, are one voice; it lasts until the last is gone."""
    verdict_id = await shown(store)
    await store.record_post(verdict_id, message("2.2"))
    await store.record_reaction(react("🔥"))
    await store.record_reaction(react("joy", where="2.2"))
    assert (await store.verdict(verdict_id)).voices == {Meaning.FUNNY: 1}
    await store.record_reaction(react("🔥", on=False, at=9))
    assert (await store.verdict(verdict_id)).voices == {Meaning.FUNNY: 1}
    answer = await store.record_reaction(react("😂", on=False, at=9, where="2.2"))
    assert (answer.heard, answer.voices) == (Heard.TAKEN_BACK, {})


async def test_several_meanings(store):
    """One person may find a verdict funny and wrong."""
    await shown(store)
    await store.record_reaction(react("🔥"))
    answer = await store.record_reaction(react("❌"))
    assert answer.voices == {Meaning.FUNNY: 1, Meaning.WRONG: 1}


async def test_repeated(store):
    """An event that comes again changes nothing and says so."""
    await shown(store)
    await store.record_reaction(react())
    answer = await store.record_reaction(react())
    assert (answer.heard, answer.voices) == (Heard.REPEATED, {Meaning.FUNNY: 1})


async def test_removal_before_its_add(store):
    """A removal that arrives before the add it takes back is honoured."""
    await shown(store)
    await store.record_reaction(react(on=False, at=5))
    answer = await store.record_reaction(react(on=True, at=1))
    assert (answer.heard, answer.voices) == (Heard.REPEATED, {})


@pytest.mark.parametrize("seed", range(6))
async def test_any_order(store, seed):
    """Any order of arrival, with any repetition, ends in the voices that the platform's own order gives."""
    dice = random.Random(seed)
    verdict_id = await shown(store)
    events = [
        react(dice.choice(["🔥", "😂", "❌", "🎯"]), dice.choice(["a", "b", "c"]), on=dice.random() < 0.6, at=at)
        for at in range(14)
    ]
    last = {}
    for event in events:
        last[event.person.user, event.emoji] = event.on
    meanings = EmojiMap()
    said = {(who, meanings.meaning(emoji)) for (who, emoji), on in last.items() if on}
    wanted = {meaning: sum(1 for _, its in said if its is meaning) for meaning in {its for _, its in said}}
    arriving = events + dice.sample(events, 6)
    dice.shuffle(arriving)
    for event in arriving:
        await store.record_reaction(event)
    assert (await store.verdict(verdict_id)).voices == wanted


async def test_asker(store):
    """Whoever asked for a roast cannot vote it funny, but may call it true or wrong."""
    await shown(store)
    answer = await store.record_reaction(react("🔥", "asker"))
    assert (answer.heard, answer.voices) == (Heard.KEPT_QUIET, {})
    answer = await store.record_reaction(react("❌", "asker"))
    assert (answer.heard, answer.voices) == (Heard.COUNTED, {Meaning.WRONG: 1})


async def test_asker_of_another_post(store):
    """Whoever had the same verdict posted again cannot vote it funny on the first post either."""
    verdict_id = await shown(store)
    await store.record_post(verdict_id, message("2.2"), asker=person("second"))
    answer = await store.record_reaction(react("🔥", "second"))
    assert answer.voices == {}


@pytest.mark.parametrize(
    ("event", "heard"),
    [
        (react(bot=True), Heard.BOT),
        (react("🦆"), Heard.UNKNOWN_EMOJI),
        (react(where="another"), Heard.UNKNOWN_MESSAGE),
    ],
    ids=["bot", "emoji", "message"],
)
async def test_ignored(store, event, heard):
    """Bots, unknown emoji and other people's messages are ignored, each with its reason."""
    verdict_id = await shown(store)
    assert (await store.record_reaction(event)).heard is heard
    assert (await store.verdict(verdict_id)).voices == {}


async def test_gone(store):
    """A deleted message and a withdrawn verdict take no more voices."""
    verdict_id = await shown(store)
    await store.message_deleted(message())
    assert (await store.record_reaction(react())).heard is Heard.GONE
    await store.record_post(verdict_id, message("2.2"))
    await store.withdraw_verdict(verdict_id, "asked")
    assert (await store.record_reaction(react(where="2.2"))).heard is Heard.GONE


async def test_uninstalled(store):
    """Late events of a workspace that removed the bot are ignored until it is installed again."""
    await shown(store)
    await store.uninstalled("slack", "T1")
    assert (await store.record_reaction(react())).heard is Heard.UNINSTALLED
    await store.installed("slack", "T1", "Acme")
    assert (await store.record_reaction(react())).heard is Heard.COUNTED


async def test_skin_tones_and_aliases(store):
    """Skin tones and aliases are the same mark: adding with one and removing with the other takes it back."""
    await shown(store)
    await store.record_reaction(react("🙏🏽", at=1))
    answer = await store.record_reaction(react("folded_hands::skin-tone-4", on=False, at=2))
    assert (answer.heard, answer.voices) == (Heard.TAKEN_BACK, {})


async def test_custom_emoji(url, watch):
    """The settings' own emoji count, in Slack's form and in Discord's."""
    store = await open_store(url, clock=watch, emoji=EmojiMap({"roasted": Meaning.FUNNY}))
    try:
        await shown(store)
        await store.record_reaction(react("roasted", "a"))
        answer = await store.record_reaction(react("<a:Roasted:123456>", "b"))
        assert answer.voices == {Meaning.FUNNY: 2}
        assert (await store.record_reaction(react("🔥"))).heard is Heard.UNKNOWN_EMOJI
    finally:
        await store.aclose()


async def test_bulk_clear(store):
    """Clearing one emoji, then all, takes back what stood until then and not what came later."""
    verdict_id = await shown(store)
    for who, emoji in itertools.product("ab", ["🔥", "❌"]):
        await store.record_reaction(react(emoji, who))
    await store.record_reaction(react("🎯", "c", at=60))
    assert await store.clear_reactions(message(), at=NOON + timedelta(seconds=5), emoji="x") == 2
    assert (await store.verdict(verdict_id)).voices == {Meaning.FUNNY: 2, Meaning.TRUE: 1}
    assert await store.clear_reactions(message(), at=NOON + timedelta(seconds=6)) == 2
    assert (await store.verdict(verdict_id)).voices == {Meaning.TRUE: 1}
    assert await store.clear_reactions(message("none"), at=NOON) == 0


async def test_edited_message(store):
    """After a message was edited to another verdict, a removal still speaks of the one that was reacted to."""
    first = await shown(store)
    await store.record_reaction(react("🔥", "a", at=1))
    await store.record_reaction(react("🔥", "b", at=1))
    second = await shown(store, 8)
    await store.record_reaction(react("🔥", "a", on=False, at=2))
    assert (await store.verdict(first)).voices == {Meaning.FUNNY: 1}
    await store.record_reaction(react("🔥", "b", at=3))
    assert (await store.verdict(first)).voices == {}
    assert (await store.verdict(second)).voices == {Meaning.FUNNY: 1}


async def test_at_once(store):
    """Twenty people who react in the same moment are twenty voices, in the taste too."""
    verdict_id = await shown(store)
    await asyncio.gather(*(store.record_reaction(react(who=f"p{number}")) for number in range(20)))
    assert (await store.verdict(verdict_id)).voices == {Meaning.FUNNY: 20}
    counts = await store.taste_counts(PLACE, NOON)
    for level in (counts.channel, counts.workspace, counts.everywhere):
        assert {round(count.hit, 6) for count in level.values()} == {round(20 / 21, 6)}


async def test_two_verdicts_at_once(store):
    """Crowds on two verdicts with the same features do not lock each other out."""
    await shown(store, 1, where="a")
    await shown(store, 2, where="b")
    events = [react(who=f"p{number}", where=where) for number in range(10) for where in "ab"]
    answers = await asyncio.gather(*(store.record_reaction(event) for event in events))
    assert {answer.heard for answer in answers} == {Heard.COUNTED}


async def test_taste_is_taken_back(store):
    """What a voice taught is gone when it is taken back."""
    await shown(store)
    await store.record_reaction(react(at=1))
    await store.record_reaction(react(on=False, at=2))
    counts = (await store.taste_counts(PLACE, NOON)).channel
    assert {(round(count.hit, 9), round(count.miss, 9), count.judged) for count in counts.values()} == {(0.0, 0.0, 0)}


async def test_taste_fades(store, watch):
    """What a place liked half a year ago counts for an eighth today."""
    await shown(store)
    await store.record_reaction(react())
    now = (await store.taste_counts(PLACE, watch.now())).channel
    later = (await store.taste_counts(PLACE, watch.forward(days=180))).channel
    assert {round(later[one].hit / now[one].hit, 6) for one in now} == {0.125}


async def test_funniest(store, watch):
    """The leaderboard has the funniest verdicts first and leaves out what is withdrawn, opted out or too old."""
    for number, voices in ((1, 1), (2, 3), (3, 2), (4, 0)):
        await shown(store, number, where=str(number), author=f"author{number}")
        for voter in range(voices):
            await store.record_reaction(react(who=f"p{voter}", where=str(number)))
        watch.forward(days=10)
    assert [(one.pull_request, one.funny) for one in await store.funniest(PLACE)] == [
        ("acme/Tools#2", 3),
        ("acme/Tools#3", 2),
        ("acme/Tools#1", 1),
    ]
    recent = await store.funniest(PLACE.whole, since=NOON + timedelta(days=15))
    assert [one.pull_request for one in recent] == ["acme/Tools#3"]
    await store.opt_out("login", "Author2", by="somebody")
    assert [one.pull_request for one in await store.funniest(PLACE, limit=1)] == ["acme/Tools#3"]
    await store.opt_out("repository", "ACME/tools", by="admin")
    assert await store.funniest(PLACE) == ()


async def test_other_workspace_asker(store):
    """A namesake of the asker in another workspace is somebody else."""
    await shown(store)
    namesake = Person(platform="slack", workspace="T2", user=ASKER.user)
    answer = await store.record_reaction(react().model_copy(update={"person": namesake}))
    assert answer.voices == {Meaning.FUNNY: 1}


async def test_recent(store, watch):
    """The taste has the channel's latest judged verdicts, oldest first, with each person's voice and its freshness."""
    await shown(store, 1, where="1")
    await store.record_reaction(react("🔥", "a", where="1"))
    await store.record_reaction(react("❌", "b", where="1"))
    await store.record_reaction(react("🔥", "asker", where="1"))
    await shown(store, 2, where="2")
    watch.forward(days=60)
    await shown(store, 3, where="3")
    await store.record_reaction(react("🙏", "a", where="3"))
    taken_down = await shown(store, 4, where="4")
    await store.record_reaction(react("🔥", "a", where="4"))
    await store.withdraw_verdict(taken_down, "asked")
    recent = (await store.taste_counts(PLACE, watch.now())).recent
    assert [dict(one.voices) for one in recent] == [
        {str(person("a")): 1.0, str(person("b")): -1.0},
        {str(person("a")): 0.25},
    ]
    assert [round(one.fresh, 6) for one in recent] == [0.5, 1.0]
    assert Feature("motif", "reception") in recent[0].features
    assert (await store.taste_counts(PLACE.whole, watch.now())).recent == ()


async def test_digest_post(store):
    """A reaction on a digest's message is a voice for the verdict that the message is recorded for: its headline."""
    headline, other = await shown(store, 1, where="1"), await shown(store, 2, where="2")
    await store.record_post(headline, message("digest"), PostKind.DIGEST)
    answer = await store.record_reaction(react("🔥", "a", where="digest"))
    assert (answer.heard, answer.verdict) == (Heard.COUNTED, headline)
    assert (await store.verdict(other)).voices == {}
