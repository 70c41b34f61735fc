"""The recorded pull requests, through a stand-in that has these paths and no others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.github import FakeGitHub

from adapters.github.source import GitHubSource
from bot.target import GitHubTarget

pytestmark = pytest.mark.recordings

Maker = Callable[..., GitHubSource]


def prefect(number: int) -> GitHubTarget:
    """Return the target of a recorded pull request."""
    return GitHubTarget("PrefectHQ", "prefect", number)


@pytest.mark.parametrize("prefix", ["", "/api/v3"])
@pytest.mark.parametrize("token", ["", "t"])
async def test_the_fix_of_22004_is_found(recordings: Path, source_of: Maker, prefix: str, token: str) -> None:
    """#22067 names it in a description that the search does not tell, and touches the same file."""
    with FakeGitHub(recordings / "github", prefix=prefix) as github:
        source = source_of(github, token=token)
        pull, coverage = await source.pull_request(prefect(22004))
        found = await source.follow_ups(pull)
    (fix,) = found
    assert (fix.number, fix.explicit, fix.is_revert, fix.user.is_bot) == (22067, True, False, True)
    assert "src/prefect/server/api/workers.py" in {file.path for file in fix.files}
    assert all(file.patch for file in fix.files)
    assert coverage.follow_ups_known


async def test_22004_is_read_whole(recordings: Path, source_of: Maker) -> None:
    """Figures, files, commits and the review bot's remarks, one without a line."""
    with FakeGitHub(recordings / "github") as github:
        pull, coverage = await source_of(github).pull_request(prefect(22004))
    assert (pull.additions, pull.deletions, pull.changed_files, pull.commit_count) == (1455, 53, 8, 13)
    assert (coverage.files_read, coverage.commits_read, coverage.comments_read) == (8, 13, 2)
    assert [comment.line for comment in pull.review_comments] == [1042, None]
    assert all(comment.user.is_bot for comment in pull.review_comments)
    assert coverage.notes == ()
    assert not pull.private


async def test_21477_is_read_whole(recordings: Path, source_of: Maker) -> None:
    """32 files, the issue that it closes, and no follow-up from the weeks after the window."""
    with FakeGitHub(recordings / "github") as github:
        source = source_of(github)
        pull, coverage = await source.pull_request(prefect(21477))
        assert await source.follow_ups(pull) == ()
    assert (pull.additions, len(pull.files), len(pull.commits)) == (5413, 32, 15)
    assert [issue.number for issue in pull.linked_issues] == [12714]
    assert len(pull.review_comments) == 6
    assert not coverage.partial


async def test_what_is_not_recorded_is_left_out(recordings: Path, source_of: Maker) -> None:
    """No contents, no single commits (eleven of them no merges): empty, without an error, and the coverage says so."""
    with FakeGitHub(recordings / "github") as github:
        source = source_of(github)
        pull, _ = await source.pull_request(prefect(22004))
        files, commits, rules = await asyncio.gather(
            source.files_at_head(pull, [file.path for file in pull.files]),
            source.commit_files(pull, [commit.sha for commit in pull.commits]),
            source.house_rules(pull),
        )
        assert (files, commits, rules) == ({}, {}, {})
        assert "the own diffs of 11 commits could not be read" in source.coverage(pull).notes
