"""A commit that says it takes away, and adds.

What it finds: a commit whose subject opens with simplify, clean up, remove, drop, prune or the like and whose own
diff puts in at least 80 lines of code and four for each that it takes out. Lock, generated and vendored files are
left out.

Why it matters: a subject is a promise about a diff, and people skip diffs for it.

Where it errs: taking an option away may need code in many places; the figures say what happened, not whether it should.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._commits import read_subject, work
from bot.detectors.base import charge, commit_file_receipt, commit_receipt, counted, standing
from bot.diff import FileDiff
from bot.exhibit import Exhibit, Receipt, Stance
from bot.kinds import FileKind
from bot.pull_request import Commit

STANCE = Stance.CHARGE
_TAKES = frozenset(
    "simplify clean remove delete drop prune reduce trim strip tidy streamline shrink deduplicate consolidate shorten"
    " collapse".split()
)
_CODE = {FileKind.PRODUCTION, FileKind.TEST}
_LEAST, _TIMES = 80, 4


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit: the commit that misses its name by most.

    Facts: ``subject``, ``word``, ``added``, ``removed``, ``times`` (lines in for each line out, rounded down; 0
    where none went out), ``files``, ``path`` (that grew most), ``path_added``, ``count`` (of such commits),
    ``position``, ``own_commits``.
    """
    commits = work(case)
    found = []
    for position, commit in enumerate(commits, start=1):
        subject = read_subject(commit.subject)
        if subject.verb not in _TAKES or " and add" in commit.subject.lower():
            continue
        diffs = [diff for diff in case.commit_diffs(commit.sha) if case.kind(diff.path) in _CODE]
        added, removed = sum(item.file.additions for item in diffs), sum(item.file.deletions for item in diffs)
        if added >= _LEAST and added >= _TIMES * removed:
            found.append((added - removed, position, commit, diffs))
    if found:
        _, position, commit, diffs = max(found, key=lambda item: item[0])
        yield _exhibit(case, commit, diffs, position, (len(found), len(commits)))


def _exhibit(case: Case, commit: Commit, diffs: list[FileDiff], position: int, counts: tuple[int, int]) -> Exhibit:
    added, removed = sum(item.file.additions for item in diffs), sum(item.file.deletions for item in diffs)
    largest = max(diffs, key=lambda item: item.file.additions)
    return charge(
        "misnamed_commit",
        min(5.0 + added / 150, 7.5),
        f"“{commit.subject}” adds {added:,} lines and takes {counted(removed, 'line')} out.",
        {
            "subject": commit.subject,
            "word": read_subject(commit.subject).verb,
            "added": added,
            "removed": removed,
            "times": added // removed if removed else 0,
            "files": len(diffs),
            "path": largest.path,
            "path_added": largest.file.additions,
            "count": counts[0],
            "position": position,
            "own_commits": counts[1],
        },
        _receipts(case, commit, largest),
        stands_in=standing(case),
        confidence=0.9,
    )


def _receipts(case: Case, commit: Commit, largest: FileDiff) -> list[Receipt]:
    telling = next((line for line in largest.added if len(line.text.strip()) > 8), None)
    line = [commit_file_receipt(case, commit.sha, largest.path, telling)] if telling else []
    return [commit_receipt(case, commit), *line]
