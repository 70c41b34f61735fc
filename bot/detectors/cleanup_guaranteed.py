"""Whatever happens, it is put away.

What it finds: added cleanup in Python that ships that runs however the work ends: a ``finally`` that closes, stops,
releases or removes something, exit stacks, and classes that gain an ``__exit__`` or
``__aexit__`` which does; two or more in one file.

Why it matters: the path on which things fail is the one on which nobody is there to tidy up.

Where it errs: it sees that cleanup is there, not that it is complete.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import code_at, dotted, last_name, production, receipts_at, walk_some
from bot.detectors.base import counted, credit, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import FunctionNode, PythonUnit

STANCE = Stance.CREDIT

_CLEANS = frozenset(
    "close aclose stop shutdown release unlink remove rmtree kill terminate cancel cleanup clean_up disconnect rollback"
    " reset restore join unregister unsubscribe wait_closed kill_process flush __exit__ __aexit__ detach".split()
)
_STACKS = frozenset({"ExitStack", "AsyncExitStack"})
_FEWEST = 2
_Found = tuple[int, str, str]


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit, for the file with most of it.

    Facts: ``path``, ``count``, ``finallys``, ``stacks``, ``exits`` (how many of each), ``calls`` (what the ``finally``
    blocks call), ``functions``, ``files`` (how many files have such cleanup).
    """
    by_unit = [(unit, found) for unit in production(case) if (found := sorted(_cleanups(unit)))]
    if not by_unit:
        return
    unit, found = max(by_unit, key=lambda item: len(item[1]))
    if len(found) < _FEWEST:
        return
    ways = [way for _, way, _ in found]
    functions = [function.name for line, _, _ in found if (function := unit.function_at(line)) is not None]
    yield credit(
        "cleanup_guaranteed",
        min(2.5 + 0.5 * len(found), 5.0),
        f"`{unit.path}` puts things away however it ends, in {counted(len(found), 'place')}.",
        {
            "path": unit.path,
            "count": len(found),
            "finallys": ways.count("finally"),
            "stacks": ways.count("stack"),
            "exits": ways.count("exit"),
            "calls": tuple(dict.fromkeys(name for _, way, name in found if way == "finally"))[:8],
            "functions": tuple(dict.fromkeys(functions))[:8],
            "files": len(by_unit),
        },
        receipts_at(case, unit, [line for line, _, _ in found]),
        stands_in=standing(case),
        confidence=0.8,
    )


def _cleanups(unit: PythonUnit) -> Iterator[_Found]:
    for node in unit.of(ast.Try):
        if node.finalbody and node.finalbody[0].lineno in unit.added:
            for item in (item for statement in node.finalbody for item in walk_some(statement)):
                if isinstance(item, ast.Call) and last_name(item.func) in _CLEANS and item.lineno in unit.added:
                    yield item.lineno, "finally", last_name(item.func)
                    break
    for call in unit.of(ast.Call):
        if dotted(call.func).rsplit(".", 1)[-1] in _STACKS and call.lineno in unit.added and code_at(unit, call.lineno):
            yield call.lineno, "stack", last_name(call.func)
    for function in unit.functions:
        if function.name in {"__exit__", "__aexit__"} and function.first_line in unit.added and _tidies(function.node):
            yield function.first_line, "exit", function.name


def _tidies(node: FunctionNode) -> bool:
    return any(isinstance(item, ast.Call) and last_name(item.func) in _CLEANS for item in walk_some(node))
