"""One credential's limit over many processes: what one is told, all heed."""

from datetime import UTC, datetime, timedelta

import pytest
from fakes.github import FakeGitHub
from fakes.memory import Watch

from adapters.github.client import GitHubClient
from adapters.store import open_store
from bot.errors import SourceError
from bot.sharing import Allowance


@pytest.fixture
async def two(tmp_path):
    """GitHub, and two clients with one credential and one store."""
    watch = Watch()
    watch.time = datetime.now(UTC)
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite3'}", clock=watch)
    with FakeGitHub() as github:
        github.routes["/thing"] = {"a": 1}
        clients = [
            GitHubClient(api_url=github.url, now=watch.now, allowance=Allowance(store, watch, "c", 1), patience=0)
            for _ in range(2)
        ]
        yield github, clients, watch
        for client in clients:
            await client.aclose()
    await store.aclose()


async def test_what_is_left_is_shared(two):
    """When the host said to one that two requests are left, both together make two and then wait in words"""
    github, (first, second), watch = two
    end = watch.now() + timedelta(minutes=30)
    github.headers = {"x-ratelimit-remaining": "2", "x-ratelimit-reset": str(int(end.timestamp()))}
    github.etags = False
    await first.get_json("/thing")
    github.headers = {}
    await first.get_json("/thing")
    await second.get_json("/thing")
    for client in (first, second):
        with pytest.raises(SourceError, match="limit"):
            await client.get_json("/thing")
    assert len(github.requests) == 3
    watch.forward(minutes=31)
    await second.get_json("/thing")


async def test_a_limit_is_told_on(two):
    """Where one is refused for a minute, the other does not even ask"""
    github, (first, second), _ = two
    github.fault("/thing", status=403, times=1, headers={"retry-after": "60"})
    with pytest.raises(SourceError):
        await first.get_json("/thing")
    with pytest.raises(SourceError, match="limit"):
        await second.get_json("/thing")
    assert len(github.requests) == 1


async def test_unchanged_is_free(two):
    """An answer that nothing changed does not count"""
    github, (first, _), watch = two
    end = watch.now() + timedelta(minutes=30)
    github.headers = {"x-ratelimit-remaining": "1", "x-ratelimit-reset": str(int(end.timestamp()))}
    for _ in range(4):
        await first.get_json("/thing")
    assert len(github.requests) == 4
