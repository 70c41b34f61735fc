"""A question in a question in a question: conditional expressions three deep.

What it finds: added conditional expressions that hold at least two more inside one another, in TypeScript,
JavaScript, Java, Ruby and Python code that ships.

Why it matters: the reader has to keep every earlier answer in mind, and there is no line to put a breakpoint on.

Where it errs: a flat chain, one question a line, reads like a table to some; it counts here all the same.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._structural import hit_receipts, production_hits
from bot.detectors.base import charge, file_receipt, number_word, standing
from bot.exhibit import Exhibit, Receipt, Stance
from bot.kinds import FileKind
from bot.python_source import PythonUnit

STANCE = Stance.CHARGE
_DEEP = 3


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a function.

    Facts: ``function``, ``path``, ``line``, ``questions`` (how many conditions hang together), ``code`` (its
    first line).
    """
    for unit in case.python_in(FileKind.PRODUCTION):
        yield from _python(case, unit)
    told: set[tuple[str, str]] = set()
    for hit in production_hits(case, "nested_ternary"):
        if (hit.path, hit.function) not in told:
            told.add((hit.path, hit.function))
            asked = hit.text.count("?") - hit.text.count("?.") - 2 * hit.text.count("??")
            yield _exhibit(case, hit.function, hit_receipts(case, [hit])[0], max(asked, _DEEP))


def _python(case: Case, unit: PythonUnit) -> Iterator[Exhibit]:
    inner: set[int] = set()
    for node in unit.of(ast.IfExp):
        if id(node) not in inner:
            chain = _chain(node)
            inner.update(id(item) for item in chain)
            text = unit.lines.get(node.lineno, "").strip()
            if len(chain) >= _DEEP and unit.adds(node) and text not in case.removed_texts:
                function = unit.function_at(node.lineno)
                name = function.name if function else ""
                yield _exhibit(case, name, file_receipt(case, unit.path, node.lineno, text), len(chain))


def _chain(node: ast.IfExp) -> list[ast.IfExp]:
    chain, waiting = [], [node]
    while waiting:
        current = waiting.pop()
        chain.append(current)
        waiting += [part for part in (current.body, current.test, current.orelse) if isinstance(part, ast.IfExp)]
    return chain


def _exhibit(case: Case, function: str, receipt: Receipt, questions: int) -> Exhibit:
    path = receipt.path
    place = f"`{function}` in `{path}`" if function else f"`{path}`"
    return charge(
        "nested_ternary",
        3.0 + 0.4 * min(questions, 8),
        f"{place} asks {number_word(questions)} questions in one expression.",
        {"function": function, "path": path, "line": receipt.line, "questions": questions, "code": receipt.quote},
        (receipt,),
        stands_in=standing(case),
        confidence=0.85,
    )
