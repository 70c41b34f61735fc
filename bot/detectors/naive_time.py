"""A time without a zone.

What it finds: added ``datetime.utcnow()``, ``datetime.utcfromtimestamp()`` and ``datetime.now()`` without a zone in
Python that ships, where the file's imports say that it is the standard library's ``datetime``.

Why it matters: such a time compares with no aware one, and ``utcnow`` is deprecated
(https://docs.python.org/3/library/datetime.html#datetime.datetime.utcnow).

Where it errs: a local time shown to a person on the same machine needs no zone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._imports import imports_of
from bot.detectors._python import code_at, dotted, production, receipts_at
from bot.detectors.base import charge, counted, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import PythonUnit

STANCE = Stance.CHARGE

_NAIVE = {
    "datetime.datetime.utcnow": 0,
    "datetime.datetime.utcfromtimestamp": 1,
    "datetime.datetime.now": 0,
    "datetime.datetime.today": 0,
}


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a file.

    Facts: ``path``, ``count``, ``calls`` (as written), ``deprecated`` (how many are ``utcnow`` or
    ``utcfromtimestamp``), ``functions``, ``code`` (the lines), ``aware_beside`` (how many times in the same file
    carry a zone).
    """
    for unit in production(case):
        if unit.complete:
            found, aware = _naive(unit)
            if found:
                yield _exhibit(case, unit, found, aware)


def _naive(unit: PythonUnit) -> tuple[list[tuple[int, str]], int]:
    names = {item.local: item.full for item in imports_of(unit) if item.module.split(".")[0] == "datetime"}
    if not names:
        return [], 0
    found: list[tuple[int, str]] = []
    aware = 0
    for call in unit.of(ast.Call):
        written = dotted(call.func)
        head, _, rest = written.partition(".")
        full = f"{names[head]}.{rest}" if head in names and rest else ""
        if full in _NAIVE:
            if len(call.args) + len(call.keywords) > _NAIVE[full]:
                aware += 1
            elif call.lineno in unit.added:
                found.append((call.lineno, written))
    return found, aware


def _exhibit(case: Case, unit: PythonUnit, found: list[tuple[int, str]], aware: int) -> Exhibit:
    functions = [function.name for line, _ in found if (function := unit.function_at(line)) is not None]
    calls = tuple(dict.fromkeys(written for _, written in found))
    deprecated = sum("utc" in written for _, written in found)
    return charge(
        "naive_time",
        min(2.0 + 0.5 * len(found) + 1.0 * bool(deprecated) + 0.8 * bool(aware), 5.5),
        f"`{unit.path}` takes the time without a zone in {counted(len(found), 'place')} (`{calls[0]}()`).",
        {
            "path": unit.path,
            "count": len(found),
            "calls": calls,
            "deprecated": deprecated,
            "functions": tuple(dict.fromkeys(functions)),
            "code": tuple(code_at(unit, line) for line, _ in found[:6]),
            "aware_beside": aware,
        },
        receipts_at(case, unit, [line for line, _ in found]),
        stands_in=standing(case),
        confidence=0.9,
    )
