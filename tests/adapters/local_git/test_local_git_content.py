"""What is asked after the pull request itself: whole files, single commits, follow-ups, house rules."""

import pytest

from adapters.local_git import LocalGitSource, limits
from bot.errors import RepositoryError


async def test_files_at_head(build, source, monkeypatch):
    """Whole text comes as it stands at the head, and what is no readable text is left out."""
    monkeypatch.setattr(limits, "WHOLE_FILE_BYTES", 1_000)
    repo = build()
    repo.commit("Begin", {"a.txt": "1\n"})
    content = {"a.txt": "2\n", 'd/é "q"\n.txt': "x\n", "[a]*.txt": "star\n", ":(top)x": "magic\n", "crlf": "a\r\nb"}
    repo.commit("Change", {**content, "bin": b"\0\1", "big": "x" * 1_001, "latin": b"caf\xe9\n", "empty": ""})
    (repo.path / "link").symlink_to("a.txt")
    repo.commit("Link")
    pull, _ = await source.pull_request(repo.target(base="HEAD~2", head="HEAD"))
    texts = await source.files_at_head(pull, [*(file.path for file in pull.files), "absent.txt", "d", ""])
    assert texts == {**content, "latin": "caf\ufffd\n", "empty": ""}
    assert await source.files_at_head(pull, []) == {}


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "a\0b"])
async def test_paths_outside_are_not_there(squashed, source, path):
    """A path that leads out of the repository is left out, like any that is not there."""
    pull, _ = await source.pull_request(squashed.target(7))
    assert set(await source.files_at_head(pull, [path, "app.py"])) == {"app.py"}


async def test_commit_files(squashed, source):
    """Every own commit comes with its own diff against its parent; merges are left out."""
    pull, _ = await source.pull_request(squashed.target(7))
    first, merge, last = pull.commits
    diffs = await source.commit_files(pull, [commit.sha for commit in pull.commits] + ["f" * 40])
    assert list(diffs) == [first.sha, last.sha]
    assert merge.is_merge
    assert [(file.path, file.patch) for file in diffs[first.sha]] == [
        ("app.py", "@@ -1,2 +1,2 @@\n def run():\n-    return 1\n+    return 2"),
        ("retry.py", "@@ -0,0 +1 @@\n+x = 1"),
    ]
    assert [file.path for file in diffs[last.sha]] == ["retry.py", "tests/test_retry.py"]


async def test_follow_ups(squashed, source):
    """What landed later and touches the same files or names the pull request is told, oldest first."""
    squashed.git("config", "remote.origin.url", "https://github.com/ada/tool")
    pull, _ = await source.pull_request(squashed.target(7))
    mend, revert = await source.follow_ups(pull)
    assert (mend.number, mend.title, mend.body, mend.explicit, mend.is_revert) == (
        8, "Mend retry", "Follows #7.", True, False,
    )  # fmt: skip
    assert mend.url == "https://github.com/ada/tool/pull/8"
    assert {file.path: bool(file.patch) for file in mend.files} == {"retry.py": True, "notes.txt": False}
    assert (revert.number, revert.explicit, revert.is_revert) == (9, True, True)
    assert revert.merged_at > mend.merged_at > pull.merged_at


async def test_follow_ups_end_after_a_month(squashed, source):
    """What lands more than 30 days later is no sequel."""
    squashed.hours += 24 * 31
    squashed.commit("Late (#40)", {"app.py": "late\n"})
    pull, _ = await source.pull_request(squashed.target(7))
    assert [follow_up.number for follow_up in await source.follow_ups(pull)] == [8, 9]


async def test_merged_follow_up_shows_its_branch(squashed, source):
    """A follow-up that landed by a merge commit carries its pull request's title and all of its changes."""
    squashed.branch("later")
    squashed.commit("Step one", {"app.py": "1\n"})
    squashed.commit("Step two", {"tests/test_app.py": "2\n"})
    squashed.go("main")
    squashed.merge("later", "Merge pull request #31 from ada/later\n\nTwo steps\n\nBody.")
    pull, _ = await source.pull_request(squashed.target(7))
    last = (await source.follow_ups(pull))[-1]
    assert (last.number, last.title, last.body) == (31, "Two steps", "Body.")
    assert [(file.path, bool(file.patch)) for file in last.files] == [("app.py", True), ("tests/test_app.py", True)]


@pytest.mark.parametrize(
    ("message", "explicit"),
    [
        ("Follow #7 up", True),
        ("As ada/tool#7 said", True),
        ("See https://github.com/ada/tool/pull/7.", True),
        ("As other/tool#7 said", False),
        ("Like #70", False),
        ("This reverts commit {merge}.", True),
    ],
)
async def test_naming(squashed, source, message, explicit):
    """A later commit names the pull request by number, slug, URL or commit, and nothing else counts."""
    squashed.git("config", "remote.origin.url", "https://github.com/ada/tool")
    pull, _ = await source.pull_request(squashed.target(7))
    squashed.commit(f"Later\n\n{message.format(merge=pull.merge_commit_sha)}", {"unrelated.txt": "1\n"})
    assert (len(await source.follow_ups(pull)) == 3) is explicit


async def test_house_rules_stand_at_the_base(squashed, source):
    """House rules are those that held when the branch was last level with main."""
    pull, _ = await source.pull_request(squashed.target(7))
    assert await source.house_rules(pull) == {"AGENTS.md": "Be brief.\n"}


async def test_a_stranger_s_pull_request(squashed, source):
    """Questions about a pull request that this source did not read end in words."""
    pull, _ = await source.pull_request(squashed.target(7))
    with pytest.raises(RepositoryError, match="was not read"):
        await LocalGitSource().house_rules(pull)
    await source.aclose()
    with pytest.raises(RepositoryError, match="was not read"):
        await source.files_at_head(pull, ["app.py"])
