"""A stand-in for GitHub with one made-up pull request, and sources that neither wait nor linger."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from fakes.github import FakeGitHub, PullRequestData, made_up_pull_request

from adapters.github.source import GitHubSource


@pytest.fixture
def soup() -> PullRequestData:
    """Pull request 7, which a test may change before it serves it."""
    return made_up_pull_request(7)


@pytest.fixture
def github(soup: PullRequestData) -> Iterator[FakeGitHub]:
    """The stand-in, serving pull request 7 by REST alone."""
    with FakeGitHub() as server:
        server.add(soup)
        yield server


@pytest.fixture
async def source_of() -> AsyncIterator[Callable[..., GitHubSource]]:
    """Make sources that wait without waiting; all are closed at the end."""
    made: list[GitHubSource] = []

    async def at_once(seconds: float) -> None:
        """Do not wait."""

    def make(github: FakeGitHub, **options: Any) -> GitHubSource:
        made.append(GitHubSource(api_url=github.url, **{"sleep": at_once, **options}))
        return made[-1]

    yield make
    for source in made:
        await source.aclose()
