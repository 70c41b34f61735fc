"""Code that stands far from the left margin.

What it finds: statements in Python that ships, on added lines, which six or more branches, loops, handlers or ``with``
blocks of one function enclose; ``elif`` counts as a sibling.

Why it matters: each level is one more thing to remember on the way down.

Where it errs: several ``with`` in a row are told apart from real branching by ``ladder``, which names each step.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import code_at, production, receipts_at
from bot.detectors.base import charge, number_word, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import Function, PythonUnit

STANCE = Stance.CHARGE

_DEEP = 6
_STEPS = {
    ast.If: "if", ast.For: "for", ast.AsyncFor: "async for", ast.While: "while", ast.With: "with",
    ast.AsyncWith: "async with", ast.Try: "try", ast.TryStar: "try", ast.Match: "match",
}  # fmt: skip
_Step = tuple[str, int]


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a function, the two deepest.

    Facts: ``function``, ``path``, ``depth``, ``ladder`` (its steps from the outside in: "for", "try", "if"…),
    ``branches`` (how many of them are ``if`` or loops), ``code`` (what stands at the bottom), ``line``.
    """
    found: list[tuple[PythonUnit, Function, list[_Step], int]] = []
    for unit in production(case):
        for function in unit.functions:
            if function.length > _DEEP:
                steps, line = _deepest(unit, function)
                if len(steps) >= _DEEP and steps[-1][1] in unit.added:
                    found.append((unit, function, steps, line))
    for unit, function, steps, line in sorted(found, key=lambda item: -len(item[2]))[:2]:
        yield _exhibit(case, unit, function, steps, line)


def _deepest(unit: PythonUnit, function: Function) -> tuple[list[_Step], int]:
    """Return the steps down to the deepest added statement of a function, and its line."""
    best: list[_Step] = []
    bottom = 0
    waiting: list[tuple[ast.stmt, list[_Step]]] = [(item, []) for item in function.node.body]
    while waiting:
        node, steps = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if len(steps) > len(best) and node.lineno in unit.added:
            best, bottom = steps, node.lineno
        word = _STEPS.get(type(node))
        if word and len(steps) < 30:
            waiting.extend(_inside(node, steps, (word, node.lineno)))
    return best, bottom


def _inside(node: ast.stmt, steps: list[_Step], step: _Step) -> Iterator[tuple[ast.stmt, list[_Step]]]:
    deeper = [*steps, step]
    other = getattr(node, "orelse", [])
    is_elif = isinstance(node, ast.If) and len(other) == 1 and isinstance(other[0], ast.If)
    for item in getattr(node, "body", []):
        yield item, deeper
    for item in other:
        yield item, steps if is_elif else deeper
    for item in getattr(node, "finalbody", []):
        yield item, deeper
    for handler in getattr(node, "handlers", []):
        for item in handler.body:
            yield item, [*steps, ("except", handler.lineno)]
    for branch in getattr(node, "cases", []):
        for item in branch.body:
            yield item, deeper


def _exhibit(case: Case, unit: PythonUnit, function: Function, steps: list[_Step], line: int) -> Exhibit:
    ladder = tuple(word for word, _ in steps)
    branches = sum(word in {"if", "for", "async for", "while"} for word in ladder)
    return charge(
        "deep_nesting",
        min(2.5 + 0.6 * (len(steps) - _DEEP) + 0.3 * branches, 6.5),
        f"`{function.name}` in `{unit.path}` is {number_word(len(steps))} levels deep: {', '.join(ladder)}.",
        {
            "function": function.name,
            "path": unit.path,
            "depth": len(steps),
            "ladder": ladder,
            "branches": branches,
            "code": code_at(unit, line),
            "line": line,
        },
        receipts_at(case, unit, [*(at for _, at in steps), line]),
        stands_in=standing(case),
        confidence=0.95,
    )
