"""Code that is gone for good.

What it finds: five or more functions, classes or methods that ship, by name, which the pull request removes and whose
names stand in no added line of it; or a removed file of production code; where half as many production lines again go
as come.

Why it matters: what is not there has no faults and needs no reader.

Where it errs: whether it was dead is not told, only that it went and did not come back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import counted, credit, line_receipt, standing
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Fact, Stance
from bot.pull_request import FileStatus

STANCE = Stance.CREDIT

_DEFINES = re.compile(
    r"^\s*(?:(?:export|default|public|private|protected|static|async|abstract|final|pub(?:\(crate\))?)\s+)*"
    r"(?:def|class|function|func|fn|interface|struct|trait)\s+(?:\([^)]{0,80}\)\s*)?(\w{3,80})"
)
_WORD = re.compile(r"\w{3,80}")
_FEWEST = 5
_FEWER = 30


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``count`` (definitions that went), ``names``, ``files_removed`` and ``file_count`` (whole files of code),
    ``removed`` and ``added`` (production lines), ``net`` (how many fewer).
    """
    added = sum(len(diff.added) for diff in case.production)
    removed = sum(len(diff.removed) for diff in case.production)
    if case.coverage.partial or removed - added < _FEWER or 2 * removed < 3 * added:
        return
    came = {word for diff in case.diffs for line in diff.added for word in _WORD.findall(line.text[:500])}
    gone: dict[str, tuple[FileDiff, Line]] = {}
    for diff in case.production:
        for line in diff.removed:
            match = _DEFINES.match(line.text[:300])
            if match and match[1] not in came and not match[1].startswith("__"):
                gone.setdefault(match[1], (diff, line))
    files = tuple(diff.path for diff in case.production if diff.file.status is FileStatus.REMOVED)
    if len(gone) >= _FEWEST or (files and gone):
        yield _exhibit(case, gone, files, removed=removed, added=added)


def _exhibit(
    case: Case, gone: dict[str, tuple[FileDiff, Line]], files: tuple[str, ...], *, removed: int, added: int
) -> Exhibit:
    names = tuple(gone)
    facts: dict[str, Fact] = {
        "count": len(names),
        "names": names[:12],
        "files_removed": files[:8],
        "file_count": len(files),
        "removed": removed,
        "added": added,
        "net": removed - added,
    }
    return credit(
        "dead_code_removed",
        min(3.0 + 0.1 * len(names) + (removed - added) / 300, 6.5),
        f"{counted(len(names), 'definition').capitalize()} went and did not come back;"
        f" {removed - added:,} lines fewer ship.",
        facts,
        (line_receipt(case, diff, line) for diff, line in list(gone.values())[:12]),
        stands_in=standing(case),
        confidence=0.85,
    )
