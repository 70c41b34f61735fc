"""A call that blocks, in a function that promised not to.

What it finds: added calls of ``time.sleep``, ``requests.get`` and its kin, ``subprocess.run`` and its kin,
``os.system`` and ``urlopen`` whose innermost function is ``async def`` in Python that ships; names are resolved by
the file's imports.

Why it matters: while it waits, so does everything else on the loop
(https://docs.python.org/3/library/asyncio-dev.html#running-blocking-code).

Where it errs: calls inside a lambda or a nested plain function may be handed to a thread, and are left alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._imports import resolver
from bot.detectors._python import code_at, dotted, production, receipts_at
from bot.detectors.base import charge, counted, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import PythonUnit

STANCE = Stance.CHARGE

_BLOCKS = frozenset(
    "time.sleep requests.get requests.post requests.put requests.patch requests.delete requests.head requests.request"
    " subprocess.run subprocess.call subprocess.check_call subprocess.check_output os.system urllib.request.urlopen"
    " httpx.get httpx.post httpx.put httpx.patch httpx.delete".split()
)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a file.

    Facts: ``path``, ``count``, ``functions``, ``calls`` (what is called, resolved), ``code`` (the lines).
    """
    for unit in production(case):
        found = _blocking(unit)
        if found:
            yield _exhibit(case, unit, found)


def _blocking(unit: PythonUnit) -> list[tuple[int, str, str]]:
    if not unit.of(ast.AsyncFunctionDef):
        return []
    resolve = resolver(unit)
    found: list[tuple[int, str, str]] = []
    for call in unit.of(ast.Call):
        if call.lineno not in unit.added:
            continue
        full = resolve(dotted(call.func))
        function = unit.function_at(call.lineno) if full in _BLOCKS else None
        in_lambda = "lambda" in unit.lines.get(call.lineno, "")
        if function is not None and isinstance(function.node, ast.AsyncFunctionDef) and not in_lambda:
            found.append((call.lineno, full, function.name))
    return found


def _exhibit(case: Case, unit: PythonUnit, found: list[tuple[int, str, str]]) -> Exhibit:
    calls = tuple(dict.fromkeys(name for _, name, _ in found))
    functions = tuple(dict.fromkeys(function for _, _, function in found))
    return charge(
        "blocking_in_async",
        min(4.5 + 0.5 * len(found), 7.0),
        f"`async def {functions[0]}` in `{unit.path}` calls `{calls[0]}`: {counted(len(found), 'blocking call')}.",
        {
            "path": unit.path,
            "count": len(found),
            "function": functions[0],
            "functions": functions[:8],
            "calls": calls,
            "code": tuple(code_at(unit, line) for line, _, _ in found[:6]),
        },
        receipts_at(case, unit, [line for line, _, _ in found]),
        stands_in=standing(case),
        confidence=0.9,
    )
