"""The output of ``git diff-tree --stdin -z --raw --numstat -p``, cut into files. Pure, linear and bounded.

Records and figures come NUL-terminated, so no path has to be unquoted; patches follow in the records' order:
https://git-scm.com/docs/diff-format. Inside a patch every line of content begins with a mark, and names in headers are
quoted, so ``diff --git`` or the commit mark at the beginning of a line is always git's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from adapters.local_git import limits
from bot.pull_request import ChangedFile, FileStatus

COMMIT_MARK = "--format=tformat:%x01%H"
_BOUNDARY = re.compile(rb"\n(?=diff --git |\x01)")
_LONGEST_BOUNDARY = len(b"\ndiff --git ")
STATUS = {
    "M": FileStatus.MODIFIED,
    "A": FileStatus.ADDED,
    "D": FileStatus.REMOVED,
    "R": FileStatus.RENAMED,
    "C": FileStatus.COPIED,
    "T": FileStatus.CHANGED,
}


@dataclass(frozen=True, slots=True)
class Record:
    """One file as ``--raw`` and ``--numstat`` tell it."""

    path: str
    previous_path: str | None
    letter: str
    additions: int
    deletions: int
    is_binary: bool

    @property
    def sections(self) -> int:
        """How many patches git prints: a change of type is a removal and a creation."""
        return 2 if self.letter == "T" else 1


@dataclass(slots=True)
class SplitDiff:
    """The diff of one commit. ``dropped`` are the paths whose patch was too large or was not reached."""

    records: tuple[Record, ...]
    patches: list[str | None] = field(default_factory=list)

    @property
    def expected(self) -> int:
        """How many patches there are to come."""
        return sum(record.sections for record in self.records)

    @property
    def is_complete(self) -> bool:
        """Whether all patches came."""
        return len(self.patches) == self.expected

    @property
    def files(self) -> tuple[ChangedFile, ...]:
        """The files with their patches; where the patches do not match the records, none is trusted."""
        patches = self.patches if len(self.patches) <= self.expected else []
        position, files = 0, []
        for record in self.records[: limits.FILES]:
            mine = patches[position : position + record.sections]
            position += record.sections
            files.append(_changed_file(record, mine if len(mine) == record.sections else [None]))
        return tuple(files)


class DiffSplitter:
    """Takes the output piece by piece; ``diffs`` holds what was read, by commit sha."""

    def __init__(self) -> None:
        self.diffs: dict[str, SplitDiff] = {}
        self._pending = bytearray()
        self._searched = 0
        self._current: SplitDiff | None = None
        self._sha = ""
        self._skipping = False
        self._read = 0
        self._kept = 0

    def feed(self, piece: bytes) -> bool:
        """Take a piece; return whether more is wanted."""
        self._read += len(piece)
        self._pending.extend(piece)
        while self._step():
            pass
        return self._read <= limits.DIFF_BYTES

    def close(self, *, whole: bool) -> dict[str, SplitDiff]:
        """Return all diffs. ``whole`` says that git came to its end, so that the last patch is a whole one."""
        if whole and self._current is not None and self._pending:
            self._finish_patch(bytes(self._pending).removesuffix(b"\n"))
        self._pending.clear()
        return self.diffs

    def give_up(self) -> dict[str, SplitDiff]:
        """Return the diffs that were complete when git failed: it prints each file's patch whole or not at all."""
        diffs = self.close(whole=True)
        if self._current is not None and not self._current.is_complete:
            diffs.pop(self._sha)
        return diffs

    def _step(self) -> bool:
        """Take one thing off the buffer; return whether there was a whole one."""
        return self._take_patch() if self._current is not None else self._take_header()

    def _take_header(self) -> bool:
        end = self._pending.find(b"\0\0", max(0, self._searched - 1))
        if end < 0:
            self._searched = len(self._pending)
            return False
        head, _, rest = bytes(self._pending[: end + 1]).partition(b"\0")
        self._sha = head.lstrip(b"\n").removeprefix(b"\x01").decode("ascii", "replace")
        self._current = SplitDiff(parse_records(rest.removeprefix(b"\n")))
        self.diffs[self._sha] = self._current
        self._advance(end + 2)
        return True

    def _take_patch(self) -> bool:
        found = _BOUNDARY.search(self._pending, self._searched)
        if found is None:
            self._wait_for_boundary()
            return False
        self._finish_patch(bytes(self._pending[: found.start()]))
        self._advance(found.end())
        if self._pending.startswith(b"\x01"):
            self._current = None
        return True

    def _wait_for_boundary(self) -> None:
        """Remember how far was searched, and let go of a patch that is larger than we keep."""
        if len(self._pending) > limits.PATCH_BYTES:
            self._skipping = True
            del self._pending[: len(self._pending) - _LONGEST_BOUNDARY]
        self._searched = max(0, len(self._pending) - _LONGEST_BOUNDARY)

    def _finish_patch(self, section: bytes) -> None:
        if self._current is None:
            return
        too_much = self._skipping or self._kept + len(section) > limits.KEPT_PATCH_BYTES
        if too_much or len(section) > limits.PATCH_BYTES:
            self._current.patches.append(None)
        else:
            self._kept += len(section)
            self._current.patches.append(hunks_of(section))
        self._skipping = False

    def _advance(self, count: int) -> None:
        del self._pending[:count]
        self._searched = 0


def hunks_of(section: bytes) -> str:
    """Return a file's patch from its first ``@@`` on; empty for a pure rename, a change of mode, an empty file."""
    start = section.find(b"\n@@ ")
    return section[start + 1 :].decode("utf-8", "replace") if start >= 0 else ""


def parse_records(head: bytes) -> tuple[Record, ...]:
    """Return the records of ``--raw`` joined with the figures of ``--numstat``, both NUL-terminated."""
    fields = head.decode("utf-8", "replace").split("\0")
    raw: list[tuple[str, str | None, str]] = []
    position = 0
    while position < len(fields) and fields[position].startswith(":"):
        letter = fields[position].rsplit(" ", 1)[-1][:1]
        if letter in "RC":
            raw.append((fields[position + 2], fields[position + 1], letter))
            position += 3
        else:
            raw.append((fields[position + 1], None, letter))
            position += 2
    return tuple(_records(raw, fields[position:]))


def _records(raw: list[tuple[str, str | None, str]], figures: list[str]) -> list[Record]:
    records, position = [], 0
    for path, previous, letter in raw:
        added, removed, _ = (figures[position] if position < len(figures) else "-\t-\t").split("\t", 2)
        position += 3 if previous is not None else 1
        binary = added == "-"
        records.append(
            Record(path, previous, letter, 0 if binary else int(added), 0 if binary else int(removed), binary)
        )
    return records


def _changed_file(record: Record, patches: list[str | None]) -> ChangedFile:
    texts = [patch for patch in patches if patch is not None]
    known = len(texts) == len(patches) and not record.is_binary
    return ChangedFile(
        path=record.path,
        previous_path=record.previous_path,
        status=STATUS.get(record.letter, FileStatus.MODIFIED),
        additions=record.additions,
        deletions=record.deletions,
        patch="\n".join(text for text in texts if text) if known else None,
        is_binary=record.is_binary,
    )
