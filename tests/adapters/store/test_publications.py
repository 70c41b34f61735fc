"""What was offered to the dev log, on both databases."""

from datetime import timedelta

from fakes.memory import NOON, PLACE, message, react, shown, verdict

from bot.feedback import Meaning
from bot.records import PlaceSettings


async def test_offered_once(store, watch):
    """An offer made again keeps its moment, and may become a headline"""
    number = await shown(store)
    first = await store.offer_publication(number, headline=False, due_at=NOON)
    watch.forward(hours=1)
    again = await store.offer_publication(number, headline=True, due_at=NOON + timedelta(days=1))
    assert (again.due_at, again.offered_at, again.headline) == (first.due_at, first.offered_at, True)
    assert not (await store.offer_publication(await shown(store, 8, where="2"), headline=False, due_at=NOON)).headline
    assert (await store.offer_publication(number, headline=False, due_at=NOON)).headline


async def test_veto(store, watch):
    """A no is kept with its moment, and taken back; what was never offered cannot be vetoed"""
    number = await shown(store)
    assert not await store.veto_publication(number, "no")
    assert await store.publication(number) is None
    await store.offer_publication(number, headline=False, due_at=NOON)
    assert await store.veto_publication(number, "no")
    kept = await store.publication(number)
    assert (kept.vetoed, kept.vetoed_at) == ("no", NOON)
    await store.veto_publication(number, "")
    kept = await store.publication(number)
    assert (kept.vetoed, kept.vetoed_at) == ("", None)


async def test_objected(store):
    """A veto or a withdrawal speaks for the pull request, not for the one roast"""
    vetoed, withdrawn, fine = [await shown(store, number, where=str(number)) for number in (7, 8, 9)]
    for one in (vetoed, withdrawn, fine):
        await store.offer_publication(one, headline=False, due_at=NOON)
    await store.veto_publication(vetoed, "no")
    await store.withdraw_verdict(withdrawn, "no")
    found = [await store.objected(f"ACME/tools#{number}") for number in (7, 8, 9, 10)]
    assert found == [True, True, False, False]
    assert not await store.objected("acme/tools")


async def test_listed(store):
    """The list has all that was offered, oldest first, with what lists show of it"""
    first, second = await shown(store, 7), await shown(store, 8, where="2")
    await shown(store, 9, where="3")
    for one in (second, first):
        await store.offer_publication(one, headline=one == second, due_at=NOON)
    await store.record_reaction(react("🔥", "bob"))
    await store.withdraw_verdict(second, "no")
    one, two = await store.listed()
    assert (one.id, one.pull_request, one.author, one.place) == (first, "acme/Tools#7", "alice", PLACE)
    assert (one.offences, one.voices, one.standing) == (("bare_assert",), {Meaning.FUNNY: 1}, True)
    assert (two.id, two.publication.headline, two.standing, two.ended_at) == (second, True, False, NOON)


async def test_outlives_its_verdict(store):
    """A forgotten verdict leaves a publication without a word of it"""
    number = await shown(store)
    await store.offer_publication(number, headline=False, due_at=NOON)
    await store.forget("Alice")
    (left,) = await store.listed()
    assert (left.id, left.standing, left.title, left.author, left.pull_request) == (number, False, "", "", "")


async def test_mark(store, watch):
    """The mark changes with everything that readers could notice, and with nothing else"""
    number = await shown(store)
    marks = [await store.listed_mark()]

    async def changed():
        marks.append(await store.listed_mark())
        return marks[-1] not in marks[:-1]

    async def same():
        return await store.listed_mark() == marks[-1]

    await store.offer_publication(number, headline=False, due_at=NOON + timedelta(hours=1))
    assert await changed()
    assert await same()
    watch.forward(hours=2)
    assert await changed(), "it became due"
    await store.record_reaction(react("🔥", "bob"))
    assert await changed(), "a voice"
    was = (await store.verdict(number)).verdict
    await store.amend_verdict(number, was.model_copy(update={"gist": "Another."}), was=was)
    assert await changed(), "amended"
    watch.forward(hours=1)
    await store.withdraw_verdict(number, "no")
    assert await changed(), "withdrawn"
    await store.restore_verdict(number)
    await store.opt_out("login", "carol", "carol")
    assert await changed(), "an opt-out"
    await store.set_place_settings(PLACE, PlaceSettings(publish="nothing"))
    assert await changed(), "a choice"
    await store.set_place_settings(message("x").place.whole, PlaceSettings(per_person=3))
    await store.claim_event("e")
    assert await same()
    await store.veto_publication(number, "no")
    assert await changed(), "a veto"


async def test_standing_verdicts(store):
    """Bodies come in the order that was asked for; what was withdrawn or is unknown is left out"""
    numbers = [await shown(store, number, where=str(number)) for number in (7, 8, 9)]
    await store.withdraw_verdict(numbers[1], "no")
    found = await store.standing_verdicts([numbers[2], 999, numbers[1], numbers[0]])
    assert [one.id for one in found] == [numbers[2], numbers[0]]
    assert found[1].verdict == verdict(7)
