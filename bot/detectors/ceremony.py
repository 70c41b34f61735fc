"""Much machinery around a constant of one byte.

What it finds: new Python modules that ship, which open a socket or a stream, read one byte at a time and send or
compare bytes literals of length one; and how many lines, locks, threads, events and classes stand around those bytes.

Why it matters: the message is the smallest there is, and everything else is postage.

Where it errs: the machinery may be needed for the byte to arrive; the text counts it and does not judge the need.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._imports import imports_of
from bot.detectors._module_words import head_of
from bot.detectors._python import code_at, dotted, last_name, production
from bot.detectors.base import charge, counted, file_receipt, standing
from bot.exhibit import Exhibit, Fact, Receipt, Stance
from bot.python_source import PythonUnit

STANCE = Stance.CHARGE

_HOMES = frozenset({"socket", "asyncio", "anyio", "trio", "ssl", "websockets"})
_READS = frozenset({"recv", "read", "readexactly", "receive"})
_MACHINERY = frozenset("Lock RLock Event Thread Condition start_server open_connection socket wait_for Queue".split())
_FEWEST_LINES = 100
_SMALL = re.compile(r"\b(?:small|simple|tiny|minimal|minimalist|lightweight|trivial|thin)\b", re.IGNORECASE)
_LONGEST_BOAST = 80


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``lines`` (of all such modules together), ``files`` (their names), ``paths``, ``file_count``, ``bytes`` (the
    literals), ``byte_count`` (how many different ones), ``lines_per_byte``, ``reads`` (the code that reads one byte),
    ``machinery`` ("four events"), ``classes``, ``functions``; and where one of the modules says at its head that it is
    small, ``boast`` (the sentence), ``boast_file``, ``boast_lines``.
    """
    units = [unit for unit in production(case) if unit.complete and unit.is_new_file and _is_wired(unit)]
    found = [(unit, literals) for unit in units if (literals := _literals(unit)) and _reads_of(unit)]
    total = sum(_length(unit) for unit, _ in found)
    if not found or total < _FEWEST_LINES:
        return
    names = tuple(dict.fromkeys(repr(value) for _, literals in found for _, value in literals))
    machinery: Counter[str] = Counter()
    for unit, _ in found:
        machinery.update(name for call in unit.of(ast.Call) if (name := last_name(call.func)) in _MACHINERY)
        factories = (last_name(item.value) for item in unit.of(ast.keyword) if item.arg == "default_factory")
        machinery.update(name for name in factories if name in _MACHINERY)
    reads = [(unit, line) for unit, _ in found for line in _reads_of(unit)]
    sent = [(unit, line) for unit, literals in found for line, _ in literals]
    own_words, proof = _boast(case, [unit for unit, _ in found])
    yield charge(
        "ceremony",
        min(4.5 + total / 250, 8.0),
        f"{total:,} lines in {counted(len(found), 'new module')} carry {counted(len(names), 'constant')} of one byte:"
        f" {', '.join(f'`{name}`' for name in names[:4])}.",
        {
            "lines": total,
            "files": tuple(unit.path.rsplit("/", 1)[-1] for unit, _ in found),
            "paths": tuple(unit.path for unit, _ in found),
            "file_count": len(found),
            "bytes": names,
            "byte_count": len(names),
            "lines_per_byte": total // len(names),
            "reads": tuple(dict.fromkeys(code_at(unit, line) for unit, line in reads))[:4],
            "machinery": tuple(f"{count} x {name}" for name, count in machinery.most_common(8)),
            "classes": sum(len(unit.of(ast.ClassDef)) for unit, _ in found),
            "functions": sum(len(unit.functions) for unit, _ in found),
            **own_words,
        },
        [*(file_receipt(case, unit.path, line, code_at(unit, line)) for unit, line in [*sent[:5], *reads[:3]]), *proof],
        stands_in=standing(case),
        confidence=0.9,
    )


def _boast(case: Case, units: list[PythonUnit]) -> tuple[dict[str, Fact], list[Receipt]]:
    """Return what one of the modules says at its head of its own smallness, and where."""
    for unit in units:
        diff = case.diff_of(unit.path)
        for item in head_of(diff) if diff else ():
            if len(item.clean) <= _LONGEST_BOAST and item.clean.endswith(".") and _SMALL.search(item.clean):
                name = unit.path.rsplit("/", 1)[-1]
                facts: dict[str, Fact] = {"boast": item.clean, "boast_file": name, "boast_lines": _length(unit)}
                return facts, [file_receipt(case, unit.path, item.line, item.raw)]
    return {}, []


def _length(unit: PythonUnit) -> int:
    return len(unit.added)


def _is_wired(unit: PythonUnit) -> bool:
    return any(item.module.split(".")[0] in _HOMES for item in imports_of(unit))


def _literals(unit: PythonUnit) -> list[tuple[int, bytes]]:
    """Return bytes of length one (letters and digits) in the file, by line."""
    return [
        (node.lineno, node.value)
        for node in unit.of(ast.Constant)
        if isinstance(node.value, bytes) and len(node.value) == 1 and node.value.isalnum()
    ]


def _reads_of(unit: PythonUnit) -> list[int]:
    return [
        call.lineno
        for call in unit.of(ast.Call)
        if last_name(call.func) in _READS
        and len(call.args) == 1
        and isinstance(call.args[0], ast.Constant)
        and call.args[0].value == 1
        and dotted(call.func)
    ]
