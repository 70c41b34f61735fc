"""The client: patience, redirects, ETags, pages and where a token may go."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.github import SEVEN, FakeGitHub, PullRequestData, Seen
from fakes.github.made_up import made_up_commit, made_up_file

from adapters.github.answer import Answer
from adapters.github.cache import EtagCache
from adapters.github.client import GitHubClient
from adapters.github.source import GitHubSource
from bot.errors import NotFoundError, SettingsError, SourceError, UnavailableError

Maker = Callable[..., GitHubSource]


@pytest.mark.parametrize("fault", [{"status": 502}, {"status": 503}, {"status": 504}, {"cut": True}], ids=str)
async def test_a_fault_that_passes_is_waited_for(github: FakeGitHub, source_of: Maker, fault: dict) -> None:
    """Twice broken, then good: the roast goes on, and the pauses grow."""
    pauses: list[float] = []

    async def note(seconds: float) -> None:
        pauses.append(seconds)

    github.fault(r"/pulls/7$", times=2, **fault)
    pull, _ = await source_of(github, sleep=note).pull_request(SEVEN)
    assert pull.number == 7
    assert pauses == [0.5, 1.0]


async def test_a_short_limit_is_waited_for(github: FakeGitHub, source_of: Maker) -> None:
    """``Retry-After: 3`` means three seconds."""
    pauses: list[float] = []

    async def note(seconds: float) -> None:
        pauses.append(seconds)

    github.fault(r"/pulls/7$", 429, times=1, headers={"retry-after": "3"})
    await source_of(github, sleep=note).pull_request(SEVEN)
    assert pauses == [3.0]


async def test_a_renamed_repository_is_followed(github: FakeGitHub, source_of: Maker) -> None:
    """301 on the same host leads on, and the answer's own name is the one that counts."""
    target = type(SEVEN)("acme", "broth", 7)
    for path in ("pulls/7", "pulls/7/files", "pulls/7/commits", "pulls/7/reviews", "pulls/7/comments"):
        new = {"location": f"/repos/acme/soup/{path}"}
        github.fault(rf"/acme/broth/{path}$", 301, headers=new, body={"message": "Moved Permanently"})
    pull, _ = await source_of(github).pull_request(target)
    assert (pull.repo, len(pull.files)) == ("soup", 3)


async def test_a_token_goes_nowhere_else(github: FakeGitHub, source_of: Maker, soup: PullRequestData) -> None:
    """Neither a redirect nor a ``Link`` to another host gets the token, or so much as a visit."""
    with FakeGitHub() as stranger:
        github.fault("/pulls/7/reviews", 302, headers={"location": f"{stranger.url}/x"})
        link = f'<{stranger.url}/x?page=2>; rel="next", <{stranger.url}/x?page=2>; rel="last"'
        github.fault("/pulls/7/comments", 200, body="[]", headers={"link": link})
        await source_of(github, token="secret").pull_request(SEVEN)
        assert stranger.requests == []
        assert all(seen.token == "secret" for seen in github.requests)


async def test_without_a_token_none_is_sent(github: FakeGitHub, source_of: Maker) -> None:
    """No empty header, which GitHub would refuse."""
    await source_of(github).pull_request(SEVEN)
    assert all("authorization" not in seen.headers for seen in github.requests)


async def test_an_unchanged_answer_is_not_sent_twice(github: FakeGitHub, source_of: Maker) -> None:
    """The second reading asks with ETags, and gets the same."""
    source = source_of(github)
    first, _ = await source.pull_request(SEVEN)
    github.forget()
    second, _ = await source.pull_request(SEVEN)
    assert first == second
    assert all("if-none-match" in seen.headers for seen in github.asked("/pulls/7"))


@pytest.mark.parametrize("on_disk", [False, True])
async def test_an_answer_is_kept_for_its_credential_alone(github: FakeGitHub, tmp_path: Path, on_disk: bool) -> None:
    """What token A was given is never given to token B, nor to nobody, though all share a cache."""
    cache = EtagCache(tmp_path if on_disk else None)
    path = "/repos/acme/secret"

    def private(seen: Seen) -> object:
        return {"for": seen.token} if seen.token == "a" else None

    github.routes[path] = private
    clients = {token: GitHubClient(api_url=github.url, token=token, cache=cache) for token in ("a", "b", "")}
    assert await clients["a"].get_json(path) == {"for": "a"}
    for token in ("b", ""):
        with pytest.raises(NotFoundError):
            await clients[token].get_json(path)
    assert [seen.headers.get("if-none-match") for seen in github.requests] == [None, None, None]
    assert await clients["a"].get_json(path) == {"for": "a"}
    assert "if-none-match" in github.requests[-1].headers
    for client in clients.values():
        await client.aclose()


async def test_a_careless_304_gives_nothing_away(github: FakeGitHub) -> None:
    """A 304 to who has nothing kept is an error, not another's answer."""
    github.fault("/x", 304)
    client = GitHubClient(api_url=github.url, token="b")
    with pytest.raises(SourceError):
        await client.get_json("/x")
    await client.aclose()


