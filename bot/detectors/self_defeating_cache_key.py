"""A cache key that can never be met again.

What it finds: a key that a function builds and looks up in something called a cache or memo, where the key holds the
time, a random value or a fresh UUID, or an attribute that the same function changes after the key was built.

Why it matters: every call is a miss, and every miss is kept.

Where it errs: a key with a coarse clock in it (an hour, a day) expires on purpose; such divisions and roundings are
left alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import code_at, dotted, last_name, own_nodes, production, receipts_at, text_of, walk_some
from bot.detectors.base import charge, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import Function, PythonUnit

STANCE = Stance.CHARGE

_CACHE = re.compile(r"cache|memo", re.IGNORECASE)
_FRESH = re.compile(
    r"(?:^|\.)(?:time\.time|time_ns|monotonic|perf_counter|uuid1|uuid4|uuid7|token_hex|token_urlsafe|utcnow|now|random)$"
)
_LONGEST = 2000


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a key.

    Facts: ``function``, ``path``, ``key`` (its name), ``code`` (where it is built), ``cache``, ``culprit`` (what is
    never the same twice), ``why`` ("fresh each time" or "changed by the same call"), ``changed_by`` (that line).
    """
    for unit in production(case):
        named = [node for node in unit.of(ast.Subscript) if isinstance(node.slice, ast.Name)]
        caches = [node for node in named if _CACHE.search(last_name(node.value))]
        functions = {id(item): item for node in caches if (item := unit.function_at(node.lineno)) is not None}
        for function in functions.values():
            if function.length <= _LONGEST:
                yield from _in_function(case, unit, function)


def _in_function(case: Case, unit: PythonUnit, function: Function) -> Iterator[Exhibit]:
    nodes = list(own_nodes(function.node))
    used = {
        node.slice.id: last_name(node.value)
        for node in nodes
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name) and _CACHE.search(last_name(node.value))
    }
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.lineno in unit.added:
            name = node.targets[0].id
            culprit = _culprit(node, nodes) if name in used else None
            if culprit is not None:
                yield _exhibit(case, unit, function, node, name, used[name], culprit)


def _culprit(node: ast.Assign, nodes: list[ast.AST]) -> tuple[str, str, int] | None:
    parts = list(walk_some(node.value))
    if any(isinstance(item, ast.FloorDiv | ast.Mod) or last_name(item) in {"round", "int"} for item in parts):
        return None
    for item in parts:
        if isinstance(item, ast.Call) and _FRESH.search(dotted(item.func)):
            return text_of(item), "fresh each time", node.lineno
    held = {dotted(item) for item in parts if isinstance(item, ast.Attribute)} - {""}
    for later in nodes:
        targets = later.targets if isinstance(later, ast.Assign) else [getattr(later, "target", None)]
        if isinstance(later, ast.Assign | ast.AugAssign) and later.lineno > (node.end_lineno or node.lineno):
            for target in targets:
                if dotted(target) in held:
                    return dotted(target), "changed by the same call", later.lineno
    return None


def _exhibit(  # noqa: PLR0917 - one place, all its parts
    case: Case,
    unit: PythonUnit,
    function: Function,
    node: ast.Assign,
    key: str,
    cache: str,
    culprit: tuple[str, str, int],
) -> Exhibit:
    what, why, line = culprit
    return charge(
        "self_defeating_cache_key",
        6.5,
        f"`{function.name}` in `{unit.path}` looks up `{cache}` by a key with `{what}` in it, which is {why}.",
        {
            "function": function.name,
            "path": unit.path,
            "key": key,
            "code": code_at(unit, node.lineno),
            "cache": cache,
            "culprit": what,
            "why": why,
            "changed_by": code_at(unit, line),
        },
        receipts_at(case, unit, [node.lineno, line]),
        stands_in=standing(case),
        confidence=0.8,
    )
