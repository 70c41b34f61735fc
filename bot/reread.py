"""Re-reading a receipt: is the quote really there? Used by tests (law 3) and by appeals."""

from __future__ import annotations

from collections.abc import Callable

from bot.case import Case
from bot.diff import FileDiff, parse_patch
from bot.exhibit import Receipt, Where
from bot.kinds import SNAPSHOT, FileKind
from bot.pull_request import FileStatus, PullRequest

FIGURES: dict[str, Callable[[Case], int]] = {
    "additions": lambda case: case.pull_request.additions,
    "deletions": lambda case: case.pull_request.deletions,
    "changed_files": lambda case: case.pull_request.changed_files,
    "commit_count": lambda case: case.pull_request.commit_count,
    "merges": lambda case: sum(commit.is_merge for commit in case.pull_request.commits),
    "own_commits": lambda case: len(case.own_commits),
    "production_additions": lambda case: _additions(case, FileKind.PRODUCTION),
    "production_deletions": lambda case: sum(diff.file.deletions for diff in case.production),
    "test_additions": lambda case: _additions(case, FileKind.TEST),
    "generated_additions": lambda case: _additions(case, FileKind.GENERATED, FileKind.VENDORED, FileKind.LOCK),
    "docs_additions": lambda case: _additions(case, FileKind.DOCS),
    "reviews": lambda case: len(case.pull_request.reviews),
    "review_comments": lambda case: len(case.pull_request.review_comments),
    "comments": lambda case: len(case.pull_request.comments),
    "test_files": lambda case: len(case.tests),
    "production_files": lambda case: len(case.production),
    "snapshot_additions": lambda case: sum(
        file.additions for file in case.pull_request.files if SNAPSHOT.search(file.path)
    ),
    "renamed_files": lambda case: sum(file.status is FileStatus.RENAMED for file in case.pull_request.files),
    "minutes_open": lambda case: minutes_open(case.pull_request),
    "description_words": lambda case: len(case.pull_request.body.split()),
    "description_characters": lambda case: len(case.pull_request.body.strip()),
}
"""What a receipt with ``where == figures`` may count, and how to count it again."""


def reread(case: Case, receipt: Receipt) -> bool:
    """Return whether the receipt's quote stands where it says, letter by letter; never raises."""
    return _READERS[receipt.where](case, receipt)


def minutes_open(pull: PullRequest) -> int:
    """Return the whole minutes from opening to merge, 0 where one of them is not known."""
    if pull.created_at is None or pull.merged_at is None:
        return 0
    return max(int((pull.merged_at - pull.created_at).total_seconds() // 60), 0)


def _additions(case: Case, *kinds: FileKind) -> int:
    return sum(file.additions for file in case.pull_request.files if case.kind(file.path) in kinds)


def _figures(case: Case, receipt: Receipt) -> bool:
    pairs = [pair.partition("=") for pair in receipt.quote.split()]
    return bool(pairs) and all(
        name in FIGURES and value.isdecimal() and FIGURES[name](case) == int(value) for name, _, value in pairs
    )


def _stand(lines: dict[int, str], first: int | None, quote: str) -> bool:
    """Return whether the quote's lines stand one after the other from ``first`` on, indentation aside."""
    if first is None or not quote.strip():
        return False
    wanted = quote.split("\n")
    return all(text.strip() in lines.get(first + offset, "") for offset, text in enumerate(wanted))


def _side(diff: FileDiff, *, new: bool) -> dict[int, str]:
    numbered = ((line.new if new else line.old, line.text) for hunk in diff.hunks for line in hunk.lines)
    return {number: text for number, text in numbered if number is not None}


def _file(case: Case, receipt: Receipt) -> bool:
    path = receipt.path or ""
    if path in case.head_files:
        return _stand(dict(enumerate(case.head_files[path].split("\n"), start=1)), receipt.line, receipt.quote)
    diff = case.diff_of(path)
    return diff is not None and _stand(_side(diff, new=True), receipt.line, receipt.quote)


def _base_file(case: Case, receipt: Receipt) -> bool:
    path = receipt.path or ""
    if path in case.base_files:
        return _stand(dict(enumerate(case.base_files[path].split("\n"), start=1)), receipt.line, receipt.quote)
    for diff in case.diffs:
        if path in {diff.path, diff.file.previous_path}:
            return _stand(_side(diff, new=False), receipt.line, receipt.quote)
    return False


def _commit(case: Case, receipt: Receipt) -> bool:
    return any(
        commit.sha == receipt.sha and receipt.quote in commit.message for commit in case.pull_request.commits
    ) or any(item.sha == receipt.sha and receipt.quote in item.title for item in case.follow_ups)


def _commit_file(case: Case, receipt: Receipt) -> bool:
    return any(
        diff.path == receipt.path
        and (
            _stand(_side(diff, new=True), receipt.line, receipt.quote)
            or _stand(_side(diff, new=False), receipt.line, receipt.quote)
        )
        for diff in case.commit_diffs(receipt.sha or "")
    )


def _remark(case: Case, receipt: Receipt) -> bool:
    pull = case.pull_request
    remarks = {
        Where.REVIEW: [(item.id, f"{item.state}\n{item.body}") for item in pull.reviews],
        Where.REVIEW_COMMENT: [(item.id, item.body) for item in pull.review_comments],
        Where.COMMENT: [(item.id, item.body) for item in pull.comments],
    }[receipt.where]
    return any(key == receipt.id and receipt.quote in body for key, body in remarks)


def _follow_up(case: Case, receipt: Receipt) -> bool:
    for item in case.follow_ups:
        if (receipt.id is not None and item.number == receipt.id) or (receipt.sha and item.sha == receipt.sha):
            if receipt.path is None:
                return receipt.quote in f"{item.title}\n{item.body}"
            diffs = [parse_patch(file) for file in item.files if file.path == receipt.path]
            return any(
                _stand(_side(diff, new=new), receipt.line, receipt.quote) for diff in diffs for new in (True, False)
            )
    return False


def _house_rule(case: Case, receipt: Receipt) -> bool:
    return bool(receipt.quote) and receipt.quote in case.house_rules.get(receipt.path or "", "")


def _record(case: Case, receipt: Receipt) -> bool:
    return any(receipt.quote == item.title for item in case.record)


def _title(case: Case, receipt: Receipt) -> bool:
    return receipt.quote in case.pull_request.title


def _description(case: Case, receipt: Receipt) -> bool:
    return receipt.quote in case.pull_request.body


_READERS: dict[Where, Callable[[Case, Receipt], bool]] = {
    Where.FILE: _file,
    Where.BASE_FILE: _base_file,
    Where.COMMIT: _commit,
    Where.COMMIT_FILE: _commit_file,
    Where.TITLE: _title,
    Where.DESCRIPTION: _description,
    Where.REVIEW: _remark,
    Where.REVIEW_COMMENT: _remark,
    Where.COMMENT: _remark,
    Where.FOLLOW_UP: _follow_up,
    Where.HOUSE_RULE: _house_rule,
    Where.FIGURES: _figures,
    Where.RECORD: _record,
}
