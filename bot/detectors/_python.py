"""Small readings of Python syntax that several detectors share: names, texts, receipts. Pure, and never raises."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from bot.case import Case
from bot.detectors.base import file_receipt
from bot.exhibit import Receipt
from bot.kinds import FileKind
from bot.python_source import Function, FunctionNode, PythonUnit

_DEF = re.compile(r"\s*(?:async\s+)?def\s+(\w+)")
_LONGEST_TEXT = 240
_DEEPEST_NAME = 12
_MOST_NODES = 400
MOST_RECEIPTS = 12


def dotted(node: ast.AST | None) -> str:
    """Return ``a.b.c`` for a chain of names, or nothing for whatever else it is."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < _DEEPEST_NAME:
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


def last_name(node: ast.AST | None) -> str:
    """Return the last part of a name or attribute (``read`` of ``self.store.read``), or nothing."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def walk_some(node: ast.AST, most: int = _MOST_NODES) -> Iterator[ast.AST]:
    """Walk a node breadth first, but no further than ``most`` nodes: a bound on hostile nesting."""
    waiting = [node]
    for count, item in enumerate(waiting):
        if count >= most:
            return
        yield item
        waiting.extend(ast.iter_child_nodes(item))


def text_of(node: ast.AST | None) -> str:
    """Return the source of a small expression in its normal form, or nothing where it is too large to quote."""
    if node is None or sum(1 for _ in walk_some(node, _MOST_NODES)) >= _MOST_NODES:
        return ""
    try:
        text = ast.unparse(node)
    except (RecursionError, ValueError, AttributeError):
        return ""
    return text if len(text) <= _LONGEST_TEXT else ""


def own_nodes(function: FunctionNode) -> Iterator[ast.AST]:
    """Walk the body of a function, leaving out the functions, lambdas and classes inside it."""
    waiting: list[ast.AST] = list(function.body)
    for item in waiting:
        yield item
        if not isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(item))


def all_arguments(node: FunctionNode | ast.Lambda) -> list[ast.arg]:
    """Return the declared parameters in order, without ``*args`` and ``**kwargs``."""
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]


def docstring_of(node: ast.Module | ast.ClassDef | FunctionNode) -> str:
    """Return the cleaned docstring, or nothing."""
    return ast.get_docstring(node) or ""


def decorator_names(node: FunctionNode | ast.ClassDef) -> list[str]:
    """Return the dotted names of the decorators, with or without a call."""
    return [dotted(item.func if isinstance(item, ast.Call) else item) for item in node.decorator_list]


def production(case: Case) -> tuple[PythonUnit, ...]:
    """Return the parsed Python that ships."""
    return case.python_in(FileKind.PRODUCTION)


def code_at(unit: PythonUnit, line: int) -> str:
    """Return one source line, stripped."""
    return unit.lines.get(line, "").strip()


def receipts_at(case: Case, unit: PythonUnit, lines: Iterable[int]) -> tuple[Receipt, ...]:
    """Return receipts for lines of a unit, a dozen at most, leaving out blank or unknown ones."""
    known = [line for line in dict.fromkeys(lines) if code_at(unit, line)]
    return tuple(file_receipt(case, unit.path, line, code_at(unit, line)) for line in known[:MOST_RECEIPTS])


def added_in(unit: PythonUnit, function: Function) -> int:
    """Return how many lines of a function the pull request added."""
    return sum(line in unit.added for line in range(function.first_line, function.last_line + 1))


def taken_away(case: Case) -> frozenset[str]:
    """Return the names of the Python functions whose ``def`` lines were removed: they may only have moved."""
    lines = (line.text for diff in case.production if diff.path.endswith(".py") for line in diff.removed)
    return frozenset(match[1] for text in lines if (match := _DEF.match(text)))


def is_new(unit: PythonUnit, function: Function) -> bool:
    """Whether the pull request added the line of ``def``, and with it most of the function."""
    return function.first_line in unit.added and added_in(unit, function) * 10 >= function.length * 8
