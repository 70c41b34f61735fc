"""A clean-up that leaves more than it found.

What it finds: a title that says refactor, simplify, clean up, remove or the like, over a diff whose hand-written code
that ships grows by at least 150 lines and to at least three lines in for each line out.

Why it matters: the title sets the reader's expectation, and the diff has other plans.

Where it errs: splitting one file into several grows by its headers; moved code is counted as git shows it.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._commits import read_subject
from bot.detectors.base import charge, figures_receipt, standing, title_receipt
from bot.exhibit import Exhibit, Stance

STANCE = Stance.CHARGE
_SHRINKING = frozenset(
    "refactor simplify clean remove delete drop reduce deduplicate consolidate tidy prune streamline shrink restructure"
    " reorganize collapse unify rework flatten strip trim".split()
)
_BUILDING = frozenset(
    "add adds adding support implement introduce new replace rewrite allow enable feature port migrate".split()
)
_LEAST = 150
_TIMES = 3


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``title``, ``word`` (what it promised), ``production_additions``, ``production_deletions``, ``net``,
    ``times`` (lines in for each line out, rounded down; 0 where nothing was taken out), ``test_additions``,
    ``additions``, ``deletions``, ``new_files``.
    """
    pull = case.pull_request
    subject = read_subject(pull.title)
    word = subject.verb if subject.verb in _SHRINKING else "refactor" if subject.kind == "refactor" else ""
    if not word or case.coverage.partial or _BUILDING & set(pull.title.lower().replace(",", " ").split()):
        return
    added = sum(diff.file.additions for diff in case.production)
    removed = sum(diff.file.deletions for diff in case.production)
    if added - removed < _LEAST or added < _TIMES * removed:
        return
    tests = sum(diff.file.additions for diff in case.tests)
    new_files = sum(diff.is_new for diff in case.production)
    yield charge(
        "refactor_that_grows",
        min(5.5 + (added - removed) / 500, 8.0),
        f"“{pull.title}” takes {removed:,} lines of production code away and adds {added:,}.",
        {
            "title": pull.title,
            "word": word,
            "production_additions": added,
            "production_deletions": removed,
            "net": added - removed,
            "times": added // removed if removed else 0,
            "test_additions": tests,
            "additions": pull.additions,
            "deletions": pull.deletions,
            "new_files": new_files,
        },
        [
            title_receipt(case),
            figures_receipt(case, production_additions=added, production_deletions=removed, test_additions=tests),
        ],
        stands_in=standing(case),
        confidence=0.85,
    )
