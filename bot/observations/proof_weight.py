"""Tests held against the code that they test.

What it finds: twice as many lines of tests, or more, for each line of code, or exactly as many of one as of the other.

Why it matters: a small change that brings a large witness is the kind of pull request that lets others sleep.

Where it errs: lines are counted, not what they check.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import counted, figures_receipt
from bot.exhibit import Exhibit, Stance
from bot.observations._base import observation
from bot.reread import FIGURES

STANCE = Stance.CONTEXT

_LEAST_RATIO, _LEAST_EVEN = 2, 6


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit. Facts: ``code_lines``, ``test_lines``, ``ratio`` (lines of tests for one of code)."""
    code, tests = FIGURES["production_additions"](case), FIGURES["test_additions"](case)
    even = code == tests and code >= _LEAST_EVEN
    if code == 0 or not (even or tests >= _LEAST_RATIO * code):
        return
    ratio = tests // code
    yield observation(
        case, "proof_weight", 5.6 if even else 4.0 + min(ratio / 6, 2.0),
        f"{counted(code, 'line').capitalize()} of code, {counted(tests, 'line')} of tests.",
        {"code_lines": code, "test_lines": tests, "ratio": ratio},
        [figures_receipt(case, production_additions=code, test_additions=tests)],
    )  # fmt: skip
