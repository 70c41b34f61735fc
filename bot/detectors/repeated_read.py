"""The same read, asked for again in one function.

What it finds: calls in production Python whose name says that they read (``read_…``, ``fetch_…``, ``load_…``; awaited
ones also ``get_…``, ``find_…``, ``list_…``) which stand twice or more in one function with the same arguments, word
for word, at least one of them added. Left alone: calls of which only one can be reached (branches, a handler, after
an early return), polling (a ``while``, a sleep in between), and calls whose arguments were given another value in
between.

Why it matters: each is a round trip, and two answers to one question may differ.

Where it errs: a second read after a write may be meant (reads of what a call in between says it wrote are left
alone); ``between`` names what was awaited in between, and the text says only that the same call stands there again.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.case import Case
from bot.detectors._branches import Place, branches_off, excludes, places
from bot.detectors._python import dotted, last_name, production, receipts_at, text_of
from bot.detectors.base import charge, number_word, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import Function, PythonUnit

STANCE = Stance.CHARGE

_READS = re.compile(r"^_?(?:read|fetch|load|query|retrieve|look_?up|select)_\w+$")
_READS_AWAITED = re.compile(
    r"^_?(?:read|fetch|get|load|find|list|count|query|retrieve|look_?up|select)_\w+$|^(?:fetch(?:one|all|row)?|scalar|scalars)$"
)
_LONGEST_FUNCTION = 2000
_MOST_CALLS = 40
_MOST_FUNCTIONS = 200
_SLEEP = re.compile(r"(?:^|\.)(?:sleep|wait|wait_for)$")
_WRITES = re.compile(
    r"^_?(?:update|save|create|delete|insert|set|execute|commit|flush|put|patch|install|write|upsert|add|remove|ensure"
    r"|record|register|apply|reset|start|stop|cancel|submit|post|send|run|migrate|merge|mark|emit|invalidate)(?:_|$)"
)
_WRITES_ANYTHING = frozenset({"execute", "commit", "flush", "save", "merge", "write", "run", "apply"})
_STREAM = re.compile(
    r"(?:line|byte|bytes|char|chunk|message|frame|packet|token|next|int|str|until|exactly|event)s?$|_json$"
)


@dataclass(frozen=True, slots=True)
class _Call:
    node: ast.Call
    awaited: bool
    place: Place


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a function, for the call that is repeated most.

    Facts: ``function``, ``path``, ``call`` (its text), ``callee``, ``count``, ``times`` (in words), ``lines``,
    ``conditional`` (how many of them stand in a branch), ``unconditional``, ``awaited``, ``results`` (the names that
    receive the answers), ``between`` (what else was awaited from first to last), ``already_had`` and ``already_from``
    (what the arguments rest on and which call had given it before the first read).
    """
    for unit in production(case):
        for function, awaited, calls in islice(_candidates(unit), _MOST_FUNCTIONS):
            nodes = list(ast.walk(function.node))
            found = _repeated(function, nodes, awaited, calls)
            if found and any(call.node.lineno in unit.added for call in found):
                yield _exhibit(case, unit, function, nodes, found)


def _candidates(unit: PythonUnit) -> Iterator[tuple[Function, set[int], list[ast.Call]]]:
    """Yield the functions in which some reading call's name and arguments stand more than once."""
    awaited = {id(node.value) for node in unit.of(ast.Await)}
    by_function: dict[int, tuple[Function, list[ast.Call]]] = {}
    for node in unit.of(ast.Call):
        pattern = _READS_AWAITED if id(node) in awaited else _READS
        name = last_name(node.func)
        if pattern.match(name) and not _STREAM.search(name) and (node.args or node.keywords):
            function = unit.function_at(node.lineno)
            if function is not None and function.length <= _LONGEST_FUNCTION and dotted(node.func):
                by_function.setdefault(id(function), (function, []))[1].append(node)
    for function, calls in by_function.values():
        names = [dotted(call.func) for call in calls]
        often = Counter(names)
        repeated = [call for call, name in zip(calls, names, strict=True) if often[name] > 1][:_MOST_CALLS]
        if repeated:
            yield function, awaited, repeated


def _repeated(function: Function, nodes: list[ast.AST], awaited: set[int], calls: list[ast.Call]) -> list[_Call]:
    where = places(function.node)
    groups: dict[str, list[_Call]] = defaultdict(list)
    for node in calls:
        text = text_of(node)
        if text and id(node) in where:
            groups[text].append(_Call(node, id(node) in awaited, where[id(node)]))
    best: list[_Call] = []
    for group in groups.values():
        kept = _together(nodes, sorted(group, key=lambda call: call.node.lineno))
        if len(kept) > max(1, len(best)):
            best = kept
    return best


def _together(nodes: list[ast.AST], group: list[_Call]) -> list[_Call]:
    """Return the calls that one run through the function can all reach, with the same arguments."""
    kept = group[:1]
    for call in group[1:]:
        previous = kept[-1]
        if (
            not any(excludes(other.place, call.place) for other in kept)
            and call.node.lineno > previous.node.lineno
            and not call.place.loops - previous.place.loops
            and not _changed_between(
                nodes, previous.node, call.node, in_branch=branches_off(previous.place, call.place)
            )
        ):
            kept.append(call)
    return kept


