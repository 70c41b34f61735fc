"""What people do with the memory, from end to end over a real store."""

from datetime import timedelta

import pytest
from fakes.memory import ASKER, NOON, PLACE, Watch, message, person, shown, verdict
from test_appeals import case

from adapters.store import open_store
from bot import guard, memory
from bot.brief import Heat
from bot.errors import NotFoundError, RefusedError, RepositoryError, UsageError
from bot.pull_request import PullRequest, User
from bot.records import Ground, Heard, OptOutKind, Outcome, Place, PlaceSettings, Policy, VerdictId
from bot.taste import Feature

BOB = person("bob")


@pytest.fixture
def watch():
    """The clock of the store."""
    return Watch()


@pytest.fixture
async def store(tmp_path, watch):
    """A store in a file."""
    store = await open_store(f"sqlite:///{tmp_path}/store.sqlite3", clock=watch)
    yield store
    await store.aclose()


async def read_mended(stored):
    """Read the pull request as it stands now: mended."""
    return case("    check(token)", sha="def4567890")


async def read_same(stored):
    """Read the pull request as it stood."""
    return case()


async def test_react(store):
    """A roast can be reacted to by its number, one without posts too; an unknown number ends in words."""
    verdict_id = await store.save_verdict(verdict(), PLACE, ASKER)
    answer = await memory.react(store, verdict_id, "🔥", BOB, at=NOON)
    assert (answer.heard, answer.voices) == (Heard.COUNTED, {"funny": 1})
    answer = await memory.react(store, verdict_id, "🔥", BOB, at=NOON + timedelta(seconds=1), on=False)
    assert (answer.heard, answer.voices) == (Heard.TAKEN_BACK, {})
    with pytest.raises(UsageError, match="no roast number 99"):
        await memory.react(store, VerdictId(99), "🔥", BOB, at=NOON)


async def test_appeal_struck(store):
    """A struck line changes the verdict and its score, and names the posts to draw anew; it is on record."""
    verdict_id = await shown(store)
    found = await memory.appeal(store, verdict_id, "bare_assert", Ground.FIXED, by=BOB, read=read_mended)
    assert (found.appeal.outcome, [post.message for post in found.posts]) == (Outcome.STRUCK, [message()])
    assert (await store.verdict(verdict_id)).verdict == found.decision.verdict
    assert found.decision.verdict.struck[0].reason == found.appeal.reason
    assert await store.appeals(verdict_id=verdict_id) == (found.appeal,)


async def test_appeal_upheld(store):
    """An upheld appeal changes nothing and gives the receipt."""
    verdict_id = await shown(store)
    found = await memory.appeal(store, verdict_id, "e1", Ground.WRONG, by=BOB, read=read_same)
    assert (found.appeal.outcome, found.posts) == (Outcome.UPHELD, ())
    assert (await store.verdict(verdict_id)).verdict == verdict()


async def test_appeal_while_github_is_away(store):
    """An appeal is kept pending where the pull request cannot be read, and decided when it is made again."""
    verdict_id = await shown(store)

    async def away(stored):
        raise NotFoundError("It is gone.")

    with pytest.raises(NotFoundError, match="Your appeal is kept"):
        await memory.appeal(store, verdict_id, "e1", Ground.WRONG, by=BOB, read=away)
    assert [one.outcome for one in await store.appeals()] == [Outcome.PENDING]
    await memory.appeal(store, verdict_id, "e1", Ground.WRONG, by=BOB, read=read_same)
    assert [one.outcome for one in await store.appeals()] == [Outcome.UPHELD]


async def test_appeal_without_the_clone(store):
    """Where the clone that a roast was read from is gone, the appeal ends at once in words, and the line stays."""
    verdict_id = await shown(store)

    async def gone(stored):
        raise RepositoryError("There is no folder at ../soup.")

    found = await memory.appeal(store, verdict_id, "e1", Ground.WRONG, by=BOB, read=gone)
    assert found.appeal.outcome is Outcome.NOTED
    assert found.appeal.reason.startswith("There is no folder at ../soup. So the line stays")
    assert (await store.verdict(verdict_id)).verdict == verdict()


