"""Tests that their collector's own rules pass over.

What it finds: in Python, a test that another of the same name in the same class or module replaces
(https://docs.python.org/3/reference/compound_stmts.html#function-definitions), a ``Test…`` class with an ``__init__``
(https://docs.pytest.org/en/stable/explanation/goodpractices.html#test-discovery), and a test that was renamed so that
it no longer begins with ``test``; in Go, ``Testfoo`` with a small letter after ``Test``, and tests in a file that
does not end in ``_test.go`` (https://pkg.go.dev/testing); in JavaScript, ``.only`` left in, which leaves the rest of
the file out. Where the project configures names of its own (``python_files``, ``python_classes``,
``python_functions``) and the pull request shows it, the rules on names say nothing.

Why it matters: it looks like a test, it is counted like a test, and it cannot fail.

Where it errs: a project may configure its collector in a file that was not read; rules that a configuration could
change are told with less confidence.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from bot.case import Case
from bot.detectors._lines import fresh
from bot.detectors._pytests import dotted
from bot.detectors.base import charge, file_receipt, line_receipt, standing
from bot.exhibit import Exhibit, Fact, Receipt, Stance
from bot.kinds import FileKind
from bot.python_source import PythonUnit

STANCE = Stance.CHARGE
_CONFIGURED = re.compile(r"python_(?:files|classes|functions)\b|collect_imported")
_GO_TEST = re.compile(r"^func (Test[a-z]\w*)\(t \*testing\.T\)")
_GO_ANY_TEST = re.compile(r"^func (Test[A-Z]\w*)\(t \*testing\.T\)")
_ONLY = re.compile(
    r"^\s*(?:(?:it|test|describe|suite|context)\.only|fit|fdescribe)\(\s*(?:'([^']+)'|\"([^\"]+)\"|`([^`]+)`)"
)
_REDEFINES = ("overload", "parametrize", "setter", "getter", "register", "skipif", "requires")


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a test.

    Facts: ``test`` (its name), ``path``, ``line``, ``why`` (the collector's rule, as a phrase), ``rule`` (a short
    name: replaced, init, renamed, lower_case, wrong_file, only), ``code``, ``other_line`` (of the one that replaces
    it, or 0), ``was`` (the old name of a renamed one).
    """
    for unit in case.python_in(FileKind.TEST):
        yield from _replaced(case, unit)
        yield from _with_init(case, unit)
    if not _is_configured(case):
        yield from _renamed(case)
    yield from _by_line(case)


def _is_configured(case: Case) -> bool:
    names = ("pyproject.toml", "pytest.ini", "tox.ini", "setup.cfg")
    texts = [
        text for files in (case.head_files, case.base_files) for path, text in files.items() if path.endswith(names)
    ]
    texts += [line.text for diff in case.diffs if diff.path.endswith(names) for line in diff.added]
    return any(_CONFIGURED.search(text) for text in texts)


def _replaced(case: Case, unit: PythonUnit) -> Iterator[Exhibit]:
    scopes: list[list[ast.stmt]] = [unit.tree.body]
    scopes += [node.body for node in unit.tree.body if isinstance(node, ast.ClassDef)]
    for body in scopes:
        seen: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        for node in body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.name.startswith("test"):
                continue
            before = seen.get(node.name)
            seen[node.name] = node
            marks = " ".join(dotted(item) for item in node.decorator_list)
            if before is None or (any(word in marks for word in _REDEFINES) and not unit.adds(node)):
                continue
            if not (unit.adds(before) or unit.adds(node)) or "overload" in marks:
                continue
            first, second = (unit.lines.get(item.lineno, "").strip() for item in (before, node))
            receipts = (
                file_receipt(case, unit.path, before.lineno, first),
                file_receipt(case, unit.path, node.lineno, second),
            )
            why = f"a second `{node.name}` on line {node.lineno} replaces it"
            facts: dict[str, Fact] = {"code": first, "other_line": node.lineno, "rule": "replaced"}
            yield _exhibit(case, node.name, why, facts, receipts, confidence=0.9)


