"""The same added lines in two places.

What it finds: at least eight telling lines in a row, added twice by the pull request, in one file or in two
(fifteen in tests). Indentation aside; imports, comments, brackets, literals and lines that only moved do not count.
Time is linear: windows of lines are hashed, and each line belongs to one block at most.

Why it matters: the next fix has to find both.

Where it errs: two functions that must differ in one word look alike for a reason; tables of data are left out as far
as their lines can be told from code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.case import Case
from bot.detectors._lines import ASIDE, LONGEST_LINE, function_name, short
from bot.detectors._testing import suffix
from bot.detectors.base import charge, counted, line_receipt, standing
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Stance
from bot.kinds import CODE_SUFFIXES, FileKind
from bot.structural import StructuralUnit

STANCE = Stance.CHARGE
_WINDOW = 8
_WINDOW_IN_TESTS = 15
_MOST_LINES = 200_000
_FEWEST_DIFFERENT = 6
_BORING = re.compile(
    r"^(?:(?:#|//|/\*|\*|--|<!--|@|import\b|from\b.*\bimport\b|use\b|using\b|package\b|require\b|include\b"
    r"|export \{|\}? ?else\b|try\b|finally\b|end\b|pass\b|return;?$|break;?$|continue;?$|\"\"\"|'''|Args:"
    r"|Returns:|Raises:).*"
    r"|[\s\[\](){};,:.<>/=|&`]*|\w+\??:\s[^()]*,|(?:[\w\"'.\-]+\s*[:=]\s*)?[\"'\w.\-]*[,;]?)$"
)
_FIXTURE = re.compile(r"(fixtures?|snapshots?|testdata|specs|migrations|versions)/", re.IGNORECASE)
_CODE = re.compile(r"[(=]|\breturn\b|\bif\b|\bfor\b|->|=>")


@dataclass(frozen=True, slots=True)
class _Telling:
    diff: FileDiff
    line: Line
    text: str
    run: int


@dataclass(frozen=True, slots=True)
class _Copy:
    first: Sequence[_Telling]
    second: Sequence[_Telling]

    @property
    def length(self) -> int:
        return len(self.first)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit for code that ships and one for tests.

    Facts: ``copies`` (how many blocks stand twice), ``lines`` (telling lines in all copies), ``longest`` (telling
    lines of the longest), ``first_path``, ``first_line``, ``second_path``, ``second_line``, ``first_function`` and
    ``second_function`` (where they can be told), ``first_name`` and ``second_name`` (of the files), ``same_file``,
    ``code`` (the first line of the longest), ``in_tests``, ``most_times`` (how often the most copied block stands).
    """
    for kind, window in ((FileKind.PRODUCTION, _WINDOW), (FileKind.TEST, _WINDOW_IN_TESTS)):
        copies = _copies(_telling(case, kind), window)
        if copies:
            yield _exhibit(case, copies, in_tests=kind is FileKind.TEST)


def _telling(case: Case, kind: FileKind) -> list[_Telling]:
    gone, lines, run = case.removed_texts, list[_Telling](), 0
    with_tests = {unit.path: unit for unit in case.structural_units if unit.test_regions and unit.complete}
    for diff in case.production if kind is FileKind.PRODUCTION else case.tests:
        if suffix(diff.path) not in CODE_SUFFIXES or _FIXTURE.search(diff.path) or ASIDE.search(diff.path):
            continue
        for hunk in diff.hunks:
            run += 1
            for line in hunk.lines:
                text = " ".join(line.text.split()) if len(line.text) <= LONGEST_LINE else ""
                if line.mark == " " or text in gone:
                    run += line.mark == " " and bool(text)
                elif line.mark == "+" and not _BORING.match(text) and not _is_inline_test(with_tests, diff.path, line):
                    lines.append(_Telling(diff, line, text, run))
    return lines[:_MOST_LINES]


def _is_inline_test(units: dict[str, StructuralUnit], path: str, line: Line) -> bool:
    unit = units.get(path)
    return unit is not None and unit.is_test_line(line.new or 0)


