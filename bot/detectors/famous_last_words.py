"""Subjects that promise to be the last.

What it finds: commit subjects that say "final", "last", "remaining", "really", "for real", "once and for all": the
very last commit of the log where it says so, or such a promise with commits after it.

Why it matters: a promise in a log has a date, and the log goes on.

Where it errs: "final" and "last" are also words of code (`final` fields, the last item); they count only
where they stand before a word like fix, tweak, issue or comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._commits import work
from bot.detectors._time import phrase
from bot.detectors.base import charge, commit_receipt, counted, figures_receipt, standing
from bot.exhibit import Exhibit, Stance
from bot.pull_request import Commit

STANCE = Stance.CHARGE
_PROMISE = re.compile(
    r"(\b(?:final|remaining|one (?:last|final))\b(?: \w+(?:-\w+)*){0,4}? (?:fix(?:es)?|tweaks?|touch(?:es)?|cleanups?"
    r"|polish|nits?|comments?|feedback|issues?|bugs?|races?|regressions?|failures?|failing|errors?|problems?"
    r"|adjustments?|lints?|typos?|conflicts?|warnings?|(?:requested )?changes)\b"
    r"|\blast(?: \w+){0,2}? (?:fix(?:es)?|tweaks?|touch(?:es)?|cleanups?|nits?|(?:pr|review) (?:comments?|feedback))\b"
    r"|\bfor real(?: this time)?\b|\bonce and for all\b|\b(?:really|actually|properly) (?:fix|make|address)\w*"
    r"|\bfix\w* .{0,60}\b(?:for good|this time)\b|\bhopefully (?:fix|the last|final)\w*)",
    re.IGNORECASE,
)
_RECEIPTS = 8


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``subject`` (the promise), ``word`` (how it promises), ``is_last`` (it is the last own commit),
    ``commits_after`` (own commits that follow it), ``next`` (the subject that follows, empty at the end),
    ``promises`` (all such subjects), ``count``, ``position``, ``own_commits``, ``after`` (since the first commit).
    """
    commits = work(case)
    if len(commits) < 3:
        return
    found = [
        (index, commit, hit) for index, commit in enumerate(commits) if (hit := _PROMISE.search(commit.subject[:300]))
    ]
    if found and found[0][0] > 0:
        yield _exhibit(case, commits, found)


def _exhibit(case: Case, commits: tuple[Commit, ...], found: list[tuple[int, Commit, re.Match[str]]]) -> Exhibit:
    index, commit, hit = found[-1] if found[-1][0] == len(commits) - 1 else found[0]
    after = len(commits) - 1 - index
    says = f"{counted(after, 'commit')} followed it" if after else f"it is the last of {len(commits)}"
    return charge(
        "famous_last_words",
        min(4.0 + 0.3 * after + 0.7 * (len(found) - 1) + (1.0 if not after else 0), 7.0),
        f"“{commit.subject}”: {says}.",
        {
            "subject": commit.subject,
            "word": hit[0].split()[0].lower(),
            "is_last": after == 0,
            "commits_after": after,
            "next": commits[index + 1].subject if after else "",
            "promises": tuple(item.subject for _, item, _ in found),
            "count": len(found),
            "position": index + 1,
            "own_commits": len(commits),
            "after": phrase(commits[0].authored_at, commit.authored_at),
        },
        [
            *(commit_receipt(case, item) for _, item, _ in found[:_RECEIPTS]),
            *([commit_receipt(case, commits[index + 1])] if after else []),
            figures_receipt(case, own_commits=len(case.own_commits)),
        ],
        stands_in=standing(case),
        confidence=0.9,
    )
