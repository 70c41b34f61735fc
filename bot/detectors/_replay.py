"""How a file stood after each commit of a pull request: its patches applied one after the other, and verified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.case import Case
from bot.diff import FileDiff
from bot.pull_request import FileStatus

_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class State:
    """The text of a file as one commit left it. ``sha`` is that commit."""

    sha: str
    text: str


def states(case: Case, path: str) -> Iterator[State]:
    """Yield the file's text after each commit that touched it, oldest first.

    It begins at a commit that creates the file, or at the base where the source gave the file whole. It ends, in
    silence, at the first patch that does not fit letter by letter: from there on the text is not known.
    """
    lines = case.base_files[path].split("\n") if path in case.base_files else None
    for commit in case.pull_request.commits:
        diff = next((item for item in case.commit_diffs(commit.sha) if item.path == path), None)
        if diff is None:
            continue
        if diff.file.status is FileStatus.REMOVED or (diff.file.status is FileStatus.RENAMED and lines is None):
            return
        lines = apply([] if diff.is_new else lines, diff)
        if lines is None:
            return
        yield State(commit.sha, "\n".join(lines))


def apply(lines: list[str] | None, diff: FileDiff) -> list[str] | None:
    """Return the lines after a patch, or nothing where the patch does not fit them."""
    if lines is None or diff.truncated or not diff.hunks or len(lines) > _LONGEST:
        return None
    result: list[str] = []
    position = 0
    for hunk in diff.hunks:
        start = hunk.old_start - 1 if any(line.old is not None for line in hunk.lines) else hunk.old_start
        if start < position:
            return None
        result.extend(lines[position:start])
        position = start
        for line in hunk.lines:
            if line.mark != "+":
                if position >= len(lines) or lines[position].removesuffix("\r") != line.text:
                    return None
                position += 1
            if line.mark != "-":
                result.append(line.text)
    result.extend(lines[position:])
    return result
