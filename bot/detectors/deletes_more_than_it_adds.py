"""More went than came.

What it finds: at least fifty removed lines by hand in code, tests or documents, and at least twice as many removed as
added.

Why it matters: it is the one kind of change that makes every later one easier.

Where it errs: a feature that somebody used may be among what went; the credit is for the count.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import short
from bot.detectors.base import counted, credit, figures_receipt, line_receipt, standing
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind
from bot.pull_request import FileStatus

STANCE = Stance.CREDIT
_FEWEST = 50
_TIMES = 2
_OURS = (FileKind.PRODUCTION, FileKind.TEST)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``removed`` and ``added`` (lines of code and tests), ``net`` (how many fewer), ``deletions`` and
    ``additions`` (of everything), ``removed_files`` (paths of files that are gone), ``removed_file_count``, ``path``,
    ``file_name`` and ``path_lines`` (where most went).
    """
    pull = case.pull_request
    hand = [file for file in pull.files if case.kind(file.path) in _OURS]
    removed, added = sum(file.deletions for file in hand), sum(file.additions for file in hand)
    if removed < _FEWEST or removed < _TIMES * added or pull.deletions <= pull.additions:
        return
    most = max(hand, key=lambda file: file.deletions)
    gone = tuple(file.path for file in hand if file.status is FileStatus.REMOVED)
    diff = case.diff_of(most.path)
    telling = [line for line in (diff.removed if diff else ()) if len(line.text.strip()) > 3][:1]
    files = f", {counted(len(gone), 'whole file')} among them" if gone else ""
    yield credit(
        "deletes_more_than_it_adds",
        min(3.5 + (removed - added) / 250, 7.0),
        f"{removed:,} lines of code went and {added:,} came{files}.",
        {
            "removed": removed,
            "added": added,
            "net": removed - added,
            "deletions": pull.deletions,
            "additions": pull.additions,
            "removed_files": gone[:12],
            "removed_file_count": len(gone),
            "path": most.path,
            "file_name": short(most.path),
            "path_lines": most.deletions,
        },
        (
            figures_receipt(case, additions=pull.additions, deletions=pull.deletions),
            *(line_receipt(case, diff, line) for line in telling if diff),
        ),
        stands_in=standing(case),
        confidence=0.95,
    )
