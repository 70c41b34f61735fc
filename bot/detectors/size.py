"""The figures of the pull request: lines, files, commits, days.

What it finds: additions, deletions, files and commits as the host counts them, how they split into production
and tests, and how long it was open. It is context, neither charge nor credit.

Why it matters: every roast counts, and every count needs a receipt.

Where it errs: lines of generated and vendored files are part of the host's figures; ``by_hand`` leaves them out.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import counted, figures_receipt, standing, title_receipt
from bot.exhibit import Exhibit, Fact, Stance
from bot.kinds import FileKind
from bot.prose import new_prose
from bot.pull_request import FileStatus

STANCE = Stance.CONTEXT


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit.

    Facts: ``additions``, ``deletions``, ``files``, ``commits``, ``merges``, ``production_additions``,
    ``test_additions``, ``generated_additions``, ``hours_open``, ``title``, ``author``; of the hand-written file
    that changes most ``main_file`` (its name), ``main_path``, ``main_additions`` and ``main_deletions``;
    ``new_files`` (how many files are new); ``folder`` (the one that holds all files, if one does);
    ``prose`` (whether a new sentence of a document is among the added lines).
    """
    pull = case.pull_request
    by_kind = dict.fromkeys(FileKind, 0)
    for file in pull.files:
        by_kind[case.kind(file.path)] += file.additions
    generated = by_kind[FileKind.GENERATED] + by_kind[FileKind.VENDORED] + by_kind[FileKind.LOCK]
    merges = sum(commit.is_merge for commit in pull.commits)
    facts: dict[str, Fact] = {
        "additions": pull.additions,
        "deletions": pull.deletions,
        "files": pull.changed_files,
        "commits": pull.commit_count,
        "merges": merges,
        "production_additions": by_kind[FileKind.PRODUCTION],
        "test_additions": by_kind[FileKind.TEST],
        "generated_additions": generated,
        "title": pull.title,
        "author": pull.user.login,
    }
    facts |= _places(case)
    facts["prose"] = any(True for diff in case.diffs for _ in new_prose(diff, case.head_files.get(diff.path)))
    if pull.created_at and pull.merged_at and pull.merged_at >= pull.created_at:
        facts["hours_open"] = int((pull.merged_at - pull.created_at).total_seconds() // 3600)
    figures = figures_receipt(
        case, additions=pull.additions, deletions=pull.deletions, changed_files=pull.changed_files,
        commit_count=pull.commit_count, merges=merges, production_additions=by_kind[FileKind.PRODUCTION],
        test_additions=by_kind[FileKind.TEST], generated_additions=generated,
    )  # fmt: skip
    yield Exhibit(
        kind="size",
        stance=Stance.CONTEXT,
        weight=0,
        summary=(
            f"+{pull.additions:,}/-{pull.deletions:,} in {counted(pull.changed_files, 'file')},"
            f" {counted(pull.commit_count, 'commit')}."
        ),
        facts=facts,
        stands_in=standing(case),
        receipts=(figures, title_receipt(case)),
    )


def _places(case: Case) -> dict[str, Fact]:
    files = case.pull_request.files
    written = [file for file in files if case.kind(file.path).is_hand_written]
    main = max(written, key=lambda file: (file.additions + file.deletions, file.path), default=None)
    folders = {file.path.rpartition("/")[0] for file in files}
    found: dict[str, Fact] = {"new_files": sum(file.status is FileStatus.ADDED for file in files)}
    if len(folders) == 1 and (folder := folders.pop()):
        found["folder"] = folder
    if main is not None:
        found |= {"main_file": main.path.rpartition("/")[2], "main_path": main.path}
        found |= {"main_additions": main.additions, "main_deletions": main.deletions}
    return found
