"""Consent and care: who and what is left alone, in which words, and how hot it may get."""

from datetime import UTC, datetime, timedelta

import pytest
from fakes.memory import ASKER, NOON, PLACE, person, verdict

from bot import guard
from bot.brief import Heat
from bot.errors import RefusedError
from bot.guard import Standing
from bot.pull_request import PullRequest, User
from bot.records import Limit, OptOutKind, Place, PlaceSettings, Policy, StoredVerdict, UserSettings, VerdictId, Wait
from bot.repository_rules import RepositoryRules, read_rules
from bot.settings_sections import Privacy

TERMINAL = Place(platform="terminal")


def pull(**changes):
    """Return a pull request of Alice's."""
    fields = {"owner": "acme", "repo": "tools", "number": 7, "title": "t", "user": User(login="Alice")}
    return PullRequest(**(fields | changes))


def refusal(action, *arguments, **named):
    """Return the words in which an action is refused."""
    with pytest.raises(RefusedError) as caught:
        action(*arguments, **named)
    return str(caught.value)


def test_everyone():
    """By default everybody but who opted out may be roasted, at any heat."""
    assert guard.consent(pull(), PLACE, Standing()) == guard.Terms()


@pytest.mark.parametrize(
    "standing",
    [
        Standing(opted_out=frozenset({"alice"})),
        Standing(rules=RepositoryRules(opted_out=("@alice",))),
    ],
)
def test_opted_out(standing):
    """An author who opted out, here or in the repository's file, is never roasted, and the words make no drama."""
    assert refusal(guard.consent, pull(), PLACE, standing) == "Alice prefers not to be roasted, and that is that."


def test_settings_of_the_operator():
    """What the operator's settings leave alone is left alone: logins, repositories, the label."""
    guard.may_roast(pull(), Privacy())
    assert "prefers not" in refusal(guard.may_roast, pull(), Privacy(opted_out=("@ALICE",)))
    assert "not among" in refusal(guard.may_roast, pull(), Privacy(repositories=("other/*",)))
    assert "no-roast" in refusal(guard.may_roast, pull(labels=("No-Roast",)), Privacy())


def test_repository_opted_out():
    """A repository that opted out is not even read."""
    assert "has opted out" in refusal(guard.admit, "acme/tools", Standing(repository_opted_out=True))
    assert "says so" in refusal(guard.admit, "acme/tools", Standing(rules=read_rules("roast = false")))


def test_private_repository():
    """A private repository appears only in channels bound to it; on one's own terminal there is nobody else."""
    private, trusting = pull(private=True), Privacy(private_for=("slack/T1",))
    assert "not at home" in refusal(guard.consent, private, PLACE, Standing(), trusting)
    elsewhere = Standing(bound_to=(Place(platform="slack", workspace="T1", channel="C9"),))
    assert "not at home" in refusal(guard.consent, private, PLACE, elsewhere, trusting)
    assert guard.consent(private, PLACE, Standing(bound_to=(PLACE,)), trusting)
    assert guard.consent(private, TERMINAL, Standing())


@pytest.mark.parametrize("names", [(), ("slack/T2",), ("discord/*",), ("slack/t1",)])
def test_untrusted_workspace(names):
    """In a workspace that the operator does not name it appears nowhere, bound or not."""
    bound = Standing(bound_to=(PLACE,))
    words = refusal(guard.consent, pull(private=True), PLACE, bound, Privacy(private_for=names))
    assert "add slack/T1 to privacy.private_for" in words
    assert guard.consent(pull(), PLACE, bound, Privacy(private_for=names))


MINE = UserSettings(login="alice", confirmed_by="admin")
LADDER = [
    (Policy.EVERYONE, UserSettings(), UserSettings(), True),
    (Policy.OPTED_IN, UserSettings(), UserSettings(), False),
    (Policy.OPTED_IN, UserSettings(), UserSettings(opted_in=True), True),
    (Policy.OPTED_IN, MINE, UserSettings(), True),
    (Policy.OWN, MINE, UserSettings(), True),
    (Policy.OWN, UserSettings(login="alice"), UserSettings(opted_in=True), False),
    (Policy.OWN, UserSettings(login="bob", confirmed_by="admin"), UserSettings(opted_in=True), False),
]


@pytest.mark.parametrize(("policy", "asker", "author", "allowed"), LADDER)
def test_ladder(policy, asker, author, allowed):
    """Each step of the ladder lets through whom it names; an unconfirmed login proves nothing."""
    standing = Standing(place=PlaceSettings(policy=policy), asker=asker, author=author)
    if allowed:
        assert guard.consent(pull(), PLACE, standing)
    else:
        assert refusal(guard.consent, pull(), PLACE, standing)


def test_bots():
    """Bots may be roasted by all, whatever the policy, unless they were opted out."""
    dependabot = pull(user=User(login="dependabot[bot]", is_bot=True))
    strict = PlaceSettings(policy=Policy.OWN)
    assert guard.consent(dependabot, PLACE, Standing(place=strict))
    assert refusal(guard.consent, dependabot, PLACE, Standing(opted_out=frozenset({"dependabot[bot]"})))


