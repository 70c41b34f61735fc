"""True, False, and which was which.

What it finds: added calls in Python that ships with two or more bare ``True`` or ``False`` given by place, and new
functions with four or more boolean parameters.

Why it matters: ``send(job, True, False)`` says nothing to a reader, and four switches
make sixteen functions in one coat.

Where it errs: built-in signatures that leave no choice look the same; commands whose flags are their parameters
(decorated functions) are left alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import all_arguments, code_at, dotted, last_name, production, receipts_at, text_of
from bot.detectors.base import charge, number_word, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import Function, PythonUnit

STANCE = Stance.CHARGE

_SWITCHES = 4
_DATA = frozenset(
    {"append", "add", "extend", "insert", "get", "pop", "setdefault", "isinstance", "assertEqual", "field"}
)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a file for its calls and one a function for its switches.

    Facts of calls: ``way`` ("calls"), ``path``, ``count``, ``calls`` (their text), ``callee``. Facts of a function:
    ``way`` ("switches"), ``function``, ``path``, ``count``, ``names``, ``combinations`` (two to that).
    """
    for unit in production(case):
        calls = [call for call in unit.of(ast.Call) if call.lineno in unit.added and _is_trap(call)]
        if calls:
            yield _of_calls(case, unit, calls)
        for function in unit.functions:
            names = _switches(function)
            if function.first_line in unit.added and len(names) >= _SWITCHES and not function.node.decorator_list:
                yield _of_function(case, unit, function, names)


def _is_trap(call: ast.Call) -> bool:
    bare = sum(isinstance(item, ast.Constant) and isinstance(item.value, bool) for item in call.args)
    return bare >= 2 and bool(dotted(call.func)) and last_name(call.func) not in _DATA


def _of_calls(case: Case, unit: PythonUnit, calls: list[ast.Call]) -> Exhibit:
    text = text_of(calls[0]) or code_at(unit, calls[0].lineno)
    return charge(
        "boolean_trap",
        min(2.5 + 0.5 * len(calls), 4.5),
        f"`{unit.path}` calls `{text}`.",
        {
            "way": "calls",
            "path": unit.path,
            "count": len(calls),
            "calls": tuple(filter(None, (text_of(call) for call in calls[:6]))),
            "callee": last_name(calls[0].func),
        },
        receipts_at(case, unit, [call.lineno for call in calls]),
        stands_in=standing(case),
        confidence=0.85,
    )


def _switches(function: Function) -> list[str]:
    node = function.node
    defaults = dict(zip([item.arg for item in reversed(node.args.args)], reversed(node.args.defaults), strict=False))
    defaults |= {
        item.arg: value for item, value in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if value
    }
    return [item.arg for item in all_arguments(node) if _is_switch(item, defaults.get(item.arg))]


def _is_switch(argument: ast.arg, default: ast.expr | None) -> bool:
    if argument.annotation is not None:
        return text_of(argument.annotation) == "bool"
    return isinstance(default, ast.Constant) and isinstance(default.value, bool)


def _of_function(case: Case, unit: PythonUnit, function: Function, names: list[str]) -> Exhibit:
    return charge(
        "boolean_trap",
        min(2.5 + 0.6 * (len(names) - _SWITCHES + 1), 5.0),
        f"`{function.name}` in `{unit.path}` has {number_word(len(names))} switches.",
        {
            "way": "switches",
            "function": function.name,
            "path": unit.path,
            "count": len(names),
            "names": tuple(names[:12]),
            "combinations": 2 ** min(len(names), 20),
        },
        receipts_at(case, unit, [function.first_line]),
        stands_in=standing(case),
        confidence=0.9,
    )