def _copies(lines: list[_Telling], window: int) -> list[_Copy]:
    seen: dict[int, int] = {}
    copies: list[_Copy] = []
    taken = -1
    for start in range(len(lines) - window + 1):
        part = lines[start : start + window]
        if start <= taken or part[0].run != part[-1].run:
            continue
        key = hash(tuple(item.text for item in part))
        earlier = seen.setdefault(key, start)
        if earlier + window <= start:
            length = _common(lines, earlier, start)
            block = lines[earlier : earlier + length]
            if length >= window:
                taken = start + length - 1  # also past what is no code: ten thousand equal lines are compared once
                if _is_code(block):
                    copies.append(_Copy(block, lines[start : start + length]))
    return copies


def _common(lines: list[_Telling], first: int, second: int) -> int:
    """Return how many lines agree from both places on, within their runs and without overlapping."""
    length = 0
    while (
        second + length < len(lines)
        and first + length < second
        and lines[first + length].text == lines[second + length].text
        and lines[first + length].run == lines[first].run
        and lines[second + length].run == lines[second].run
    ):
        length += 1
    return length


def _is_code(block: Sequence[_Telling]) -> bool:
    texts = {item.text for item in block}
    return len(texts) >= _FEWEST_DIFFERENT and sum(bool(_CODE.search(text)) for text in texts) >= len(texts) / 2


def _exhibit(case: Case, copies: list[_Copy], *, in_tests: bool) -> Exhibit:
    longest = max(copies, key=lambda copy: copy.length)
    first, second = longest.first[0], longest.second[0]
    lines = sum(copy.length for copy in copies)
    again: dict[int, int] = {}
    for copy in copies:
        key = id(copy.first[0])
        again[key] = again.get(key, 1) + 1
    same = first.diff.path == second.diff.path
    place = f"twice in `{first.diff.path}`" if same else f"in `{first.diff.path}` and `{second.diff.path}`"
    steps, most = (12, 4.0) if in_tests else (8, 7.5)
    weight = min(2.5 + longest.length / steps + lines / 60, most)
    shown = sorted(copies, key=lambda copy: -copy.length)[:5]
    return charge(
        "copy_paste",
        weight,
        f"The same {longest.length} lines were added {place}"
        + (f"; {counted(len(copies), 'such block')} in all." if len(copies) > 1 else "."),
        {
            "copies": len(copies),
            "lines": lines,
            "longest": longest.length,
            "first_path": first.diff.path,
            "first_name": short(first.diff.path),
            "first_line": first.line.new,
            "first_function": _function(case, first),
            "second_path": second.diff.path,
            "second_name": short(second.diff.path),
            "second_line": second.line.new,
            "second_function": _function(case, second),
            "same_file": same,
            "code": first.line.text.strip(),
            "in_tests": in_tests,
            "most_times": max(again.values()),
        },
        [line_receipt(case, item.diff, item.line) for copy in shown for item in (copy.first[0], copy.second[0])],
        stands_in=standing(case),
        confidence=0.85,
    )


def _function(case: Case, place: _Telling) -> str:
    """Return the name of the function around a line: by syntax where the file is known, else the nearest above."""
    number = place.line.new or 0
    for unit in case.python_units:
        if unit.path == place.diff.path and unit.complete:
            function = unit.function_at(number)
            return function.name if function else ""
    for other in case.structural_units:
        if other.path == place.diff.path and other.complete:
            around = [item for item in other.functions if item.name and item.first_line <= number <= item.last_line]
            return min(around, key=lambda item: item.length).name if around else ""
    for hunk in place.diff.hunks:
        inside = [line for line in hunk.lines if line.new is not None and line.new <= (place.line.new or 0)]
        if inside and place.line in inside[-1:]:
            for line in reversed(inside):
                name = function_name(line.text[:400])
                if name and (line is place.line or _indent(line) < _indent(place.line)):
                    return name
            return function_name(hunk.section[:400])
    return ""


def _indent(line: Line) -> int:
    return len(line.text) - len(line.text.lstrip())
