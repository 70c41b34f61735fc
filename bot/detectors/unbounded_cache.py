"""A cache that only grows.

What it finds: in Python files known whole, a new dict at module or class level whose name says cache or memo, which
functions fill by key and nothing in the file ever empties, bounds or replaces; and ``functools.cache`` or
``lru_cache(maxsize=None)`` newly put on a method, where ``self`` is part of every key.

Why it matters: a process that lives long keeps every key it ever saw
(https://docs.python.org/3/faq/programming.html#how-do-i-cache-method-calls).

Where it errs: keys may be few by nature; nothing is said where another file imports the dict by name.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import code_at, decorator_names, dotted, last_name, production, receipts_at
from bot.detectors.base import charge, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import Function, PythonUnit

STANCE = Stance.CHARGE

_NAME = re.compile(r"(?:^|_)(?:cache|cached|memo|memoized)(?:$|_|d$|s$)", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_EMPTIES = frozenset({"pop", "popitem", "clear", "move_to_end", "expire", "evict"})
_FOREVER = frozenset({"cache", "functools.cache"})


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a cache.

    Facts of a dict: ``name``, ``path``, ``code``, ``way`` ("a dict"), ``filled_in`` (functions), ``fills`` (how often).
    Facts of a method: ``name``, ``path``, ``code`` (the decorator), ``way`` ("a method"), ``class_name``.
    """
    for unit in production(case):
        if unit.complete:
            yield from _dicts(case, unit)
        yield from _methods(case, unit)


def _dicts(case: Case, unit: PythonUnit) -> Iterator[Exhibit]:
    made = {name: node.lineno for node, name in _made(unit) if node.lineno in unit.added}
    if not made:
        return
    filled: dict[str, list[int]] = {}
    for node in unit.of(ast.Subscript):
        name = last_name(node.value)
        if name in made and isinstance(node.ctx, ast.Store) and unit.function_at(node.lineno):
            filled.setdefault(name, []).append(node.lineno)
    spared = _spared(unit, set(made))
    candidates = set(filled) - spared
    for path, text in case.head_files.items():
        if candidates and path != unit.path and path.endswith(".py"):
            candidates -= set(_WORD.findall(text))
    for name, lines in filled.items():
        if name in candidates:
            yield _of_dict(case, unit, name, made[name], lines)


def _made(unit: PythonUnit) -> Iterator[tuple[ast.stmt, str]]:
    bodies = [unit.tree.body, *(node.body for node in unit.of(ast.ClassDef))]
    for node in (item for body in bodies for item in body):
        target: ast.expr | None = node.target if isinstance(node, ast.AnnAssign) else None
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
        value = getattr(node, "value", None)
        empty = isinstance(value, ast.Dict) and not value.keys
        if isinstance(target, ast.Name) and _NAME.search(target.id) and (empty or _is_dict_call(value)):
            yield node, target.id


def _is_dict_call(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func) in {"dict", "OrderedDict"} and not node.args


def _spared(unit: PythonUnit, names: set[str]) -> set[str]:
    """Return the names that are emptied, measured, deleted from or given a new value somewhere in the file."""
    spared: set[str] = set()
    for call in unit.of(ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr in _EMPTIES:
            spared.add(last_name(call.func.value))
        spared.update(last_name(item) for item in call.args)
    for node in unit.of(ast.Delete):
        spared.update(last_name(item.value) for item in node.targets if isinstance(item, ast.Subscript))
    for assigned in unit.of(ast.Assign):
        if unit.function_at(assigned.lineno):
            spared.update(last_name(item) for item in assigned.targets)
    return spared & names


def _of_dict(case: Case, unit: PythonUnit, name: str, made: int, lines: list[int]) -> Exhibit:
    functions = [function.name for line in lines if (function := unit.function_at(line)) is not None]
    return charge(
        "unbounded_cache",
        4.5,
        f"`{name}` in `{unit.path}` is filled by `{functions[0]}` and emptied nowhere in the file.",
        {
            "name": name,
            "path": unit.path,
            "code": code_at(unit, made),
            "way": "a dict",
            "filled_in": tuple(dict.fromkeys(functions)),
            "fills": len(lines),
        },
        receipts_at(case, unit, [made, *lines]),
        stands_in=standing(case),
        confidence=0.8,
    )


def _methods(case: Case, unit: PythonUnit) -> Iterator[Exhibit]:
    for function in unit.functions:
        decorators = function.node.decorator_list
        static = {"staticmethod", "classmethod"} & set(decorator_names(function.node))
        if not function.class_name or static or not function.node.args.args:
            continue
        for decorator in decorators:
            if decorator.lineno in unit.added and _keeps_all(decorator):
                yield _of_method(case, unit, function, decorator.lineno)


def _keeps_all(node: ast.expr) -> bool:
    if dotted(node) in _FOREVER:
        return True
    if not isinstance(node, ast.Call) or dotted(node.func) not in {"lru_cache", "functools.lru_cache"}:
        return False
    sizes = [*node.args[:1], *(item.value for item in node.keywords if item.arg == "maxsize")]
    return any(isinstance(size, ast.Constant) and size.value is None for size in sizes)


def _of_method(case: Case, unit: PythonUnit, function: Function, line: int) -> Exhibit:
    return charge(
        "unbounded_cache",
        4.5,
        f"`{function.qualified_name}` in `{unit.path}` is cached without a bound, with `self` in every key.",
        {
            "name": function.name,
            "path": unit.path,
            "code": code_at(unit, line),
            "way": "a method",
            "class_name": function.class_name,
        },
        receipts_at(case, unit, [line, function.first_line]),
        stands_in=standing(case),
        confidence=0.85,
    )
