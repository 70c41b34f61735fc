"""Which calls of a function can happen in one run: places in its branches, told without running it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from bot.python_source import FunctionNode

_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call stands: the branches it is in (statement and arm), which of them leave, and its loops.

    ``conditional`` says whether some branch must be taken to come here.
    """

    arms: dict[int, str]
    leaving: frozenset[tuple[int, str]]
    loops: frozenset[int]

    @property
    def conditional(self) -> bool:
        """Whether it stands in a branch."""
        return any(arm != "try" for arm in self.arms.values())


def excludes(first: Place, second: Place) -> bool:
    """Whether one run cannot, or need not, reach both: other arms, a handler's retry, or after a branch that leaves."""
    for statement, arm in first.arms.items():
        other = second.arms.get(statement)
        if other is not None and other != arm:
            return True
        if other is None and (statement, arm) in first.leaving:
            return True
    return any(arm.startswith("handler") and first.arms.get(key) != arm for key, arm in second.arms.items())


def branches_off(first: Place, second: Place) -> bool:
    """Whether the second stands in a branch that the first does not stand in."""
    return any(arm != "try" and first.arms.get(statement) != arm for statement, arm in second.arms.items())


def places(function: FunctionNode) -> dict[int, Place]:
    """Return the place of every call of a function (by ``id``), leaving out functions inside it."""
    found: dict[int, Place] = {}
    waiting: list[tuple[ast.AST, Place]] = [(node, Place({}, frozenset(), frozenset())) for node in function.body]
    while waiting:
        node, place = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            continue
        if isinstance(node, ast.Call):
            found[id(node)] = place
        if len(place.arms) < 40:  # hostile nesting: deeper calls share the last place that was told apart
            waiting.extend(_children(node, place))
    return found


def _children(node: ast.AST, place: Place) -> list[tuple[ast.AST, Place]]:
    arms: list[tuple[str, list[ast.stmt] | list[ast.expr]]] = []
    if isinstance(node, ast.If):
        arms = [("body", node.body), ("else", node.orelse)]
    elif isinstance(node, ast.IfExp):
        arms = [("body", [node.body]), ("else", [node.orelse])]
    elif isinstance(node, ast.Try | ast.TryStar):
        handlers = [(f"handler {index}", handler.body) for index, handler in enumerate(node.handlers)]
        arms = [("try", node.body), ("try", node.orelse), *handlers]
    elif isinstance(node, ast.Match):
        arms = [(f"case {index}", case.body) for index, case in enumerate(node.cases)]
    elif isinstance(node, ast.For | ast.AsyncFor | ast.While):
        place = Place(place.arms, place.leaving, place.loops | {id(node)})
    inside = [(item, _inside(place, node, arm, body)) for arm, body in arms for item in body]
    taken = {id(item) for item, _ in inside}
    if isinstance(node, ast.Try | ast.TryStar | ast.Match):
        rest: list[ast.AST] = [*node.finalbody] if not isinstance(node, ast.Match) else [node.subject]
        return [*inside, *((item, place) for item in rest)]
    return [*inside, *((item, place) for item in ast.iter_child_nodes(node) if id(item) not in taken)]


def _inside(place: Place, node: ast.AST, arm: str, body: list[ast.stmt] | list[ast.expr]) -> Place:
    leaves = bool(body) and isinstance(body[-1], _LEAVES) and arm != "try"
    leaving = place.leaving | {(id(node), arm)} if leaves else place.leaving
    return Place({**place.arms, id(node): arm}, leaving, place.loops)
