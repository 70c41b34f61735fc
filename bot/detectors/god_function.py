"""A new function that does everything.

What it finds: Python functions that ship, that the pull request adds whole, of 100 lines or more with at least 15
decisions in them.

Why it matters: nobody holds a hundred lines of branches in mind, so nobody can say what the function does.

Where it errs: a long table of cases may be the clearest form; lines of the docstring are counted out.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import all_arguments, docstring_of, is_new, own_nodes, production, receipts_at, taken_away
from bot.detectors._structural_functions import long_functions
from bot.detectors.base import charge, standing
from bot.exhibit import Exhibit, Fact, Stance
from bot.python_source import Function, PythonUnit

STANCE = Stance.CHARGE

_LONG = 100
_DECISIONS = 15
_MOST = 2
_DECIDES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.IfExp, ast.BoolOp, ast.match_case)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a function, the two longest.

    Facts: ``function``, ``path``, ``lines`` (with the docstring), ``docstring_lines``, ``decisions``, ``ifs``,
    ``loops``, ``tries``, ``returns``, ``awaits``, ``raises``, ``parameters``, ``functions_like_it`` (how many there
    are).
    """
    moved = taken_away(case)
    found = [
        (unit, function, counts)
        for unit in production(case)
        for function in unit.functions
        if function.length >= _LONG
        and function.name not in moved
        and is_new(unit, function)
        and (counts := _counts(function)) is not None
    ]
    for unit, function, counts in sorted(found, key=lambda item: -item[1].length)[:_MOST]:
        yield _exhibit(case, unit, function, {**counts, "functions_like_it": len(found)})
    yield from long_functions(case)


def _counts(function: Function) -> dict[str, Fact] | None:
    kinds = Counter(type(node) for node in own_nodes(function.node))
    decisions = sum(kinds[kind] for kind in _DECIDES)
    docstring = function.node.body[0] if docstring_of(function.node) else None
    documented = (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1 if docstring else 0
    if decisions < _DECISIONS or function.length - documented < _LONG:
        return None
    return {
        "docstring_lines": documented,
        "decisions": decisions,
        "ifs": kinds[ast.If],
        "loops": kinds[ast.For] + kinds[ast.AsyncFor] + kinds[ast.While],
        "tries": kinds[ast.Try],
        "returns": kinds[ast.Return],
        "awaits": kinds[ast.Await],
        "raises": kinds[ast.Raise],
        "parameters": len(all_arguments(function.node)),
    }


def _exhibit(case: Case, unit: PythonUnit, function: Function, counts: dict[str, Fact]) -> Exhibit:
    return charge(
        "god_function",
        min(3.0 + function.length / 60, 7.0),
        f"`{function.name}` in `{unit.path}` is new, {function.length} lines long,"
        f" and decides {counts['decisions']} times.",
        {"function": function.name, "path": unit.path, "lines": function.length, **counts},
        receipts_at(case, unit, [function.first_line, _last_told(unit, function)]),
        stands_in=standing(case),
        confidence=0.9,
    )


def _last_told(unit: PythonUnit, function: Function) -> int:
    lines = range(function.last_line, function.first_line, -1)
    return next((line for line in lines if unit.lines.get(line, "").strip()), function.first_line)
