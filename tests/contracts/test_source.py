"""What every source promises, whichever way it reads: GitHub with and without a token, a clone, the recordings.

To plug in another source, add a factory to ``SOURCES``: given the story it yields the source and the target of #7.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from fakes.github import FakeGitHub
from story import MENDED, QUOTED, RULES, SALTED, START, Story, routes_of, tell

from adapters.github.source import GitHubSource
from adapters.local_git.source import LocalGitSource
from bot.diff import parse_patch
from bot.errors import SourceError
from bot.ports import ListsMerged, Source
from bot.pull_request import FileStatus
from bot.target import GitHubTarget, LocalTarget, Target

Told = tuple[Source, Target]
Factory = Callable[[Story], AbstractContextManager[Told]]


@contextmanager
def github(story: Story, *, token: str, graphql: bool) -> Iterator[Told]:
    """GitHub on loopback."""
    with FakeGitHub(graphql=graphql) as server:
        server.routes.update(routes_of(story))
        yield GitHubSource(api_url=server.url, token=token), GitHubTarget("acme", "soup", 7)


@contextmanager
def local_git(story: Story) -> Iterator[Told]:
    """The repository itself."""
    yield LocalGitSource(), LocalTarget(story.folder, 7)


SOURCES: dict[str, Factory] = {
    "github without a token": lambda story: github(story, token="", graphql=False),
    "github with a token": lambda story: github(story, token="t", graphql=True),
    "github with a token but no GraphQL": lambda story: github(story, token="t", graphql=False),
    "a local clone": local_git,
}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The story, laid down once."""
    return tell(tmp_path_factory.mktemp("story") / "soup")


@pytest.fixture(params=SOURCES)
async def told(request: pytest.FixtureRequest, story: Story) -> AsyncIterator[Told]:
    """Each source that tells the story."""
    with SOURCES[request.param](story) as (source, target):
        yield source, target
        await source.aclose()


@pytest.fixture(params=[*SOURCES, "recordings"])
async def any_source(request: pytest.FixtureRequest, story: Story) -> AsyncIterator[Told]:
    """The same, and the recordings of a real pull request."""
    if request.param == "recordings":
        recordings: Path = request.getfixturevalue("recordings")
        with FakeGitHub(recordings / "github") as server:
            source = GitHubSource(api_url=server.url)
            yield source, GitHubTarget("PrefectHQ", "prefect", 22004)
            await source.aclose()
        return
    with SOURCES[request.param](story) as (source, target):
        yield source, target
        await source.aclose()


async def test_reads_its_own_target_only(any_source: Told) -> None:
    """A source takes its own kind of target and leaves the others to others."""
    source, target = any_source
    foreign = LocalTarget(Path("x"), 7) if isinstance(target, GitHubTarget) else GitHubTarget("acme", "soup", 7)
    assert source.reads(target)
    assert not source.reads(foreign)


async def test_times_are_utc(any_source: Told) -> None:
    """Every time is in UTC, and merged comes after created or is at least known."""
    source, target = any_source
    pull, _ = await source.pull_request(target)
    times = [pull.merged_at, *(commit.authored_at for commit in pull.commits)]
    assert all(time is not None and time.utcoffset() == timedelta(0) for time in times)


async def test_coverage_adds_up(any_source: Told) -> None:
    """The coverage counts what the models hold, and nothing was left out of these."""
    source, target = any_source
    pull, coverage = await source.pull_request(target)
    assert coverage.files_read == coverage.files_total == len(pull.files) == pull.changed_files
    assert coverage.commits_read == coverage.commits_total == len(pull.commits) == pull.commit_count
    assert not coverage.partial


async def test_patches_can_be_parsed(any_source: Told) -> None:
    """Every patch is hunks without a header, as the diff parser wants them, and adds up to its figures."""
    source, target = any_source
    pull, _ = await source.pull_request(target)
    for file in pull.files:
        diff = parse_patch(file)
        assert (len(diff.added), len(diff.removed)) == (file.additions, file.deletions), file.path
        assert not (file.patch and diff.truncated), file.path
    assert sum(file.additions for file in pull.files) == pull.additions


async def test_follow_ups_came_later(any_source: Told) -> None:
    """A follow-up was merged after the pull request and names it or touches one of its files."""
    source, target = any_source
    pull, _ = await source.pull_request(target)
    found = await source.follow_ups(pull)
    paths = {file.path for file in pull.files}
    assert found
    assert all(pull.merged_at is not None and one.merged_at > pull.merged_at for one in found)
    assert all(one.explicit or paths & {file.path for file in one.files} for one in found)


async def test_what_is_not_there_is_left_out(any_source: Told) -> None:
    """Paths and commits that do not exist are left out without an error."""
    source, target = any_source
    pull, _ = await source.pull_request(target)
    assert await source.files_at_head(pull, ["no/such/file.py"]) == {}
    assert await source.commit_files(pull, ["0" * 40]) == {}


async def test_can_be_closed_twice(any_source: Told) -> None:
    """Closing is harmless, also when it happens again."""
    source, _ = any_source
    await source.aclose()
    await source.aclose()


async def test_the_pull_request(told: Told, story: Story) -> None:
    """Every source tells the same pull request: title, ends, merge, author."""
    source, target = told
    pull, _ = await source.pull_request(target)
    assert (pull.number, pull.title) == (7, "Season the soup")
    assert "Adds salt." in pull.body
    assert (pull.base_sha, pull.head_sha, pull.merge_commit_sha) == (story.base, story.head, story.merge)
    assert pull.merged
    assert pull.merged_at == START.astimezone(UTC) + timedelta(minutes=600)
    assert pull.user.login == "ada"


