"""Thousands of lines, merged within hours.

What it finds: at least 1,500 hand-written lines added, merged within six hours of being opened, and no older than a
day by its first commit.

Why it matters: nobody reads that fast, and the history shows who was expected to.

Where it errs: a change may have been reviewed elsewhere, as a draft or on another branch; only the times are told.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._commits import work
from bot.detectors._time import hours, minutes, phrase
from bot.detectors.base import charge, figures_receipt, standing, title_receipt
from bot.exhibit import Exhibit, Stance

STANCE = Stance.CHARGE
_LARGE = 1500
_SOON = 6 * 60
_YOUNG = 24


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``additions`` (by hand), ``all_additions``, ``files``, ``minutes``, ``took`` (opened to merged),
    ``lines_per_hour``, ``commits``, ``reviews``, ``since_first_commit``.
    """
    pull, commits = case.pull_request, work(case)
    if not (pull.merged and pull.created_at and pull.merged_at and commits):
        return
    added = sum(file.additions for file in pull.files if case.kind(file.path).is_hand_written)
    gap = minutes(pull.created_at, pull.merged_at)
    begun = commits[0].authored_at
    if added < _LARGE or not 0 <= gap <= _SOON or hours(begun, pull.merged_at) > _YOUNG:
        return
    took = phrase(pull.created_at, pull.merged_at)
    yield charge(
        "speedrun",
        min(5.5 + added / 2000, 8.0),
        f"{added:,} hand-written lines were opened and merged within {took}.",
        {
            "additions": added,
            "all_additions": pull.additions,
            "files": pull.changed_files,
            "minutes": gap,
            "took": took,
            "lines_per_hour": added * 60 // max(gap, 1),
            "commits": len(commits),
            "reviews": len(pull.reviews),
            "since_first_commit": phrase(begun, pull.merged_at),
        },
        [
            title_receipt(case),
            figures_receipt(
                case, additions=pull.additions, changed_files=pull.changed_files, reviews=len(pull.reviews)
            ),
        ],
        stands_in=standing(case),
        confidence=0.9,
    )