async def test_two_appeals_at_once(store):
    """A strike that was decided on while another line was struck keeps both."""
    verdict_id = await shown(store)

    async def read(stored):
        if not stored.verdict.struck and await store.appeals(verdict_id=verdict_id, limit=2):
            now = await store.verdict(verdict_id)
            if not now.verdict.struck:
                await store.amend_verdict(verdict_id, memory.strike(now.verdict, "c1", "other"), was=now.verdict)
        return case("    check(token)", sha="def4567890")

    await memory.appeal(store, verdict_id, "e1", Ground.FIXED, by=BOB, read=read)
    assert {one.exhibit for one in (await store.verdict(verdict_id)).verdict.struck} == {"e1", "c1"}


async def test_unfair_three_times(store):
    """Once three people found an offence unfair, its weight in that channel is 0 until an admin revives it."""
    verdict_id = await shown(store)
    for who in ("a", "b", "c"):
        await memory.appeal(store, verdict_id, "e1", Ground.UNFAIR, by=person(who), read=read_same)
    known = [Feature("offence", "bare_assert")]
    assert (await memory.taste(store, PLACE, seed="1", now=NOON, known=known)).offences == {"bare_assert": 0.0}
    await store.set_place_settings(PLACE, PlaceSettings(revived=("bare_assert",)))
    assert (await memory.taste(store, PLACE, seed="1", now=NOON, known=known)).offences["bare_assert"] > 0


async def test_opt_out_and_in(store):
    """An opt-out holds at once and withdraws what stands; only an admin undoes it, and what was withdrawn stays so."""
    verdict_id = await shown(store)
    told = await memory.opt_out(store, OptOutKind.LOGIN, "@Alice", by=str(BOB))
    assert [post.message for post in told.posts] == [message()]
    assert (await store.verdict(verdict_id)).withdrawn
    standing = await memory.standing(store, PLACE, BOB, "acme/Tools", author="Alice")
    with pytest.raises(RefusedError, match="prefers not"):
        guard.consent(PullRequest(owner="a", repo="b", number=1, title="", user=User(login="ALICE")), PLACE, standing)
    with pytest.raises(RefusedError, match="Only an admin"):
        await memory.opt_in(store, OptOutKind.LOGIN, "alice", BOB, is_admin=False)
    assert "stays withdrawn" in (await memory.restore(store, verdict_id, BOB, is_admin=True)).words
    await memory.opt_in(store, OptOutKind.LOGIN, "Alice", BOB, is_admin=True)
    assert not (await memory.standing(store, PLACE, BOB, "acme/Tools", author="Alice")).opted_out
    assert (await store.verdict(verdict_id)).withdrawn


async def test_repository_opt_out(store):
    """A repository's opt-out withdraws its roasts, and nobody else's."""
    mine, other = await shown(store), await shown(store, 8, repository="acme/other", where="2")
    await memory.opt_out(store, OptOutKind.REPOSITORY, "Acme/Tools", by="admin", is_admin=True)
    assert (await store.verdict(mine)).withdrawn
    assert not (await store.verdict(other)).withdrawn


async def test_link(store):
    """A login that was named counts once it is confirmed; naming another one begins anew."""
    await memory.link_login(store, BOB, "@Alice")
    with pytest.raises(UsageError, match="do not know yet"):
        await memory.me(store, BOB)
    with pytest.raises(UsageError, match="Another login"):
        await memory.confirm_login(store, BOB, "the mail of a commit", login="carol")
    await memory.confirm_login(store, BOB, "admin")
    assert (await memory.me(store, BOB)).login == "Alice"
    await memory.link_login(store, BOB, "Carol")
    assert await store.people_of("carol") == ()


async def test_me(store):
    """A person's own record has what was told of them, their settings, and whether they opted out."""
    await shown(store, 1, where="1")
    await shown(store, 2, where="2")
    await memory.link_login(store, BOB, "Alice")
    await memory.confirm_login(store, BOB, "admin")
    await memory.set_heat(store, BOB, Heat.MILD)
    found = await memory.me(store, BOB)
    assert (found.repeat_offences, found.settings.hottest, found.opted_out) == ({"bare_assert": 2}, Heat.MILD, False)
    assert (await memory.standing(store, PLACE, ASKER, "a/b", author="alice")).author.hottest is Heat.MILD
    found = await memory.record(store, "ALICE", PLACE, "acme/tools")
    assert [one.kind for one in found] == ["bare_assert", "bare_assert"]


