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
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind

STANCE = Stance.CONTEXT


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit.

    Facts: ``additions``, ``deletions``, ``files``, ``commits``, ``merges``, ``production_additions``,
    ``test_additions``, ``generated_additions``, ``hours_open``, ``title``, ``author``.
    """
    pull = case.pull_request
    by_kind = {kind: 0 for kind in FileKind}
    for file in pull.files:
        by_kind[case.kind(file.path)] += file.additions
    generated = by_kind[FileKind.GENERATED] + by_kind[FileKind.VENDORED] + by_kind[FileKind.LOCK]
    merges = sum(commit.is_merge for commit in pull.commits)
    facts = {
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
