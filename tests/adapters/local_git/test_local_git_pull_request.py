"""A pull request out of a clone: what is found, and in whose words."""

from datetime import UTC, datetime

import pytest

from bot.pull_request import FileStatus
from bot.target import GitHubTarget, LocalTarget


async def test_reads_only_local_targets(source, tmp_path):
    """The source takes paths, and leaves GitHub to its colleague."""
    assert source.reads(LocalTarget(tmp_path, 7))
    assert not source.reads(GitHubTarget("o", "r", 7))


async def test_squashed_words_and_times(squashed, source):
    """Title, description, times and people of a squashed pull request come from its branch and its squash commit."""
    pull, coverage = await source.pull_request(squashed.target(7))
    assert (pull.number, pull.title, pull.body) == (7, "Add retry to the runner", "Fixes #5.")
    assert (pull.merged, pull.state, pull.base_ref, pull.head_ref) == (True, "closed", "main", "pull/7/head")
    assert pull.user.login == "ada-login"
    assert pull.merged_by is None, "a button was pressed, and the clone does not know by whom"
    assert [issue.number for issue in pull.linked_issues] == [5]
    assert pull.created_at == pull.commits[0].authored_at
    assert pull.merged_at == datetime.fromtimestamp(1_770_000_000 + 3600 * squashed.hours - 3 * 3600, UTC)
    assert not coverage.conversation_known
    assert coverage.follow_ups_known
    assert not coverage.partial


async def test_merged_main_is_not_the_branch_s_work(squashed, source):
    """What came with a merge of main is neither in the diff nor among the commits; the merge itself is."""
    pull, _ = await source.pull_request(squashed.target(7))
    assert [commit.subject for commit in pull.commits] == [
        "Add retry",
        "Merge branch 'main' into add-retry",
        "Fix retry",
    ]
    assert [commit.is_merge for commit in pull.commits] == [False, True, False]
    assert {file.path for file in pull.files} == {"app.py", "retry.py", "tests/test_retry.py"}
    assert (pull.additions, pull.deletions, pull.changed_files, pull.commit_count) == (4, 1, 3, 3)


async def test_co_authors_are_logins_or_names(squashed, source):
    """A co-author is told by login where the mail holds one, else by name."""
    pull, _ = await source.pull_request(squashed.target(7))
    assert pull.commits[-1].co_authors == ("bo-login", "Cy")


async def test_patch_begins_at_its_first_hunk(squashed, source):
    """A patch is the hunks alone, as GitHub gives it."""
    pull, _ = await source.pull_request(squashed.target(7))
    retry = next(file for file in pull.files if file.path == "retry.py")
    assert retry.patch == "@@ -0,0 +1 @@\n+x = 2"
    assert retry.status is FileStatus.ADDED


async def test_only_the_squash_commit(squashed, source):
    """Without the branch, the squash commit alone is the pull request, and the coverage says so."""
    squashed.git("update-ref", "-d", "refs/pull/7/head")
    pull, coverage = await source.pull_request(squashed.target(7))
    assert [commit.sha for commit in pull.commits] == [pull.merge_commit_sha]
    assert (pull.title, pull.additions, pull.deletions) == ("Add retry to the runner", 4, 1)
    assert any("own commits are not in this clone" in note for note in coverage.notes)


@pytest.mark.parametrize("with_ref", [True, False])
async def test_true_merge_holds_its_branch(build, source, with_ref):
    """A merge commit still has the branch behind its second parent, and the title in its body."""
    repo = build()
    repo.commit("Begin", {"a.txt": "1\n"})
    repo.branch("topic")
    repo.commit("One", {"b.txt": "1\n"})
    repo.commit("Two", {"b.txt": "2\n"})
    repo.go("main")
    repo.commit("Meanwhile", {"a.txt": "2\n"})
    if with_ref:
        repo.pull_ref(3, "topic")
    merge = repo.merge("topic", "Merge pull request #3 from ada/topic-branch\n\nAdd b\n\nThe reason.")
    pull, coverage = await source.pull_request(repo.target(3))
    assert (pull.title, pull.body, pull.head_ref) == ("Add b", "The reason.", "topic-branch")
    assert [commit.subject for commit in pull.commits] == ["One", "Two"]
    assert [file.path for file in pull.files] == ["b.txt"]
    assert pull.merge_commit_sha == merge
    assert not coverage.partial


