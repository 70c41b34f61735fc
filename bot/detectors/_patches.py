"""Patches in tests (``monkeypatch.setattr``, ``mock.patch``) resolved to the module and the name that they replace."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.detectors._imports import Imported, imports_of, same_module
from bot.detectors._python import dotted, last_name, text_of
from bot.python_source import Function, PythonUnit, parse

_LONGEST = 15_000


@dataclass(frozen=True, slots=True)
class Module:
    """A module known whole."""

    path: str
    unit: PythonUnit
    imports: tuple[Imported, ...]


@dataclass(frozen=True, slots=True)
class Patch:
    """One patch: what it replaces, where, and in which test; ``through`` is the test's word for the module."""

    module: str
    name: str
    function: str
    first: int
    last: int
    line: int
    code: str
    through: str


class Modules:
    """Whole modules by path, each read once for each text that it had."""

    def __init__(self, units: Iterable[PythonUnit] = ()) -> None:
        """Take the units that are parsed already: they are how the modules stand at the head."""
        self._at_head = {unit.path: unit for unit in units if unit.complete}
        self._read: dict[tuple[str, str], Module | None] = {}
        self._named: dict[str, Module | None] = {}

    def at_head(self, path: str) -> Module | None:
        """Return a module as it stands at the head, where it is known whole."""
        unit = self._at_head.get(path)
        if unit is None:
            return None
        if (path, "") not in self._read:
            self._read[path, ""] = Module(path, unit, tuple(imports_of(unit)))
        return self._read[path, ""]

    def of_text(self, path: str, text: str) -> Module | None:
        """Return a module with this text, or nothing where it is too long or does not parse."""
        if (path, text) not in self._read:
            self._read[path, text] = _read(path, text)
        return self._read[path, text]

    def named(self, name: str) -> Module | None:
        """Return the module of a dotted name as it stands at the head, where one of the whole files is it."""
        if name not in self._named:
            path = next((path for path in self._at_head if same_module(path, name)), None)
            self._named[name] = self.at_head(path) if path else None
        return self._named[name]


def _read(path: str, text: str) -> Module | None:
    tree = parse(text) if text.count("\n") <= _LONGEST else None
    if tree is None:
        return None
    unit = PythonUnit(path, tree, dict(enumerate(text.split("\n"), start=1)), complete=True, added=frozenset())
    return Module(path, unit, tuple(imports_of(unit)))


def patches_of(test: Module) -> list[Patch]:
    """Return the patches of a test module whose target the imports resolve."""
    found: list[Patch] = []
    for node in test.unit.of(ast.Call):
        target = _target(node, test)
        function = test.unit.function_at(node.lineno)
        if target is None or function is None:
            continue
        module, name, through = target
        line = _telling_line(test.unit, node, name)
        outer = _outermost(test.unit, function)
        found.append(
            Patch(
                module, name, outer.name, outer.first_line, outer.last_line, line, test.unit.text(line).strip(), through
            )
        )
    return found


def _telling_line(unit: PythonUnit, node: ast.Call, name: str) -> int:
    """Return the line of the call on which the name stands, quoted."""
    numbers = range(node.lineno, min(node.end_lineno or node.lineno, node.lineno + 4) + 1)
    return next(
        (number for number in numbers if f'{name}"' in unit.text(number) or f"{name}'" in unit.text(number)),
        node.lineno,
    )


def _outermost(unit: PythonUnit, function: Function) -> Function:
    """Return the function of the test itself where the patch stands in one inside it."""
    return next(
        (
            item
            for item in unit.functions
            if item.first_line <= function.first_line <= function.last_line <= item.last_line
        ),
        function,
    )


def _target(node: ast.Call, test: Module) -> tuple[str, str, str] | None:
    called = dotted(node.func)
    last = called.rsplit(".", 1)[-1]
    if last == "setattr" and called.startswith(("monkeypatch.", "mp.", "mocker.")) and node.args:
        return _pair(node, test) or _string(node.args[0])
    if last == "object" and "patch" in called.split(".")[:-1]:
        return _pair(node, test)
    if last == "patch" and node.args:
        return _string(node.args[0])
    return None


def _string(node: ast.expr) -> tuple[str, str, str] | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.count(".") >= 1:
        module, _, name = node.value.rpartition(".")
        return module, name, ""
    return None


def _pair(node: ast.Call, test: Module) -> tuple[str, str, str] | None:
    if len(node.args) < 2 or not isinstance(node.args[1], ast.Constant) or not isinstance(node.args[1].value, str):
        return None
    through = dotted(node.args[0])
    meant = next((item.full for item in test.imports if item.local == through), "")
    return (meant, node.args[1].value, through) if meant else None


def misses(
    patch: Patch, patches: list[Patch], test: Module, user: Module, module_named: Callable[[str], Module | None]
) -> int:
    """Return the line of the import by which ``user`` has a name of its own, or 0 where the patch may well reach it."""
    own = [item for item in user.imports if item.module == patch.module and item.name == patch.name]
    if not own or not all(item.at_load for item in own) or same_module(user.path, patch.module):
        return 0
    if not _looks_up(user, own[0].local) or not _drives(patch, test, user):
        return 0
    if _reaches(patch, patches, test, user) or _used_for_more(patch, test):
        return 0
    patched = module_named(patch.module)
    if patched is not None and _looks_up(patched, patch.name):
        return 0
    return own[0].line


def _looks_up(module: Module, name: str) -> bool:
    """Whether some function of the module uses the bare name."""
    return any(
        node.id == name and isinstance(node.ctx, ast.Load) and module.unit.function_at(node.lineno) is not None
        for node in module.unit.of(ast.Name)
    )


def _drives(patch: Patch, test: Module, user: Module) -> bool:
    """Whether the test function that patches also calls into the user module, by an import of the test."""
    ours = {
        item.local
        for item in test.imports
        if same_module(user.path, item.full) or (item.name and same_module(user.path, item.module))
    }
    return any(
        patch.first <= node.lineno <= patch.last
        and (dotted(node.func) in ours or dotted(node.func).rpartition(".")[0] in ours)
        for node in test.unit.of(ast.Call)
    )


def _reaches(patch: Patch, patches: list[Patch], test: Module, user: Module) -> bool:
    """Whether the same test patches the right place too, or loads the module anew."""
    right = any(
        other.first == patch.first and other.name == patch.name and same_module(user.path, other.module)
        for other in patches
    )
    return right or any(
        patch.first <= node.lineno <= patch.last and last_name(node.func) in {"reload", "import_module", "pop"}
        for node in test.unit.of(ast.Call)
    )


def _used_for_more(patch: Patch, test: Module) -> bool:
    """Whether the test function uses the patched module for anything but this name."""
    if not patch.through:
        return False
    return any(
        patch.first <= node.lineno <= patch.last and text_of(node.value) == patch.through and node.attr != patch.name
        for node in test.unit.of(ast.Attribute)
        if isinstance(node.value, ast.Name | ast.Attribute)
    )
