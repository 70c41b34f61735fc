"""What came in held against what went out.

What it finds: a change that takes away nearly as much as it brings, or as much to the line.

Why it matters: most changes only grow; one that pays for its room is worth a word.

Where it errs: a line that became another is counted on both sides, as in every diff.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import counted, figures_receipt
from bot.exhibit import Exhibit, Stance
from bot.observations._base import observation

STANCE = Stance.CONTEXT

_LEAST, _CLOSE = 4, 0.4


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit. Facts: ``lines_in``, ``lines_out``, ``net_lines`` (how many more, or 0), ``even``."""
    pull = case.pull_request
    added, removed = pull.additions, pull.deletions
    if min(added, removed) < _LEAST or not added >= removed >= _CLOSE * added:
        return
    even = added == removed
    yield observation(
        case,
        "balance",
        4.4 if even else 3.3,
        f"{counted(added, 'added line').capitalize()}, {counted(removed, 'removed line')}.",
        {"lines_in": added, "lines_out": removed, "net_lines": added - removed, "even": even},
        [figures_receipt(case, additions=added, deletions=removed)],
    )
