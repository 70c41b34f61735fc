"""What GitHub's answers become, with all their gaps."""

from __future__ import annotations

import json

import pytest
from fakes.github.made_up import made_up_commit, made_up_file, made_up_pull_request

from adapters.github import decode
from adapters.github.answer import Answer
from adapters.github.difftext import files_of, with_patches
from bot.errors import UnavailableError
from bot.pull_request import ChangedFile, FileStatus, PullRequest


def read(pull: object) -> PullRequest:
    """Decode it as of acme/soup."""
    return decode.pull_request(pull, owner="acme", repo="soup", web_url="https://github.com", private_if_unknown=True)


def test_a_deleted_account_is_the_ghost() -> None:
    """A null user becomes the ghost, and the merger stays unknown."""
    pull = made_up_pull_request(author=None).pull | {"merged_by": None, "body": None}
    found = read(pull)
    assert found.user.is_ghost
    assert found.merged_by is None
    assert found.body == ""


def test_a_deleted_fork_changes_nothing() -> None:
    """A head without a repository is still a head."""
    pull = made_up_pull_request().pull
    pull["head"]["repo"] = None
    assert read(pull).head_sha == pull["head"]["sha"]


def test_an_unknown_home_counts_as_private() -> None:
    """Where the answer does not say whether the repository is private, the caller's caution decides."""
    pull = made_up_pull_request().pull
    pull["base"]["repo"] = None
    assert read(pull).private


@pytest.mark.parametrize("garbage", [None, [], "soup", 7, {}, {"number": "x", "title": "t"}, {"number": 7}])
def test_garbage_is_no_pull_request(garbage: object) -> None:
    """What is no pull request ends in words."""
    with pytest.raises(UnavailableError, match="not a pull request"):
        read(garbage)


@pytest.mark.parametrize("account", [{"login": "ci[bot]"}, {"login": "ci", "type": "Bot"}])
def test_bots_are_known_by_type_or_by_name(account: dict[str, str]) -> None:
    """Either sign will do."""
    assert decode.user(account).is_bot


@pytest.mark.parametrize(
    ("email", "login"),
    [
        ("7+ada@users.noreply.github.com", "ada"),
        ("ada@users.noreply.github.com", "ada"),
        ("9+dependabot[bot]@users.noreply.github.com", "dependabot[bot]"),
        ("ada@example.org", "Ada L."),
    ],
)
def test_a_commit_without_account_is_told_from_git(email: str, login: str) -> None:
    """A no-reply address names the login; otherwise the git name stands as it is."""
    item = made_up_commit(1, "x", author=None)
    item["commit"]["author"] = {"name": "Ada L.", "email": email, "date": "2026-03-02T09:00:00Z"}
    found = decode.commit(item)
    assert (found.author.login, found.author.is_bot) == (login, login.endswith("[bot]"))


def test_a_commit_by_nobody_is_the_ghosts() -> None:
    """No account, no name, no address: the ghost."""
    item = made_up_commit(1, "x", author=None)
    item["commit"]["author"] = {"name": "", "email": "", "date": "2026-03-02T09:00:00Z"}
    assert decode.commit(item).author.is_ghost


def test_co_authors_are_named_once_each() -> None:
    """Trailers give logins or names; repetitions and empty ones do not count."""
    message = "x\n\nCo-authored-by: Bob <1+bob@users.noreply.github.com>\nCo-Authored-By: Cy <c@x.org>\nco-authored-by: Cy <c@x.org>"
    assert decode.co_authors(message) == ("bob", "Cy")


def test_one_damaged_item_costs_itself_alone() -> None:
    """A list with garbage in it keeps the rest."""
    items = [made_up_commit(1, "good"), None, {}, {"sha": "x", "commit": None}, made_up_commit(2, "too")]
    assert [commit.subject for commit in decode.each(items, decode.commit)] == ["good", "too"]


def test_times_with_an_offset_become_utc() -> None:
    """An offset is turned into UTC, and a word into nothing."""
    found = decode.moment("2026-03-02T10:00:00+01:00")
    assert found is not None
    assert found.isoformat() == "2026-03-02T09:00:00+00:00"
    assert decode.moment("yesterday") is None


@pytest.mark.parametrize(
    ("changes", "binary", "patch"),
    [
        ({"filename": "a.png", "status": "added"}, True, None),
        ({"filename": "model.onnx", "status": "added"}, True, None),
        ({"filename": "model.onnx", "status": "modified"}, True, None),
        (
            {"filename": "a/__init__.py", "status": "added", "sha": "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"},
            False,
            "",
        ),
        ({"filename": "run.sh", "status": "modified"}, False, ""),
        ({"filename": "b.bin2", "status": "renamed", "previous_filename": "a.bin2"}, False, ""),
    ],
)
def test_files_without_lines_are_told_apart(changes: dict[str, str], binary: bool, patch: str | None) -> None:
    """Binary, empty, renamed and re-moded files all come without a patch and without a count."""
    file = decode.changed_file(made_up_file("x", patch=None, additions=0, changes=0) | changes)
    assert (file.is_binary, file.patch) == (binary, patch)


