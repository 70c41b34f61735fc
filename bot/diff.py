"""Patches as lines with numbers: the parsed form of ``ChangedFile.patch``.

The unified format: https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html
Damage is tolerated: what cannot be read is left out and ``truncated`` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.pull_request import ChangedFile, FileStatus

_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a hunk. ``mark`` is ``+``, ``-`` or a space; a side where it is absent has no number."""

    mark: str
    text: str
    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True)
class Hunk:
    """A run of lines. ``section`` is what git printed after the second ``@@``: often the enclosing function."""

    old_start: int
    new_start: int
    section: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class FileDiff:
    """One changed file with its hunks."""

    file: ChangedFile
    hunks: tuple[Hunk, ...]
    truncated: bool = False

    @property
    def path(self) -> str:
        """The path after the change."""
        return self.file.path

    @property
    def is_new(self) -> bool:
        """Whether the change creates the file."""
        return self.file.status is FileStatus.ADDED

    @cached_property
    def added(self) -> tuple[Line, ...]:
        """The added lines, in order."""
        return tuple(line for line in self._lines() if line.mark == "+")

    @cached_property
    def removed(self) -> tuple[Line, ...]:
        """The removed lines, in order."""
        return tuple(line for line in self._lines() if line.mark == "-")

    @cached_property
    def added_numbers(self) -> frozenset[int]:
        """The numbers of the added lines in the new file."""
        return frozenset(line.new for line in self.added if line.new is not None)

    def _lines(self) -> Iterator[Line]:
        for hunk in self.hunks:
            yield from hunk.lines


def parse_patch(file: ChangedFile) -> FileDiff:
    r"""Return the hunks of a file's patch; never raises.

    Only ``\n`` ends a line, as in git: a form feed or U+2028 inside a line stays where it is.
    A trailing carriage return is dropped from the text.
    """
    if not file.patch:
        return FileDiff(file, (), truncated=file.patch is None and not file.is_binary)
    hunks: list[Hunk] = []
    reader = _Reader()
    for raw in file.patch.split("\n"):
        header = _HUNK.match(raw) if reader.wants_header else None
        if header:
            if reader.hunk is not None:
                hunks.append(reader.finish())
            reader.start(header)
        else:
            reader.take(raw)
    cut = reader.short
    if reader.hunk is not None:
        hunks.append(reader.finish())
    return FileDiff(file, tuple(hunks), truncated=cut or not hunks)


class _Reader:
    """The state between two hunk headers: what the header promised, and what came."""

    def __init__(self) -> None:
        self.hunk: tuple[int, int, str] | None = None
        self.lines: list[Line] = []
        self.old = self.new = self.old_left = self.new_left = 0

    @property
    def wants_header(self) -> bool:
        return self.old_left <= 0 and self.new_left <= 0

    @property
    def short(self) -> bool:
        return self.old_left > 0 or self.new_left > 0

    def start(self, header: re.Match[str]) -> None:
        old, old_count, new, new_count, section = header.groups()
        self.old, self.new = int(old), int(new)
        self.old_left = int(old_count) if old_count is not None else 1
        self.new_left = int(new_count) if new_count is not None else 1
        self.hunk = (self.old, self.new, section.strip())
        self.lines = []

    def take(self, raw: str) -> None:
        if self.hunk is None or self.wants_header:
            return
        mark, text = (raw[0], raw[1:]) if raw else (" ", "")
        text = text.removesuffix("\r")
        if mark == "+":
            self.lines.append(Line("+", text, None, self.new))
            self.new, self.new_left = self.new + 1, self.new_left - 1
        elif mark == "-":
            self.lines.append(Line("-", text, self.old, None))
            self.old, self.old_left = self.old + 1, self.old_left - 1
        elif mark == " ":
            self.lines.append(Line(" ", text, self.old, self.new))
            self.old, self.old_left = self.old + 1, self.old_left - 1
            self.new, self.new_left = self.new + 1, self.new_left - 1

    def finish(self) -> Hunk:
        old_start, new_start, section = self.hunk or (0, 0, "")
        return Hunk(old_start, new_start, section, tuple(self.lines))
