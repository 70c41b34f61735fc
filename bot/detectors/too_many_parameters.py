"""A new function that asks for nine things or more.

What it finds: Python functions that ship, that the pull request adds, with nine or more declared parameters beside
``self``. Functions with decorators that read the parameters (commands, routes, fixtures) are left alone.

Why it matters: a caller who must bring nine things has to know nine things.

Where it errs: keyword-only parameters with defaults are easier on the caller; ``keyword_only`` and ``with_default`` say
how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import all_arguments, production, receipts_at, taken_away, text_of
from bot.detectors._structural_functions import many_parameters
from bot.detectors.base import charge, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import Function, PythonUnit

STANCE = Stance.CHARGE

_MANY = 9
_MOST = 2


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a function, the two that ask for most.

    Facts: ``function``, ``path``, ``count``, ``names``, ``positional`` (how many may be given by place),
    ``keyword_only``, ``with_default``, ``optional`` (annotated with ``None``), ``booleans`` (annotated ``bool``),
    ``functions_like_it``.
    """
    moved = taken_away(case)
    found = [
        (unit, function)
        for unit in production(case)
        for function in unit.functions
        if function.first_line in unit.added
        and len(_names(function)) >= _MANY
        and not function.node.decorator_list
        and (function.name not in moved or function.name == "__init__")
    ]
    for unit, function in sorted(found, key=lambda item: -len(_names(item[1])))[:_MOST]:
        yield _exhibit(case, unit, function, len(found))
    yield from many_parameters(case)


def _names(function: Function) -> list[str]:
    return [item.arg for item in all_arguments(function.node) if item.arg not in {"self", "cls"}]


def _exhibit(case: Case, unit: PythonUnit, function: Function, alike: int) -> Exhibit:
    arguments, names = function.node.args, _names(function)
    notes = [text_of(item.annotation) for item in all_arguments(function.node)]
    keyword_only = len(arguments.kwonlyargs)
    return charge(
        "too_many_parameters",
        min(2.5 + 0.3 * (len(names) - _MANY) + 0.5 * (keyword_only == 0), 6.0),
        f"`{function.qualified_name}` in `{unit.path}` asks for {len(names)} things.",
        {
            "function": function.name,
            "path": unit.path,
            "count": len(names),
            "names": tuple(names),
            "positional": len(names) - keyword_only,
            "keyword_only": keyword_only,
            "with_default": len(arguments.defaults) + sum(item is not None for item in arguments.kw_defaults),
            "optional": sum("None" in note or note.startswith("Optional") for note in notes),
            "booleans": sum(note.split(" ")[0] == "bool" for note in notes),
            "functions_like_it": alike,
        },
        receipts_at(case, unit, [function.first_line]),
        stands_in=standing(case),
        confidence=0.95,
    )
