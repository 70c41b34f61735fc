"""The merge was taken back.

What it finds: a later pull request or commit that reverts this one: by GitHub's own words (``Revert "title"``), by
git's ("This reverts commit …" with the merge commit), or because the source says so.

Why it matters: no review is as short as a revert.

Where it errs: a revert may be a release manager's caution; what its own words give as the reason is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._commits import read_subject
from bot.detectors._time import days, hours, phrase
from bot.detectors._words import sentences
from bot.detectors.base import charge, follow_up_receipt
from bot.exhibit import Exhibit, Stance, StandsIn
from bot.pull_request import FollowUp

STANCE = Stance.CHARGE
_GIT = re.compile(r"this reverts (?:commit|pull request|pr)?\s*[#\w/-]+", re.IGNORECASE)
_AGAIN = re.compile(r"^(reapply|reland|re-land|revert \"revert|restore|second attempt)", re.IGNORECASE)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``number``, ``title``, ``who``, ``after``, ``days``, ``hours``, ``reason`` (the first sentence of its
    body that is no formula; may be empty), ``came_back`` (a later one applies it again), ``came_back_number``,
    ``came_back_title``.
    """
    merged = case.pull_request.merged_at
    later = sorted(case.follow_ups, key=lambda item: item.merged_at)
    found = next((item for item in later if _reverts(case, item)), None)
    if merged is None or found is None or found.merged_at < merged:
        return
    again = next(
        (
            item
            for item in later
            if item.merged_at > found.merged_at and _AGAIN.match(item.title) and _names(case, item)
        ),
        None,
    )
    reason = next((item for item in sentences(found.body) if not _formula(item.clean)), None)
    after = phrase(merged, found.merged_at)
    name = f"#{found.number}" if found.number else found.sha[:10]
    yield charge(
        "reverted",
        9.0 if again is None else 8.0,
        f"{after} after the merge, {name} took it back: “{found.title}”",
        {
            "number": found.number,
            "title": found.title,
            "who": found.user.login,
            "after": after,
            "days": days(merged, found.merged_at),
            "hours": hours(merged, found.merged_at),
            "reason": reason.clean if reason else "",
            "came_back": again is not None,
            "came_back_number": again.number if again else 0,
            "came_back_title": again.title if again else "",
        },
        [
            follow_up_receipt(found),
            *([follow_up_receipt(found, reason.raw)] if reason else []),
            *([follow_up_receipt(again)] if again else []),
        ],
        stands_in=StandsIn.AFTERWARDS,
        confidence=0.97,
    )


def _reverts(case: Case, item: FollowUp) -> bool:
    if _AGAIN.match(item.title):
        return False
    sha = case.pull_request.merge_commit_sha or ""
    whole = f'revert "{case.pull_request.title.lower()}' in item.title.lower()
    by_git = bool(sha) and f"reverts commit {sha[:9]}" in item.body
    return item.is_revert or whole or by_git or (read_subject(item.title).verb == "revert" and item.explicit)


def _names(case: Case, item: FollowUp) -> bool:
    return item.explicit or case.pull_request.title.lower() in item.title.lower()


def _formula(text: str) -> bool:
    return bool(_GIT.match(text)) or text.lower().startswith(
        ("reverts ", "this reverts", "co-authored-by", "signed-off-by")
    )
