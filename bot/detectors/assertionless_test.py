"""Tests that check nothing that can be seen.

What it finds: new Python tests without an ``assert``, without ``pytest.raises`` and its kin, without ``assert_…`` of
a mock or a test case, and without a call of anything whose name says that it checks, in files that are known whole.
Helpers of the same file that hold an assertion count as one. Tests whose name says that they only have to survive
("does not raise", "smoke") are left alone.

Why it matters: it goes green for as long as nothing blows up.

Where it errs: a helper from elsewhere under a name that does not say so may check. The roast says what is not there.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._pytests import dotted, new_tests
from bot.detectors.base import charge, counted, file_receipt, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import Function, PythonUnit

STANCE = Stance.CHARGE
_CHECKS = re.compile(
    r"assert|raises|warns|expect|should|check|verify|verif|validat|ensure|compar|match|snapshot|approv"
    r"|fail|contains|wait_for"
    r"|wait_until|poll|deprecated_call|xfail|skip|must|equal|benchmark|invoke_and|run_\w*test|golden"
    r"|regression|is_true|confirm",
    re.IGNORECASE,
)
_SURVIVES = re.compile(
    r"smoke|import|compil|type|mypy|no_?(error|exception|op|crash|raise|warn)|not_(raise|fail|error|crash"
    r"|warn|block|hang|deadlock)"
    r"|doesnt|does_not|without_(error|raising|exception|crash)|can_|works|allow|accept|valid|succe"
    r"|support|ok$|example|runs|noop|safe"
    r"|handles|is_ignored|ignores|tolerat|bench|perf",
    re.IGNORECASE,
)
_FEWEST_STATEMENTS = 2


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a file.

    Facts: ``tests`` (their names), ``test`` (the first), ``count``, ``path``, ``code`` (the first line of the first),
    ``calls`` (what the first does instead, in order), ``last_line`` (how it ends).
    """
    found: dict[str, list[tuple[PythonUnit, Function]]] = defaultdict(list)
    helpers: dict[str, frozenset[str]] = {}
    for unit, function in new_tests(case):
        if not unit.complete or _SURVIVES.search(function.name):
            continue
        if unit.path not in helpers:
            helpers[unit.path] = _checking_helpers(unit)
        if _is_bare(function, helpers[unit.path]):
            found[unit.path].append((unit, function))
    for path, items in found.items():
        unit, first = items[0]
        names = tuple(function.name for _, function in items)
        calls = [dotted(node.func) for node in ast.walk(first.node) if isinstance(node, ast.Call)]
        lines = [(function.first_line, unit.lines.get(function.first_line, "")) for _, function in items]
        yield charge(
            "assertionless_test",
            min(4.0 + 0.5 * len(items), 6.5),
            f"{counted(len(items), 'new test').capitalize()} in `{path}` without an assertion: `{names[0]}`.",
            {
                "tests": names[:12],
                "test": names[0],
                "count": len(items),
                "path": path,
                "code": unit.lines.get(first.first_line, "").strip(),
                "calls": tuple(dict.fromkeys(call for call in calls if call))[:8],
                "last_line": unit.lines.get(first.last_line, "").strip()[:200],
            },
            [file_receipt(case, path, number, text) for number, text in lines[:12] if text.strip()],
            stands_in=standing(case),
            confidence=0.75,
        )


def _is_bare(function: Function, checking: frozenset[str]) -> bool:
    statements = [item for item in function.node.body if not _is_docstring(item)]
    if len(statements) < _FEWEST_STATEMENTS and not isinstance(statements[-1] if statements else None, ast.With):
        return False
    decorators = " ".join(ast.unparse(item) for item in function.node.decorator_list)
    if _CHECKS.search(decorators) or any(_CHECKS.search(item.arg) for item in function.node.args.args):
        return False
    for node in ast.walk(function.node):
        if isinstance(node, ast.Assert | ast.Raise | ast.Yield):
            return False
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            if _CHECKS.search(name) or name.rsplit(".", 1)[-1] in checking or not name:
                return False
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "assert" in node.value:
            return False
    return True


def _checking_helpers(unit: PythonUnit) -> frozenset[str]:
    """Return the functions and methods of the file that hold an assertion, by name."""
    asserting = sorted(node.lineno for node in (*unit.of(ast.Assert), *unit.of(ast.Raise)))
    return frozenset(
        function.name
        for function in unit.functions
        if bisect_right(asserting, function.last_line) > bisect_left(asserting, function.first_line)
    )


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
