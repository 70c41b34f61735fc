"""The smallest commit of the road: a line or two with a subject of its own.

What it finds: the commit whose own diff is the smallest, where there are several and it changes one or two lines.

Why it matters: the smallest commits are the most human ones.

Where it errs: a commit's own diff must have been read; of a long log only the first commits' are.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._commits import work
from bot.detectors.base import commit_receipt, counted
from bot.exhibit import Exhibit, Stance
from bot.observations._base import observation, showable
from bot.pull_request import Commit

STANCE = Stance.CONTEXT

_LEAST_COMMITS, _SMALL, _LARGE, _LONGEST = 3, 2, 40, 80


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit. Facts: ``subject``, ``changed_lines`` (1 or 2), ``own_commits``, ``largest_lines``."""
    sizes = {item.sha: _size(case, item) for item in work(case) if item.sha in case.commit_files}
    if len(sizes) < _LEAST_COMMITS or len(sizes) != len(case.own_commits):
        return
    small = [item for item in work(case) if 0 < sizes[item.sha] <= _SMALL and showable(item.subject)]
    small = [item for item in small if 0 < len(item.subject) <= _LONGEST]
    if not small:
        return
    chosen = min(small, key=lambda item: (sizes[item.sha], len(item.subject)))
    lines = sizes[chosen.sha]
    yield observation(
        case, "smallest_step", 4.4 + (0.4 if lines == 1 else 0) + (0.5 if max(sizes.values()) > _LARGE * lines else 0),
        f"The smallest of {counted(len(sizes), 'commit')}, “{chosen.subject}”, changes {counted(lines, 'line')}.",
        {"subject": chosen.subject, "changed_lines": lines, "own_commits": len(sizes),
         "largest_lines": max(sizes.values())},
        [commit_receipt(case, chosen)],
    )  # fmt: skip


def _size(case: Case, commit: Commit) -> int:
    """Return the lines of a commit: one for a line that became another."""
    return sum(max(file.additions, file.deletions) for file in case.commit_files[commit.sha])