def _changed_between(nodes: list[ast.AST], first: ast.Call, second: ast.Call, *, in_branch: bool) -> bool:
    """Whether an argument got another value in between, time was let pass, or what is read was written."""
    roots = {node.id for node in ast.walk(second) if isinstance(node, ast.Name)}
    answers = _answers(nodes, first)
    for node in nodes:
        line = getattr(node, "lineno", 0)
        if not first.lineno < line < second.lineno:
            continue
        if isinstance(node, ast.Call) and (
            _SLEEP.search(dotted(node.func)) or _writes(node, second, in_branch=in_branch)
        ):
            return True
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in answers:
            continue
        if any(name in roots for name in _bound_by(node)):
            return True
    return False


def _writes(call: ast.Call, read: ast.Call, *, in_branch: bool) -> bool:
    """Whether a call may change what is read: it says so of the same thing, or the second read hangs on a branch."""
    name = last_name(call.func)
    if not _WRITES.match(name):
        return False
    about = set(name.lower().split("_")[1:]) & set(last_name(read.func).lower().split("_")[1:])
    return in_branch or name in _WRITES_ANYTHING or bool(about - {"by", "from", "to", "for", "id", "name", "all"})


def _answers(nodes: list[ast.AST], first: ast.Call) -> set[str]:
    """Return the names that hold an answer of this very call."""
    callee, text = dotted(first.func), text_of(first)
    found: set[str] = set()
    for node in nodes:
        value = _bare(node.value) if isinstance(node, ast.Assign) else None
        if not isinstance(node, ast.Assign) or not isinstance(value, ast.Call) or dotted(value.func) != callee:
            continue
        if text_of(value) == text:
            found.update(target.id for target in node.targets if isinstance(target, ast.Name))
    return found


def _bare(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Await) else node


def _bound_by(node: ast.AST) -> Iterator[str]:
    """Yield the names and the roots of attributes that a statement gives a value."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.For | ast.AsyncFor | ast.NamedExpr):
        targets = [node.target]
    elif isinstance(node, ast.With | ast.AsyncWith):
        targets = [item.optional_vars for item in node.items if item.optional_vars is not None]
    for target in targets:
        for part in ast.walk(target):
            if isinstance(part, ast.Name):
                yield part.id


def _exhibit(case: Case, unit: PythonUnit, function: Function, nodes: list[ast.AST], found: list[_Call]) -> Exhibit:
    first, last = found[0].node, found[-1].node
    callee, name = dotted(first.func), last_name(first.func)
    conditional = sum(call.place.conditional for call in found)
    facts: dict[str, object] = {
        "function": function.name,
        "path": unit.path,
        "call": text_of(first),
        "callee": callee,
        "name": name,
        "count": len(found),
        "times": "twice" if len(found) == 2 else f"{number_word(len(found))} times",
        "lines": tuple(call.node.lineno for call in found),
        "conditional": conditional,
        "unconditional": len(found) - conditional,
        "awaited": found[0].awaited,
        "results": _results(nodes, found),
        "between": _awaited_between(nodes, first, last),
    }
    facts |= _already(nodes, first)
    again = "awaited" if found[0].awaited else "called"
    return charge(
        "repeated_read",
        min(3.5 + 1.0 * len(found) + (0.5 if not facts["between"] else 0), 7.0),
        f"`{function.name}` in `{unit.path}` has `{name}` {again} {facts['times']} with the same arguments.",
        facts,  # type: ignore[arg-type]
        receipts_at(case, unit, [call.node.lineno for call in found]),
        stands_in=standing(case),
        confidence=0.9 if unit.complete else 0.85,
    )


def _results(nodes: list[ast.AST], found: list[_Call]) -> tuple[str, ...]:
    wanted = {id(call.node) for call in found}
    named = [
        (node.lineno, target.id)
        for node in nodes
        if isinstance(node, ast.Assign) and id(_bare(node.value)) in wanted
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    return tuple(name for _, name in sorted(named))


def _awaited_between(nodes: list[ast.AST], first: ast.Call, last: ast.Call) -> tuple[str, ...]:
    names = [
        (node.lineno, last_name(node.value.func))
        for node in nodes
        if isinstance(node, ast.Await)
        and isinstance(node.value, ast.Call)
        and first.lineno < node.lineno < last.lineno
        and text_of(node.value) != text_of(first)
    ]
    return tuple(dict.fromkeys(name for _, name in sorted(names) if name))[:8]


def _already(nodes: list[ast.AST], first: ast.Call) -> dict[str, object]:
    """Return what an argument's object was read from before the first call: ``work_pool`` in ``work_pool.id``."""
    roots = {
        dotted(value).split(".")[0]
        for value in [*first.args, *(keyword.value for keyword in first.keywords)]
        if isinstance(value, ast.Attribute) and dotted(value)
    } - {"self", "cls"}
    for node in nodes:
        if isinstance(node, ast.Assign) and node.lineno < first.lineno and isinstance(_bare(node.value), ast.Call):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id in roots:
                    call = _bare(node.value)
                    assert isinstance(call, ast.Call)  # noqa: S101 - told to the type checker, checked above
                    return {"already_had": target.id, "already_from": last_name(call.func)}
    return {}
