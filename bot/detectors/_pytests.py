"""Python tests as syntax: which functions pytest would take for tests, and what is in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.case import Case
from bot.kinds import FileKind
from bot.python_source import Function, PythonUnit


def dotted(node: ast.AST) -> str:
    """Return ``a.b.c`` for a name, an attribute or a call of one; nothing for anything else."""
    parts: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            break
    if isinstance(node, ast.Name):
        parts.append(node.id)
    return ".".join(reversed(parts))


def new_tests(case: Case) -> Iterator[tuple[PythonUnit, Function]]:
    """Yield the functions of test files that are named as tests and whose ``def`` the pull request adds."""
    for unit in case.python_in(FileKind.TEST):
        for function in unit.functions:
            text = unit.lines.get(function.first_line, "").strip()
            if (
                function.name.startswith("test")
                and (function.class_name is not None or "." not in function.qualified_name)
                and function.first_line in unit.added
                and text not in case.removed_texts
                and "fixture" not in " ".join(dotted(item) for item in function.node.decorator_list)
            ):
                yield unit, function


def top_level(unit: PythonUnit) -> dict[str, ast.stmt]:
    """Return the functions and classes of a module by name (the last of a name wins, as in Python)."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name: node for node in unit.tree.body if isinstance(node, kinds)}