def test_the_folder_outlives_the_process_and_keeps_no_token(tmp_path: Path) -> None:
    """Another cache over the same folder finds the answer; nothing in it is readable by others or holds the token."""
    key = EtagCache.key("secret-token", "https://x/y", "json")
    EtagCache(tmp_path / "etags").put(key, Answer(200, {"etag": '"1"', "link": "<x>"}, b"{}\n\n"))
    found = EtagCache(tmp_path / "etags").get(key)
    assert found is not None
    assert (found.body, found.headers["etag"]) == (b"{}\n\n", '"1"')
    (file,) = (tmp_path / "etags").iterdir()
    assert "secret-token" not in file.name + file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert (tmp_path / "etags").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"etag": "1", "length": "9"}\nshort', b"\xff\xfe", b"[]\nx"])
def test_a_damaged_file_is_no_answer(tmp_path: Path, damage: bytes) -> None:
    """What was cut off or overwritten is asked for again."""
    (tmp_path / "k").write_bytes(damage)
    assert EtagCache(tmp_path).get("k") is None


def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    """The answer is still kept in memory."""
    (tmp_path / "file").write_text("")
    cache = EtagCache(tmp_path / "file" / "etags")
    cache.put("k", Answer(200, {"etag": "1"}, b"x"))
    assert cache.get("k") is not None


async def test_all_pages_come_and_in_order(github: FakeGitHub, source_of: Maker, soup: PullRequestData) -> None:
    """250 files, 250 commits and 350 remarks over three and four pages."""
    soup.files[:] = [made_up_file(f"src/{index:03}.py") for index in range(250)]
    soup.commits[:] = [made_up_commit(10_000 + index, f"Part {index}") for index in range(250)]
    soup.issue_comments[:] = [dict(soup.issue_comments[0], id=index) for index in range(350)]
    soup.pull |= {"changed_files": 250, "commits": 250}
    pull, coverage = await source_of(github).pull_request(SEVEN)
    assert [file.path for file in pull.files] == [f"src/{index:03}.py" for index in range(250)]
    assert [commit.subject for commit in pull.commits] == [f"Part {index}" for index in range(250)]
    assert len(pull.comments) == 350
    assert not coverage.partial


async def test_a_page_that_fails_costs_itself(github: FakeGitHub, source_of: Maker, soup: PullRequestData) -> None:
    """The others stay, and the coverage says that something is missing."""
    soup.issue_comments[:] = [dict(soup.issue_comments[0], id=index) for index in range(350)]
    items = soup.issue_comments
    broken = "/repos/acme/soup/issues/7/comments"
    github.routes[broken] = lambda seen: None if seen.query.get("page") == "2" else items
    pull, coverage = await source_of(github).pull_request(SEVEN)
    assert len(pull.comments) == 250
    assert "not all of the comments were read" in coverage.notes


async def test_what_github_does_not_list_is_told(github: FakeGitHub, source_of: Maker, soup: PullRequestData) -> None:
    """3,000 files and 250 commits are all that there is to get; the figures stay the pull request's own."""
    soup.files[:] = [made_up_file(f"src/{index}.py") for index in range(3000)]
    soup.commits[:] = [made_up_commit(10_000 + index, "x") for index in range(250)]
    soup.pull |= {"changed_files": 3456, "commits": 300, "additions": 99_999}
    pull, coverage = await source_of(github).pull_request(SEVEN)
    assert (pull.changed_files, pull.commit_count, pull.additions) == (3456, 300, 99_999)
    assert (coverage.files_read, coverage.files_total) == (3000, 3456)
    assert "GitHub listed 3,000 of 3,456 files (it lists 3,000 at most)" in coverage.notes
    assert "GitHub listed 250 of 300 commits (it lists 250 at most)" in coverage.notes


async def test_a_list_without_a_last_page_is_followed(github: FakeGitHub) -> None:
    """Cursor pages name only the next one, and are asked for one after another."""
    github.fault("/list", 200, body='["c"]', times=1)
    for item, cursor in (("b", "2"), ("a", "1")):
        link = {"link": f'<https://elsewhere.test/list?after={cursor}>; rel="next"'}
        github.fault("/list", 200, body=f'["{item}"]', headers=link, times=1)
    client = GitHubClient(api_url=github.url)
    page = await client.pages("/list", most_pages=5)
    assert (page.items, page.complete) == (("a", "b", "c"), True)
    assert [seen.query.get("after") for seen in github.requests] == [None, "1", "2"]
    await client.aclose()


async def test_an_endless_answer_is_not_read_to_its_end(github: FakeGitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a bound to what one answer may hold."""
    monkeypatch.setattr("adapters.github.limits.MAX_ANSWER_BYTES", 1000)
    github.routes["/x"] = b"x" * 5000
    client = GitHubClient(api_url=github.url)
    with pytest.raises(UnavailableError, match="larger"):
        await client.get("/x")
    await client.aclose()


def test_a_full_folder_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest answers go first, and the folder stays within its bound."""
    monkeypatch.setattr("adapters.github.cache.MAX_FOLDER_BYTES", 250)
    for age in range(5):
        (tmp_path / f"old{age}").write_bytes(b"x" * 100)
        os.utime(tmp_path / f"old{age}", (1000 - age, 1000 - age))
    EtagCache(tmp_path).put("new", Answer(200, {"etag": "1"}, b"y"))
    assert {path.name for path in tmp_path.iterdir()} == {"new", "old0", "old1"}


def test_a_proxy_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of an unknown kind is a fault of the settings, told without a traceback."""
    monkeypatch.setenv("ALL_PROXY", "carrier-pigeon://loft")
    with pytest.raises(SettingsError, match="proxy"):
        GitHubSource()
