"""A new file that arrives at full size.

What it finds: hand-written production files that the pull request creates with 300 lines or more; for Python also what
is inside (classes, functions, the longest of them, how long the opening docstring is and what it says first).

Why it matters: nobody reads four hundred new lines as carefully as forty.

Where it errs: a file that was split off another one is new only by name; ``moved_from`` is not known from a diff, so a
file whose lines were mostly removed elsewhere in the same pull request is left alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import docstring_of
from bot.detectors.base import charge, counted, file_receipt, standing
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Fact, Stance
from bot.python_source import PythonUnit

STANCE = Stance.CHARGE

_GIANT = 300
_MOST = 3


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a file, the three largest.

    Facts: ``path``, ``name``, ``lines``, ``blank``, ``comments``, ``share`` (percent of all added lines),
    ``new_files`` (how many such files there are); for Python also ``docstring`` (its first sentence),
    ``docstring_lines``, ``classes``, ``functions`` (counts), ``class_names``, ``longest_function`` and its ``longest``.
    """
    giants = [diff for diff in case.production if diff.is_new and not diff.truncated and len(diff.added) >= _GIANT]
    removed = {line.text.strip() for diff in case.diffs for line in diff.removed if len(line.text.strip()) > 12}
    giants = [diff for diff in giants if not _moved(diff, removed)]
    units = {unit.path: unit for unit in case.python_units if unit.complete and unit.is_new_file}
    for diff in sorted(giants, key=lambda item: -len(item.added))[:_MOST]:
        yield _exhibit(case, diff, units.get(diff.path), len(giants))


def _moved(diff: FileDiff, removed: set[str]) -> bool:
    telling = [line.text.strip() for line in diff.added if len(line.text.strip()) > 12]
    return sum(text in removed for text in telling) * 10 > len(telling) * 4


def _exhibit(case: Case, diff: FileDiff, unit: PythonUnit | None, giants: int) -> Exhibit:
    lines = len(diff.added)
    total = sum(file.additions for file in case.pull_request.files)
    name = diff.path.rsplit("/", 1)[-1]
    facts: dict[str, Fact] = {
        "path": diff.path,
        "name": name,
        "lines": lines,
        "blank": sum(not line.text.strip() for line in diff.added),
        "comments": sum(line.text.lstrip().startswith(("#", "//")) for line in diff.added),
        "share": round(100 * lines / total) if total else 0,
        "new_files": giants,
    }
    receipts = [file_receipt(case, diff.path, line.new or 1, line.text) for line in _ends(diff)]
    if unit is not None:
        facts |= _inside(unit)
        longest = max(unit.functions, key=lambda item: item.length, default=None)
        if longest is not None:
            receipts.append(file_receipt(case, diff.path, longest.first_line, unit.text(longest.first_line)))
    inside = f", {counted(int(str(facts['functions'])), 'function')}" if "functions" in facts else ""
    return charge(
        "giant_new_file",
        min(3.0 + lines / 200, 6.5),
        f"`{diff.path}` is new and arrives with {lines:,} lines{inside}.",
        facts,
        receipts,
        stands_in=standing(case),
        confidence=0.95,
    )


def _ends(diff: FileDiff) -> list[Line]:
    """Return the first and the last line that say something: together they show where the file begins and ends."""
    told = [line for line in diff.added if any(character.isalnum() for character in line.text)]
    return [told[0], told[-1]] if told else []


def _inside(unit: PythonUnit) -> dict[str, Fact]:
    docstring = docstring_of(unit.tree)
    first = unit.tree.body[0] if unit.tree.body else None
    classes = [node.name for node in unit.of(ast.ClassDef)]
    facts: dict[str, Fact] = {
        "classes": len(classes),
        "class_names": tuple(classes[:12]),
        "functions": len(unit.functions),
    }
    if docstring and first is not None:
        facts["docstring"] = _opening(docstring)
        facts["docstring_lines"] = (first.end_lineno or first.lineno) - first.lineno + 1
    longest = max(unit.functions, key=lambda item: item.length, default=None)
    if longest is not None:
        facts |= {"longest_function": longest.qualified_name, "longest": longest.length}
    return facts


def _opening(docstring: str) -> str:
    """Return the first sentence or paragraph of a docstring on one line."""
    paragraph = " ".join(docstring.split("\n\n", 1)[0].split())
    sentence, dot, _ = paragraph.partition(". ")
    return (sentence + dot.strip())[:200]
