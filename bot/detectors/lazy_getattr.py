"""``getattr`` with a literal name and a default, on something whose type is written down.

What it finds: in Python that ships, added ``getattr(x, "name", default)`` where ``x`` is ``self`` or a parameter
annotated with one class, and ladders of three or more ``hasattr`` on one value in one function.

Why it matters: the annotation says what ``x`` has; the default hides the day on which that stops being true.

Where it errs: unions, ``Any``, ``object``, modules, types and protocols are left alone; an attribute that only some
versions of another library have looks the same.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import all_arguments, code_at, dotted, production, receipts_at, text_of
from bot.detectors.base import charge, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import Function, PythonUnit

STANCE = Stance.CHARGE

_VAGUE = frozenset(
    "Any object type Type ModuleType Callable T Namespace SimpleNamespace Exception BaseException Mock MagicMock Self"
    " AST expr stmt Module Request Response Logger Awaitable Coroutine Protocol dict list tuple".split()
)

_ALIASES = ("Type", "Types", "Like", "Union", "Data", "Content", "Input", "Value")


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a function.

    Facts: ``function``, ``path``, ``count``, ``code`` (the lines), ``names`` (the attributes asked for), ``asked``
    (what they are asked of), ``annotated`` ("flow_run: FlowRun"), ``way`` ("getattr" or "hasattr ladder").
    """
    for unit in production(case):
        lazy: dict[int, list[ast.Call]] = defaultdict(list)
        ladder: dict[tuple[int, str], list[ast.Call]] = defaultdict(list)
        owners: dict[int, Function] = {}
        for call in unit.of(ast.Call):
            name = dotted(call.func)
            if name not in {"getattr", "hasattr"} or call.lineno not in unit.added or not _is_literal(call):
                continue
            function = unit.function_at(call.lineno)
            if function is None:
                continue
            owners[id(function)] = function
            if name == "hasattr":
                ladder[id(function), text_of(call.args[0])].append(call)
            elif len(call.args) == 3 and _annotation(function, call.args[0]):
                lazy[id(function)].append(call)
        for key, calls in lazy.items():
            yield _exhibit(case, unit, owners[key], calls, "getattr")
        for (key, _), calls in ladder.items():
            if len({_literal(call) for call in calls}) >= 3:
                yield _exhibit(case, unit, owners[key], calls, "hasattr ladder")


def _is_literal(call: ast.Call) -> bool:
    return len(call.args) >= 2 and isinstance(call.args[1], ast.Constant) and isinstance(call.args[1].value, str)


def _literal(call: ast.Call) -> str:
    node = call.args[1]
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _annotation(function: Function, asked: ast.expr) -> str:
    """Return ``name: Class`` where the parameter is annotated with one known class, or nothing."""
    if not isinstance(asked, ast.Name):
        return ""
    if asked.id == "self" and function.class_name and not _is_mixin(function.class_name):
        return f"self: {function.class_name}"
    for argument in all_arguments(function.node):
        if argument.arg == asked.id and argument.annotation is not None:
            name = _class_name(argument.annotation)
            return f"{asked.id}: {name}" if name else ""
    return ""


def _is_mixin(name: str) -> bool:
    return any(word in name for word in ("Mixin", "Base", "Abstract", "Meta"))


def _class_name(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        name = node.value.strip()
        name = name if name.replace(".", "").replace("_", "").isalnum() else ""
    else:
        name = dotted(node)
    last = name.rsplit(".", 1)[-1]
    is_class = last[:1].isupper() and len(last) > 1 and not last.isupper()
    return name if is_class and last not in _VAGUE and not last.endswith(_ALIASES) else ""


def _exhibit(case: Case, unit: PythonUnit, function: Function, calls: list[ast.Call], way: str) -> Exhibit:
    lines = [call.lineno for call in calls]
    names = tuple(dict.fromkeys(_literal(call) for call in calls))
    asked = tuple(dict.fromkeys(text_of(call.args[0]) for call in calls))
    annotated = tuple(dict.fromkeys(filter(None, (_annotation(function, call.args[0]) for call in calls))))
    told = f"asks `{asked[0]}` for " + ", ".join(f"`{name}`" for name in names[:3])
    return charge(
        "lazy_getattr",
        min(2.0 + 0.7 * len(calls), 5.5),
        f"`{function.name}` in `{unit.path}` {told} ({way}).",
        {
            "function": function.name,
            "path": unit.path,
            "count": len(calls),
            "code": tuple(code_at(unit, line) for line in lines)[:8],
            "names": names[:12],
            "asked": asked,
            "annotated": annotated,
            "way": way,
        },
        receipts_at(case, unit, lines),
        stands_in=standing(case),
        confidence=0.75 if way == "getattr" else 0.85,
    )
