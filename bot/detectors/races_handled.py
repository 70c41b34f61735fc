"""A race that somebody thought of.

What it finds: added code that expects to be overtaken: an insert in a savepoint (``begin_nested``) whose
``IntegrityError`` is caught and answered by reading again; ``on_conflict_do_…`` and ``ON CONFLICT``; rows read
``FOR UPDATE``; files opened with ``O_EXCL`` or mode ``x`` whose ``FileExistsError`` is handled; compare-and-swap;
and locks that are both made and held in added lines.

Why it matters: whoever handles a race has seen two of something at once, and that is where systems break.

Where it errs: a lock shows that a race was expected, not that it is gone; the text says what stands there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.case import Case
from bot.detectors._python import code_at, dotted, last_name, production, receipts_at
from bot.detectors.base import credit, line_receipt, standing
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Fact, Stance
from bot.python_source import PythonUnit

STANCE = Stance.CREDIT

_TEXT = {
    "a conflict clause": re.compile(r"\bON CONFLICT\b|\bon_conflict_do_(?:nothing|update)\b|\bON DUPLICATE KEY\b"),
    "a row lock": re.compile(r"\bFOR UPDATE\b|\bwith_for_update\("),
    "compare-and-swap": re.compile(
        r"\bcompare_exchange(?:_weak|_strong)?\(|\bcompareAndSet\(|\.CompareAndSwap\w*\(|\bcompare_and_swap\("
    ),
    "an exclusive create": re.compile(r"\bO_EXCL\b|\.create_new\(true\)|[\"']wx[\"']"),
}
_ANY = re.compile("|".join(pattern.pattern for pattern in _TEXT.values()))
_LOCKS = frozenset({"Lock", "RLock"})
_LOCK_HOMES = frozenset({"", "threading", "asyncio", "anyio", "multiprocessing", "trio"})
_COMMENT = ("#", "//", "*", "/*", "--", "<!--")


@dataclass(frozen=True, slots=True)
class _Savepoint:
    function: str
    nested: int
    handler: int
    error: str
    reread: int
    call: str


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a savepoint, and one for all other ways together in a file.

    Facts of a savepoint: ``way`` ("a savepoint"), ``function``, ``path``, ``savepoint`` (the line), ``error``,
    ``reread`` (the call that reads again), ``reraises`` (whether the handler also raises).
    Facts of the others: ``way``, ``path``, ``count``, ``code`` (the first line), ``locks`` (their names) and ``held``
    (how often they are taken).
    """
    for unit in production(case):
        for node in unit.of(ast.Try):
            found = _savepoint(unit, node)
            if found is not None:
                yield _of_savepoint(case, unit, node, found)
        yield from _locks(case, unit)
    for diff in case.production:
        yield from _clauses(case, diff)


def _savepoint(unit: PythonUnit, node: ast.Try) -> _Savepoint | None:
    """Return the parts of: try, begin_nested, except IntegrityError, read again."""
    if not any(_conflict(handler) for handler in node.handlers):
        return None
    inside = [item for item in ast.walk(ast.Module(node.body, [])) if isinstance(item, ast.Call)]
    nested = next((call for call in inside if last_name(call.func) in {"begin_nested", "savepoint"}), None)
    if nested is None or nested.lineno not in unit.added:
        return None
    for handler in node.handlers:
        error = _conflict(handler)
        again = next((item for item in ast.walk(handler) if isinstance(item, ast.Call) and _reads(item)), None)
        if error and again is not None and handler.lineno in unit.added:
            function = unit.function_at(node.lineno)
            name = function.name if function else ""
            return _Savepoint(name, nested.lineno, handler.lineno, error, again.lineno, last_name(again.func))
    return None


def _conflict(handler: ast.ExceptHandler) -> str:
    """Return the name under which a handler catches an ``IntegrityError``, or nothing."""
    errors = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return next((dotted(item) for item in errors if last_name(item) == "IntegrityError"), "")


def _reads(call: ast.Call) -> bool:
    return bool(re.match(r"_?(?:read|get|fetch|find|load|select|scalar|one|first|query)", last_name(call.func)))


def _of_savepoint(case: Case, unit: PythonUnit, node: ast.Try, found: _Savepoint) -> Exhibit:
    handler_nodes = [item for handler in node.handlers for item in ast.walk(handler)]
    return credit(
        "races_handled",
        6.5,
        f"`{found.function}` in `{unit.path}` inserts in a savepoint, catches `{found.error}` and reads it"
        f" with `{found.call}`.",
        {
            "way": "a savepoint",
            "function": found.function,
            "path": unit.path,
            "savepoint": code_at(unit, found.nested),
            "error": found.error.rsplit(".", 1)[-1],
            "reread": found.call,
            "reraises": any(isinstance(item, ast.Raise) for item in handler_nodes),
        },
        receipts_at(case, unit, [found.nested, found.handler, found.reread]),
        stands_in=standing(case),
        confidence=0.9,
    )


def _locks(case: Case, unit: PythonUnit) -> Iterator[Exhibit]:
    """Yield the locks that added lines both make and hold."""
    assigned: list[ast.Assign | ast.AnnAssign] = [*unit.of(ast.Assign), *unit.of(ast.AnnAssign)]
    made = {
        name: node.lineno
        for node in assigned
        if isinstance(node.value, ast.Call) and node.lineno in unit.added and _makes_lock(node.value)
        for name in _names(node)
    }
    if not made:
        return
    held: dict[str, list[int]] = {}
    taking: list[ast.With | ast.AsyncWith] = [*unit.of(ast.With), *unit.of(ast.AsyncWith)]
    for node in taking:
        for name in (last_name(item.context_expr) for item in node.items):
            if name in made and node.lineno in unit.added:
                held.setdefault(name, []).append(node.lineno)
    if held:
        names = tuple(sorted(held, key=lambda name: (-len(held[name]), name)))
        taken = sum(len(lines) for lines in held.values())
        lines = [line for name in names for line in (made[name], held[name][0])]
        yield credit(
            "races_handled",
            3.0,
            f"`{unit.path}` makes a lock and holds it: {', '.join(f'`{name}`' for name in names[:3])}.",
            {"way": "a lock", "path": unit.path, "count": len(names), "locks": names[:8], "held": taken,
             "code": code_at(unit, made[names[0]])},
            receipts_at(case, unit, lines),
            stands_in=standing(case),
            confidence=0.8,
        )  # fmt: skip


def _makes_lock(call: ast.expr) -> bool:
    home, _, name = dotted(call.func if isinstance(call, ast.Call) else call).rpartition(".")
    return name in _LOCKS and home in _LOCK_HOMES


def _names(node: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [last_name(target) for target in targets if last_name(target)]


def _clauses(case: Case, diff: FileDiff) -> Iterator[Exhibit]:
    telling = [line for line in diff.added if len(line.text) < 1000 and _ANY.search(line.text) and _is_code(line)]
    if not telling:
        return
    removed = {line.text.strip() for line in diff.removed}
    for way, pattern in _TEXT.items():
        found = [line for line in telling if pattern.search(line.text) and line.text.strip() not in removed]
        if found:
            facts: dict[str, Fact] = {
                "way": way, "path": diff.path, "count": len(found), "code": found[0].text.strip()[:200],
            }  # fmt: skip
            yield credit(
                "races_handled",
                3.5,
                f"`{diff.path}` expects to be overtaken: {way}.",
                facts,
                (line_receipt(case, diff, line) for line in found[:6]),
                stands_in=standing(case),
                confidence=0.8,
            )


def _is_code(line: Line) -> bool:
    return not line.text.lstrip().startswith(_COMMENT)
