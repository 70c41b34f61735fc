"""A hand in another library's private drawer.

What it finds: added imports in Python that ships of names or modules with a leading underscore from another package
(``from urllib3._collections import HTTPHeaderDict``).

Why it matters: the underscore says that it may be gone with the next release, without a word.

Where it errs: packages of the same repository are left alone as far as their paths show them; a few underscored
modules of the standard library are public by documentation (``_thread``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._imports import imports_of
from bot.detectors._python import code_at, production, receipts_at
from bot.detectors.base import charge, counted, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import PythonUnit

STANCE = Stance.CHARGE

_PUBLIC = frozenset({"_thread", "_typeshed", "_pytest", "__future__", "__main__"})


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a file.

    Facts: ``path``, ``count``, ``names`` (what is imported, in full), ``libraries``, ``code`` (the lines).
    """
    parts = {part.removesuffix(".py") for diff in case.diffs for part in diff.path.split("/")}
    own = {part.replace("-", "_") for part in parts | {case.pull_request.repo}}
    for unit in production(case):
        found = list(dict.fromkeys(_reaches(unit, own)))
        if found:
            yield _exhibit(case, unit, found)


def _reaches(unit: PythonUnit, own: set[str]) -> Iterator[tuple[int, str]]:
    if not unit.of(ast.Import) and not unit.of(ast.ImportFrom):
        return
    for item in imports_of(unit):
        root = item.module.split(".")[0]
        if item.line not in unit.added or root in own | _PUBLIC or any(root.startswith(f"{name}_") for name in own):
            continue
        parts = item.full.split(".")
        if any(part.startswith("_") and not part.startswith("__") for part in parts) and parts[0] not in _PUBLIC:
            yield item.line, item.full


def _exhibit(case: Case, unit: PythonUnit, found: list[tuple[int, str]]) -> Exhibit:
    names = tuple(name for _, name in found)
    lines = list(dict.fromkeys(line for line, _ in found))
    return charge(
        "private_reach",
        min(2.5 + 0.7 * len(names), 5.5),
        f"`{unit.path}` takes {counted(len(names), 'private name')} from another package: `{names[0]}`.",
        {
            "path": unit.path,
            "count": len(names),
            "names": names[:8],
            "libraries": tuple(dict.fromkeys(name.split(".")[0] for name in names)),
            "code": tuple(code_at(unit, line) for line in lines)[:6],
        },
        receipts_at(case, unit, lines),
        stands_in=standing(case),
        confidence=0.8,
    )
