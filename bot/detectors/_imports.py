"""What names in a Python module mean: imports resolved to dotted names, as far as the text alone can tell."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.python_source import PythonUnit

_ROOTS = frozenset({"src", "lib", "source", "python", "backend", "app/src"})


@dataclass(frozen=True, slots=True)
class Imported:
    """One imported name: ``local`` is what the module calls it; ``module`` and ``name`` are where it comes from.

    ``name`` is empty for ``import a.b``. ``at_load`` says whether it happens when the module is loaded.
    """

    local: str
    module: str
    name: str
    line: int
    at_load: bool

    @property
    def full(self) -> str:
        """The dotted name that the local one stands for."""
        return f"{self.module}.{self.name}" if self.name else self.module


def module_name(path: str) -> str:
    """Return the dotted name that a path suggests: ``src/app/core/pool.py`` is ``app.core.pool``."""
    parts = list(PurePosixPath(path).with_suffix("").parts)
    while len(parts) > 1 and parts[0] in _ROOTS:
        parts = parts[1:]
    if parts and parts[-1] == "__init__":
        parts = parts[:-1]
    return ".".join(parts)


def same_module(path: str, dotted_name: str) -> bool:
    """Whether a file may be the module of that dotted name: the shorter name is a tail of the longer one's path."""
    own = module_name(path)
    return bool(own) and (own == dotted_name or own.endswith(f".{dotted_name}"))


def imports_of(unit: PythonUnit) -> list[Imported]:
    """Return all imports of a module, relative ones resolved against its path."""
    at_load = {id(node) for node in _at_load(unit.tree)}
    found: list[Imported] = []
    for plain in unit.of(ast.Import):
        found.extend(_plain(plain, at_load=id(plain) in at_load))
    for node in unit.of(ast.ImportFrom):
        module = _absolute(node, unit.path)
        found.extend(
            Imported(alias.asname or alias.name, module, alias.name, node.lineno, id(node) in at_load)
            for alias in node.names
            if module and alias.name != "*"
        )
    return found


def resolver(unit: PythonUnit) -> Callable[[str], str]:
    """Return a function that turns a name as written (``sleep``, ``dt.now``) into its full dotted name, or nothing."""
    names = {item.local: item.full for item in imports_of(unit)}

    def resolve(written: str) -> str:
        if written in names:
            return names[written]
        head, _, rest = written.partition(".")
        return f"{names[head]}.{rest}" if head in names and rest else ""

    return resolve


def _plain(node: ast.Import, *, at_load: bool) -> Iterator[Imported]:
    for alias in node.names:
        if alias.asname:
            yield Imported(alias.asname, alias.name, "", node.lineno, at_load)
        else:
            yield Imported(alias.name, alias.name, "", node.lineno, at_load)


def _absolute(node: ast.ImportFrom, path: str) -> str:
    if not node.level:
        return node.module or ""
    package = module_name(path).split(".")
    if not path.endswith("__init__.py"):
        package = package[:-1]
    package = package[: len(package) - node.level + 1]
    return ".".join([*package, *([node.module] if node.module else [])])


def _at_load(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield the statements that run when the module is loaded, leaving out ``if TYPE_CHECKING``."""
    waiting: list[ast.stmt] = list(tree.body)
    for node in waiting:
        yield node
        if isinstance(node, ast.If):
            if "TYPE_CHECKING" not in ast.dump(node.test)[:200]:
                waiting.extend(node.body)
            waiting.extend(node.orelse)
        elif isinstance(node, ast.Try | ast.TryStar):
            waiting.extend([*node.body, *node.orelse, *node.finalbody])
        elif isinstance(node, ast.With):
            waiting.extend(node.body)
