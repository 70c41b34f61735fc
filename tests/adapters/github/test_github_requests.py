"""What a reading costs: requests, and round trips one after another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from fakes.github import SEVEN, FakeGitHub, PullRequestData
from fakes.github.made_up import made_up_file, made_up_pull_request

from adapters.github.source import GitHubSource
from bot.pull_request import PullRequest
from bot.target import GitHubTarget

Maker = Callable[..., GitHubSource]
QUIET = 0.6
EXTRA = r"/contents/|/commits/[0-9a-f]{40}$|/pulls/(?!7(/|$))\d+"


async def everything(source: GitHubSource, pull: PullRequest) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Ask for all that the trial asks for, at once."""
    files, commits, _, _ = await asyncio.gather(
        source.files_at_head(pull, [file.path for file in pull.files]),
        source.commit_files(pull, [commit.sha for commit in pull.commits]),
        source.follow_ups(pull),
        source.house_rules(pull),
    )
    return files, commits


@pytest.fixture
def hundred() -> PullRequestData:
    """A pull request with a hundred of everything, and ten follow-ups that may be meant."""
    data = made_up_pull_request(7, files=100, commits=100, comments=100)
    data.later = [made_up_pull_request(20 + n, title="Fix the soup", merged_minutes=700 + n) for n in range(10)]
    data.head_files = {f"src/soup_{index}.py": b"x = 1\n" for index in range(100)} | {"AGENTS.md": b"Be good."}
    return data


@pytest.mark.parametrize(("token", "most"), [("", 8), ("t", 4)])
async def test_a_hundred_of_everything_keeps_to_the_figures(
    source_of: Maker, hundred: PullRequestData, token: str, most: int
) -> None:
    """8 requests without a token and 4 with one, at most 40 for the rest, in three round trips."""
    with FakeGitHub(graphql=True, lockstep=QUIET) as github:
        github.add(hundred)
        source = source_of(github, token=token)
        pull, coverage = await source.pull_request(SEVEN)
        assert not coverage.partial
        base = len(github.requests)
        assert base <= most
        files, commits = await everything(source, pull)
        assert len(github.requests) - base <= 40
        assert github.rounds <= 3
        assert len(files) >= 15
        assert len(commits) >= 15


async def test_once_graphql_is_known_three_requests_do(source_of: Maker, soup: PullRequestData) -> None:
    """The pull request by REST is asked for beside GraphQL only as long as nobody knows whether that answers."""
    with FakeGitHub(graphql=True) as github:
        github.add(soup)
        source = source_of(github, token="t")
        await source.pull_request(SEVEN)
        github.forget()
        await source.pull_request(SEVEN)
        assert len(github.requests) == 3


@pytest.mark.parametrize("token", ["", "t"])
@pytest.mark.parametrize("number", [22004, 21477])
async def test_recordings_keep_to_the_figures_too(recordings: Path, source_of: Maker, token: str, number: int) -> None:
    """Where most answers are 404, and GraphQL is not there, it is still 8, 40 and 3."""
    with FakeGitHub(recordings / "github", lockstep=QUIET) as github:
        source = source_of(github, token=token)
        pull, _ = await source.pull_request(GitHubTarget("PrefectHQ", "prefect", number))
        base = len(github.requests)
        assert base <= 8
        await everything(source, pull)
        assert len(github.requests) - base <= 40
        assert github.rounds <= 3


async def test_long_lists_keep_to_three_round_trips(source_of: Maker) -> None:
    """Further pages come beside the search, not before it."""
    with FakeGitHub(lockstep=QUIET) as github:
        github.add(made_up_pull_request(7, files=250, commits=200, comments=300))
        source = source_of(github)
        pull, _ = await source.pull_request(SEVEN)
        assert len(pull.files) == 250
        await everything(source, pull)
        assert github.rounds <= 3


async def test_what_is_left_out_is_told(source_of: Maker, hundred: PullRequestData) -> None:
    """The coverage counts the commits that the 40 had no room for, at once and afterwards."""
    with FakeGitHub() as github:
        github.add(hundred)
        source = source_of(github)
        pull, coverage = await source.pull_request(SEVEN)
        _, commits = await everything(source, pull)
        missing = 100 - len(commits)
        assert f"the own diffs of {missing} of 100 commits are not asked for" in coverage.notes
        assert f"the own diffs of {missing} of 100 commits are not asked for" in source.coverage(pull).notes
        assert any("files were not read whole" in note for note in source.coverage(pull).notes)


