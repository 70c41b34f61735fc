"""A lookup table with one entry.

What it finds: new constants in Python that ships, named as tables (a dict with a single entry) together with any
``Literal`` of a single choice: two or more in one pull request, or one in which things are looked up.

Why it matters: it is a constant that hopes to become a table when it grows up.

Where it errs: a table may be open for others to add to; one that the file itself fills is left alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import code_at, dotted, last_name, production, text_of
from bot.detectors.base import charge, counted, file_receipt, standing
from bot.exhibit import Exhibit, Stance
from bot.python_source import PythonUnit

STANCE = Stance.CHARGE

_TABLE = re.compile(
    r"^_?[A-Z][A-Z0-9]*(?:_(?:FOR|BY|TO|MAP|MAPPING|TABLE|REGISTRY|LOOKUP|HANDLERS|TYPES)(?:_\w+)?)+$|^_?[A-Z_]*_(?:FOR|BY|TO)_\w+$"
)
_Found = tuple[PythonUnit, str, str, int, str]


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``count``, ``names``, ``ways`` ("a dict", "a Literal", in the same order), ``entries`` (the single
    entry of each), ``name``, ``entry`` and ``path`` of the first, ``looked_up`` (how often the tables are looked up).
    """
    found = [item for unit in production(case) for item in _tables(unit)]
    tables = [item for item in found if item[2] == "a dict"]
    if not tables:
        return
    looked_up = sum(_lookups(unit, name) for unit, name, _, _, _ in tables)
    if len(found) < 2 and not looked_up:
        return
    unit, name, _, _, entry = tables[0]
    yield charge(
        "table_for_one",
        min(3.0 + 0.8 * len(found), 6.0),
        f"`{name}` in `{unit.path}` is {counted(1, 'entry')} long: `{entry}`.",
        {
            "count": len(found),
            "names": tuple(item[1] for item in found)[:8],
            "ways": tuple(item[2] for item in found)[:8],
            "entries": tuple(item[4] for item in found)[:8],
            "name": name,
            "entry": entry,
            "path": unit.path,
            "looked_up": looked_up,
        },
        (file_receipt(case, item[0].path, item[3], code_at(item[0], item[3])) for item in found[:8]),
        stands_in=standing(case),
        confidence=0.85,
    )


def _tables(unit: PythonUnit) -> Iterator[_Found]:
    filled = {last_name(node.value) for node in unit.of(ast.Subscript) if isinstance(node.ctx, ast.Store)}
    for node in unit.tree.body:
        target: ast.expr | None = node.target if isinstance(node, ast.AnnAssign) else None
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(target, ast.Name):
            continue
        if node.lineno in unit.added and target.id not in filled and node.value is not None:
            yield from _one(unit, target.id, node.value, node.lineno)


def _one(unit: PythonUnit, name: str, value: ast.expr, line: int) -> Iterator[_Found]:
    if isinstance(value, ast.Dict) and len(value.keys) == 1 and value.keys[0] is not None and _TABLE.match(name):
        entry = f"{text_of(value.keys[0])}: {text_of(value.values[0])}"
        if len(entry) <= 80:
            yield unit, name, "a dict", line, entry
    is_literal = isinstance(value, ast.Subscript) and last_name(value.value) == "Literal"
    if isinstance(value, ast.Subscript) and is_literal and isinstance(value.slice, ast.Constant):
        yield unit, name, "a Literal", line, text_of(value.slice)


def _lookups(unit: PythonUnit, name: str) -> int:
    """Return how often the file looks something up in the table: ``table[key]`` or ``table.get(key)``."""
    indexed = sum(last_name(node.value) == name for node in unit.of(ast.Subscript))
    return indexed + sum(dotted(node.func) == f"{name}.get" for node in unit.of(ast.Call))
