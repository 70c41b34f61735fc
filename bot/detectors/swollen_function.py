"""A function that was long enough before, and grew by far.

What it finds: Python functions that ship and are known whole, which stood there before, span at least 80 lines now, and
have at least half as many lines again, and forty more, than before.

Why it matters: each addition was small enough to pass, and the sum is not.

Where it errs: lines are counted by the diff, so a long docstring that was added counts too; ``docstring_lines`` says
how long it is now.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import docstring_of, production, receipts_at
from bot.detectors.base import charge, standing
from bot.diff import FileDiff
from bot.exhibit import Exhibit, Stance
from bot.python_source import Function, PythonUnit

STANCE = Stance.CHARGE

_LONG = 80
_GREW = 40
_MOST = 2


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a function, the two that grew most.

    Facts: ``function``, ``path``, ``before``, ``after`` (lines), ``grown_by``, ``percent`` (by how much), ``times``
    (after divided by before, rounded down to one decimal), ``added``, ``removed`` (lines inside it),
    ``docstring_lines``; ``lines_before``, ``lines_after`` and ``lines_grown`` say the first three with their noun.
    """
    found: list[tuple[PythonUnit, Function, int, int]] = []
    for unit in production(case):
        diff = case.diff_of(unit.path)
        if diff is None or not unit.complete or diff.is_new or diff.truncated:
            continue
        added, removed = sorted(unit.added), sorted(_removed_at(diff))
        for function in unit.functions:
            if function.length >= _LONG and function.first_line not in unit.added:
                plus, minus = _between(added, function), _between(removed, function)
                before = function.length - plus + minus
                if before >= 10 and function.length - before >= max(_GREW, before // 2):
                    found.append((unit, function, plus, minus))
    for unit, function, plus, minus in sorted(found, key=lambda item: item[3] - item[2])[:_MOST]:
        yield _exhibit(case, unit, function, plus, minus)


def _removed_at(diff: FileDiff) -> Iterator[int]:
    """Yield, for each removed line, the number in the new file of the line after which it stood."""
    for hunk in diff.hunks:
        position = hunk.new_start - 1
        for line in hunk.lines:
            if line.new is not None:
                position = line.new
            else:
                yield position


def _between(numbers: list[int], function: Function) -> int:
    return bisect_right(numbers, function.last_line) - bisect_left(numbers, function.first_line)


def _exhibit(case: Case, unit: PythonUnit, function: Function, plus: int, minus: int) -> Exhibit:
    after = function.length
    before = after - plus + minus
    first = function.node.body[0]
    documented = (first.end_lineno or first.lineno) - first.lineno + 1 if docstring_of(function.node) else 0
    grown = [line for line in range(function.first_line, function.last_line + 1) if line in unit.added]
    return charge(
        "swollen_function",
        min(3.0 + (after - before) / 40 + (after >= 3 * before), 7.0),
        f"`{function.name}` in `{unit.path}` grew from {before} to {after} lines.",
        {
            "function": function.name,
            "path": unit.path,
            "before": before,
            "after": after,
            "grown_by": after - before,
            "lines_before": before,
            "lines_after": after,
            "lines_grown": after - before,
            "percent": 100 * (after - before) // before,
            "times": int(10 * after / before) / 10,
            "added": plus,
            "removed": minus,
            "docstring_lines": documented,
        },
        receipts_at(case, unit, [function.first_line, *(line for line in grown if unit.text(line).strip())][:3]),
        stands_in=standing(case),
        confidence=0.9,
    )