async def test_unmerged(build, source):
    """An unmerged pull request is open, and carries its first commit's subject."""
    repo = build()
    repo.commit("Begin", {"a.txt": "1\n"})
    repo.branch("topic")
    repo.commit("First try", {"b.txt": "1\n"})
    repo.commit("Second try", {"b.txt": "2\n"})
    repo.pull_ref(4, "topic")
    repo.go("main")
    repo.commit("Later", {"a.txt": "2\n"})
    pull, coverage = await source.pull_request(repo.target(4))
    assert (pull.title, pull.state, pull.merged, pull.merged_at) == ("First try", "open", False, None)
    assert [file.path for file in pull.files] == ["b.txt"]
    assert any("not merged" in note for note in coverage.notes)


async def test_rebased_without_a_number(build, source):
    """A branch that was rebased onto main without its number is recognised by its last commit's author and time."""
    repo = build()
    repo.commit("Begin", {"a.txt": "1\n"})
    repo.branch("topic")
    repo.commit("First", {"b.txt": "1\n"})
    repo.commit("Second", {"b.txt": "2\n"})
    repo.pull_ref(4, "topic")
    repo.go("main")
    repo.commit("Meanwhile", {"a.txt": "2\n"})
    repo.hours += 24
    repo.git("cherry-pick", "main..topic")
    pull, coverage = await source.pull_request(repo.target(4))
    assert pull.merged
    assert pull.merge_commit_sha == repo.git("rev-parse", "main")
    assert [commit.subject for commit in pull.commits] == ["First", "Second"]
    assert any("recognised" in note for note in coverage.notes)


async def test_branch_swallowed_by_main(build, source):
    """A branch that main holds whole without a word is merged, and only its last commit is told."""
    repo = build()
    repo.commit("Begin", {"a.txt": "1\n"})
    repo.commit("Straight onto main", {"a.txt": "2\n"})
    repo.pull_ref(4, "main")
    repo.commit("Later", {"a.txt": "3\n"})
    pull, coverage = await source.pull_request(repo.target(4))
    assert pull.merged
    assert [commit.subject for commit in pull.commits] == ["Straight onto main"]
    assert any("where it began" in note for note in coverage.notes)


@pytest.mark.parametrize("ref", ["refs/remotes/origin/pr/7", "refs/remotes/origin/pull/7/head"])
async def test_refs_of_a_remote(squashed, source, ref):
    """A pull request that was fetched below a remote is found, too."""
    squashed.git("update-ref", ref, "add-retry")
    squashed.git("update-ref", "-d", "refs/pull/7/head")
    pull, _ = await source.pull_request(squashed.target(7))
    assert pull.commit_count == 3


async def test_longer_numbers_are_not_mistaken(squashed, source):
    """#7 is not #77, and a commit that only mentions (#7) does not land it."""
    squashed.commit("Talk about it\n\nAs in (#7)", {"notes.txt": "z\n"})
    pull, _ = await source.pull_request(squashed.target(7))
    assert pull.merge_commit_sha == squashed.git("log", "-1", "--format=%H", "--grep=runner (#7)")


async def test_two_histories_in_one(build, source):
    """A fork's history may hold two commits for one number: the branch tells which is meant, else the later one is."""
    repo = build()
    repo.commit("Begin", {"a.txt": "1\n"})
    repo.commit("The ancestor's (#7)", {"a.txt": "2\n"})
    repo.hours += 1_000
    repo.branch("topic")
    repo.commit("Ours", {"b.txt": "1\n"})
    repo.pull_ref(7, "topic")
    ours = repo.squash("topic", "Ours (#7)")
    pull, _ = await source.pull_request(repo.target(7))
    assert (pull.merge_commit_sha, pull.commit_count) == (ours, 1)
    repo.git("update-ref", "-d", "refs/pull/7/head")
    pull, _ = await source.pull_request(repo.target(7))
    assert pull.merge_commit_sha == ours


