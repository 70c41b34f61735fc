"""Patches as lines with numbers."""

import difflib

from hypothesis import given
from hypothesis import strategies as st

from bot.diff import parse_patch
from bot.pull_request import ChangedFile, FileStatus

LINE = st.text(alphabet=st.characters(blacklist_characters="\n\r", blacklist_categories=["Cs"]), max_size=12)


def _changed(before: list[str], after: list[str]) -> ChangedFile:
    patch = "\n".join(list(difflib.unified_diff(before, after, lineterm="", n=2))[2:])
    return ChangedFile(path="a.py", patch=patch or None)


@given(st.lists(LINE, max_size=30), st.lists(LINE, max_size=30))
def test_every_line_keeps_its_number(before: list[str], after: list[str]) -> None:
    """Added lines stand at their number in the new text, removed ones at theirs in the old."""
    diff = parse_patch(_changed(before, after))
    assert all(after[line.new - 1] == line.text for line in diff.added)
    assert all(before[line.old - 1] == line.text for line in diff.removed)
    kept = len(before) - len(diff.removed)
    assert kept == len(after) - len(diff.added)


@given(st.text(max_size=300))
def test_damage_is_tolerated(patch: str) -> None:
    """No text makes the parser raise."""
    parse_patch(ChangedFile(path="a.py", patch=patch))


def test_a_cut_patch_says_so() -> None:
    """A hunk that is shorter than its header promised is marked as truncated, with what it holds."""
    diff = parse_patch(ChangedFile(path="a.py", patch="@@ -1,3 +1,4 @@ def f():\n a\n+b"))
    assert diff.truncated
    assert [line.text for line in diff.added] == ["b"]
    assert diff.hunks[0].section == "def f():"


def test_a_line_that_looks_like_a_header_stays_a_line() -> None:
    """A changed line that begins like a hunk's header or a file's name belongs to its hunk."""
    patch = "@@ -1,1 +1,2 @@\n --- a\n+@@ -9,9 +9,9 @@"
    diff = parse_patch(ChangedFile(path="a.diff", patch=patch))
    assert [line.text for line in diff.added] == ["@@ -9,9 +9,9 @@"]
    assert not diff.truncated


def test_no_newline_at_the_end_is_no_line() -> None:
    """Git's remark on a missing newline is not counted."""
    diff = parse_patch(ChangedFile(path="a", patch="@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b"))
    assert [(line.mark, line.text) for hunk in diff.hunks for line in hunk.lines] == [("-", "a"), ("+", "b")]


def test_a_missing_patch_of_a_text_file_is_a_gap() -> None:
    """A text file without a patch is truncated, a binary one is not."""
    assert parse_patch(ChangedFile(path="a.py", status=FileStatus.MODIFIED)).truncated
    assert not parse_patch(ChangedFile(path="a.png", is_binary=True)).truncated
