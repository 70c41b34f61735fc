"""An approval faster than reading.

What it finds: a person's approval of at least 800 hand-written lines within half an hour of the opening, at fifty
lines a minute or more.

Why it matters: the figures can be divided, and nobody reads code at that rate.

Where it errs: a reviewer may have seen it as a draft, on a branch, or over a shoulder; only the times are told.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._talk import by_author, is_bot
from bot.detectors._time import in_words, minutes
from bot.detectors.base import charge, figures_receipt, remark_receipt
from bot.exhibit import Exhibit, Stance, StandsIn
from bot.pull_request import ReviewState

STANCE = Stance.CHARGE
_LARGE, _SOON, _RATE = 800, 30, 50


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit: the first approval.

    Facts: ``who``, ``minutes``, ``after`` ("four minutes", since the opening), ``lines`` (hand-written, added and
    deleted), ``lines_per_minute`` (rounded down), ``files``, ``said`` (the review's words, may be empty).
    """
    pull = case.pull_request
    if pull.created_at is None:
        return
    lines = sum(file.additions + file.deletions for file in pull.files if case.kind(file.path).is_hand_written)
    approvals = [
        (item.submitted_at, item.id, item)
        for item in pull.reviews
        if item.state is ReviewState.APPROVED
        and item.submitted_at
        and not is_bot(item.user)
        and not by_author(case, item)
    ]
    if not approvals or lines < _LARGE:
        return
    at, _, review = min(approvals, key=lambda entry: entry[:2])
    gap = minutes(pull.created_at, at)
    if not 0 <= gap <= _SOON or lines < _RATE * max(gap, 1):
        return
    after = in_words(gap, "minute") if gap else "less than a minute"
    yield charge(
        "review_by_stopwatch",
        6.0,
        f"`{review.user.login}` approved {lines:,} lines {after} after the opening.",
        {
            "who": review.user.login,
            "minutes": gap,
            "after": after,
            "lines": lines,
            "lines_per_minute": lines // max(gap, 1),
            "files": pull.changed_files,
            "said": " ".join(review.body.split())[:200],
        },
        [
            remark_receipt(review, review.state.value),
            figures_receipt(case, additions=pull.additions, deletions=pull.deletions, changed_files=pull.changed_files),
        ],
        stands_in=StandsIn.CONVERSATION,
        confidence=0.85,
    )
