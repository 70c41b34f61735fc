"""Which of all that was merged later is a follow-up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fakes.github.made_up import made_up_commit

from adapters.github import follow_ups as later
from adapters.github.follow_ups import Candidate
from bot.pull_request import ChangedFile, PullRequest, User

MERGED = datetime(2026, 3, 2, 19, tzinfo=UTC)
PULL = PullRequest(
    owner="acme",
    repo="soup",
    number=7,
    title="Season the soup endpoint",
    user=User(login="ada"),
    merged=True,
    merged_at=MERGED,
    merge_commit_sha="a" * 40,
    files=(ChangedFile(path="src/soup.py", additions=3),),
)


def one(number: int = 8, title: str = "Fix it", *, hours: float = 5, **more: object) -> Candidate:
    """Return a candidate merged so many hours later."""
    return Candidate(title=title, merged_at=MERGED + timedelta(hours=hours), number=number, **{"body": "", **more})


@pytest.mark.parametrize(
    ("title", "body", "explicit", "revert"),
    [
        ("Fix it", "Follows #7", True, False),
        ("Fix it (after acme/soup#7)", "", True, False),
        ("Fix it", "see https://github.com/acme/soup/pull/7.", True, False),
        ("Fix it", "Follows #77, other/place#7 and x#7", False, False),
        ('Revert "Season the soup endpoint"', "", True, True),
        ('Revert "Season the soup endpoint (#7)"', "", True, True),
        ("Undo", "Reverts acme/soup#7", True, True),
        ("Undo", f"This reverts commit {'a' * 40}.", True, True),
        ('Revert "Something else"', "Broken since #7", True, False),
        ('Revert "Something else"', "", False, False),
    ],
)
def test_naming_and_reverting_are_told_truthfully(title: str, body: str, explicit: bool, revert: bool) -> None:
    """Explicit is what names this pull request; a revert is what takes this one back, and no other."""
    candidate = one(title=title, body=body)
    assert (later.names(candidate, PULL), later.reverts(candidate, PULL)) == (explicit, revert)


def test_only_the_window_counts() -> None:
    """Neither what was merged before or with it, nor what came more than 30 days later."""
    candidates = [one(1, hours=-1), one(2, hours=0), one(3, hours=1), one(4, hours=24 * 30), one(5, hours=24 * 30 + 1)]
    assert {candidate.number for candidate in later.best(candidates, PULL)} == {3, 4}


def test_itself_is_no_follow_up() -> None:
    """Neither its own number nor its own merge commit."""
    assert later.best([one(7), one(0, sha="a" * 40)], PULL) == ()


def test_the_named_come_first_then_shared_files_then_shared_words() -> None:
    """The order of trust."""
    candidates = [
        one(1, "Bump the deps", user=User(login="bot[bot]", is_bot=True)),
        one(2, "Stir the soup endpoint"),
        one(3, "Something", paths=frozenset({"src/soup.py"})),
        one(4, "Mend", body="Follows #7"),
        one(5, "Fix a lamp"),
    ]
    assert [candidate.number for candidate in later.best(candidates, PULL)] == [4, 3, 2, 5]


def test_six_are_enough() -> None:
    """No more diffs are read than six, whatever was merged."""
    assert len(later.best([one(number, "Fix soup endpoint") for number in range(10, 40)], PULL)) == 6


def test_search_and_log_are_put_together() -> None:
    """The same pull request from both sides is one candidate that knows both."""
    logged = later.from_commit(made_up_commit(5, "Fix it (#8)\n\nFollows #7"), "src/soup.py")
    (found,) = later.joined([replace(one(8), body=None), logged])
    assert (found.number, found.body, found.paths) == (8, "Follows #7", frozenset({"src/soup.py"}))


def test_a_commit_without_number_is_itself() -> None:
    """What was pushed straight to the branch is a follow-up by its sha."""
    found = later.from_commit(made_up_commit(5, "Fix it"), "src/soup.py")
    assert (found.number, found.title) == (0, "Fix it")
    assert found.sha


def test_a_stranger_is_dropped_and_the_namer_is_kept() -> None:
    """Without a shared file only what names the pull request stays."""
    other = (ChangedFile(path="README.md"),)
    assert later.follow_up(one(), other, PULL) is None
    kept = later.follow_up(one(body="after #7"), other, PULL)
    assert kept is not None
    assert kept.explicit


def test_a_renamed_file_is_still_the_same() -> None:
    """A follow-up that moves the file away has touched it."""
    moved = (ChangedFile(path="src/broth.py", previous_path="src/soup.py"),)
    assert later.follow_up(one(), moved, PULL) is not None


def test_a_description_is_asked_for_where_it_may_matter() -> None:
    """Only where the search did not tell it, and more than chance speaks for the candidate."""
    found = {
        candidate.number: candidate.requests
        for candidate in later.best(
            [one(8, "Stir the soup", body=None), one(9, "Mend a lamp", body=None), one(10, "Stir the soup")], PULL
        )
    }
    assert found == {8: 2, 9: 1, 10: 1}