def test_mildest_wish_wins():
    """Of the bounds of place, author, asker and repository the mildest holds."""
    standing = Standing(
        place=PlaceSettings(hottest=Heat.SPICY),
        author=UserSettings(hottest=Heat.MEDIUM),
        rules=RepositoryRules(hottest=Heat.SPICY),
    )
    terms = guard.consent(pull(), PLACE, standing)
    assert (terms.heat(Heat.SPICY), terms.heat(Heat.MILD)) == (Heat.MEDIUM, Heat.MILD)


def test_mildest_of_a_place():
    """A place that wants it hot gets it hot, but never hotter than a person's own bound."""
    place = PlaceSettings(mildest=Heat.SPICY)
    assert guard.consent(pull(), PLACE, Standing(place=place)).heat(Heat.MILD) is Heat.SPICY
    shy = Standing(place=place, author=UserSettings(hottest=Heat.MILD))
    assert guard.consent(pull(), PLACE, shy).heat(Heat.SPICY) is Heat.MILD


def test_first_timers():
    """A first contribution is roasted mildly and gently."""
    terms = guard.consent(pull(author_association="FIRST_TIME_CONTRIBUTOR"), PLACE, Standing())
    assert (terms.gently, terms.heat(Heat.SPICY)) == (True, Heat.MILD)


def test_channel_over_workspace():
    """A channel's settings go before the workspace's, but never get hotter than it allows."""
    workspace = PlaceSettings(policy=Policy.OWN, hottest=Heat.MEDIUM, per_person=5)
    merged = guard.over(PlaceSettings(policy=Policy.EVERYONE, hottest=Heat.SPICY), workspace)
    assert (merged.policy, merged.hottest, merged.per_person) == (Policy.EVERYONE, Heat.MEDIUM, 5)
    assert guard.over(PlaceSettings(hottest=Heat.MILD), workspace).hottest is Heat.MILD
    assert guard.over(PlaceSettings(), PlaceSettings()) == PlaceSettings()


def test_limits():
    """Limits are the usual ones where nothing was set; 0 is a setting."""
    assert [limit.most for limit in guard.limits_of(PlaceSettings())] == [10, 30, 100]
    assert [limit.most for limit in guard.limits_of(PlaceSettings(per_person=0, per_channel=3))] == [0, 3, 100]


@pytest.mark.parametrize(
    ("seconds", "words"), [(3, "in 1 minute ("), (61, "in 2 minutes ("), (3540, "in 59 minutes (")]
)
def test_time_until_the_next(seconds, words):
    """A limit that was met is told kindly with the time until the next one."""
    now = datetime(2026, 5, 22, 13, 0, tzinfo=UTC)
    found = Wait(limit=Limit(scope="person", most=1), until=now + timedelta(seconds=seconds))
    told = refusal(guard.wait, found, now)
    assert told.startswith("You have had 1 roast within the hour, which is plenty.")
    assert words in told
    assert guard.wait(None, now) is None


def test_who_may_opt_out():
    """Anyone may opt a login out; a repository takes an admin or somebody who may push."""
    guard.may_opt_out(OptOutKind.LOGIN, is_admin=False)
    guard.may_opt_out(OptOutKind.REPOSITORY, is_admin=False, may_push=True)
    assert "may push" in refusal(guard.may_opt_out, OptOutKind.REPOSITORY, is_admin=False)


def test_who_may_undo_it():
    """Only an admin, or the person whose confirmed login it is, undoes an opt-out."""
    guard.may_opt_in(OptOutKind.LOGIN, "alice", UserSettings(), is_admin=True)
    guard.may_opt_in(OptOutKind.LOGIN, "ALICE", MINE, is_admin=False)
    for who, kind in ((UserSettings(login="alice"), OptOutKind.LOGIN), (MINE, OptOutKind.REPOSITORY)):
        assert "Only an admin" in refusal(guard.may_opt_in, kind, "alice", who, is_admin=False)


def test_who_withdraws():
    """The author, the asker and admins may withdraw a roast, nobody else."""
    stored = StoredVerdict(id=VerdictId(1), verdict=verdict(), place=PLACE, asker=ASKER, created_at=NOON)
    guard.may_withdraw(stored, person("x"), "ALICE", is_admin=False)
    guard.may_withdraw(stored, ASKER, "", is_admin=False)
    guard.may_withdraw(stored, person("x"), "", is_admin=True)
    assert "Appeal instead" in refusal(guard.may_withdraw, stored, person("x"), "", is_admin=False)


def test_rules_of_a_repository():
    """A repository's file is read whole; without one everything is allowed but comments."""
    rules = read_rules('hottest = "mild"\nopted_out = ["bob"]\ncomment = true\npublish = false')
    assert (rules.hottest, rules.opted_out, rules.comment, rules.publish) == (Heat.MILD, ("bob",), True, False)
    assert read_rules(None) == RepositoryRules()


@pytest.mark.parametrize("text", ["roast = ", "heat = 3", 'hottest = "volcanic"', "\x00"])
def test_unreadable_rules(text):
    """A file that cannot be read is taken for a no, and the refusal says what is wrong with it."""
    rules = read_rules(text)
    assert not rules.roast
    assert "take it for a no" in refusal(guard.admit, "acme/tools", Standing(rules=rules))
