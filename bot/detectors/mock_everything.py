"""Tests in which almost everything is a stand-in.

What it finds: a new Python test with at least six patches and mocks (``patch``, ``Mock``, ``MagicMock``,
``AsyncMock``, ``monkeypatch.setattr``, ``mocker.patch``), and at least twice as many as assertions; or a JavaScript
test file with at least eight added ``vi.mock``/``jest.mock``.

Why it matters: what is left under test is the arrangement of the stand-ins.

Where it errs: the edge of a system has much to stand in for. The roast counts.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import Place, fresh, receipts
from bot.detectors._pytests import dotted, new_tests
from bot.detectors.base import charge, file_receipt, standing
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind
from bot.python_source import Function, PythonUnit

STANCE = Stance.CHARGE
_FEWEST = 6
_FEWEST_MODULES = 8
_TIMES = 2
_STAND_IN = re.compile(
    r"^(?:\w+\.)*(?:patch(?:\.object|\.dict|\.multiple)?|(?:Magic|Async|NonCallable|Property)?Mock|create_autospec"
    r"|monkeypatch\.setattr)$"
)
_MODULE = re.compile(r"^\s*(?:vi|jest)\.(?:mock|doMock)\(\s*[\"']([^\"']+)")
_CHECK = re.compile(r"(?:^|\.)assert\w*$|(?:^|\.)raises$", re.IGNORECASE)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a test, the fullest three; one a file in JavaScript.

    Facts: ``test``, ``path``, ``stand_ins`` (how many), ``targets`` (what is patched, as written), ``assertions``,
    ``lines`` (of the test), ``code`` (its first line).
    """
    found: list[tuple[int, int, list[ast.Call], PythonUnit, Function]] = []
    for unit, function in new_tests(case):
        calls = [node for node in ast.walk(function.node) if isinstance(node, ast.Call)]
        stand_ins = _stand_ins(calls)
        checks = sum(isinstance(node, ast.Assert) for node in ast.walk(function.node))
        checks += sum(bool(_CHECK.search(dotted(node.func))) for node in calls)
        if len(stand_ins) >= _FEWEST and len(stand_ins) >= _TIMES * max(checks, 1):
            found.append((len(stand_ins), checks, stand_ins, unit, function))
    found.sort(key=lambda item: -item[0])
    for count, checks, stand_ins, unit, function in found[:3]:
        yield _exhibit(case, (count, checks), stand_ins, unit, function)
    yield from _modules(case)


def _exhibit(
    case: Case, counts: tuple[int, int], calls: list[ast.Call], unit: PythonUnit, function: Function
) -> Exhibit:
    count, checks = counts
    code = unit.lines.get(function.first_line, "").strip()
    lines = dict.fromkeys(node.lineno for node in sorted(calls, key=lambda node: node.lineno))
    shown = [file_receipt(case, unit.path, number, unit.lines.get(number, "")) for number in lines]
    return charge(
        "mock_everything",
        min(3.0 + 0.25 * count, 6.5),
        f"`{function.name}` in `{unit.path}` sets up {count} stand-ins for {checks} assertions.",
        {
            "test": function.name,
            "path": unit.path,
            "stand_ins": count,
            "targets": tuple(dict.fromkeys(target for node in calls if (target := _target(node))))[:12],
            "assertions": checks,
            "lines": function.length,
            "code": code,
        },
        [file_receipt(case, unit.path, function.first_line, code), *[item for item in shown if item.quote][:11]],
        stands_in=standing(case),
        confidence=0.8,
    )


def _stand_ins(calls: list[ast.Call]) -> list[ast.Call]:
    """Return the calls that set one up; a mock that is handed to a patch is that patch's."""
    found = [node for node in calls if _STAND_IN.match(dotted(node.func))]
    handed: set[int] = set()
    for node in found:
        if "ock" not in dotted(node.func).rsplit(".", 1)[-1]:  # patch, patch.object, setattr: not Mock and its kin
            handed.update(id(item) for item in (*node.args, *(keyword.value for keyword in node.keywords)))
    return [node for node in found if id(node) not in handed]


def _target(node: ast.Call) -> str:
    first = node.args[0] if node.args else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        return first.value[:100]
    return ast.unparse(first)[:100] if isinstance(first, ast.Attribute | ast.Name) else ""


def _modules(case: Case) -> Iterator[Exhibit]:
    by_file: dict[str, list[tuple[Place, str]]] = {}
    for place in fresh(case, FileKind.TEST):
        found = _MODULE.match(place[1].text[:300])
        if found:
            by_file.setdefault(place[0].path, []).append((place, found[1]))
    for path, items in by_file.items():
        if len(items) >= _FEWEST_MODULES:
            places = [place for place, _ in items]
            yield charge(
                "mock_everything",
                min(2.5 + 0.25 * len(items), 6.0),
                f"`{path}` replaces {len(items)} modules before its first test.",
                {
                    "test": "",
                    "path": path,
                    "stand_ins": len(items),
                    "targets": tuple(module for _, module in items)[:12],
                    "code": places[0][1].text.strip(),
                },
                receipts(case, places),
                stands_in=standing(case),
                confidence=0.8,
            )