async def test_the_files(told: Told) -> None:
    """Renames, removals, binary files and quoted paths come out the same everywhere."""
    source, target = told
    pull, _ = await source.pull_request(target)
    files = {file.path: file for file in pull.files}
    assert {path: file.status for path, file in files.items()} == {
        "src/soup.py": FileStatus.MODIFIED,
        "tests/test_soup.py": FileStatus.ADDED,
        "src/ladle.py": FileStatus.RENAMED,
        "src/old.py": FileStatus.REMOVED,
        QUOTED: FileStatus.ADDED,
        "docs/soup.png": FileStatus.ADDED,
    }
    assert files["src/ladle.py"].previous_path == "src/spoon.py"
    assert files["src/ladle.py"].patch == ""
    assert files["docs/soup.png"].is_binary
    assert files["docs/soup.png"].patch is None
    assert not files[QUOTED].is_binary
    assert "+    salt = 2" in (files["src/soup.py"].patch or "")


async def test_the_commits(told: Told, story: Story) -> None:
    """Commits come oldest first, with subject, body, author, co-authors and parents."""
    source, target = told
    pull, _ = await source.pull_request(target)
    first, second = pull.commits
    assert (first.sha, second.sha) == story.commits
    assert (first.subject, first.co_authors) == ("Add salt", ("grace",))
    assert first.body.startswith("Not too much.")
    assert second.parents == (first.sha,)
    assert first.author.login == "ada"
    assert first.authored_at == START + timedelta(minutes=60)


async def test_whole_files_stand_as_at_the_head(told: Told) -> None:
    """Whole files come from the head, not from what was merged or mended later."""
    source, target = told
    pull, _ = await source.pull_request(target)
    texts = await source.files_at_head(pull, ["src/soup.py", "src/none.py"])
    assert texts == {"src/soup.py": SALTED}
    assert MENDED != SALTED


async def test_commits_have_their_own_diffs(told: Told, story: Story) -> None:
    """A commit's diff is against its own parent, not against the base."""
    source, target = told
    pull, _ = await source.pull_request(target)
    diffs = await source.commit_files(pull, list(story.commits))
    assert {file.path for file in diffs[story.commits[0]]} == {"src/soup.py", "tests/test_soup.py"}
    assert "src/soup.py" not in {file.path for file in diffs[story.commits[1]]}


async def test_the_mend_is_found_and_the_stranger_is_not(told: Told) -> None:
    """What touches a same file afterwards is a follow-up, with its diff; what touches none is not."""
    source, target = told
    pull, _ = await source.pull_request(target)
    (mend,) = await source.follow_ups(pull)
    assert (mend.number, mend.title, mend.explicit, mend.is_revert) == (8, "Fix oversalted soup", True, False)
    assert [file.path for file in mend.files] == ["src/soup.py"]
    assert "-    salt = 2" in (mend.files[0].patch or "")


async def test_house_rules_stand_as_at_the_base(told: Told) -> None:
    """The rules are those that the author could know, by their path."""
    source, target = told
    pull, _ = await source.pull_request(target)
    assert await source.house_rules(pull) == {"AGENTS.md": RULES}


async def test_no_such_pull_request_ends_in_words(told: Told) -> None:
    """A number that nobody gave ends in a sentence with a next step."""
    source, target = told
    other = (
        GitHubTarget(target.owner, target.repo, 4711)
        if isinstance(target, GitHubTarget)
        else LocalTarget(target.path, 4711)
    )
    with pytest.raises(SourceError) as caught:
        await source.pull_request(other)
    assert caught.value.sentence.endswith(".")
    assert caught.value.next_step


async def test_lists_what_was_merged(told: Told) -> None:
    """The window takes its beginning in and leaves its end out; newest first, each with number, title and author."""
    source, target = told
    assert isinstance(source, ListsMerged)
    name = f"{target.owner}/{target.repo}" if isinstance(target, GitHubTarget) else str(target.path)
    begin, end = START + timedelta(minutes=600), START + timedelta(minutes=3100)
    found = await source.merged(name, begin, end)
    assert [(one.number, one.title) for one in found.pulls] == [(8, "Fix oversalted soup"), (7, "Season the soup")]
    assert [one.merged_at for one in found.pulls] == [START + timedelta(minutes=3000), begin]
    assert {one.user.login for one in found.pulls} == {"ada"}
    assert not any(one.user.is_bot for one in found.pulls)
    assert found.complete
    whole = await source.merged(name, begin, end + timedelta(seconds=1))
    assert [one.number for one in whole.pulls] == [9, 8, 7]
    assert (await source.merged(name, end + timedelta(days=1), end + timedelta(days=2))).pulls == ()


async def test_a_repository_that_is_not_there_ends_in_words(told: Told, tmp_path: Path) -> None:
    """A list of what is not there ends in a sentence with a next step, never in an empty list."""
    source, target = told
    assert isinstance(source, ListsMerged)
    name = "acme/nowhere" if isinstance(target, GitHubTarget) else str(tmp_path / "nowhere")
    with pytest.raises(SourceError) as caught:
        await source.merged(name, START, START + timedelta(days=7))
    assert caught.value.sentence.endswith(".")
    assert caught.value.next_step
