"""What was merged in a week: the ways to ask, what they cost, and what goes wrong on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes.github import FakeGitHub, made_up_pull_request
from fakes.github.made_up import stamp
from fakes.github.merged import merged_routes

from adapters.github.source import GitHubSource
from bot.errors import RateLimitedError, SourceError, UnavailableError

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
END = START + timedelta(days=7)


def weeks_pulls(count: int) -> list[dict[str, Any]]:
    """Return so many pull requests merged within the week, one more before and one after, and one never merged."""
    every = 7 * 24 * 60 / count
    pulls = [
        made_up_pull_request(number + 10, files=2, commits=1, comments=0, merged_minutes=number * every).pull
        for number in range(count)
    ]
    before = made_up_pull_request(1, merged_minutes=-1).pull
    after = made_up_pull_request(2, merged_minutes=7 * 24 * 60).pull
    never = made_up_pull_request(3, merged_minutes=None).pull | {"state": "closed", "closed_at": stamp(5000)}
    return [*pulls, before, after, never]


@pytest.mark.parametrize("token", ["", "t"])
@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=30)])
async def test_a_thousand_cost_at_most_thirty_requests(
    token: str, late: timedelta, source_of: Callable[..., GitHubSource]
) -> None:
    """A thousand merged pull requests are listed whole in at most 30 requests, just now or a month later"""
    with FakeGitHub(graphql=bool(token)) as github:
        github.routes |= merged_routes(weeks_pulls(1000))
        source = source_of(github, token=token, now=lambda: END + late)
        found = await source.merged("acme/soup", START, END)
        assert len(found.pulls) == 1000
        assert {one.number for one in found.pulls} == set(range(10, 1010))
        assert found.complete
        assert len(github.requests) <= 30
        assert all(one.additions == 2 for one in found.pulls) or not token


async def test_the_recorded_week(recordings: Path, source_of: Callable[..., GitHubSource]) -> None:
    """The recorded search gives all of its 65 pull requests, bots told apart"""
    week = datetime(2026, 5, 18, tzinfo=UTC)
    recorded = json.loads((recordings / "github" / "search_merged_2026-05-18..2026-05-24.json").read_text())
    with FakeGitHub(recordings / "github") as github:
        found = await source_of(github).merged("PrefectHQ/prefect", week, week + timedelta(days=7))
    assert len(found.pulls) == len(recorded["items"])
    assert 22004 in {one.number for one in found.pulls}
    assert {one.user.login for one in found.pulls if one.user.is_bot} == {
        "dependabot[bot]",
        "devin-ai-integration[bot]",
        "github-actions[bot]",
    }


async def test_graphql_gives_the_figures(source_of: Callable[..., GitHubSource]) -> None:
    """With a token sizes, labels, counts, files and commits' first lines come in the same page"""
    data = made_up_pull_request(7, files=3, commits=2)
    with FakeGitHub(graphql=True) as github:
        github.add(data)
        github.routes |= merged_routes([data.pull])
        found = await source_of(github, token="t", now=lambda: END).merged("acme/soup", START, END)
    (pull,) = found.pulls
    assert (pull.additions, pull.deletions, pull.changed_files, pull.commits) == (3, 0, 3, 2)
    assert pull.labels == ("soup",)
    assert pull.paths == ("src/soup_0.py", "src/soup_1.py", "src/soup_2.py")
    assert pull.subjects == ("Add salt, part 0", "Add salt, part 1")


async def test_a_page_too_heavy_is_asked_for_at_half(source_of: Callable[..., GitHubSource]) -> None:
    """A page that takes GitHub too long is asked for once more at half its size, and the rest in halves"""
    with FakeGitHub(graphql=True) as github:
        github.routes |= merged_routes(weeks_pulls(60))
        github.fault("/graphql", status=502, times=1)
        found = await source_of(github, token="t", now=lambda: END).merged("acme/soup", START, END)
        assert len(found.pulls) == 60
        sizes = [json.loads(one.body)["variables"]["size"] for one in github.asked("/graphql")]
    assert sizes[:2] == [50, 25]


async def test_rest_steps_in(source_of: Callable[..., GitHubSource]) -> None:
    """Where GraphQL stays away, REST lists the same pull requests"""
    with FakeGitHub(graphql=True) as github:
        github.routes |= merged_routes(weeks_pulls(60))
        github.fault("/graphql", status=502)
        found = await source_of(github, token="t", now=lambda: END).merged("acme/soup", START, END)
    assert len(found.pulls) == 60


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (
            {"status": 403, "headers": {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1772999999"}},
            RateLimitedError,
        ),
        ({"status": 500}, UnavailableError),
        ({"status": 404}, SourceError),
        ({"status": 451}, SourceError),
        ({"cut": True}, UnavailableError),
    ],
)
async def test_faults_end_in_words(
    answer: dict[str, Any], error: type[SourceError], source_of: Callable[..., GitHubSource]
) -> None:
    """Limited, down, gone, withheld, cut off: each is told as what it is, and never as an empty week"""
    with FakeGitHub() as github:
        github.routes |= merged_routes(weeks_pulls(250))
        github.fault("/pulls$", **answer)
        with pytest.raises(error) as caught:
            await source_of(github, now=lambda: END).merged("acme/soup", START, END)
    assert caught.value.sentence.endswith(".")


async def test_a_renamed_repository_is_told_by_its_new_name(source_of: Callable[..., GitHubSource]) -> None:
    """What was renamed is read on, and its present name is told"""
    with FakeGitHub() as github:
        routes = merged_routes(weeks_pulls(3), "acme/soup")
        for pull in routes["/repos/acme/soup/pulls"]:
            pull["base"] = {**pull["base"], "repo": {**pull["base"]["repo"], "archived": True}}
        github.routes |= routes
        github.fault("/repos/acme/broth/pulls$", status=301, headers={"Location": "/repos/acme/soup/pulls"})
        found = await source_of(github, now=lambda: END).merged("acme/broth", START, END)
    assert (found.repository, found.archived, len(found.pulls)) == ("acme/soup", True, 3)


async def test_a_name_that_is_none_is_not_asked_for(source_of: Callable[..., GitHubSource]) -> None:
    """Words that name no repository end in a sentence without a request"""
    with FakeGitHub(graphql=True) as github:
        for name in ("soup", "acme/", "/soup", "a/b/c"):
            with pytest.raises(SourceError):
                await source_of(github, token="t").merged(name, START, END)
        assert not github.requests