def _with_init(case: Case, unit: PythonUnit) -> Iterator[Exhibit]:
    for node in unit.tree.body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test") and not node.bases:
            init = next(
                (item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == "__init__"), None
            )
            tests = [item for item in node.body if isinstance(item, ast.FunctionDef) and item.name.startswith("test")]
            if init is not None and tests and (unit.adds(init) or unit.adds(node)):
                line = init if unit.adds(init) else node
                text = unit.lines.get(line.lineno, "").strip()
                why = "pytest leaves out a class that has an `__init__`"
                receipts = (file_receipt(case, unit.path, line.lineno, text),)
                facts: dict[str, Fact] = {"code": text, "other_line": 0, "rule": "init"}
                yield _exhibit(case, node.name, why, facts, receipts, confidence=0.9)


def _renamed(case: Case) -> Iterator[Exhibit]:
    """A removed ``def test_x`` whose line came back as ``def x``, ``def _test_x`` or ``def xtest_x``, uncalled."""
    for diff in case.tests:
        removed = {
            match[1]: line for line in diff.removed if (match := re.match(r"\s*(?:async )?def (test\w+)\(", line.text))
        }
        if not removed or not diff.path.rsplit("/", 1)[-1].startswith("test"):
            continue
        added = {match[1] for line in diff.added if (match := re.match(r"\s*(?:async )?def (\w+)\(", line.text))}
        text = case.head_files.get(diff.path, "\n".join(line.text for line in diff.added))
        for line in diff.added:
            match = re.match(
                r"\s*(?:async )?def (_+test\w*|x+test\w*|no_?test\w*|tset\w*|tes_\w*|est_\w*|disabled_?test\w*)\(",
                line.text,
            )
            if match is None or len(re.findall(rf"\b{match[1]}\b", text)) > 1:
                continue
            was = next((name for name in removed if name not in added and _same(name, match[1])), "")
            if was:
                receipts = (line_receipt(case, diff, line), line_receipt(case, diff, removed[was]))
                why = f"it was `{was}` and no longer begins with `test`, pytest's default for what it collects"
                facts: dict[str, Fact] = {"code": line.text.strip(), "other_line": 0, "rule": "renamed", "was": was}
                yield _exhibit(case, match[1], why, facts, receipts, confidence=0.8)


def _same(old: str, new: str) -> bool:
    return new.endswith(old) or sorted(new.strip("_")) == sorted(old) or old[1:] == new


def _by_line(case: Case) -> Iterator[Exhibit]:
    for diff, line in fresh(case, FileKind.TEST, FileKind.PRODUCTION):
        rule, why, found = "", "", None
        if diff.path.endswith("_test.go"):
            found, rule = _GO_TEST.match(line.text), "lower_case"
            why = "`go test` wants a capital letter after `Test`"
        elif diff.path.endswith(".go"):
            found, rule = _GO_ANY_TEST.match(line.text), "wrong_file"
            why = "`go test` reads only files that end in `_test.go`"
        elif re.search(r"\.(?:test|spec)\.[cm]?[jt]sx?$", diff.path):
            found, rule = _ONLY.match(line.text[:400]), "only"
            why = "`.only` leaves out every other test of its file"
        if found is not None:
            name = next(item for item in found.groups() if item)
            facts: dict[str, Fact] = {"code": line.text.strip(), "other_line": 0, "rule": rule}
            yield _exhibit(case, name, why, facts, (line_receipt(case, diff, line),), confidence=0.85)


def _exhibit(
    case: Case, test: str, why: str, facts: Mapping[str, Fact], receipts: tuple[Receipt, ...], *, confidence: float
) -> Exhibit:
    path, line = receipts[0].path, receipts[0].line
    return charge(
        "uncollected_test",
        6.5,
        f"`{test}` in `{path}`: {why}.",
        {"test": test, "path": path, "line": line, "why": why, "was": "", **facts},
        receipts,
        stands_in=standing(case),
        confidence=confidence,
    )
