"""Many lines of tests for few lines of code.

What it finds: at least three hundred added test lines that are at least five times the added lines of code that
ships, of which there are some.

Why it matters: it is often a virtue, and always a ratio that one can tell.

Where it errs: a bug of one character can need a page of tests. It is told as a ratio, with little weight.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import short
from bot.detectors._testing import added_tests
from bot.detectors.base import charge, figures_receipt, standing
from bot.exhibit import Exhibit, Stance

STANCE = Stance.CHARGE
_FEWEST = 300
_TIMES = 5


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``test_lines``, ``production_lines``, ``times`` (how often the second goes into the first, rounded down),
    ``tests`` (new ones by name), ``path``, ``file_name`` and ``path_lines`` (the largest test file),
    ``production_path``.
    """
    tests = [diff.file for diff in case.tests]
    test_lines = sum(file.additions for file in tests)
    production = [diff.file for diff in case.production if diff.file.additions]
    lines = sum(file.additions for file in production)
    if not lines or test_lines < _FEWEST or test_lines < _TIMES * lines:
        return
    largest = max(tests, key=lambda file: file.additions)
    times = test_lines // lines
    yield charge(
        "test_heavy",
        min(2.0 + times / 15, 4.5),
        f"{test_lines:,} lines of tests for {lines:,} of code: {times} for each.",
        {
            "test_lines": test_lines,
            "production_lines": lines,
            "times": times,
            "tests": len(added_tests(case)),
            "path": largest.path,
            "file_name": short(largest.path),
            "path_lines": largest.additions,
            "production_path": max(production, key=lambda file: file.additions).path,
        },
        (figures_receipt(case, test_additions=test_lines, production_additions=lines),),
        stands_in=standing(case),
        confidence=0.9,
    )
