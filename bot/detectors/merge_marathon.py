"""More merging of the base branch than working.

What it finds: at least four merges of another branch among the commits, and at least one for every two commits of work.

Why it matters: each merge is a bill for the time that the branch stayed open
(https://martinfowler.com/articles/branching-patterns.html).

Where it errs: some hosts offer a button that merges the base, and some rules demand it before each check.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._commits import merges, work
from bot.detectors._time import days, phrase
from bot.detectors.base import charge, commit_receipt, counted, figures_receipt, standing
from bot.exhibit import Exhibit, Stance

STANCE = Stance.CHARGE
_LEAST = 4
_RECEIPTS = 6


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``merges``, ``own_commits``, ``commits``, ``percent`` (merges among all commits), ``took`` (first commit
    to last), ``days``, ``subject`` (of the first merge), ``first`` (own subject), ``merged``.
    """
    joined, own = merges(case), work(case)
    if len(joined) < _LEAST or len(joined) * 2 < len(own) or not own:
        return
    every = case.pull_request.commits
    start, end = min(item.authored_at for item in every), max(item.authored_at for item in every)
    yield charge(
        "merge_marathon",
        min(3.0 + 0.35 * len(joined), 7.0),
        f"{counted(len(joined), 'merge')} of the base for {counted(len(own), 'commit')} of work.",
        {
            "merges": len(joined),
            "own_commits": len(own),
            "commits": len(every),
            "percent": round(100 * len(joined) / len(every)),
            "took": phrase(start, end),
            "days": days(start, end),
            "subject": joined[0].subject,
            "first": own[0].subject,
            "merged": case.pull_request.merged,
        },
        [
            *(commit_receipt(case, item) for item in joined[:_RECEIPTS]),
            figures_receipt(case, commit_count=case.pull_request.commit_count),
        ],
        stands_in=standing(case),
        confidence=0.95,
    )
