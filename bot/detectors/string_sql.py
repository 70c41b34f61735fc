"""SQL that is put together from strings.

What it finds: added code that ships in which a statement in capitals (``SELECT … FROM``, ``INSERT INTO``, ``UPDATE …
SET``, ``DELETE FROM``) is filled by an f-string, ``%``, ``+``, ``.format``, ``${…}``, ``#{…}``, ``Sprintf`` or
``format!``. Migrations, tests, and holes that are constants in capitals or lists of placeholders are left alone.

Why it matters: it is the oldest way in (https://owasp.org/www-community/attacks/SQL_Injection).

Where it errs: a hole may hold a table's name that no stranger can reach. The exhibit says what is put together, not
what can be done with it, and is sensitive: it is shown in private only.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import fresh
from bot.detectors._testing import suffix
from bot.detectors.base import charge, file_receipt, standing
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind
from bot.python_source import PythonUnit

STANCE = Stance.CHARGE
SENSITIVE = True
_SQL = re.compile(
    r"^\W*(?:SELECT\s.{1,300}?\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\S{1,80}\s+SET\s|DELETE\s+FROM\s|DROP\s+TABLE\s)",
    re.DOTALL,
)
_LINE = re.compile(
    r"[\"'`](?:SELECT\s[^\"'`]{1,300}\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\S{1,80}\s+SET\s|DELETE\s+FROM\s)(?P<rest>.*)",
)
_HOLES = {
    **dict.fromkeys((".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs"), re.compile(r"\$\{(?P<name>[^}]+)\}")),
    ".rb": re.compile(r"#\{(?P<name>[^}]+)\}"),
    ".java": re.compile(r"\"\s*\+\s*(?P<name>[\w.()]+)"),
    ".kt": re.compile(r"\$\{?(?P<name>\w+)"),
    ".go": re.compile(r"%[sv](?P<name>)"),
    ".rs": re.compile(r"\{(?P<name>\w*)\}"),
}
_CALLS = {".go": "Sprintf", ".rs": "format!"}
_ASIDE = re.compile(r"(^|/)(migrations?|versions|alembic|scripts?|bench\w*|examples?|db/migrate)/", re.IGNORECASE)
_HARMLESS = re.compile(r"^[A-Z_\d.]+$|(?i:placeholders?|params|question_?marks|quote|ident|escape|sql\b|literal)")


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a function (a line, where no function can be told).

    Facts: ``function``, ``path``, ``line``, ``holes`` (what is filled in, as written), ``code`` (the first line),
    ``how``.
    """
    for unit in case.python_in(FileKind.PRODUCTION):
        if not _ASIDE.search(unit.path):
            yield from _python(case, unit)
    for diff, line in fresh(case, FileKind.PRODUCTION):
        kind = suffix(diff.path)
        found = _LINE.search(line.text) if kind in _HOLES and not _ASIDE.search(diff.path) else None
        if found and _CALLS.get(kind, "") in line.text:
            holes = tuple(match["name"].strip() for match in _HOLES[kind].finditer(line.text, found.start()))
            if holes and not all(hole and _HARMLESS.search(hole) for hole in holes):
                yield _exhibit(case, ("", diff.path, line.new or 0), line.text.strip(), holes, "a string")


def _python(case: Case, unit: PythonUnit) -> Iterator[Exhibit]:
    told: set[str] = set()
    for node in (*unit.of(ast.JoinedStr), *unit.of(ast.BinOp), *unit.of(ast.Call)):
        how, text, parts = _read(node) if unit.adds(node) else ("", "", [])
        if not parts or not _SQL.search(text):
            continue
        holes = tuple(ast.unparse(part)[:80] for part in parts)
        function = unit.function_at(node.lineno)
        name = function.name if function else f"line {node.lineno}"
        quote = unit.lines.get(node.lineno, "").strip()
        harmless = all(_HARMLESS.search(hole) for hole in holes)
        if not harmless and name not in told and quote and quote not in case.removed_texts:
            told.add(name)
            yield _exhibit(case, (function.name if function else "", unit.path, node.lineno), quote, holes, how)


def _read(node: ast.expr) -> tuple[str, str, list[ast.expr]]:
    """Return how a text is put together, its fixed part, and what fills it."""
    if isinstance(node, ast.JoinedStr):
        fixed = "".join(str(part.value) if isinstance(part, ast.Constant) else " x " for part in node.values)
        return "an f-string", fixed, [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add) and isinstance(node.left, ast.Constant):
        if isinstance(node.left.value, str):
            return f"`{'%' if isinstance(node.op, ast.Mod) else '+'}`", node.left.value, [node.right]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        fixed_part = node.func.value
        if isinstance(fixed_part, ast.Constant) and isinstance(fixed_part.value, str):
            return "`.format`", fixed_part.value, [*node.args, *(keyword.value for keyword in node.keywords)]
    return "", "", []


def _exhibit(case: Case, where: tuple[str, str, int], code: str, holes: tuple[str, ...], how: str) -> Exhibit:
    function, path, line = where
    place = f"`{function}` in `{path}`" if function else f"`{path}`"
    named = tuple(hole for hole in holes if hole)
    return charge(
        "string_sql",
        6.5,
        f"{place} puts SQL together from {how}" + (f", filling in `{named[0]}`." if named else "."),
        {"function": function, "path": path, "line": line, "holes": named[:12], "code": code, "how": how},
        (file_receipt(case, path, line, code),),
        stands_in=standing(case),
        confidence=0.7,
        sensitive=True,
    )
