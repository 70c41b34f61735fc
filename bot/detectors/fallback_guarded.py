"""A plan B that says when it is used.

What it finds: added handlers of a named error in Python that ships which log a warning and then carry on with something
else (a value, another call, an early return) where the work goes on.

Why it matters: a fallback that is silent is a fault that waits; one that speaks can be found.

Where it errs: it sees that something is said and something is given; whether plan B works is not told.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import dotted, last_name, production, receipts_at, walk_some
from bot.detectors.base import credit, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import PythonUnit

STANCE = Stance.CREDIT

_WARNS = frozenset({"warning", "warn", "error", "exception"})
_FALLS = re.compile(
    r"\bfall(?:s|ing)?[ -]?back\b|\bfallback\b|\binstead\b|\bdefault(?:s|ing)? to\b|\bretry|\bdegrad", re.IGNORECASE
)
_EVERYTHING = frozenset({"Exception", "BaseException", ""})


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit for the pull request, for the handler that says most.

    Facts: ``function``, ``path``, ``error`` (what is caught), ``said`` (the logged words, letter by letter), ``level``,
    ``count`` (how many such handlers there are), ``functions``.
    """
    found: list[tuple[PythonUnit, ast.ExceptHandler, ast.Call, str]] = []
    for unit in production(case):
        for handler in unit.of(ast.ExceptHandler):
            if handler.lineno in unit.added and dotted(handler.type) not in _EVERYTHING and _carries_on(handler):
                call = _warning(handler)
                if call is not None:
                    found.append((unit, handler, call, _words(call)))
    if not found:
        return
    unit, handler, call, said = max(found, key=lambda item: len(item[3]))
    function = unit.function_at(handler.lineno)
    name = function.name if function else ""
    yield credit(
        "fallback_guarded",
        min(3.0 + 0.4 * len(found), 4.5),
        f"`{name or unit.path}` has a plan B for `{dotted(handler.type)}` and says so in the log.",
        {
            "function": name,
            "path": unit.path,
            "error": dotted(handler.type),
            "said": said,
            "level": last_name(call.func),
            "count": len(found),
            "functions": tuple(
                dict.fromkeys(at.name for one, item, _, _ in found if (at := one.function_at(item.lineno)) is not None)
            )[:8],
        },
        receipts_at(case, unit, [handler.lineno, call.lineno]),
        stands_in=standing(case),
        confidence=0.8,
    )


def _carries_on(handler: ast.ExceptHandler) -> bool:
    """Whether the handler gives something else: it assigns or returns a value, and does not raise."""
    nodes = [item for statement in handler.body for item in walk_some(statement)]
    gives = any(
        isinstance(item, ast.Assign) or (isinstance(item, ast.Return) and item.value is not None) for item in nodes
    )
    return gives and not any(isinstance(item, ast.Raise) for item in nodes)


def _warning(handler: ast.ExceptHandler) -> ast.Call | None:
    """Return the call that warns and speaks of the fallback."""
    for statement in handler.body:
        for item in walk_some(statement):
            if isinstance(item, ast.Call) and last_name(item.func) in _WARNS and _FALLS.search(_words(item)):
                return item
    return None


def _words(call: ast.Call) -> str:
    node = call.args[0] if call.args else None
    if isinstance(node, ast.JoinedStr):
        return "".join(str(item.value) for item in node.values if isinstance(item, ast.Constant))[:240]
    return str(node.value)[:240] if isinstance(node, ast.Constant) else ""
