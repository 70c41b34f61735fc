"""Another library's code, rewritten from outside.

What it finds: in Python that ships and is known whole, an added assignment (or ``setattr``) that puts a function, a
lambda or a class defined in the file into an imported module or class of another package (``requests.get = ours``).

Why it matters: from then on the other library's documentation describes somebody else.

Where it errs: hooks that are meant to be assigned (``sys.excepthook``, ``warnings.showwarning``) are left alone, and
so is the project's own package.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._imports import Imported, imports_of
from bot.detectors._python import code_at, dotted, production, receipts_at
from bot.detectors.base import charge, counted, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import PythonUnit

STANCE = Stance.CHARGE

_Found = tuple[str, str, str, int]
_HOOKS = frozenset({"sys", "warnings", "builtins", "gc", "readline", "cmd", "threading"})


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a file.

    Facts: ``path``, ``count``, ``targets`` (``module.name``, all of them); and of the first: ``target``, ``library``
    (its package), ``name``, ``code``, ``with`` (what is put there), ``function`` (where it happens, empty at load).
    """
    for unit in production(case):
        found = list(_replacements(case, unit)) if unit.complete else []
        if found:
            yield _exhibit(case, unit, found)


def _replacements(case: Case, unit: PythonUnit) -> Iterator[_Found]:
    ours = {function.name for function in unit.functions} | {node.name for node in unit.of(ast.ClassDef)}
    foreign = {item.local: item for item in imports_of(unit) if _is_foreign(case, unit, item)}
    if not foreign:
        return
    for node in unit.of(ast.Assign):
        value = _value(node.value, ours)
        for target in node.targets:
            home, _, name = dotted(target).rpartition(".")
            if node.lineno in unit.added and value and home in foreign and isinstance(target, ast.Attribute):
                yield f"{home}.{name}", foreign[home].module, value, node.lineno
    for call in unit.of(ast.Call):
        if dotted(call.func) == "setattr" and len(call.args) == 3 and call.lineno in unit.added:
            home, value = dotted(call.args[0]), _value(call.args[2], ours)
            if home in foreign and value and isinstance(call.args[1], ast.Constant):
                yield f"{home}.{call.args[1].value!s}", foreign[home].module, value, call.lineno


def _is_foreign(case: Case, unit: PythonUnit, item: Imported) -> bool:
    """Whether it is a module, or a class, of a package that is neither this project nor a place for hooks."""
    root = item.module.split(".")[0]
    own = {part for diff in case.diffs for part in diff.path.split("/")[:-1]} | {case.pull_request.repo}
    own |= {part.removesuffix(".py") for part in unit.path.split("/")}
    is_class = item.name[:1].isupper() and not item.name.isupper()
    return root not in _HOOKS and root not in own and (not item.name or is_class)


def _value(node: ast.expr, ours: set[str]) -> str:
    if isinstance(node, ast.Lambda):
        return "a lambda"
    return node.id if isinstance(node, ast.Name) and node.id in ours else ""


def _exhibit(case: Case, unit: PythonUnit, found: list[_Found]) -> Exhibit:
    target, home, value, line = found[0]
    function = unit.function_at(line)
    others = f" and {counted(len(found) - 1, 'more', 'more')}" if len(found) > 1 else ""
    return charge(
        "monkeypatched_production",
        min(6.5 + 0.5 * len(found), 8.0),
        f"`{unit.path}` puts {value if value == 'a lambda' else f'`{value}`'} into `{target}` of `{home}`{others}.",
        {
            "path": unit.path,
            "count": len(found),
            "targets": tuple(item[0] for item in found)[:8],
            "target": target,
            "library": home.split(".")[0],
            "name": target.rsplit(".", 1)[-1],
            "code": code_at(unit, line),
            "with": value,
            "function": function.name if function else "",
        },
        receipts_at(case, unit, [item[3] for item in found]),
        stands_in=standing(case),
        confidence=0.85,
    )
