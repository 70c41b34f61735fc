"""One unexplained number, written three times.

What it finds: an integer or float literal that is neither small nor round nor known (a status code, a power of two, a
unit of time), which added lines of one Python file that ships spell out three times or more, none of them as a named
constant.

Why it matters: whoever changes two of them has changed nothing.

Where it errs: equal numbers may mean different things; the text says only that they are equal.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import code_at, production, receipts_at
from bot.detectors.base import charge, number_word, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import PythonUnit

STANCE = Stance.CHARGE

_KNOWN = frozenset(
    {*range(13), 24, 30, 31, 50, 52, 60, 90, 100, 180, 200, 250, 255, 360, 365, 400, 500, 1000, 1440, 3600}
)
_FEWEST = 3


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit a file, for the number that stands there most often.

    Facts: ``number``, ``count``, ``times`` (in words), ``path``, ``functions``, ``code`` (the lines), ``lines``.
    """
    for unit in production(case):
        places: dict[str, list[ast.Constant]] = defaultdict(list)
        for node in unit.of(ast.Constant):
            if isinstance(node.value, int | float) and node.lineno in unit.added and _is_magic(node.value):
                places[repr(node.value)].append(node)
        for found in sorted(places.values(), key=lambda item: -len(item))[:1]:
            lines = list(dict.fromkeys(node.lineno for node in found))
            functions = [function.name for line in lines if (function := unit.function_at(line)) is not None]
            if len(lines) >= _FEWEST and len(functions) == len(lines):
                yield _exhibit(case, unit, str(found[0].value), lines, functions)


def _is_magic(value: int | float) -> bool:  # noqa: PYI041 - the two are told apart below
    if value is True or value is False or abs(value) in _KNOWN:
        return False
    if isinstance(value, float):
        return value not in {0.5, 0.1, 0.01, 0.001, 0.25, 0.75, 1.5, 2.5}
    plain = abs(value)
    return not (100 <= plain < 600 or plain & (plain - 1) == 0 or plain % 50 == 0 or plain in {86400, 65535, 604800})


def _exhibit(case: Case, unit: PythonUnit, number: str, lines: list[int], functions: list[str]) -> Exhibit:
    times = f"{number_word(len(lines))} times"
    return charge(
        "magic_number",
        min(2.0 + 0.4 * len(lines), 4.5),
        f"`{unit.path}` writes {number} {times} and names it nowhere in those lines.",
        {
            "number": number,
            "count": len(lines),
            "times": times,
            "path": unit.path,
            "functions": tuple(dict.fromkeys(functions)),
            "code": tuple(code_at(unit, line) for line in lines[:6]),
            "lines": tuple(lines[:12]),
        },
        receipts_at(case, unit, lines),
        stands_in=standing(case),
        confidence=0.75,
    )