async def test_the_largest_production_files_come_first(source_of: Maker, soup: PullRequestData) -> None:
    """With room for some files only, tests and small ones wait."""
    soup.files[:] = [
        *(made_up_file(f"tests/test_{index}.py", additions=900, changes=900) for index in range(30)),
        *(made_up_file(f"src/small_{index}.py") for index in range(30)),
        made_up_file("src/large.py", additions=50, changes=50),
    ]
    paths = [item["filename"] for item in soup.files]
    soup.head_files = dict.fromkeys(paths, b"x\n")
    with FakeGitHub() as github:
        github.add(soup)
        source = source_of(github)
        pull, _ = await source.pull_request(SEVEN)
        texts = await source.files_at_head(pull, paths)
    assert next(iter(texts)) == "src/large.py"
    assert sum(path.startswith("src/small") for path in texts) == 30
    assert 31 <= len(texts) < 40


async def test_merges_wait_for_the_others(source_of: Maker, hundred: PullRequestData) -> None:
    """A merge of the base says little about the author."""
    merges = {item["sha"] for item in hundred.commits[:50]}
    for item in hundred.commits[:50]:
        item["parents"] = [{"sha": "1" * 40}, {"sha": "2" * 40}]
    with FakeGitHub() as github:
        github.add(hundred)
        source = source_of(github)
        pull, _ = await source.pull_request(SEVEN)
        found = await source.commit_files(pull, [commit.sha for commit in pull.commits])
    assert found
    assert not merges & set(found)


async def test_little_left_of_the_limit_is_not_overdrawn(source_of: Maker, hundred: PullRequestData) -> None:
    """With twelve requests left in this hour, no more than twelve are sent after the first rounds."""
    with FakeGitHub() as github:
        github.add(hundred)
        github.headers["x-ratelimit-remaining"] = "12"
        source = source_of(github)
        pull, _ = await source.pull_request(SEVEN)
        github.forget()
        await everything(source, pull)
        assert 0 < len(github.requests) <= 12


async def test_whole_files_come_in_one_query(source_of: Maker, hundred: PullRequestData) -> None:
    """With a token, forty files are one request, and so are the house rules."""
    with FakeGitHub(graphql=True) as github:
        github.add(hundred)
        source = source_of(github, token="t")
        pull, _ = await source.pull_request(SEVEN)
        github.forget()
        texts = await source.files_at_head(pull, [file.path for file in pull.files[:40]])
        rules = await source.house_rules(pull)
        assert (len(texts), rules) == (40, {"AGENTS.md": "Be good."})
        assert [seen.method for seen in github.requests] == ["POST", "POST"]


async def test_a_file_that_the_query_cut_comes_by_rest(source_of: Maker, soup: PullRequestData) -> None:
    """``isTruncated`` costs one request more, for that file alone."""
    blob = {"text": "x", "isTruncated": True, "byteSize": 900_000}
    small = {"text": "y\n", "isTruncated": False, "byteSize": 2}
    binary = {"text": None, "isTruncated": False, "byteSize": 2}
    soup.head_files = {"src/soup_0.py": b"whole\n"}
    with FakeGitHub(graphql=True) as github:
        github.add(soup)
        source = source_of(github, token="t")
        pull, _ = await source.pull_request(SEVEN)
        github.fault("graphql", 200, body={"data": {"repository": {"f0": blob, "f1": small, "f2": binary, "f3": None}}})
        paths = ["src/soup_0.py", "src/soup_1.py", "src/soup_2.py", "src/z.py"]
        assert await source.files_at_head(pull, paths) == {"src/soup_0.py": "whole\n", "src/soup_1.py": "y\n"}


async def test_graphql_tells_the_same_as_rest(source_of: Maker, hundred: PullRequestData) -> None:
    """Both ways lead to the same pull request, letter by letter."""
    hundred.pull["user"] = None
    hundred.commits[0]["author"] = None
    hundred.reviews[0]["user"] = None
    hundred.comments[1]["in_reply_to_id"] = hundred.comments[0]["id"]
    hundred.comments[1]["line"] = None
    with FakeGitHub(graphql=True) as github:
        github.add(hundred)
        (by_rest, _), (by_graphql, _) = [
            await source_of(github, token=token).pull_request(SEVEN) for token in ("", "t")
        ]
    assert github.asked("graphql")
    assert by_graphql == by_rest


async def test_a_commit_is_read_once(source_of: Maker, hundred: PullRequestData) -> None:
    """What is addressed by a commit's full name is asked for once, and comes the same; the conversation comes anew."""
    with FakeGitHub() as github:
        github.add(hundred)
        source = source_of(github, token="t")
        pull, _ = await source.pull_request(SEVEN)
        first = await everything(source, pull)
        house = await source.house_rules(pull)
        fixed = r"/contents/|/commits/[0-9a-f]{40}$"
        assert github.asked(fixed)
        github.forget()
        pull, _ = await source.pull_request(SEVEN)
        again = await everything(source, pull)
        assert (again, await source.house_rules(pull)) == (first, house)
        assert github.asked(fixed) == []
        assert github.asked(r"/pulls/7/comments$")