def test_a_file_too_large_for_a_patch_has_none() -> None:
    """Counted lines without a patch are unread, not binary."""
    file = decode.changed_file(made_up_file("big.py", patch=None, additions=9000, changes=9000))
    assert (file.is_binary, file.patch) == (False, None)


def test_an_unheard_of_status_is_a_modification() -> None:
    """A status that GitHub may add some day does not end the reading."""
    assert decode.changed_file(made_up_file("a.py", status="teleported")).status is FileStatus.MODIFIED


def test_a_pending_review_is_nobodys_business() -> None:
    """A review that was not sent is left out, and so is one in a state that we do not know."""
    base = {"id": 1, "user": None, "body": None}
    states = ["PENDING", "approved", "SURPRISED"]
    found = decode.each([{**base, "state": state} for state in states], decode.review)
    assert [review.state.value for review in found] == ["APPROVED"]


def test_an_outdated_remark_has_no_line() -> None:
    """``line: null`` and a missing ``in_reply_to_id`` are allowed."""
    item = {"id": 1, "user": None, "body": "x", "path": "a.py", "line": None, "created_at": "2026-03-02T09:00:00Z"}
    found = decode.review_comment(item)
    assert found is not None
    assert (found.line, found.in_reply_to_id, found.user.is_ghost) == (None, None, True)


@pytest.mark.parametrize(
    ("body", "numbers"),
    [
        ("Fixes #3", [3]),
        ("closes: #3, resolves acme/soup#4", [3, 4]),
        ("Fixed https://github.com/acme/soup/issues/5.", [5]),
        ("fixes other/place#6", []),
        ("Related to #7; prefix #8", []),
        ("<!-- fixes #9 --> `fixes #10`\n```\nfixes #11\n```", []),
    ],
)
def test_closing_keywords_link_issues(body: str, numbers: list[int]) -> None:
    """GitHub's keywords link an issue of this repository; comments and code do not."""
    assert [issue.number for issue in decode.linked_issues(body, "acme", "soup", "https://github.com")] == numbers


def test_half_a_character_becomes_a_whole_one() -> None:
    """A lone surrogate would break every output; a pair is an emoji and stays."""
    body = json.dumps({"title": ["so \ud800 up", "\U0001f35c"]}).encode()
    assert Answer(200, {}, body).json() == {"title": ["so \ufffd up", "\U0001f35c"]}


DIFF = r"""diff --git a/src/a.py b/src/a.py
index 1..2 100644
--- a/src/a.py
+++ b/src/a.py
@@ -1 +1,2 @@
 x
+diff --git a/fake b/fake
diff --git "a/caf\303\251.md" "b/caf\303\251.md"
new file mode 100644
--- /dev/null
+++ "b/caf\303\251.md"
@@ -0,0 +1 @@
+é
diff --git a/old.py b/new.py
similarity index 100%
rename from old.py
rename to new.py
diff --git a/a b/c.png b/a b/c.png
index 1..2 100644
Binary files a/a b/c.png and b/a b/c.png differ
diff --git a/gone.py b/gone.py
deleted file mode 100644
--- a/gone.py
+++ /dev/null
@@ -1 +0,0 @@
-x
\ No newline at end of file
"""


def test_a_diff_tells_its_files() -> None:
    """Quoted paths, renames, binaries, removals, and content that looks like a header."""
    files = {file.path: file for file in files_of(DIFF)}
    assert {path: (file.status.value, file.additions, file.deletions) for path, file in files.items()} == {
        "src/a.py": ("modified", 1, 0),
        "café.md": ("added", 1, 0),
        "new.py": ("renamed", 0, 0),
        "a b/c.png": ("modified", 0, 0),
        "gone.py": ("removed", 0, 1),
    }
    assert files["new.py"].previous_path == "old.py"
    assert files["a b/c.png"].is_binary
    assert files["src/a.py"].patch == "@@ -1 +1,2 @@\n x\n+diff --git a/fake b/fake"
    assert (files["gone.py"].patch or "").endswith("\\ No newline at end of file")


def test_a_diff_fills_the_gaps_only() -> None:
    """A patch that ``/files`` gave stays; one that is missing comes from the diff."""
    given = (ChangedFile(path="src/a.py", patch="@@ kept"), ChangedFile(path="café.md", additions=1))
    kept, filled = with_patches(given, DIFF)
    assert kept.patch == "@@ kept"
    assert filled.patch == "@@ -0,0 +1 @@\n+é"


@pytest.mark.parametrize(
    "message",
    [
        "\n" * 200_000,
        "co-authored-by:" + " " * 200_000 + "x",
        "co-authored-by: <" * 20_000,
        "co-authored-by:\n" * 20_000,
    ],
)
def test_a_hostile_message_costs_no_more_than_its_length(message: str) -> None:
    """No trailer hunt goes over the same text again and again: this would take hours."""
    assert len(decode.co_authors(message)) <= 2
