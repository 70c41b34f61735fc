"""An exception that is replaced by its text.

What it finds: added handlers in Python that ships which keep ``str(error)`` (or an f-string of nothing but the error)
and let the error itself go: returned, stored, or raised anew without ``from error`` as a plain ``Exception`` or
``RuntimeError``.

Why it matters: the type and the traceback are what a later reader needs, and a text has neither.

Where it errs: at the outermost edge of a program text is all that can be sent; handlers that also log the error with
its traceback are left alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import code_at, dotted, last_name, production, receipts_at, walk_some
from bot.detectors.base import charge, counted, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import PythonUnit

STANCE = Stance.CHARGE

_PLAIN = frozenset({"Exception", "RuntimeError", "BaseException"})
_TELLS = frozenset({"exception", "exc_info", "print_exc", "format_exc", "format_exception", "capture_exception"})


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a file.

    Facts: ``path``, ``count``, ``functions``, ``code`` (the lines), ``caught`` (what the handlers catch), ``returned``,
    ``stored`` and ``raised`` (how many of each).
    """
    for unit in production(case):
        found: list[tuple[int, str, str]] = []
        for handler in unit.of(ast.ExceptHandler):
            if handler.name and handler.lineno in unit.added:
                found.extend(_of_handler(unit, handler))
        if found:
            yield _exhibit(case, unit, sorted(set(found)))


def _of_handler(unit: PythonUnit, handler: ast.ExceptHandler) -> Iterator[tuple[int, str, str]]:
    nodes = [item for statement in handler.body for item in walk_some(statement)]
    words = {last_name(item) for item in nodes} | {item.arg for item in nodes if isinstance(item, ast.keyword)}
    if words & _TELLS or any(isinstance(item, ast.Raise) and _keeps(item, handler.name or "") for item in nodes):
        return
    caught = dotted(handler.type) or "several"
    for node in nodes:
        how = _how(node, handler.name or "")
        if how and getattr(node, "lineno", 0) in unit.added:
            yield node.lineno, how, caught  # type: ignore[attr-defined]


def _keeps(node: ast.Raise, name: str) -> bool:
    return node.exc is None or node.cause is not None or (isinstance(node.exc, ast.Name) and node.exc.id == name)


def _how(node: ast.AST, name: str) -> str:
    if isinstance(node, ast.Return) and node.value is not None and _is_text(_one(node.value), name):
        return "returned"
    if isinstance(node, ast.Assign) and _is_text(node.value, name) and isinstance(node.targets[0], ast.Attribute):
        return "stored"
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and dotted(node.exc.func) in _PLAIN:
        return "raised" if any(_is_text(item, name) for item in node.exc.args) else ""
    return ""


def _one(node: ast.expr) -> ast.expr:
    """Return the error's place in ``{"error": str(e)}`` or ``(False, str(e))``, else the expression itself."""
    inner = node.values if isinstance(node, ast.Dict) else node.elts if isinstance(node, ast.Tuple) else []
    return next((item for item in inner if isinstance(item, ast.Call | ast.JoinedStr)), node)


def _is_text(node: ast.expr, name: str) -> bool:
    if isinstance(node, ast.Call) and dotted(node.func) in {"str", "repr"} and len(node.args) == 1:
        return isinstance(node.args[0], ast.Name) and node.args[0].id == name
    if isinstance(node, ast.JoinedStr):
        parts = [item.value for item in node.values if isinstance(item, ast.FormattedValue)]
        return len(parts) == 1 and isinstance(parts[0], ast.Name) and parts[0].id == name
    return False


def _exhibit(case: Case, unit: PythonUnit, found: list[tuple[int, str, str]]) -> Exhibit:
    lines = [line for line, _, _ in found]
    functions = [function.name for line in lines if (function := unit.function_at(line)) is not None]
    ways = [how for _, how, _ in found]
    return charge(
        "stringified_error",
        min(2.5 + 0.8 * len(found), 6.0),
        f"`{unit.path}` keeps the text of an error and lets the error go in {counted(len(found), 'place')}.",
        {
            "path": unit.path,
            "count": len(found),
            "functions": tuple(dict.fromkeys(functions)),
            "code": tuple(code_at(unit, line) for line in lines)[:6],
            "caught": tuple(dict.fromkeys(caught for _, _, caught in found)),
            "returned": ways.count("returned"),
            "stored": ways.count("stored"),
            "raised": ways.count("raised"),
        },
        receipts_at(case, unit, lines),
        stands_in=standing(case),
        confidence=0.85,
    )
