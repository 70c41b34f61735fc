"""Many commits for few lines, and how often the main branch came by.

What it finds: six commits or more of which there are few lines each, and merges of the base branch.

Why it matters: the road is longer than the house at the end of it, and that is worth a smile.

Where it errs: it counts what is in the log; what was squashed before is not seen.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import counted, figures_receipt
from bot.exhibit import Exhibit, Stance
from bot.observations._base import observation
from bot.reread import FIGURES

STANCE = Stance.CONTEXT

_LEAST, _MOST_A_COMMIT = 5, 12


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``commits``, ``merges``, ``own_commits``, ``lines`` (of code, or all where none is code), ``of_code``.
    """
    pull = case.pull_request
    code, merges = FIGURES["production_additions"](case), FIGURES["merges"](case)
    lines, commits = code or pull.additions, pull.commit_count
    if commits < _LEAST or not 0 < lines <= commits * _MOST_A_COMMIT or len(pull.commits) != commits:
        return
    each = lines / commits
    weight = 4.2 + min(commits / 8, 2.2) + (1.0 if each < 4 else 0) + (0.4 if merges > 2 else 0)
    yield observation(
        case, "small_steps", weight,
        f"{counted(commits, 'commit').capitalize()} for {counted(lines, 'added line')}{' of code' if code else ''}.",
        {"commits": commits, "merges": merges, "own_commits": len(case.own_commits), "added_lines": lines,
         "of_code": bool(code)},
        [figures_receipt(case, commit_count=commits, merges=merges, own_commits=len(case.own_commits),
                         production_additions=code, additions=pull.additions)],
    )  # fmt: skip
