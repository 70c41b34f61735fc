"""What is asked of a repository itself: a file of its default branch, and whether it can be seen at all."""

import pytest
from fakes.github import FakeGitHub

from adapters.github.source import GitHubSource
from bot.errors import NotFoundError


@pytest.fixture
async def github():
    """A stand-in and a source on it."""
    with FakeGitHub() as server:
        source = GitHubSource(api_url=server.url)
        yield server, source
        await source.aclose()


async def test_file_of_the_default_branch(github):
    """A file is read from the default branch: no ref is named"""
    server, source = github
    server.routes["/repos/acme/soup/contents/.roast.toml"] = b"roast = false\n"
    assert await source.file_of("acme/soup", ".roast.toml") == "roast = false\n"
    assert "ref" not in server.requests[-1].query


async def test_no_such_file(github):
    """A file that is not there is nothing, and no fault"""
    assert await github[1].file_of("acme/soup", ".roast.toml") is None


async def test_seen(github):
    """A repository that answers is open if it says so; one that does not is named, with the reasons there may be"""
    server, source = github
    for told, is_open in (({"private": False}, True), ({"private": True}, False), ({}, False)):
        server.routes["/repos/acme/soup"] = {"full_name": "acme/soup", **told}
        assert await source.may_see("acme/soup") is is_open
    with pytest.raises(NotFoundError, match="acme/stew is not there, or not to be seen"):
        await source.may_see("acme/stew")


@pytest.mark.parametrize(("answer", "is_private"), [({"private": False}, False), ({"private": True}, True), ({}, True)])
async def test_privacy(github, answer, is_private):
    """A repository is public only where GitHub says so; one that is not there any more is not"""
    server, source = github
    server.routes["/repos/acme/soup"] = {"full_name": "acme/soup"} | answer
    assert await source.is_private("acme/soup") is is_private
    assert await source.is_private("acme/stew")
