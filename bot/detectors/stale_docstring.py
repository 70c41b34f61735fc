"""A docstring that documents parameters which are not there.

What it finds: Python functions whose signature or docstring the pull request touches, where the docstring's list of
arguments (Google's, NumPy's or Sphinx's form) names a parameter that the function does not have, and whose removed
lines had that name: it was there, and went.

Why it matters: a reader believes the docstring first.

Where it errs: functions that take ``**kwargs`` may document what they pass on, and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._python import all_arguments, docstring_of, production, receipts_at
from bot.detectors.base import charge, counted, line_receipt, standing
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Receipt, Stance
from bot.python_source import Function, PythonUnit

STANCE = Stance.CHARGE

_GOOGLE = re.compile(r"^(?:Args|Arguments|Parameters):[ \t]*\n((?:[ \t]+\S.*\n?|[ \t]*\n)+)", re.MULTILINE)
_NUMPY = re.compile(r"^Parameters\n-{3,}\n((?:(?!\n\S+\n-{3,}).*\n?)*)", re.MULTILINE)
_SPHINX = re.compile(r"^\s*:param\s+(?:[\w.\[\]]+\s+)?(\w+):", re.MULTILINE)
_LONGEST = 8000


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a function.

    Facts: ``function``, ``path``, ``missing`` (documented, but no parameter), ``count``, ``documented`` (how many the
    docstring lists), ``parameters`` (the names that are there).
    """
    for unit in production(case):
        diff = case.diff_of(unit.path)
        if diff is None or not diff.removed:
            continue
        for function in unit.functions:
            missing = _missing(unit, function)
            gone = [(name, line) for name in missing if (line := _removal(diff, function, name)) is not None]
            if gone:
                yield _exhibit(case, diff, unit, function, gone)


def _missing(unit: PythonUnit, function: Function) -> list[str]:
    node = function.node
    first = node.body[0]
    if node.args.kwarg is not None or not any(line in unit.added for line in range(node.lineno, first.lineno + 1)):
        return []
    have = {item.arg for item in all_arguments(node)} | ({node.args.vararg.arg} if node.args.vararg else set())
    return [name for name in documented(docstring_of(node)) if name not in have]


def documented(docstring: str) -> list[str]:
    """Return the parameters that a docstring lists, in the three usual forms."""
    if len(docstring) > _LONGEST:
        return []
    names = _SPHINX.findall(docstring)
    google = _GOOGLE.search(f"{docstring}\n")
    if google:
        lines = [line for line in google[1].split("\n") if line.strip()]
        indent = min((len(line) - len(line.lstrip()) for line in lines), default=0)
        heads = (re.match(r"\s*\*{0,2}(\w+)(?:\s*\([^)]*\))?:", line) for line in lines if _indent(line) == indent)
        names += [head[1] for head in heads if head]
    numpy = _NUMPY.search(f"{docstring}\n")
    if numpy:
        names += [match[1] for line in numpy[1].split("\n") if (match := re.match(r"(\w+)\s*(?::.*)?$", line))]
    return list(dict.fromkeys(names))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _removal(diff: FileDiff, function: Function, name: str) -> Line | None:
    """Return the removed line that had the parameter, where it stood inside this function's signature."""
    pattern = re.compile(rf"(?:^\s*|[(,]\s*){re.escape(name)}\s*(?::|=|,|\)|$)")
    last = function.node.body[0].lineno
    for hunk in diff.hunks:
        position = hunk.new_start - 1
        for line in hunk.lines:
            if line.new is not None:
                position = line.new
            elif function.first_line - 1 <= position < last and len(line.text) < 400 and pattern.search(line.text):
                return line
    return None


def _exhibit(case: Case, diff: FileDiff, unit: PythonUnit, function: Function, gone: list[tuple[str, Line]]) -> Exhibit:
    names = tuple(name for name, _ in gone)
    first = function.node.body[0]
    told = [
        line
        for line in range(first.lineno, (first.end_lineno or first.lineno) + 1)
        if any(re.search(rf"\b{re.escape(name)}\b", unit.lines.get(line, "")) for name in names)
    ]
    receipts: list[Receipt] = [
        *receipts_at(case, unit, told[:4]),
        *(line_receipt(case, diff, line) for _, line in gone[:4]),
    ]
    return charge(
        "stale_docstring",
        min(3.5 + 0.5 * len(names), 5.5),
        f"The docstring of `{function.name}` in `{unit.path}` still documents"
        f" {counted(len(names), 'parameter')} that went: {', '.join(f'`{name}`' for name in names[:3])}.",
        {
            "function": function.name,
            "path": unit.path,
            "missing": names,
            "count": len(names),
            "documented": len(documented(docstring_of(function.node))),
            "parameters": tuple(item.arg for item in all_arguments(function.node)),
        },
        receipts,
        stands_in=standing(case),
        confidence=0.85,
    )
