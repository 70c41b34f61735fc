"""Verdicts, their posts, and what is said of them later."""

from fakes.memory import ASKER, NOON, PLACE, message, react, shown, verdict

from bot.brief import Heat
from bot.records import Message, Place, PostKind, VerdictId
from bot.verdict import Struck


async def test_whole(store):
    """A verdict comes back as it was saved, with its place, its asker and the moment."""
    verdict_id = await store.save_verdict(verdict(), PLACE, ASKER)
    kept = await store.verdict(verdict_id)
    assert kept.verdict == verdict()
    assert (kept.place, kept.asker, kept.created_at, kept.voices) == (PLACE, ASKER, NOON, {})


async def test_unknown(store):
    """A number that was never given and a message that shows nothing are answered with nothing."""
    assert await store.verdict(VerdictId(99)) is None
    assert await store.verdict_of_message(message("nobody's")) is None


async def test_text_of_any_script(store):
    """Quotes, line separators, emoji and other scripts survive."""
    odd = verdict(title="“Ünï\u2028côdé” 🔥 日本語 \"' --")
    assert (await store.verdict(await store.save_verdict(odd, PLACE))).verdict == odd


async def test_message_shows_verdict(store):
    """A message leads to the verdict it shows, in its own channel only."""
    verdict_id = await shown(store)
    assert (await store.verdict_of_message(message())).id == verdict_id
    elsewhere = Message(place=Place(platform="slack", workspace="T1", channel="C2"), id="1.1")
    assert await store.verdict_of_message(elsewhere) is None


async def test_edited_in_place(store):
    """A message that is edited to another verdict shows that one from then on."""
    first = await shown(store)
    second = await shown(store, 8)
    assert (await store.verdict_of_message(message())).id == second
    assert await store.posts(first) == ()


async def test_several_posts(store):
    """A verdict knows all messages that still show it; a deleted one is no more among them."""
    verdict_id = await shown(store)
    await store.record_post(verdict_id, message("2.2"), PostKind.DIGEST)
    await store.message_deleted(message())
    assert [(post.message.id, post.kind) for post in await store.posts(verdict_id)] == [("2.2", PostKind.DIGEST)]


async def test_shared_run(store, watch):
    """Who asks for the same pull request soon after finds the verdict that is there, whatever the case of its slug."""
    verdict_id = await shown(store)
    before = watch.now()
    watch.forward(minutes=5)
    found = await store.find_verdict("ACME/tools#7", since=before)
    assert found.id == verdict_id
    assert await store.find_verdict("acme/tools#8", since=before) is None
    assert await store.find_verdict("acme/tools#7", since=watch.now()) is None
    assert await store.find_verdict("acme/tools#7", since=before, heat=Heat.SPICY) is None
    assert (await store.find_verdict("acme/tools#7", since=before, heat=Heat.MEDIUM, place=PLACE)).id == verdict_id


async def test_listing(store, watch):
    """Verdicts are listed newest first and by place, repository, author, offence and page."""
    numbers = []
    for number in (1, 2, 3):
        numbers.append(await shown(store, number, where=str(number)))
        watch.forward(days=1)
    other = await shown(store, 4, author="Bob", repository="acme/other", place=Place(platform="discord", workspace="G"))
    assert [one.id for one in await store.verdicts()] == [other, *reversed(numbers)]
    assert [one.id for one in await store.verdicts(place=PLACE.whole, limit=2)] == numbers[:0:-1]
    assert [one.id for one in await store.verdicts(before=numbers[1])] == [numbers[0]]
    assert [one.id for one in await store.verdicts(author="BOB")] == [other]
    assert [one.id for one in await store.verdicts(repository="Acme/Other")] == [other]
    assert len(await store.verdicts(offence="bare_assert", since=NOON)) == 4
    assert await store.verdicts(offence="tug_of_war") == ()


async def test_withdrawn(store):
    """A withdrawn verdict is out of every list, still there by its number, and can be restored."""
    verdict_id = await shown(store)
    assert [post.message for post in await store.withdraw_verdict(verdict_id, "its author asked")] == [message()]
    assert await store.verdicts() == ()
    assert await store.find_verdict("acme/tools#7", since=NOON) is None
    assert await store.record("alice") == ()
    assert (await store.verdict(verdict_id)).withdrawn == "its author asked"
    await store.restore_verdict(verdict_id)
    assert [one.id for one in await store.verdicts()] == [verdict_id]


async def test_amended(store, watch):
    """After an appeal the verdict is the amended one, and its struck offence no longer counts as told."""
    verdict_id = await shown(store)
    await store.record_reaction(react())
    struck = verdict(struck=(Struck(exhibit="e1", reason="not there"),), score=1.0)
    assert await store.amend_verdict(verdict_id, struck, was=verdict())
    assert not await store.amend_verdict(verdict_id, verdict(), was=verdict())
    assert (await store.verdict(verdict_id)).verdict == struck
    assert (await store.record("alice"))[0].offences == ()
    counts = (await store.taste_counts(PLACE, watch.now())).channel
    told = {
        feature.name: round(count.hit, 6) for feature, count in counts.items() if feature.kind in {"offence", "motif"}
    }
    assert told == {"bare_assert": 0.0, "reception": 0.5}


async def test_history(store):
    """A channel remembers its own titles, epithets, punchlines, lines and motifs, oldest first, each once."""
    await shown(store)
    await shown(store, 8, title="The second", lines=("tug_of_war/body/2", "bare_assert/body/1"), where="2")
    await shown(store, 9, title="Elsewhere", place=Place(platform="slack", workspace="T1", channel="C2"))
    history = await store.history(PLACE)
    assert history.titles == ("The assertive handshake", "The second")
    assert history.lines == ("tug_of_war/body/2", "bare_assert/body/1")
    assert (history.epithets, history.punchlines, history.motifs) == (
        ("the handshake",),
        ("Assert yourself.",),
        ("reception",),
    )


async def test_record_of_an_author(store, watch):
    """An author's record has the offences and credits of earlier verdicts, newest first."""
    await shown(store)
    watch.forward(days=1)
    await shown(store, 8, where="2")
    record = await store.record("ALICE")
    assert [one.pull_request for one in record] == ["acme/Tools#8", "acme/Tools#7"]
    assert (record[0].offences, record[0].credits) == (("bare_assert",), ("tests_that_earn_it",))


async def test_last_roasted(store, watch):
    """Authors are known by when they were last roasted here; strangers are left out."""
    await shown(store)
    later = watch.forward(days=3)
    await shown(store, 8, where="2")
    assert await store.last_roasted(PLACE, ["alice", "Zoe"]) == {"alice": later}
    assert await store.last_roasted(PLACE.whole, ["Alice"]) == {"Alice": later}
