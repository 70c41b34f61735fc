"""Tests that are worth their lines.

What it finds: a pull request that adds at least four tests under new names, of which several speak of what goes
wrong (races, timeouts, what is missing, what must not happen) or run the whole way from end to end.

Why it matters: it is the credit that most pull requests deserve and few are given.

Where it errs: a name is a promise. What a test checks under it is not looked at here; ``assertionless_test`` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import MOST_RECEIPTS, short
from bot.detectors._testing import AddedTest, added_tests, removed_tests
from bot.detectors.base import counted, credit, figures_receipt, line_receipt, standing
from bot.exhibit import Exhibit, Fact, Receipt, Stance
from bot.kinds import FileKind

STANCE = Stance.CREDIT
_FEWEST = 4
_FEWEST_EDGES = 2
_ASSERTION = re.compile(
    r"^\s*(?:self\.)?(?:assert|expect|require\.|assert\.|t\.(?:Error|Fatal)|[bc]\.Assert|insta::"
    r"|with pytest\.raises|await expect|qt\.|is_expected|must_)"
)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``tests`` (how many new ones), ``test_lines``, ``production_lines`` (both as added), ``test_files``,
    ``names`` (the first dozen), ``edge_cases`` (names that speak of what goes wrong), ``edge_case_count``,
    ``end_to_end`` (names), ``end_to_end_count``, ``assertions`` (added lines that open with one),
    ``longest_name`` and ``longest_name_characters``, ``file`` and ``file_tests`` (where most of them stand),
    ``file_name``, ``removed_tests``.
    """
    tests = added_tests(case)
    gone = removed_tests(case)
    edges = [test for test in tests if test.is_edge_case]
    whole_way = [test for test in tests if test.is_end_to_end]
    enough = len(edges) >= _FEWEST_EDGES or whole_way
    if len(tests) - len(gone) < _FEWEST or not enough:
        return
    facts = _facts(case, tests, edges, whole_way)
    facts["removed_tests"] = len(gone)
    part = f", {len(edges)} of them on what goes wrong" if edges else ""
    weight = 3.0 + min(len(edges), 9) / 3 + (1.0 if whole_way else 0.0)
    yield credit(
        "tests_that_earn_it",
        weight,
        f"{counted(len(tests), 'new test').capitalize()} in {counted(int(str(facts['test_files'])), 'file')}{part}.",
        facts,
        _receipts(case, tests, edges, whole_way),
        stands_in=standing(case),
        confidence=0.85,
    )


def _facts(
    case: Case, tests: tuple[AddedTest, ...], edges: list[AddedTest], whole_way: list[AddedTest]
) -> dict[str, Fact]:
    by_file: dict[str, int] = {}
    for test in tests:
        by_file[test.diff.path] = by_file.get(test.diff.path, 0) + 1
    fullest = max(by_file, key=lambda path: by_file[path])
    longest = max(tests, key=lambda test: len(test.name)).name
    return {
        "tests": len(tests),
        "test_lines": _lines(case, FileKind.TEST),
        "production_lines": _lines(case, FileKind.PRODUCTION),
        "test_files": len(by_file),
        "names": tuple(test.name for test in tests[:MOST_RECEIPTS]),
        "edge_cases": tuple(test.name for test in edges[:MOST_RECEIPTS]),
        "edge_case_count": len(edges),
        "end_to_end": tuple(test.name for test in whole_way[:MOST_RECEIPTS]),
        "end_to_end_count": len(whole_way),
        "assertions": sum(bool(_ASSERTION.match(line.text[:200])) for diff in case.tests for line in diff.added),
        "longest_name": longest,
        "longest_name_characters": len(longest),
        "file": fullest,
        "file_name": short(fullest),
        "file_tests": by_file[fullest],
    }


def _lines(case: Case, kind: FileKind) -> int:
    return sum(file.additions for file in case.pull_request.files if case.kind(file.path) is kind)


def _receipts(
    case: Case, tests: tuple[AddedTest, ...], edges: list[AddedTest], whole_way: list[AddedTest]
) -> Iterator[Receipt]:
    yield figures_receipt(
        case,
        test_additions=_lines(case, FileKind.TEST),
        production_additions=_lines(case, FileKind.PRODUCTION),
    )
    telling = {id(test): test for test in [*whole_way[:4], *edges, *tests]}
    for test in list(telling.values())[: MOST_RECEIPTS - 1]:
        yield line_receipt(case, test.diff, test.line)
