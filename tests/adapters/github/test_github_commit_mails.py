"""With which mails a login commits: by GitHub's own word alone, and nothing of it is kept."""

import pytest
from fakes.github import FakeGitHub, made_up_pull_request
from fakes.github.made_up import account, made_up_commit

from adapters.github.source import GitHubSource
from bot.errors import SourceError
from bot.vouching import Blind

SEARCH = "/search/commits"
LOG = "/repos/acme/soup/commits"


def commit(mail, login="ada"):
    """Return a commit with a mail in it, beside which GitHub puts a login or none."""
    item = made_up_commit(1, "Salt", author=account(login) if login else None)
    return {**item, "commit": {**item["commit"], "author": {**item["commit"]["author"], "email": mail}}}


@pytest.fixture
async def github(tmp_path):
    """A stand-in, a source on it that keeps answers, and the folder where it does."""
    with FakeGitHub() as server:
        source = GitHubSource(api_url=server.url, cache_dir=tmp_path)
        yield server, source, tmp_path
        await source.aclose()


async def test_own_commits(github):
    """Mails count where GitHub itself puts the login beside them: a mail that somebody wrote into a commit does not"""
    server, source, _ = github
    server.routes[SEARCH] = {
        "items": [commit("ADA@example.org"), commit("eve@example.org", "eve"), commit("x@y.z", "")]
    }
    server.routes[LOG] = [commit("ada@work.example"), commit("1+ada@users.noreply.github.com"), {"damaged": True}]
    blind = Blind()
    found = await source.commit_mails("Ada", ["acme/soup"], blind)
    assert found == {blind.of("ada@example.org"), blind.of("ada@work.example")}
    assert server.requests[0].query["q"] == "author:Ada"


async def test_nothing_is_kept(github):
    """No mail lands in the cache, though other answers do"""
    server, source, folder = github
    server.add(made_up_pull_request(7))
    server.routes[SEARCH] = {"items": [commit("ada@example.org")]}
    await source.may_see("acme/soup")
    await source.commit_mails("ada", [], Blind())
    kept = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert kept
    assert not any(b"ada@example.org" in one for one in kept)


async def test_part_refused(github):
    """What is refused costs only itself; where nothing can be asked that is an error in words"""
    server, source, _ = github
    server.routes[LOG] = [commit("ada@work.example")]
    server.fault(SEARCH, status=422)
    assert len(await source.commit_mails("ada", ["acme/soup"], Blind())) == 1
    with pytest.raises(SourceError):
        await source.commit_mails("ada", [], Blind())
