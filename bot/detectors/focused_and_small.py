"""One thing, small, with its test.

What it finds: a pull request of at most 150 changed lines by hand in at most six such files, at most five commits of
its own, that changes code and its tests.

Why it matters: it is what every guide asks for and few deliver.

Where it errs: small is not the same as right; the credit is for the size alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import short
from bot.detectors.base import counted, credit, figures_receipt, standing, title_receipt
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind

STANCE = Stance.CREDIT
_MOST_LINES = 150
_MOST_FILES = 6
_MOST_COMMITS = 5
_SHORTEST = 3


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``changed_lines`` (added and removed, by hand), ``additions``, ``deletions``, ``files``, ``file_names``,
    ``commits``, ``production_lines`` and ``test_lines`` (added), ``title``.
    """
    pull = case.pull_request
    hand = [file for file in pull.files if case.kind(file.path).is_hand_written]
    lines = sum(file.additions + file.deletions for file in hand)
    tested = any(diff.file.additions for diff in case.tests)
    ships = any(diff.file.additions + diff.file.deletions for diff in case.production)
    if case.coverage.partial or len(hand) != len(pull.files) or not (tested and ships):
        return
    if not _SHORTEST < lines <= _MOST_LINES or len(hand) > _MOST_FILES or len(case.own_commits) > _MOST_COMMITS:
        return
    only = all(case.kind(file.path) in {FileKind.PRODUCTION, FileKind.TEST} for file in hand)
    yield credit(
        "focused_and_small",
        3.5,
        f"{lines} lines in {counted(len(hand), 'file')}, code and its test{', and nothing else' if only else ''}.",
        {
            "changed_lines": lines,
            "additions": pull.additions,
            "deletions": pull.deletions,
            "files": len(hand),
            "file_names": tuple(short(file.path) for file in hand),
            "commits": len(case.own_commits),
            "production_lines": _added(case, FileKind.PRODUCTION),
            "test_lines": _added(case, FileKind.TEST),
            "title": pull.title,
        },
        (
            figures_receipt(case, additions=pull.additions, deletions=pull.deletions, changed_files=pull.changed_files),
            title_receipt(case),
        ),
        stands_in=standing(case),
        confidence=0.9,
    )


def _added(case: Case, kind: FileKind) -> int:
    return sum(file.additions for file in case.pull_request.files if case.kind(file.path) is kind)
