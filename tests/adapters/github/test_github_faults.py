"""What goes wrong at GitHub's, and what becomes of it: words where nothing is left, else a roast with a note."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes.github import SEVEN, FakeGitHub, PullRequestData
from fakes.github.made_up import made_up_commit, made_up_file, made_up_pull_request

from adapters.github.answer import Answer
from adapters.github.contents import contents_path, text_of
from adapters.github.source import GitHubSource
from bot.errors import (
    AccessError,
    BlockedError,
    NotFoundError,
    RateLimitedError,
    SettingsError,
    SourceError,
    UnavailableError,
)
from bot.target import GitHubTarget, LocalTarget

Maker = Callable[..., GitHubSource]
PULL = r"/pulls/7$"
NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
RESET = str(int(NOW.timestamp()) + 1800)

FATAL = [
    ("401", {"status": 401, "body": {"message": "Bad credentials"}}, AccessError, "GITHUB_TOKEN"),
    ("403", {"status": 403, "body": {"message": "Resource not accessible"}}, AccessError, "Resource not accessible"),
    (
        "403 rate limit",
        {"status": 403, "headers": {"x-ratelimit-remaining": "0", "x-ratelimit-reset": RESET}},
        RateLimitedError,
        "until 2026-03-05 12:30:00 UTC, in about 30 minutes",
    ),
    ("403 secondary", {"status": 403, "body": {"message": "secondary rate limit"}}, RateLimitedError, "12:01:00 UTC"),
    ("429", {"status": 429, "headers": {"retry-after": "120"}}, RateLimitedError, "12:02:00 UTC"),
    ("404", {"status": 404}, NotFoundError, "does not exist, or it is private"),
    ("451", {"status": 451}, BlockedError, "legal"),
    ("500", {"status": 500}, UnavailableError, "500"),
    ("503", {"status": 503}, UnavailableError, "503"),
    ("418", {"status": 418, "body": {"message": "teapot\nwith lines"}}, SourceError, "418: teapot with lines"),
    ("cut", {"cut": True}, UnavailableError, "cut"),
    ("no JSON", {"status": 200, "body": "<html>Log in</html>"}, UnavailableError, "not the JSON"),
    ("another shape", {"status": 200, "body": "[]"}, UnavailableError, "not a pull request"),
    ("another host", {"status": 301, "headers": {"location": "https://evil.test/x"}}, UnavailableError, "another host"),
    ("a circle", {"status": 302, "headers": {"location": "/pulls/7"}}, UnavailableError, "circles"),
]


@pytest.mark.parametrize("token", ["", "t"])
@pytest.mark.parametrize(("fault", "kind", "words"), [case[1:] for case in FATAL], ids=[case[0] for case in FATAL])
async def test_faults_of_the_pull_request_end_in_words(
    github: FakeGitHub, source_of: Maker, *, token: str, fault: dict, kind: type[SourceError], words: str
) -> None:
    """Every way in which the pull request itself cannot be read: its own error, one sentence, a next step."""
    github.fault(PULL, **fault)
    with pytest.raises(kind) as caught:
        await source_of(github, token=token, now=lambda: NOW).pull_request(SEVEN)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.sentence.endswith(".")
    assert caught.value.next_step.endswith((".", ")"))


async def test_a_limit_knows_until_when(github: FakeGitHub, source_of: Maker) -> None:
    """The time is in the error, for whoever can wait; and without a token the next step is to give one."""
    github.fault(".", 403, headers={"x-ratelimit-remaining": "0", "x-ratelimit-reset": RESET})
    with pytest.raises(RateLimitedError) as caught:
        await source_of(github, now=lambda: NOW).pull_request(SEVEN)
    assert caught.value.until == datetime(2026, 3, 5, 12, 30, tzinfo=UTC)
    assert "GITHUB_TOKEN" in caught.value.next_step


async def test_nothing_is_asked_while_a_limit_lasts(github: FakeGitHub, source_of: Maker) -> None:
    """Asking on gets integrations banned: the second try is answered without a request."""
    github.fault(".", 429, headers={"retry-after": "600"})
    source = source_of(github, now=lambda: NOW)
    for _ in range(2):
        with pytest.raises(RateLimitedError):
            await source.pull_request(SEVEN)
        asked, github.requests[:] = len(github.requests), []
    assert asked == 0


async def test_a_private_repository_without_a_token_is_told_how_to_give_one(
    github: FakeGitHub, source_of: Maker
) -> None:
    """404 means missing or private: both are said, and the names of the settings."""
    github.fault("/repos/", 404)
    with pytest.raises(NotFoundError) as caught:
        await source_of(github).pull_request(SEVEN)
    assert "GITHUB_TOKEN or ROAST_GITHUB__TOKEN" in caught.value.next_step


async def test_an_issue_is_called_an_issue(github: FakeGitHub, source_of: Maker) -> None:
    """Where the number is an issue's, that is said."""
    github.fault(PULL, 404)
    github.routes["/repos/acme/soup/issues/7"] = {"number": 7, "title": "Too salty"}
    with pytest.raises(NotFoundError, match="is an issue"):
        await source_of(github).pull_request(SEVEN)


