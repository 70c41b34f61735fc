"""A commit that has nothing to do with the title.

What it finds: a commit after the first whose subject shares no word with the title, the description and the other
subjects, whose lines share none with the title, and whose files (code that ships) lie in folders that no other commit
touches.

Why it matters: whoever looks for that change later will not look here.

Where it errs: what looks unrelated may be what the feature needed; commits with unknown diffs are left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from bot.case import Case
from bot.detectors._commits import read_subject, work
from bot.detectors._words import content_words
from bot.detectors.base import charge, commit_file_receipt, commit_receipt, standing, title_receipt
from bot.diff import FileDiff
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind
from bot.pull_request import Commit

STANCE = Stance.CHARGE
_CODE = {FileKind.PRODUCTION, FileKind.CONFIG}
_QUIET = frozenset("merge revert release bump version lint format ci test tests docs changelog".split())


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``subject``, ``title``, ``paths`` (what it touches), ``files``, ``lines`` (added and removed there),
    ``count`` (of such commits), ``subjects``, ``own_commits``.
    """
    commits = work(case)
    if len(commits) < 3 or any(commit.sha not in case.commit_files for commit in commits):
        return
    touched = {commit.sha: case.commit_diffs(commit.sha) for commit in commits}
    folders = {sha: {_folder(diff.path) for diff in diffs} for sha, diffs in touched.items()}
    shared = Counter(folder for own in folders.values() for folder in own)
    topic = content_words(f"{case.pull_request.title} {case.pull_request.body[:6000]} {case.pull_request.head_ref}")
    found = [commit for commit in commits[1:] if _strays(case, commit, shared, topic, commits)]
    if found and len(found) * 3 <= len(commits):
        yield _exhibit(case, found, touched[found[0].sha], len(commits))


def _folder(path: str) -> str:
    return str(PurePosixPath(path).parent)


def _strays(
    case: Case, commit: Commit, shared: Counter[str], topic: frozenset[str], commits: tuple[Commit, ...]
) -> bool:
    subject, diffs = read_subject(commit.subject), case.commit_diffs(commit.sha)
    code = [diff for diff in diffs if case.kind(diff.path) in _CODE]
    lines = sum(diff.file.additions + diff.file.deletions for diff in code)
    if len(subject.words) < 2 or not code or lines < 3 or subject.kind in _QUIET or subject.verb in _QUIET:
        return False
    if any(shared[_folder(diff.path)] > 1 for diff in diffs) or subject.words & (topic | _QUIET):
        return False
    written = content_words(" ".join(line.text for diff in code for line in (*diff.added, *diff.removed))[:40_000])
    if written & content_words(case.pull_request.title):
        return False
    others = frozenset[str]().union(*(read_subject(item.subject).words for item in commits if item is not commit))
    in_final = {file.path for file in case.pull_request.files}
    return not subject.words & others and all(diff.path in in_final for diff in code)


def _exhibit(case: Case, found: list[Commit], diffs: tuple[FileDiff, ...], total: int) -> Exhibit:
    commit = found[0]
    lines = sum(diff.file.additions + diff.file.deletions for diff in diffs)
    telling = next(((diff, line) for diff in diffs for line in diff.added if len(line.text.strip()) > 8), None)
    return charge(
        "drive_by",
        min(4.0 + 0.7 * len(found), 6.0),
        f"“{commit.subject}” rides along in “{case.pull_request.title}”.",
        {
            "subject": commit.subject,
            "title": case.pull_request.title,
            "paths": tuple(diff.path for diff in diffs[:6]),
            "files": len(diffs),
            "lines": lines,
            "count": len(found),
            "subjects": tuple(item.subject for item in found),
            "own_commits": total,
        },
        [
            title_receipt(case),
            *(commit_receipt(case, item) for item in found[:6]),
            *([commit_file_receipt(case, commit.sha, telling[0].path, telling[1])] if telling else []),
        ],
        stands_in=standing(case),
        confidence=0.75,
    )
