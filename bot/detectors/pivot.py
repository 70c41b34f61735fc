"""The approach is replaced half-way.

What it finds: a commit after the first that says so ("switch to", "instead", "new approach", "rewrite", "rework",
"start over") and, where the commits' own diffs are known, takes away at least a quarter of what the log had built
by then. Where they are not known, only plain words count ("new approach", "start over", "take two").

Why it matters: the review starts again at that commit, and the early remarks speak of another change.

Where it errs: a pivot is often the best decision of the pull request; the exhibit says where it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._churn import Gone, churn
from bot.detectors._commits import read_subject, work
from bot.detectors._time import hours, phrase
from bot.detectors.base import charge, commit_file_receipt, commit_receipt, standing
from bot.exhibit import Exhibit, Stance
from bot.pull_request import Commit

STANCE = Stance.CHARGE
_PLAIN = re.compile(
    r"\b((?:new|different|another|alternative|simpler|better) (?:approach|design|strategy|implementation)"
    r"|start(?:ing)? over|take (?:two|2)"
    r"|second attempt|from scratch|go(?:ing)? back to the|change (?:of )?approach|rethink|redesign)\b",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"\b(switch(?:ed|ing)? (?:back )?(?:to|from|over)|instead(?: of)?|rewrite|rewrote|rework(?:ed)?"
    r"|replace .{1,60} (?:with|by)"
    r"|move (?:from|away)|drop .{1,60} in favou?r of|reimplement\w*)\b",
    re.IGNORECASE,
)
_LEAST, _SHARE = 30, 4


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit: the turn that took most.

    Facts: ``subject``, ``word`` (how it says so), ``position``, ``own_commits``, ``taken`` (lines of this pull
    request that it took out; 0 where diffs are unknown), ``built`` (lines that stood by then), ``percent``,
    ``hours`` and ``after`` (since the first commit), ``first`` (subject), ``path`` (where most of it stood, or
    empty).
    """
    commits = work(case)
    title = case.pull_request.title
    log = churn(case) if case.commit_files else None
    best: tuple[int, int, Commit, str, list[Gone], int] | None = None
    for position, commit in enumerate(commits[1:], start=2):
        plain = _PLAIN.search(commit.subject[:300])
        said = plain or _TURN.search(commit.subject[:300])
        if not said or _TURN.search(title) or read_subject(commit.subject).kind in {"docs", "ci", "chore", "style"}:
            continue
        known = log is not None and commit.sha in case.commit_files
        taken = log.taken_by(commit.sha) if log else []
        built = log.standing_before.get(commit.sha, 0) if log else 0
        if (known and len(taken) >= _LEAST and len(taken) * _SHARE >= built) or (not known and plain):
            entry = (len(taken), position, commit, said[0].lower(), taken, built)
            best = max(best, entry, key=lambda item: item[0]) if best else entry
    if best:
        yield _exhibit(case, commits, best)


def _exhibit(case: Case, commits: tuple[Commit, ...], found: tuple[int, int, Commit, str, list[Gone], int]) -> Exhibit:
    count, position, commit, word, taken, built = found
    first = commits[0]
    after = phrase(first.authored_at, commit.authored_at)
    what = f", taking out {count:,} of the {built:,} lines that stood by then" if count else ""
    return charge(
        "pivot",
        6.5 if count else 5.0,
        f"Commit {position} of {len(commits)}, “{commit.subject}”, changes the approach {after} in{what}.",
        {
            "subject": commit.subject,
            "word": word,
            "position": position,
            "own_commits": len(commits),
            "taken": count,
            "built": built,
            "percent": 100 * count // built if built else 0,
            "hours": hours(first.authored_at, commit.authored_at),
            "after": after,
            "first": first.subject,
            "path": taken[0].path if taken else "",
        },
        [
            commit_receipt(case, first),
            commit_receipt(case, commit),
            *(commit_file_receipt(case, commit.sha, item.path, item.went) for item in taken[:3]),
        ],
        stands_in=standing(case),
        gone_in=commit.sha if taken else None,
        confidence=0.85 if count else 0.75,
    )
