"""A nap of a fixed length in code that ships.

What it finds: added ``time.sleep`` or ``asyncio.sleep`` with a literal number above zero in Python that ships,
resolved by the file's imports, at least one of them outside of any loop.

Why it matters: a fixed wait is a guess about somebody else's speed, too long on good days and too short on bad ones.

Where it errs: a server that is given time to start has no better sign sometimes; polling loops are left alone, and so
are scripts, examples and benchmarks, by their paths.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._imports import resolver
from bot.detectors._python import code_at, dotted, production, receipts_at
from bot.detectors.base import charge, counted, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import PythonUnit

STANCE = Stance.CHARGE

_SLEEPS = frozenset({"time.sleep", "asyncio.sleep", "anyio.sleep", "trio.sleep"})
_ASIDE = re.compile(r"(^|/)(scripts?|examples?|bench\w*|docs?|tools?|demos?|dev|ci|\.github|tasks)/")


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a file.

    Facts: ``path``, ``count``, ``seconds`` (the numbers, as written), ``total`` (their sum in seconds), ``functions``,
    ``code`` (the lines), ``in_loop`` (how many stand in a loop), ``blocking`` (how many are ``time.sleep``).
    """
    for unit in production(case):
        if _ASIDE.search(unit.path):
            continue
        found = _naps(unit)
        looped = _loop_lines(unit) if found else set()
        if not all(call.lineno in looped for call, _, _ in found):
            yield _exhibit(case, unit, found, looped)


def _naps(unit: PythonUnit) -> list[tuple[ast.Call, str, float]]:
    calls = [call for call in unit.of(ast.Call) if call.lineno in unit.added and dotted(call.func).endswith("sleep")]
    if not calls:
        return []
    resolve = resolver(unit)
    found: list[tuple[ast.Call, str, float]] = []
    for call in calls:
        full = resolve(dotted(call.func)) or ("" if unit.complete else dotted(call.func))
        value = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
        if full in _SLEEPS and isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            found.append((call, full, float(value)))
    return found


def _exhibit(case: Case, unit: PythonUnit, found: list[tuple[ast.Call, str, float]], looped: set[int]) -> Exhibit:
    lines = [call.lineno for call, _, _ in found]
    functions = [function.name for line in lines if (function := unit.function_at(line)) is not None]
    in_loop = sum(line in looped for line in lines)
    seconds = tuple(f"{value:g}" for _, _, value in found)
    return charge(
        "sleep_in_production",
        min(2.0 + 0.7 * len(found) + 0.7 * (in_loop < len(found)), 5.0),
        f"`{unit.path}` sleeps for a fixed time in {counted(len(found), 'place')}: {seconds[0]} s.",
        {
            "path": unit.path,
            "count": len(found),
            "seconds": seconds,
            "total": round(sum(value for _, _, value in found), 3),
            "functions": tuple(dict.fromkeys(functions)),
            "code": tuple(code_at(unit, line) for line in lines[:6]),
            "in_loop": in_loop,
            "blocking": sum(name == "time.sleep" for _, name, _ in found),
        },
        receipts_at(case, unit, lines),
        stands_in=standing(case),
        confidence=0.85,
    )


def _loop_lines(unit: PythonUnit) -> set[int]:
    """Return the numbers of all lines that a loop spans."""
    loops: list[ast.For | ast.AsyncFor | ast.While] = [
        *unit.of(ast.For), *unit.of(ast.AsyncFor), *unit.of(ast.While),
    ]  # fmt: skip
    lines: set[int] = set()
    for loop in loops:
        if loop.lineno not in lines:
            lines.update(range(loop.lineno, (loop.end_lineno or loop.lineno) + 1))
    return lines
