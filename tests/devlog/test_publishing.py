"""What is published: the choices, the secrets, the vetoes. Pure rules."""

from datetime import timedelta

import pytest
from fakes.memory import NOON, PLACE, verdict

from bot.publishing import Choice, Listed, Publication, allows, barred, choice_of, path_of, shelf
from bot.records import PlaceSettings
from bot.repository_rules import RepositoryRules


def listed(number=1, *, pull_request="acme/tools#7", due=NOON, headline=False, vetoed_at=None, **changes):
    """Return something that was offered at noon."""
    publication = Publication(
        verdict=number, headline=headline, offered_at=NOON, due_at=due,
        vetoed="no" if vetoed_at else "", vetoed_at=vetoed_at,
    )  # fmt: skip
    fields = {"standing": True, "place": PLACE, "pull_request": pull_request, "author": "ada", "title": "A title"}
    return Listed(publication=publication, **(fields | changes))


def shown(*found, choice=Choice.ALL, silent=frozenset(), now=NOON):
    """Return the shelf."""
    return shelf(found, {PLACE: choice}, silent, now)


def test_nothing_by_default():
    """Where nobody chose, nothing is published"""
    assert choice_of(PlaceSettings(), PlaceSettings(), Choice.NOTHING) is Choice.NOTHING
    assert not allows(Choice.NOTHING, headline=True)


@pytest.mark.parametrize(
    ("channel", "workspace", "usual", "is_"),
    [
        (None, "all", "nothing", "all"),
        (None, "nothing", "all", "nothing"),
        ("nothing", "all", "nothing", "nothing"),
        ("headlines", "all", "nothing", "headlines"),
        ("all", "headlines", "nothing", "headlines"),
        ("all", None, "nothing", "nothing"),
        (None, None, "headlines", "headlines"),
        (None, "on", "nothing", "all"),
        (None, "off", "all", "nothing"),
        (None, "whatever this once meant", "all", "nothing"),
    ],
)
def test_choice(channel, workspace, usual, is_):
    """A workspace chooses for itself; a channel may only choose less; an unknown word is taken for no"""
    chosen = choice_of(PlaceSettings(publish=channel), PlaceSettings(publish=workspace), Choice(usual))
    assert chosen is Choice(is_)


def test_headlines():
    """With headlines chosen, only what a digest led with gets out"""
    assert [allows(Choice.HEADLINES, headline=one) for one in (True, False)] == [True, False]
    assert allows(Choice.ALL, headline=False)


@pytest.mark.parametrize(
    ("private", "known_public", "is_barred"),
    [
        (True, (), True),
        (True, ("acme/*", "*"), True),
        (None, (), True),
        (None, ("acme/tools",), False),
        (None, ("ACME/*",), False),
        (None, ("acme/other",), True),
        (False, (), False),
    ],
)
def test_private_never(private, known_public, is_barred):
    """What is private is never published; what was read from a clone only where the operator vouches for it"""
    assert bool(barred(verdict(private=private), known_public=known_public, opted_out=())) is is_barred


def test_wishes():
    """An author who opted out in the settings, and a repository that says so, are left out"""
    public = verdict(private=False)
    assert barred(public, known_public=(), opted_out=["@ALICE"])
    assert barred(public, known_public=(), opted_out=(), rules=RepositoryRules(publish=False))
    assert not barred(public, known_public=(), opted_out=["bob"], rules=RepositoryRules())


def test_delay():
    """Until it is due nobody sees it, and it is not gone either"""
    waiting = listed(due=NOON + timedelta(hours=1))
    assert shown(waiting) == shelf((), {}, frozenset(), NOON)
    assert [one.id for one in shown(waiting, now=NOON + timedelta(hours=1)).posts] == [1]


def test_vetoed_in_time():
    """What was vetoed within the delay was never there"""
    vetoed = listed(due=NOON + timedelta(hours=2), vetoed_at=NOON + timedelta(hours=1))
    after = shown(vetoed, now=NOON + timedelta(hours=3))
    assert (after.posts, after.gone) == ((), frozenset())


@pytest.mark.parametrize(
    "changes",
    [
        {"vetoed_at": NOON + timedelta(hours=1)},
        {"standing": False, "ended_at": NOON + timedelta(hours=1)},
        {"standing": False},
        {"author": "bob"},
        {"pull_request": "Quiet/Repo#7"},
    ],
    ids=["vetoed", "withdrawn", "forgotten", "author opted out", "repository opted out"],
)
def test_gone(changes):
    """What was public and is not any more is gone"""
    after = shown(listed(**changes), silent=frozenset({"bob", "quiet/repo"}), now=NOON + timedelta(hours=2))
    assert (after.posts, after.gone) == ((), {1})


def test_choice_taken_back():
    """A workspace that chooses nothing takes down what it published"""
    assert shown(listed(), choice=Choice.NOTHING).gone == {1}
    assert [
        one.id for one in shown(listed(), listed(2, pull_request="a/b#1", headline=True), choice=Choice.HEADLINES).posts
    ] == [2]


def test_told_anew():
    """Of two roasts of one pull request the newer is shown, and the older leads to it"""
    both = shown(listed(1), listed(2, pull_request="Acme/Tools#7"), listed(3, pull_request="acme/tools#8"))
    assert ([one.id for one in both.posts], both.moved) == ([3, 2], {1: 2})


def test_ranges_are_their_own():
    """Two ranges of commits are two posts: they have no number to be told by"""
    assert len(shown(listed(1, pull_request="acme/tools"), listed(2, pull_request="acme/tools")).posts) == 2


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("The Assertive Handshake", "posts/7-the-assertive-handshake/"),
        ("Ça va? <script>alert(1)</script>", "posts/7-ca-va-script-alert-1-script/"),
        ("../../etc/passwd", "posts/7-etc-passwd/"),
        ("日本語", "posts/7/"),
        ("x" * 200, f"posts/7-{'x' * 60}/"),
    ],
)
def test_paths(title, path):
    """A page's address is plain letters, whatever the title is"""
    assert path_of(7, title) == path
