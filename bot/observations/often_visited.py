"""One file that nearly every commit came back to.

What it finds: the file that three commits or more touched, and at least half of them, where their own diffs were read.

Why it matters: it shows where the change really lived while it was made.

Where it errs: a generated file that is written anew each time is left out, a changelog is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import commit_receipt
from bot.exhibit import Exhibit, Stance
from bot.observations._base import BY_HAND, name_of, observation

STANCE = Stance.CONTEXT

_LEAST, _LEAST_COMMITS = 3, 4


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit. Facts: ``file``, ``visits`` (commits that touched it), ``own_commits``."""
    read = [item for item in case.own_commits if item.sha in case.commit_files]
    if len(read) < _LEAST_COMMITS or len(read) != len(case.own_commits):
        return
    visits = Counter(
        path
        for item in read
        for path in {file.path for file in case.commit_files[item.sha]}
        if case.kind(path) in BY_HAND
    )
    path, count = max(visits.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    if count < _LEAST or count * 2 < len(read) or case.diff_of(path) is None:
        return
    touching = [item for item in read if any(file.path == path for file in case.commit_files[item.sha])]
    yield observation(
        case, "often_visited", 3.8 + min(count / 8, 1.4), f"{count} of {len(read)} commits touch `{name_of(path)}`.",
        {"file": name_of(path), "visits": count, "own_commits": len(read)},
        [commit_receipt(case, item) for item in touching[:12]],
    )  # fmt: skip
