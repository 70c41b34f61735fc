"""Snapshots by the thousand lines.

What it finds: at least a thousand added lines of snapshot files (``.snap``, ``.ambr``, ``__snapshots__``, golden
files) that are more than everything else that the pull request adds.

Why it matters: nobody reads them, and everybody approves them.

Where it errs: for a formatter or a compiler the snapshot is the test. It is told as a count, with little weight.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import short
from bot.detectors.base import charge, counted, figures_receipt, standing
from bot.exhibit import Exhibit, Stance
from bot.kinds import SNAPSHOT

STANCE = Stance.CHARGE
_FEWEST = 1000
_SHARE = 0.5


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``lines``, ``files``, ``percent`` (of all additions), ``others`` (all other added lines), ``path``,
    ``file_name`` and ``path_lines`` (the largest).
    """
    pull = case.pull_request
    snapshots = [file for file in pull.files if SNAPSHOT.search(file.path) and file.additions]
    lines = sum(file.additions for file in snapshots)
    if lines < _FEWEST or lines <= _SHARE * pull.additions or lines > pull.additions:
        return
    largest = max(snapshots, key=lambda file: file.additions)
    yield charge(
        "snapshot_flood",
        min(2.0 + lines / 3000, 4.5),
        f"{lines:,} of {pull.additions:,} added lines are snapshots, in {counted(len(snapshots), 'file')}.",
        {
            "lines": lines,
            "files": len(snapshots),
            "percent": round(100 * lines / pull.additions),
            "others": pull.additions - lines,
            "path": largest.path,
            "file_name": short(largest.path),
            "path_lines": largest.additions,
        },
        (figures_receipt(case, snapshot_additions=lines, additions=pull.additions),),
        stands_in=standing(case),
        confidence=0.9,
    )
