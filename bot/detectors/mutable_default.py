"""A default that all callers share.

What it finds: added Python functions that ship with a list, dict or set as the default of a parameter (``items=[]``).
Functions with decorators other than the plain ones are left alone: commands and routes read defaults as declarations.

Why it matters: the default is made once, so what one call puts in, the next one finds
(https://docs.python.org/3/faq/programming.html#why-are-default-values-shared-between-objects).

Where it errs: a default that nobody ever changes does no harm; ``changed`` says whether the function itself changes it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import code_at, decorator_names, dotted, own_nodes, production, receipts_at, text_of
from bot.detectors.base import charge, counted, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import Function, PythonUnit

STANCE = Stance.CHARGE

_MOST, _MOST_READ = 3, 50
_PLAIN = frozenset(
    {"staticmethod", "classmethod", "property", "contextmanager", "asynccontextmanager", "abstractmethod"}
)
_CHANGES = frozenset({"append", "extend", "insert", "add", "update", "setdefault", "pop", "clear", "remove", "discard"})


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a function, three at most: those first that change what they share.

    Facts: ``function``, ``path``, ``count``, ``names`` (the parameters), ``defaults`` (their text), ``code``,
    ``changed`` (the parameters that the function itself changes).
    """
    shared: list[tuple[PythonUnit, Function, list[tuple[ast.arg, ast.expr]]]] = []
    for unit in production(case):
        for function in unit.functions:
            if function.first_line in unit.added and all(
                name.rsplit(".", 1)[-1] in _PLAIN for name in decorator_names(function.node)
            ):
                found = [item for item in _defaults(function) if item[1].lineno in unit.added]
                if found:
                    shared.append((unit, function, found))
    exhibits = (_exhibit(case, *item) for item in shared[:_MOST_READ])
    yield from sorted(exhibits, key=lambda exhibit: -exhibit.weight)[:_MOST]


def _defaults(function: Function) -> Iterator[tuple[ast.arg, ast.expr]]:
    arguments = function.node.args
    placed = [*arguments.posonlyargs, *arguments.args]
    pairs = [*zip(placed[len(placed) - len(arguments.defaults) :], arguments.defaults, strict=False)]
    named = [(name, value) for name, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value]
    for name, value in [*pairs, *named]:
        made = isinstance(value, ast.Call) and not value.args and dotted(value.func) in {"list", "dict", "set"}
        if isinstance(value, ast.List | ast.Dict | ast.Set) or made:
            yield name, value


def _exhibit(case: Case, unit: PythonUnit, function: Function, found: list[tuple[ast.arg, ast.expr]]) -> Exhibit:
    names = tuple(name.arg for name, _ in found)
    changed = tuple(name for name in names if name in _changed(function))
    return charge(
        "mutable_default",
        min(3.0 + 0.5 * len(found) + 2.0 * bool(changed), 6.5),
        f"`{function.name}` in `{unit.path}` shares {counted(len(found), 'default')} between all its callers"
        f" (`{names[0]}={text_of(found[0][1])}`).",
        {
            "function": function.name,
            "path": unit.path,
            "count": len(found),
            "names": names,
            "defaults": tuple(text_of(value) for _, value in found),
            "code": code_at(unit, found[0][1].lineno),
            "changed": changed,
        },
        receipts_at(case, unit, [value.lineno for _, value in found]),
        stands_in=standing(case),
        confidence=0.9,
    )


def _changed(function: Function) -> set[str]:
    changed: set[str] = set()
    for node in own_nodes(function.node):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGES:
            changed.add(dotted(node.func.value))
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            changed.add(dotted(node.value))
    return changed