async def test_release_branch(build, source):
    """A pull request that landed on a release branch alone is found there."""
    repo = build()
    repo.commit("Begin", {"a.txt": "1\n"})
    repo.branch("1.x")
    repo.commit("Patch the old one (#12)", {"a.txt": "2\n"})
    repo.go("main")
    pull, _ = await source.pull_request(repo.target(12))
    assert (pull.title, pull.base_ref) == ("Patch the old one", "1.x")


async def test_squash_list_is_no_description(build, source):
    """A squash message that lists the squashed commits is not told as the description."""
    repo = build()
    repo.commit("Begin", {"a.txt": "1\n"})
    repo.branch("topic")
    repo.commit("Add b", {"b.txt": "1\n"})
    repo.commit("oops", {"b.txt": "2\n"})
    repo.pull_ref(2, "topic")
    repo.squash("topic", "Add b (#2)\n\n* Add b\n\n* oops\n\n---------\n\nCo-authored-by: Cy <cy@example.org>")
    pull, _ = await source.pull_request(repo.target(2))
    assert pull.body == ""


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("https://user:secret@github.com/ada/tool.git", "https://github.com/ada/tool/pull/7"),
        ("git@github.com:ada/tool.git", "https://github.com/ada/tool/pull/7"),
        ("ssh://git@github.example.org:2222/ada/tool", "https://github.example.org/ada/tool/pull/7"),
    ],
)
async def test_origin_gives_links_without_credentials(squashed, source, address, url):
    """A remote on GitHub gives owner, name and links; a secret in its address goes nowhere."""
    squashed.git("config", "remote.origin.url", address)
    pull, _ = await source.pull_request(squashed.target(7))
    assert (pull.owner, pull.repo, pull.url) == ("ada", "tool", url)
    assert pull.commits[0].url == f"{pull.repository_url}/commit/{pull.commits[0].sha}"
    assert "secret" not in pull.model_dump_json()


@pytest.mark.parametrize("address", ["https://gitlab.com/ada/tool.git", "/srv/git/tool.git", "nonsense", ""])
async def test_no_certain_host_gives_no_links(squashed, source, address):
    """Where no remote names a GitHub host, the folder's name is all, and nothing is linked."""
    squashed.git("config", "remote.origin.url", address)
    pull, _ = await source.pull_request(squashed.target(7))
    assert (pull.owner, pull.repo, pull.url, pull.commits[0].url) == ("", "project", "", "")


async def test_upstream_numbers_the_pull_requests(squashed, source):
    """In a fork's clone, the pull requests are those of upstream."""
    squashed.git("config", "remote.origin.url", "https://github.com/fork/tool")
    squashed.git("config", "remote.upstream.url", "https://github.com/ada/tool")
    pull, _ = await source.pull_request(squashed.target(7))
    assert pull.owner == "ada"


@pytest.mark.parametrize("kind", ["mirror", "worktree", "subfolder", "sha256"])
async def test_every_kind_of_clone(squashed, build, source, tmp_path, kind):
    """A bare mirror, a linked worktree, a folder inside and a SHA-256 repository give the same pull request."""
    expected, _ = await source.pull_request(squashed.target(7))
    path = tmp_path / kind
    if kind == "mirror":
        squashed.git("clone", "-q", "--mirror", str(squashed.path), str(path))
    elif kind == "worktree":
        squashed.git("worktree", "add", "-q", "--detach", str(path), "main~2")
    elif kind == "subfolder":
        path = squashed.path / "tests"
    else:
        stream = squashed.git("fast-export", "--all", "--reencode=yes").encode()
        build(kind, "--object-format=sha256").git("fast-import", "--quiet", stdin=stream + b"\n")
    pull, _ = await source.pull_request(LocalTarget(path, 7))
    assert pull.files == expected.files
    assert [commit.message.strip() for commit in pull.commits] == [c.message.strip() for c in expected.commits]
