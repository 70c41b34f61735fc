"""Prints and debuggers that were left behind.

What it finds: debuggers (``breakpoint()``, ``pdb.set_trace()``, ``debugger``, ``dbg!``, ``binding.pry``) anywhere, and
prints in library code: a file that is known whole, prints nowhere else, is no command line, script or example, and
got no more than three of them.

Why it matters: a print is what somebody looked at while it did not work yet.

Where it errs: a library whose business is to print. Files that printed before are taken to mean it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.case import Case
from bot.detectors._structural import fresh_hits
from bot.detectors.base import charge, counted, file_receipt, standing
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind
from bot.python_source import PythonUnit
from bot.structural import StructuralUnit

STANCE = Stance.CHARGE
_MOST_PRINTS = 3
_SHORT_FILE = 40
_PRINTS = re.compile(
    r"\bprint\(|\bpprint\(|console\.(?:log|debug|dir|trace|table|info)\b|\bfmt\.(?:Fp|P)rint|\be?print(?:ln)?!|System\.(?:out|err)\b"
    r"|^\s*(?:puts|pp|p)\s|process\.stdout"
)
_TALKS = re.compile(
    r"(^|[/_.-])(cli|cmd|commands?|scripts?|bin|main|__main__|examples?|bench\w*|tools?|docs?|playground|demos?|console"
    r"|manage|setup|build|xtask|tasks|repl|devtools?|templates?|cargo|report\w*|print\w*|debug\w*|logg\w*|migrations?"
    r"|create-\w+|website|deploy\w*|workflows?|\.github|ci|samples?|output|terminal|tty|progress|release)([/_.-]|$)",
    re.IGNORECASE,
)
_TALKING_FUNCTION = re.compile(
    r"main|print|show|display|report|dump|usage|help|debug|log|output|render|write|emit", re.IGNORECASE
)
_DEBUGGERS = frozenset({"breakpoint", "pdb.set_trace", "ipdb.set_trace", "pudb.set_trace", "debugpy.breakpoint"})
_SCRIPT = re.compile(r"^#!|^package main\b|^if __name__ ==|^\s*(?:pub )?fn main\(|static void main\(", re.MULTILINE)
_SAID = re.compile(r"f?\"([^\"]{1,80})\"|f?'([^']{1,80})'")


@dataclass(frozen=True, slots=True)
class _Left:
    path: str
    line: int
    text: str
    function: str
    is_debugger: bool
    message: str = ""
    weight: float = 4.0


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``count``, ``debuggers`` and ``prints`` (how many of each), ``lines``, ``code`` (the first), ``said`` (the
    text between its quotes, if any), ``path``, ``function``, ``functions``, ``files``.
    """
    found = [left for left in _all(case) if left.text not in case.removed_texts]
    if not found:
        return
    found.sort(key=lambda left: not left.is_debugger)
    first = found[0]
    said = [part for left in found for groups in _SAID.findall(left.text) for part in groups if part.strip()]
    debuggers = sum(left.is_debugger for left in found)
    files = tuple(dict.fromkeys(left.path for left in found))
    noun = "debugger" if debuggers == len(found) else "print" if not debuggers else "print and debugger"
    plural = "" if debuggers in {0, len(found)} else "prints and debuggers"
    place = f"`{first.path}`" if len(files) == 1 else counted(len(files), "file")
    yield charge(
        "print_left",
        min(first.weight + (2.0 if first.is_debugger else 0.0) + 0.3 * len(found), 7.5),
        f"{counted(len(found), noun, plural).capitalize()} left in {place}: `{first.text[:80]}`.",
        {
            "count": len(found),
            "debuggers": debuggers,
            "prints": len(found) - debuggers,
            "lines": tuple(left.text for left in found)[:12],
            "code": first.text,
            "said": said[0] if said else "",
            "path": first.path,
            "function": first.function,
            "functions": tuple(dict.fromkeys(left.function for left in found if left.function))[:12],
            "files": len(files),
        },
        (file_receipt(case, left.path, left.line, left.text) for left in found[:12]),
        stands_in=standing(case),
        confidence=0.95 if debuggers else 0.75,
    )


def _all(case: Case) -> Iterator[_Left]:
    for unit in case.python_in(FileKind.PRODUCTION, FileKind.TEST):
        found = list(_python(unit))
        yield from (left for left in found if left.is_debugger)
        prints = [left for left in found if not left.is_debugger]
        if case.kind(unit.path) is FileKind.PRODUCTION and _speaks_by_accident(unit, prints):
            yield from prints
    whole = {unit.path: unit for unit in case.structural_units if unit.complete}
    prints_by_path: dict[str, list[_Left]] = {}
    for hit in fresh_hits(case, "print_left"):
        is_debugger = hit.rule.name != "print"
        left = _Left(
            hit.path, hit.line, hit.first_line_text, hit.function, is_debugger, hit.rule.message, hit.rule.weight
        )
        if is_debugger and not _TALKS.search(hit.path):
            yield left
        elif not is_debugger and not hit.in_test:
            prints_by_path.setdefault(hit.path, []).append(left)
    for path, prints in prints_by_path.items():
        if path in whole and _speaks_by_accident(whole[path], prints):
            yield from prints


def _speaks_by_accident(unit: PythonUnit | StructuralUnit, prints: list[_Left]) -> bool:
    if not unit.complete or not prints or len(prints) > _MOST_PRINTS or len(unit.lines) < _SHORT_FILE:
        return False
    if _TALKS.search(unit.path) or any(_TALKING_FUNCTION.search(left.function) for left in prints):
        return False
    if _SCRIPT.search("\n".join(unit.lines.values())):
        return False
    own = {left.line for left in prints}
    return not any(_PRINTS.search(text[:400]) for number, text in unit.lines.items() if number not in own)


def _python(unit: PythonUnit) -> Iterator[_Left]:
    for node in unit.of(ast.Expr):
        if isinstance(node.value, ast.Call) and unit.adds(node):
            call = node.value
            name = _dotted(call.func)
            is_print = name in {"print", "pprint", "pprint.pprint"} and not any(k.arg == "file" for k in call.keywords)
            if name in _DEBUGGERS or is_print:
                function = unit.function_at(node.lineno)
                text = unit.lines.get(node.lineno, "").strip()
                yield _Left(unit.path, node.lineno, text, function.name if function else "", name in _DEBUGGERS)


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return ""