async def test_a_slow_answer_ends_in_time(github: FakeGitHub, source_of: Maker) -> None:
    """What takes longer than the time-out is given up, in words."""
    github.fault(PULL, delay=30)
    with pytest.raises(UnavailableError, match=r"within 0\.2 seconds"):
        await source_of(github, timeout=0.2).pull_request(SEVEN)


async def test_no_network_ends_in_words() -> None:
    """A port where nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    source = GitHubSource(api_url=f"http://127.0.0.1:{port}")
    with pytest.raises(UnavailableError, match="cannot be reached"):
        await source.pull_request(SEVEN)
    await source.aclose()


@pytest.mark.parametrize("settings", [{"api_url": "github"}, {"api_url": "ftp://x"}, {"token": "a b"}, {"token": "é"}])
def test_impossible_settings_are_named(settings: dict[str, str]) -> None:
    """An address or a token that cannot be one is a fault of the settings."""
    with pytest.raises(SettingsError):
        GitHubSource(**settings)


OPTIONAL = {
    "/pulls/7/reviews": "the reviews could not be read",
    "/pulls/7/comments": "the review comments could not be read",
    "/issues/7/comments": "the comments could not be read",
    "/pulls/7/commits": "the commits could not be read",
}


@pytest.mark.parametrize("token", ["", "t"])
@pytest.mark.parametrize(
    "fault",
    [
        {"status": 404},
        {"status": 403},
        {"status": 500},
        {"status": 503},
        {"status": 429, "headers": {"retry-after": "900"}},
        {"status": 200, "body": "<html>"},
        {"status": 200, "body": "{}"},
        {"cut": True},
    ],
    ids=str,
)
async def test_no_list_but_the_files_is_needed(github: FakeGitHub, source_of: Maker, token: str, fault: dict) -> None:
    """Reviews, remarks and commits that cannot be read are left out, and the coverage says which."""
    for path in OPTIONAL:
        github.fault(path + "$", **fault)
    pull, coverage = await source_of(github, token=token).pull_request(SEVEN)
    assert len(pull.files) == 3
    assert pull.commit_count == 2
    assert (pull.commits, pull.reviews, pull.review_comments, pull.comments) == ((), (), (), ())
    assert not coverage.conversation_known
    assert coverage.partial
    assert set(OPTIONAL.values()) <= set(coverage.notes)


async def test_damaged_items_do_not_end_the_reading(
    github: FakeGitHub, source_of: Maker, soup: PullRequestData
) -> None:
    """Garbage inside of lists costs itself alone."""
    for items in (soup.files, soup.commits, soup.reviews, soup.comments, soup.issue_comments):
        items.insert(0, {"id": "soup", "user": 7})
    pull, _ = await source_of(github).pull_request(SEVEN)
    assert (len(pull.files), len(pull.commits), len(pull.reviews)) == (3, 2, 2)


async def test_files_that_cannot_be_listed_come_from_the_diff(
    github: FakeGitHub, source_of: Maker, soup: PullRequestData
) -> None:
    """The diff tells paths, figures and patches where ``/files`` is broken."""
    github.fault("/pulls/7/files", 500)
    github.routes["/repos/acme/soup/pulls/7.diff"] = (
        b"diff --git a/a.py b/a.py\nnew file mode 100644\n--- /dev/null\n+++ b/a.py\n@@ -0,0 +1 @@\n+x\n"
    )
    pull, coverage = await source_of(github).pull_request(SEVEN)
    assert [(file.path, file.additions) for file in pull.files] == [("a.py", 1)]
    assert (coverage.files_read, coverage.files_total) == (1, 3)


async def test_files_behind_a_limit_end_in_words(github: FakeGitHub, source_of: Maker) -> None:
    """A roast without one line of the diff, for want of a limit, would be none: better to wait."""
    github.fault("/pulls/7/files", 429, headers={"retry-after": "900"})
    with pytest.raises(RateLimitedError):
        await source_of(github).pull_request(SEVEN)


async def test_missing_patches_come_from_the_diff(github: FakeGitHub, source_of: Maker, soup: PullRequestData) -> None:
    """One request more fills what ``/files`` left out."""
    soup.files.append(made_up_file("src/big.py", patch=None))
    github.routes["/repos/acme/soup/pulls/7.diff"] = (
        b"diff --git a/src/big.py b/src/big.py\n--- a/src/big.py\n+++ b/src/big.py\n@@ -1 +1,2 @@\n x\n+y\n"
    )
    pull, coverage = await source_of(github).pull_request(SEVEN)
    assert pull.files[-1].patch == "@@ -1 +1,2 @@\n x\n+y"
    assert not coverage.partial


async def test_a_diff_too_large_leaves_a_note(github: FakeGitHub, source_of: Maker, soup: PullRequestData) -> None:
    """406: asked once, and what stays without a patch is told."""
    soup.files.append(made_up_file("src/big.py", patch=None))
    soup.pull["changed_files"] = 4

    def too_large(seen: object) -> None:
        github.fault(PULL, 406, times=1)

    github.routes["/repos/acme/soup/pulls/7.diff"] = too_large
    pull, coverage = await source_of(github).pull_request(SEVEN)
    assert pull.files[-1].patch is None
    assert (coverage.files_read, coverage.files_total) == (3, 4)
    assert "GitHub gave no patch for 1 of 4 files" in coverage.notes
    assert sum("diff" in seen.headers["accept"] for seen in github.requests) == 1


async def test_no_search_and_no_log_is_not_no_follow_up(github: FakeGitHub, source_of: Maker) -> None:
    """Where nobody can be asked, the coverage does not claim that nothing followed."""
    pull, coverage = await (source := source_of(github)).pull_request(SEVEN)
    assert not coverage.follow_ups_known
    assert "what was merged afterwards could not be looked up" in coverage.notes
    assert await source.follow_ups(pull) == ()


async def test_the_log_stands_in_for_the_search(github: FakeGitHub, source_of: Maker, soup: PullRequestData) -> None:
    """A commit that touches the busiest file afterwards is found without the search."""
    mend = made_up_commit(4242, "Mend the soup (#8)")
    mend["commit"]["committer"] = {"date": "2026-03-03T09:00:00Z"}
    github.routes["/repos/acme/soup/commits"] = [mend]
    github.add(made_up_pull_request(8, title="Mend the soup", merged_minutes=1440))
    pull, coverage = await (source := source_of(github)).pull_request(SEVEN)
    (found,) = await source.follow_ups(pull)
    assert (found.number, found.explicit) == (8, False)
    assert coverage.follow_ups_known
    assert any("search" in note for note in coverage.notes)


async def test_an_open_pull_request_has_no_follow_ups(source_of: Maker) -> None:
    """Nothing is searched for, and that nothing followed is known."""
    with FakeGitHub() as github:
        github.add(made_up_pull_request(7, merged_minutes=None))
        source = source_of(github)
        pull, coverage = await source.pull_request(SEVEN)
        assert (pull.merged, pull.state, coverage.follow_ups_known) == (False, "open", True)
        assert await source.follow_ups(pull) == ()
        assert github.asked("search") == []


GRAPHQL_FAULTS = [
    {"status": 404},
    {"status": 500},
    {"status": 502},
    {"status": 401},
    {"status": 403},
    {"status": 200, "body": "<html>"},
    {"status": 200, "body": "[]"},
    {"status": 200, "body": {"data": None, "errors": [{"type": "RATE_LIMITED"}]}},
    {"status": 200, "body": {"errors": [{"message": "Something went wrong"}]}},
    {"status": 200, "body": {"data": {"repository": None}, "errors": [{"type": "FORBIDDEN"}]}},
    {"status": 200, "body": {"data": {"repository": {"pullRequest": None}}}},
    {"status": 200, "body": {"data": {"repository": {"pullRequest": {"commits": "soup"}}}}},
    {"status": 200, "body": {"data": {"repository": {"pullRequest": {}}}}},
    {"status": 200, "body": {"data": {"repository": {"pullRequest": {"number": "x", "title": 7, "headRefOid": 1}}}}},
    {"status": 200, "body": {"data": {"repository": "soup"}}},
    {"status": 200, "body": "null"},
    {"status": 200, "body": "[" * 100_000},
    {"cut": True},
]


@pytest.mark.parametrize("fault", GRAPHQL_FAULTS, ids=str)
async def test_rest_stands_in_for_graphql(source_of: Maker, soup: PullRequestData, fault: dict) -> None:
    """Whatever is wrong with GraphQL, also under HTTP 200, the whole pull request comes by REST."""
    with FakeGitHub(graphql=True) as github:
        github.add(soup)
        github.fault("graphql", **fault)
        pull, coverage = await source_of(github, token="t").pull_request(SEVEN)
        assert (pull.title, len(pull.files), len(pull.commits)) == ("Season the soup endpoint", 3, 2)
        assert (len(pull.reviews), len(pull.review_comments), len(pull.comments)) == (2, 2, 2)
        assert coverage.conversation_known


async def test_graphql_that_is_absent_is_not_asked_again(github: FakeGitHub, source_of: Maker) -> None:
    """A 404 is remembered."""
    source = source_of(github, token="t")
    await source.pull_request(SEVEN)
    github.forget()
    await source.pull_request(SEVEN)
    assert github.asked("graphql") == []


async def test_a_list_that_graphql_refuses_comes_by_rest(source_of: Maker, soup: PullRequestData) -> None:
    """Partial data under HTTP 200: only the missing list costs a request."""
    with FakeGitHub(graphql=True) as github:
        github.add(soup)
        source = source_of(github, token="t")
        soup.reviews.extend(dict(soup.reviews[0], id=1000 + index) for index in range(120))
        pull, _ = await source.pull_request(SEVEN)
        assert len(pull.reviews) == 122
        assert len(github.asked("/pulls/7/reviews")) == 2
        assert github.asked("/pulls/7/commits") == []


@pytest.mark.parametrize("prefix", ["", "/api/v3"])
async def test_an_enterprise_server_answers_below_a_prefix(
    source_of: Maker, soup: PullRequestData, prefix: str
) -> None:
    """``/api/v3`` for REST, ``/api/graphql`` for GraphQL."""
    with FakeGitHub(graphql=True, prefix=prefix) as github:
        github.add(soup)
        await source_of(github, token="t").pull_request(SEVEN)
        assert {seen.path for seen in github.asked("graphql")} == {"/api/graphql" if prefix else "/graphql"}


async def test_a_pull_request_from_elsewhere_can_be_asked_about(source_of: Maker, soup: PullRequestData) -> None:
    """A source that never read it (after a restart, from the store) still finds what belongs to it."""
    soup.later = [made_up_pull_request(8, title="Fix the soup", merged_minutes=700)]
    soup.head_files = {"src/soup_0.py": b"x\n", "AGENTS.md": b"Be good."}
    with FakeGitHub() as github:
        github.add(soup)
        pull, _ = await source_of(github).pull_request(SEVEN)
        other = source_of(github)
        assert [one.number for one in await other.follow_ups(pull)] == [8]
        assert await other.files_at_head(pull, ["src/soup_0.py"]) == {"src/soup_0.py": "x\n"}
        assert await other.house_rules(pull) == {"AGENTS.md": "Be good."}
        assert len(await other.commit_files(pull, [pull.commits[0].sha])) == 1


async def test_a_clone_is_not_githubs(source_of: Maker, github: FakeGitHub) -> None:
    """Asked for a path, it says what it reads instead."""
    with pytest.raises(SourceError, match="is not on"):
        await source_of(github).pull_request(LocalTarget(Path("x"), 7))


@pytest.mark.parametrize(
    ("content", "kind", "text"),
    [
        (b"caf\xe9\r\n", "text/plain", "caf\ufffd\r\n"),
        (b"\x89PNG\0\1", "text/plain", None),
        (b'[{"name": "x", "sha": "1", "type": "file"}]', "application/json; charset=utf-8", None),
        (b'{"type": "submodule", "sha": "1", "content": null}', "application/json", None),
        (b'{"type": "file", "sha": "1", "encoding": "base64", "content": "eA==\\n"}', "application/json", "x"),
        (b'{"type": "file", "sha": "1", "encoding": "base64", "content": "?"}', "application/json", None),
        (b'{"name": "package"}', "application/json", '{"name": "package"}'),
        (b"x" * (2 * 1024 * 1024 + 1), "text/plain", None),
    ],
    ids=["latin-1", "binary", "folder", "submodule", "base64", "bad base64", "a JSON file", "too large"],
)
def test_whole_files_are_text_or_left_out(content: bytes, kind: str, text: str | None) -> None:
    """Folders, submodules, binaries and giants are no text; bad bytes are marked, line ends stay."""
    assert text_of(Answer(200, {"content-type": kind}, content)) == text


@pytest.mark.parametrize("path", ["a b/c#d?.py", "../../user", "/etc/passwd", "é.py", "a//b/./c"])
def test_a_path_cannot_leave_the_repository(path: str) -> None:
    """Whatever a file is called, it is asked for below ``/contents/``."""
    asked = contents_path("acme", "soup", path)
    assert asked.startswith("/repos/acme/soup/contents/")
    assert not {"", ".", ".."} & set(asked.removeprefix("/").split("/"))
    assert "?" not in asked
    assert "#" not in asked


@pytest.mark.parametrize(
    ("api_url", "host"),
    [
        ("https://api.github.com", "github.com"),
        ("https://git.example.org/api/v3", "git.example.org"),
        ("https://api.acme.ghe.com", "acme.ghe.com"),
        ("http://127.0.0.1:8080", "github.com"),
        ("http://localhost:8080/api/v3", "github.com"),
    ],
)
async def test_the_web_host_is_told_from_the_api(api_url: str, host: str) -> None:
    """Links go where people look, and a stand-in stands in for github.com."""
    source = GitHubSource(api_url=api_url)
    assert source.web_host == host
    assert source.reads(GitHubTarget("acme", "soup", 7, host))
    assert not source.reads(GitHubTarget("acme", "soup", 7, "elsewhere.test"))
    await source.aclose()
