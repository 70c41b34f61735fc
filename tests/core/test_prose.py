"""New prose: sentences of a document, apart from code, tables and old lines that were retouched."""

from __future__ import annotations

import pytest

from bot.diff import parse_patch
from bot.prose import new_prose, outside_fences
from bot.pull_request import ChangedFile, FileStatus


def _added(patch: str, path: str = "docs/a.md", text: str | None = None) -> list[str]:
    file = ChangedFile(path=path, status=FileStatus.MODIFIED, patch=patch)
    return [line.text for line in new_prose(parse_patch(file), text)]


def test_a_new_sentence_is_prose() -> None:
    """A sentence that nothing like it was removed for is new prose."""
    assert _added("@@ -1 +1,2 @@\n # Bells\n+Ring the bell at high tide.") == ["Ring the bell at high tide."]


@pytest.mark.parametrize(
    "line",
    ["| bell | rings at high tide |", "import bell from the tide table", "<!-- the bell at high tide -->", "bell: 3"],
)
def test_a_table_or_code_is_none(line) -> None:
    """Rows of tables, code, markup and a word or two are no prose."""
    assert _added(f"@@ -1 +1,2 @@\n # Bells\n+{line}") == []


def test_an_old_line_retouched_is_none() -> None:
    """A line that shares most of its words with a removed one was there before."""
    assert _added("@@ -1 +1 @@\n-Ring the bell at high tide.\n+Ring the bell at a high tide.") == []


def test_code_files_have_none() -> None:
    """Prose stands in documents."""
    assert _added("@@ -1 +1,2 @@\n x\n+Ring the bell at high tide.", path="src/a.py") == []


@pytest.mark.parametrize("text", [None, "```\nRing the bell at high tide.\n```\nLeave the harbour at low tide.\n"])
def test_what_stands_in_a_fence_is_none(text) -> None:
    """A fence is seen in the file's own text, or in the hunk where that is not known."""
    patch = "@@ -0,0 +1,4 @@\n+```\n+Ring the bell at high tide.\n+```\n+Leave the harbour at low tide."
    assert _added(patch, text=text) == ["Leave the harbour at low tide."]
    file = ChangedFile(path="docs/a.md", status=FileStatus.MODIFIED, patch=patch)
    assert [line.text for line in outside_fences(parse_patch(file), text)] == ["Leave the harbour at low tide."]
