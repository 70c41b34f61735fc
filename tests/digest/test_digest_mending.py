"""A roast that is taken down is struck from the digest that told it, and from nothing else there."""

from digest_kitchen import HERE

from bot.appeals import strike
from bot.records import VerdictId


def texts(shown):
    """Return all that a digest says."""
    answer = shown.answer
    rows = [f"{label}: {text}" for label, text in answer.rows]
    return "\n".join([answer.title, answer.text, *rows, *(f"{one.title} {one.gist}" for one in shown.cards)])


async def told(kitchen):
    """Have a digest told; return it with its verdicts, the headline first."""
    await kitchen.subscribe(top=3)
    await kitchen.sweep()
    (post,) = kitchen.posts
    (run,) = await kitchen.runs((await kitchen.store.subscriptions())[0])
    verdicts = [await kitchen.store.verdict(number) for number in run.progress["shown"]]
    assert len(verdicts) == 3
    return post, verdicts


async def test_one_of_the_others(kitchen):
    """Its card goes and a line says why; headline, other cards, rows and picture stay as they were"""
    post, (first, second, third) = await told(kitchen)
    before, picture = post.answer, post.picture
    await kitchen.say(f"optout {second.verdict.subject.author}")
    await kitchen.work()
    assert second.verdict.title not in texts(post)
    assert [card.title for card in post.cards] == [third.verdict.title]
    assert (post.answer.text, post.answer.rows[1:], post.picture) == (before.text, before.rows, picture)
    assert "prefers not to be roasted" in post.answer.rows[0][1]
    below = [one for one in kitchen.messenger.shown if one.below and one.taken_down]
    assert len(below) == 1
    assert first.verdict.title in texts(post)


async def test_the_headline(kitchen):
    """A line stands in its place, its link and button go, and so does what stood in the thread; the others stay"""
    post, (first, *others) = await told(kitchen)
    rows, cards = post.answer.rows, post.cards
    await kitchen.say(f"optout {first.verdict.subject.author}")
    await kitchen.work()
    assert first.verdict.title not in post.answer.text
    assert "The roast that stood here was taken down" in post.answer.text
    assert (post.answer.rows, post.cards, post.answer.actions) == (rows, cards, ())
    assert first.verdict.url not in str(post.answer.links)
    assert len([one for one in kitchen.messenger.shown if one.below and one.taken_down]) == 1
    assert all(one.verdict.title in texts(post) for one in others)


async def test_put_back(kitchen):
    """What an admin puts back stands in the digest again, word for word"""
    post, (first, *_) = await told(kitchen)
    before = post.answer
    await kitchen.say(f"withdraw {first.id}", admin=True)
    assert post.answer != before
    await kitchen.say(f"undo {first.id}", admin=True)
    assert post.answer == before


async def test_struck_on_appeal(kitchen):
    """What an appeal struck is told no more, neither by the headline nor by a card; the rest stays as it was"""
    post, verdicts = await told(kitchen)
    rows, links = post.answer.rows, post.answer.links
    for stored in verdicts[:2]:
        amended = stored.verdict
        for charge in [one for one in amended.exhibits if one.is_charge]:
            amended = strike(amended, charge.id, "My mistake.")
        await kitchen.store.amend_verdict(stored.id, amended, was=stored.verdict)
        await kitchen.desk.redraw(await kitchen.store.posts(stored.id))
    first, second, third = verdicts
    charges = {one.id for one in first.verdict.exhibits if one.is_charge}
    gone = [one.text for one in first.verdict.paragraphs if charges & set(one.exhibits)]
    assert gone
    assert not any(text in post.answer.text for text in gone)
    assert first.verdict.title in post.answer.text
    assert (post.answer.rows, post.answer.links) == (rows, links)
    assert post.cards[0].charges == ()
    assert [card.title for card in post.cards] == [second.verdict.title, third.verdict.title]
    assert post.cards[1].charges


async def test_forgotten(kitchen):
    """A roast that is forgotten altogether is struck as well, and the digest does not name its author"""
    post, (_, second, _) = await told(kitchen)
    done = await kitchen.store.forget(second.verdict.subject.author)
    await kitchen.desk.take_down_forgotten(done.posts)
    assert second.verdict.title not in texts(post)
    assert "asked to be forgotten" in post.answer.rows[0][1]


async def test_cannot_be_edited(kitchen):
    """Where the digest cannot be edited the whole is taken down instead: nothing of theirs stays"""
    post, (first, *_) = await told(kitchen)
    kitchen.messenger.fail.add("redraw_digest")
    await kitchen.say(f"optout {first.verdict.subject.author}")
    await kitchen.work()
    assert post.taken_down


async def test_other_digests(kitchen):
    """Only the runs of that channel that told a verdict are found by it"""
    _, verdicts = await told(kitchen)
    elsewhere = HERE.model_copy(update={"channel": "C2"})
    assert [len(await kitchen.store.runs_telling(one.id, HERE)) for one in verdicts] == [1, 1, 1]
    assert await kitchen.store.runs_telling(verdicts[0].id, elsewhere) == ()
    assert await kitchen.store.runs_telling(VerdictId(99), HERE) == ()
