"""Errors that are told apart, one by one.

What it finds: added ``try`` statements in Python that ships with three or more handlers of different, named errors,
none of them empty and no two of them alike.

Why it matters: whoever answers each failure differently has thought about each.

Where it errs: it counts handlers and compares their text; whether each answer is the right one is not told.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import dotted, production, receipts_at
from bot.detectors.base import counted, credit, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import PythonUnit

STANCE = Stance.CREDIT

_FEWEST = 3


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a ``try``.

    Facts: ``function``, ``path``, ``count`` (handlers), ``errors`` (their names), ``raises`` (how many raise something
    of their own), ``returns`` (how many answer with a value), ``chained`` (how many say ``from``).
    """
    for unit in production(case):
        for node in unit.of(ast.Try):
            new = [handler for handler in node.handlers if handler.lineno in unit.added]
            if len(new) >= _FEWEST and _are_told_apart(new):
                yield _exhibit(case, unit, node, new)


def _are_told_apart(handlers: list[ast.ExceptHandler]) -> bool:
    named = all(handler.type is not None and _names(handler.type) for handler in handlers)
    texts = {"\n".join(ast.dump(item)[:2000] for item in handler.body[:8]) for handler in handlers}
    silent = any(isinstance(item, ast.Pass) for handler in handlers for item in handler.body[:1])
    return named and len(texts) == len(handlers) and not silent


def _names(node: ast.expr) -> list[str]:
    return [name for item in (node.elts if isinstance(node, ast.Tuple) else [node]) if (name := dotted(item))]


def _exhibit(case: Case, unit: PythonUnit, node: ast.Try, handlers: list[ast.ExceptHandler]) -> Exhibit:
    function = unit.function_at(node.lineno)
    where = f"`{function.name}` in `{unit.path}`" if function else f"`{unit.path}`"
    errors = tuple(name for handler in handlers if handler.type for name in _names(handler.type))
    raising = [[item for item in handler.body if isinstance(item, ast.Raise)] for handler in handlers]
    return credit(
        "errors_mapped",
        min(3.0 + 0.5 * len(handlers), 6.0),
        f"{where} answers {counted(len(handlers), 'kind of failure', 'kinds of failure')} one by one.",
        {
            "function": function.name if function else "",
            "path": unit.path,
            "count": len(handlers),
            "errors": errors[:12],
            "raises": sum(bool(items) for items in raising),
            "returns": sum(any(isinstance(item, ast.Return) for item in handler.body) for handler in handlers),
            "chained": sum(any(item.cause is not None for item in items) for items in raising),
        },
        receipts_at(case, unit, [handler.lineno for handler in handlers]),
        stands_in=standing(case),
        confidence=0.85,
    )
