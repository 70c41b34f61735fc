"""A class that lost parts and weighs as much as before.

What it finds: a Python class known whole at the base and at the head, from which at least three members were taken
while it gained as many or more, in a pull request whose title or commits speak of slimming (extract, split,
simplify).

Why it matters: the parts went out of the front door and came back in by the window.

Where it errs: members are functions by name; a member that was only renamed counts as one out and one in.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import production, receipts_at
from bot.detectors.base import charge, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import PythonUnit, parse

STANCE = Stance.CHARGE

_DIET = re.compile(r"\b(extract|split|slim|simplif|decompos|break up|thin(?:ned|ning)|prun)\w*", re.IGNORECASE)
_DEF = re.compile(r"^\s+(?:async\s+)?def\s+\w")
_LEAST = 3
_FEWEST = 8


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a class.

    Facts: ``class_name``, ``path``, ``before``, ``after`` (members), ``taken`` and ``came`` (their names),
    ``taken_count``, ``came_count``, ``lines_before``, ``lines_after``, ``said`` (the words that promised a diet).
    """
    said = _promise(case)
    if not said:
        return
    for unit in production(case):
        diff = case.diff_of(unit.path)
        before = case.base_files.get(diff.file.previous_path or unit.path) if diff else None
        if not unit.complete or diff is None or before is None:
            continue
        if sum(bool(_DEF.match(line.text)) for line in diff.removed) < _LEAST:
            continue
        yield from _classes(case, unit, before, said)


def _promise(case: Case) -> str:
    texts = [case.pull_request.title, *(commit.subject for commit in case.own_commits)]
    return next((text for text in texts if _DIET.search(text)), "")


def _classes(case: Case, unit: PythonUnit, before: str, said: str) -> Iterator[Exhibit]:
    tree = parse(before)
    old = {node.name: node for node in (tree.body if tree else []) if isinstance(node, ast.ClassDef)}
    for node in unit.tree.body:
        if isinstance(node, ast.ClassDef) and node.name in old:
            was, now = _members(old[node.name]), _members(node)
            taken, came = [name for name in was if name not in now], [name for name in now if name not in was]
            if len(taken) >= _LEAST and len(now) >= max(len(was), _FEWEST):
                yield _exhibit(case, unit, node, old[node.name], taken, came, said)


def _members(node: ast.ClassDef) -> dict[str, int]:
    return {item.name: item.lineno for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)}


def _exhibit(  # noqa: PLR0917 - one place, all its parts
    case: Case, unit: PythonUnit, node: ast.ClassDef, old: ast.ClassDef, taken: list[str], came: list[str], said: str
) -> Exhibit:
    was, now = _members(old), _members(node)
    return charge(
        "fat_after_diet",
        min(4.0 + 0.2 * len(taken), 6.5),
        f"`{node.name}` in `{unit.path}` lost {len(taken)} members and has {len(now)}, where it had {len(was)}.",
        {
            "class_name": node.name,
            "path": unit.path,
            "before": len(was),
            "after": len(now),
            "taken": tuple(taken[:12]),
            "came": tuple(came[:12]),
            "taken_count": len(taken),
            "came_count": len(came),
            "lines_before": (old.end_lineno or old.lineno) - old.lineno + 1,
            "lines_after": (node.end_lineno or node.lineno) - node.lineno + 1,
            "said": said,
        },
        receipts_at(case, unit, [node.lineno, *(now[name] for name in came)]),
        stands_in=standing(case),
        confidence=0.75,
    )
