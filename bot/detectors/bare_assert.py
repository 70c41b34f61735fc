"""Asserts that guard production code.

What it finds: ``assert`` statements that the pull request adds to Python code that ships, grouped by function,
where they check a value at run time (``assert worker is not None``). Asserts inside ``if TYPE_CHECKING``,
in test code, and ``assert_never``-style exhaustiveness checks (``assert False`` with a message after all
branches) are left alone.

Why it matters: ``python -O`` removes them, and a failing one tells the caller nothing
(https://docs.python.org/3/reference/simple_stmts.html#the-assert-statement).

Where it errs: an assert that merely helps a type checker looks the same; the roast says what stands there,
never what would happen.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import charge, counted, file_receipt, standing
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind
from bot.python_source import Function, PythonUnit

STANCE = Stance.CHARGE


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a function.

    Facts: ``function``, ``path``, ``count``, ``asserts`` (their text), ``names`` (what they assert on),
    ``without_message`` (how many carry none), ``not_none`` (how many say ``is not None``).
    """
    for unit in case.python_in(FileKind.PRODUCTION):
        by_function: dict[str, list[tuple[Function, ast.Assert]]] = defaultdict(list)
        for node in unit.nodes:
            if isinstance(node, ast.Assert) and unit.adds(node) and not _is_unreachable_mark(node):
                function = unit.function_at(node.lineno)
                if function is not None:
                    by_function[function.qualified_name].append((function, node))
        for found in by_function.values():
            yield _exhibit(case, unit, found)


def _is_unreachable_mark(node: ast.Assert) -> bool:
    return isinstance(node.test, ast.Constant) and not node.test.value


def _exhibit(case: Case, unit: PythonUnit, found: list[tuple[Function, ast.Assert]]) -> Exhibit:
    function = found[0][0]
    asserts = sorted((node for _, node in found), key=lambda node: node.lineno)
    texts = tuple(unit.lines.get(node.lineno, "").strip() for node in asserts)
    without_message = sum(node.msg is None for node in asserts)
    return charge(
        "bare_assert",
        min(3.0 + 1.2 * len(asserts), 7.5),
        f"`{function.name}` in `{unit.path}` guards production code with {counted(len(asserts), 'bare assert')}.",
        {
            "function": function.name,
            "path": unit.path,
            "count": len(asserts),
            "asserts": texts,
            "names": tuple(dict.fromkeys(_name(node) for node in asserts if _name(node))),
            "without_message": without_message,
            "not_none": sum("is not None" in text for text in texts),
        },
        (file_receipt(case, unit.path, node.lineno, text) for node, text in zip(asserts, texts, strict=True)),
        stands_in=standing(case),
        confidence=0.95 if unit.complete else 0.9,
    )


def _name(node: ast.Assert) -> str:
    left = node.test.left if isinstance(node.test, ast.Compare) else node.test
    if isinstance(left, ast.Call) and left.args:
        left = left.args[0]
    return ast.unparse(left) if isinstance(left, ast.Name | ast.Attribute) else ""
