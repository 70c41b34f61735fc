"""Python that was changed, as syntax trees with the numbers of the new file.

Where a file is known whole, one unit covers it. Where only its patch is known, each stretch of a hunk
that parses on its own becomes a unit. Nothing is ever compiled, imported or run (law 6).
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, cast

from bot.diff import FileDiff, Hunk

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_OPENING = re.compile(r"^(\s*)(?:async\s+def|def|class|@|import|from)\b|^(\s*)@")
_LONGEST_FRAGMENT = 4000
_BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
_Node = TypeVar("_Node", bound=ast.AST)
_MOST_TRIES = 6


@dataclass(frozen=True)
class Function:
    """A function with its dotted name inside the module and the lines it spans."""

    node: FunctionNode
    qualified_name: str
    class_name: str | None

    @property
    def name(self) -> str:
        """The bare name."""
        return self.node.name

    @property
    def first_line(self) -> int:
        """The line of ``def``."""
        return self.node.lineno

    @property
    def last_line(self) -> int:
        """The last line of the body."""
        return self.node.end_lineno or self.node.lineno

    @property
    def length(self) -> int:
        """How many lines it spans, from ``def`` to the end."""
        return self.last_line - self.first_line + 1


@dataclass(frozen=True)
class PythonUnit:
    """A parsed piece of one changed file.

    ``tree`` carries the line numbers of the new file. ``complete`` says whether the piece is the whole file:
    if not, nothing may be said of what is absent. ``added`` holds the numbers of added lines.
    """

    path: str
    tree: ast.Module
    lines: dict[int, str]
    complete: bool
    added: frozenset[int]
    is_new_file: bool = False

    def text(self, first: int, last: int | None = None) -> str:
        """Return the source lines ``first`` to ``last`` as they stand in the file."""
        return "\n".join(self.lines.get(number, "") for number in range(first, (last or first) + 1))

    def adds(self, node: ast.AST) -> bool:
        """Whether the first line of the node was added by the pull request."""
        return getattr(node, "lineno", 0) in self.added

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """All functions and methods, outermost first."""
        return tuple(_functions(self.tree.body))

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree, breadth first: walked once, shared by all detectors."""
        return tuple(walk(self.tree))

    @cached_property
    def _by_type(self) -> dict[type[ast.AST], list[ast.AST]]:
        grouped: dict[type[ast.AST], list[ast.AST]] = {}
        for node in self.nodes:
            grouped.setdefault(type(node), []).append(node)
        return grouped

    def of(self, kind: type[_Node]) -> list[_Node]:
        """Return every node of exactly this class, breadth first: what most detectors want instead of ``nodes``."""
        return cast("list[_Node]", self._by_type.get(kind, []))

    @cached_property
    def _function_by_line(self) -> dict[int, Function]:
        painted: dict[int, Function] = {}
        for item in self.functions:
            painted.update(dict.fromkeys(range(item.first_line, item.last_line + 1), item))
        return painted

    def function_at(self, line: int) -> Function | None:
        """Return the innermost function that spans a line."""
        return self._function_by_line.get(line)


def walk(root: ast.AST) -> list[ast.AST]:
    """Return ``root`` and every node below it, breadth first, but for the marks without a place (``Load``, ``Add``, …).

    ``ast.walk`` looks each field up by name and costs more than the parsing itself; this reads the nodes' own
    dictionaries.
    """
    found = [root]
    for node in found:  # grows while it is read: that is the breadth-first queue
        for value in node.__dict__.values():
            if value.__class__ is list:
                found += [item for item in value if isinstance(item, ast.AST) and (item._fields or item._attributes)]  # noqa: SLF001
            elif isinstance(value, ast.AST) and (value._fields or value._attributes):  # noqa: SLF001
                found.append(value)
    return found


def _functions(body: list[ast.stmt]) -> Iterator[Function]:
    """Yield functions in the order of the text, without recursion: hostile nesting must not exhaust the stack."""
    waiting: list[tuple[ast.AST, str, str | None]] = [(node, "", None) for node in reversed(body)]
    while waiting:
        node, prefix, class_name = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(node, f"{prefix}{node.name}", class_name)
            prefix, class_name = f"{prefix}{node.name}.", None
        elif isinstance(node, ast.ClassDef):
            prefix, class_name = f"{prefix}{node.name}.", node.name
        inner = [item for name in _BLOCKS for item in getattr(node, name, None) or []]
        waiting.extend((item, prefix, class_name) for item in reversed(inner))


def parse(text: str) -> ast.Module | None:
    """Return the tree of a Python text, or nothing where it does not parse; never raises or warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def units_of(diff: FileDiff, text: str | None) -> Iterator[PythonUnit]:
    """Yield the parsed pieces of one changed Python file; ``text`` is the whole file where it is known."""
    if text is None and diff.is_new and not diff.truncated:
        text = "\n".join(line.text for line in diff.added)
    if text is not None:
        tree = parse(text)
        if tree is not None:
            lines = dict(enumerate(text.split("\n"), start=1))
            yield PythonUnit(diff.path, tree, lines, complete=True, added=diff.added_numbers, is_new_file=diff.is_new)
            return
    for hunk in diff.hunks:
        yield from _fragments(diff, hunk)


def _fragments(diff: FileDiff, hunk: Hunk) -> Iterator[PythonUnit]:
    side = [(line.new, line.text) for line in hunk.lines if line.new is not None][:_LONGEST_FRAGMENT]
    start = 0
    while start < len(side):
        opening = _OPENING.match(side[start][1])
        if not opening:
            start += 1
            continue
        indent = len(opening.group(1) or opening.group(2) or "")
        stop = _end_of_block(side, start, indent)
        unit = _parse_fragment(diff, side[start:stop], indent)
        if unit is not None:
            yield unit
        start = max(stop, start + 1)


def _end_of_block(side: list[tuple[int, str]], start: int, indent: int) -> int:
    """Return the index after the last line that belongs to statements at ``indent`` or deeper."""
    for index in range(start + 1, len(side)):
        text = side[index][1]
        if text.strip() and len(text) - len(text.lstrip()) < indent and not text.lstrip().startswith((")", "]", "}")):
            return index
    return len(side)


def _parse_fragment(diff: FileDiff, part: list[tuple[int, str]], indent: int) -> PythonUnit | None:
    """Parse a stretch, giving up trailing statements that the hunk cut off, a bounded number of times."""
    lines = [text[indent:] if not text[:indent].strip() else text for _, text in part]
    first = part[0][0]
    keep = len(lines)
    for _ in range(_MOST_TRIES):
        tree = parse("\n".join(lines[:keep]))
        if tree is not None:
            ast.increment_lineno(tree, first - 1)
            numbered = dict(part[:keep])
            return PythonUnit(
                diff.path, tree, numbered, complete=False, added=diff.added_numbers, is_new_file=diff.is_new
            )
        keep = _last_statement(lines, keep)
        if keep <= 0:
            return None
    return None


def _last_statement(lines: list[str], keep: int) -> int:
    """Return the index of the last line before ``keep`` at the outermost or body level that opens a statement."""
    for index in range(keep - 1, 0, -1):
        text = lines[index]
        if text.strip() and len(text) - len(text.lstrip()) <= 4 and text.lstrip()[0] not in ")]}":
            return index
    return 0