async def test_record_for_sentences(store):
    """Earlier offences are told in their workspace alone, and private ones and those of clones in their repository."""
    abroad = Place(platform="slack", workspace="T2", channel="C1")
    await shown(store, 1, where="1", repository="acme/open")
    await shown(store, 2, where="2", place=abroad, repository="acme/open")
    await shown(store, 3, where="3", repository="acme/secret", private=True)
    await store.save_verdict(verdict(4, repository="acme/clone"), PLACE, read_from="/src/clone#4")
    await store.bind(PLACE, "acme/secret", "admin")

    async def told(reader, repository):
        return {one.pull_request for one in await memory.record(store, "alice", reader, repository)}

    assert await told(PLACE, "acme/other") == {"acme/open#1"}
    assert await told(abroad, "acme/other") == {"acme/open#2"}
    assert await told(PLACE, "Acme/Secret") == {"acme/open#1", "acme/secret#3"}
    assert await told(PLACE, "acme/clone") == {"acme/open#1", "acme/clone#4"}
    assert await told(abroad, "acme/secret") == {"acme/open#2"}


async def test_policy_from_settings(store):
    """The workspace's policy reaches the guard through the channel."""
    await store.set_place_settings(PLACE.whole, PlaceSettings(policy=Policy.OPTED_IN))
    pull = PullRequest(owner="a", repo="b", number=1, title="", user=User(login="Alice"))
    with pytest.raises(RefusedError, match="opted in"):
        guard.consent(pull, PLACE, await memory.standing(store, PLACE, ASKER, "a/b", author="Alice"))
    await memory.link_login(store, BOB, "alice")
    await memory.confirm_login(store, BOB, "a commit", login="Alice")
    await memory.set_opted_in(store, BOB, opted_in=True)
    assert guard.consent(pull, PLACE, await memory.standing(store, PLACE, ASKER, "a/b", author="Alice"))


async def test_too_often(store, watch):
    """Who asks too often is told when the next one is ready, and is served then."""
    await store.set_place_settings(PLACE.whole, PlaceSettings(per_person=1))
    await memory.count_ask(store, PLACE, BOB, watch.now())
    watch.forward(minutes=48)
    with pytest.raises(RefusedError, match=r"ready in 12 minutes \(13:00 UTC\)"):
        await memory.count_ask(store, PLACE, BOB, watch.now())
    watch.forward(minutes=12)
    await memory.count_ask(store, PLACE, BOB, watch.now())


async def test_withdraw_and_restore(store):
    """The asker takes a roast down and puts it back; a stranger may do neither."""
    verdict_id = await shown(store)
    with pytest.raises(RefusedError):
        await memory.withdraw(store, verdict_id, BOB, is_admin=False)
    assert (await memory.withdraw(store, verdict_id, ASKER, is_admin=False)).posts
    assert (await memory.restore(store, verdict_id, ASKER, is_admin=False)).words == "It is back."
    assert not (await store.verdict(verdict_id)).withdrawn


async def test_board(store, watch):
    """The board has the last ninety days."""
    verdict_id = await shown(store)
    await memory.react(store, verdict_id, "🔥", BOB, at=NOON)
    assert [one.id for one in (await memory.board(store, PLACE, now=watch.now())).funniest] == [verdict_id]
    assert (await memory.board(store, PLACE, now=watch.forward(days=200))).is_empty


async def test_forget_and_export(store, tmp_path):
    """What is exported before is gone after ``forget``; both say what they did."""
    await shown(store)
    assert len((await memory.export(store, "@alice"))["verdicts"]) == 1
    done, told = await memory.forget(store, "@Alice")
    assert done.removed["verdicts"] == 1
    assert told.words.startswith("Forgotten: 1 verdict.")
    assert [post.message for post in told.posts] == [message()]
    assert (await memory.export(store, "alice"))["verdicts"] == []
    assert "KiB" in (await memory.backup(store, tmp_path / "copy")).words
    assert (await memory.prune(store, 30)).words == "Pruned: nothing was old enough."
