"""Errors that are caught and dropped.

What it finds: added handlers for everything (``except:``, ``except Exception``, a tuple with ``Exception`` in it)
whose body does nothing at all, and ``contextlib.suppress(Exception)``, in Python that ships; what they guard is told.
In other languages the structural rules beside this file find empty handlers.

Why it matters: whatever goes wrong there goes wrong in silence.

Where it errs: a best-effort ``close()`` on the way out is often meant; ``guarded`` says what was tried and
``explained`` how many handlers carry a comment.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import code_at, dotted, last_name, production, receipts_at
from bot.detectors._structural_swallowed_error import others
from bot.detectors.base import charge, counted, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import PythonUnit

STANCE = Stance.CHARGE

_EVERYTHING = frozenset({"Exception", "BaseException"})
_CLOSING = frozenset("close aclose shutdown stop unlink kill terminate cancel disconnect release rmtree remove".split())
_Handler = tuple[ast.ExceptHandler | None, ast.AST, int]


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a Python file.

    Facts: ``path``, ``count``, ``functions``, ``handlers`` (their text), ``guarded`` (the first line of what was
    tried), ``guards_closing`` (how many only close or stop something), ``explained`` (how many carry a comment),
    ``catch_all_beside`` (what is named beside ``Exception`` in one tuple, where a narrower name adds nothing).
    """
    for unit in production(case):
        found = [item for item in _handlers(unit) if item[2] in unit.added]
        if found:
            yield _exhibit(case, unit, sorted(found, key=lambda item: item[2]))
    yield from others(case)


def _handlers(unit: PythonUnit) -> Iterator[_Handler]:
    for node in unit.of(ast.Try):
        for handler in node.handlers:
            if _catches_everything(handler.type) and all(_is_nothing(item) for item in handler.body):
                yield handler, node.body[0], handler.lineno
    for call in unit.of(ast.Call):
        if dotted(call.func) in {"contextlib.suppress", "suppress"} and any(map(_catches_everything, call.args)):
            yield None, call, call.lineno


def _catches_everything(node: ast.expr | None) -> bool:
    if node is None:
        return True
    names = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(dotted(item) in _EVERYTHING for item in names)


def _is_nothing(node: ast.stmt) -> bool:
    return isinstance(node, ast.Pass | ast.Continue) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )


def _exhibit(case: Case, unit: PythonUnit, found: list[_Handler]) -> Exhibit:
    lines = [line for _, _, line in found]
    functions = [function.name for line in lines if (function := unit.function_at(line)) is not None]
    closing = sum(_closes(tried) for _, tried, _ in found)
    beside = [name for handler, _, _ in found if handler for name in _beside(handler.type)]
    guarded = tuple(dict.fromkeys(code_at(unit, getattr(tried, "lineno", 0)) for _, tried, _ in found))[:6]
    weight = 2.5 + 1.0 * len(found) - 0.7 * closing + 0.5 * bool(beside)
    return charge(
        "swallowed_error",
        max(2.0, min(weight, 7.5)),
        f"`{unit.path}` catches everything and does nothing with it in {counted(len(found), 'place')}.",
        {
            "path": unit.path,
            "count": len(found),
            "functions": tuple(dict.fromkeys(functions)),
            "handlers": tuple(code_at(unit, line) for line in lines)[:8],
            "guarded": guarded,
            "guards_closing": closing,
            "explained": sum(_is_explained(unit, handler) for handler, _, _ in found if handler),
            "catch_all_beside": tuple(dict.fromkeys(beside)),
        },
        receipts_at(case, unit, lines),
        stands_in=standing(case),
        confidence=0.9,
    )


def _closes(tried: ast.AST) -> bool:
    return any(isinstance(item, ast.Call) and last_name(item.func) in _CLOSING for item in _shallow(tried))


def _shallow(node: ast.AST) -> Iterator[ast.AST]:
    """Yield an expression statement's call, awaited or not."""
    inner = node.value if isinstance(node, ast.Expr) else node
    yield inner.value if isinstance(inner, ast.Await) else inner


def _beside(node: ast.expr | None) -> list[str]:
    names = [dotted(item) for item in node.elts] if isinstance(node, ast.Tuple) else []
    return [name for name in names if name and name not in _EVERYTHING]


def _is_explained(unit: PythonUnit, handler: ast.ExceptHandler) -> bool:
    last = min(handler.end_lineno or handler.lineno, handler.lineno + 12)
    return any("#" in unit.lines.get(line, "") for line in range(handler.lineno, last + 1))
