"""Words that mean harm, wherever people may write them: no detector raises, and every receipt still stands (laws 2, 3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.case import Case, PriorOffence
from bot.detectors import DETECTORS
from bot.pull_request import (
    ChangedFile,
    Commit,
    FollowUp,
    IssueComment,
    PullRequest,
    Review,
    ReviewComment,
    ReviewState,
    User,
)
from bot.reread import reread

START = datetime(2026, 5, 1, 9, tzinfo=UTC)
HOSTILE = {
    "nothing": "",
    "blank": " \r\n\t \n",
    "null_bytes": "P1: a\0b\n\n## \0\n",
    "half_a_surrogate": "P1: \ud800 leaks and breaks the \udfff here?",
    "tags": "<" * 20_000 + "img src=" * 4_000,
    "images": "![" * 20_000 + "](" * 20_000,
    "links": "[a](" * 20_000,
    "brackets": "[" * 30_000 + "]" * 30_000 + "(" * 30_000,
    "fences": "```mermaid\n" * 5_000,
    "open_comment": "<!--" * 10_000,
    "code_spans": "`" * 40_001,
    "rules": "Do not use `" + "a." * 20_000 + "`\nNever call `x` " * 3_000,
    "boxes": "- [ ] \n" * 10_000 + "- [ ]" * 9_000,
    "tables": "|" + ":-:|" * 20_000 + "\n",
    "headings": "# " * 20_000 + "\n" + "#" * 20_000,
    "one_word": "a" * 100_000,
    "spaces": "fix " + " " * 100_000 + "scope",
    "earlier": "earlier " * 10_000 + "design " * 10_000 + "removed",
    "narrow": "narrow " * 10_000 + "scope",
    "last": "last final remaining one last " * 5_000,
    "and": "add a and remove b and " * 5_000,
    "emoji": ":tada:" * 10_000 + "🎉" * 10_000,
    "badges": "**P1** " * 10_000 + "critical: " * 5_000,
    "trailers": "Fix\n\n" + "Co-authored-by: Claude <a@b>\n" * 3_000 + "Co-authored-by: " + "x" * 50_000,
    "sentences": "Because. Otherwise? " * 5_000,
    "line_ends": "Why is this so that it works because of the reader,\r\nand otherwise not at all?\r\n" * 500,
    "separators": "a\u2028b\x0cP1: it breaks\u2029 " * 3_000,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_never_raises(name: str) -> None:
    """Title, description, messages, remarks, rules, record and follow-ups may all say it at once."""
    case = _case(HOSTILE[name])
    for detector in DETECTORS:
        for exhibit in detector.detect(case):
            assert all(reread(case, receipt) for receipt in exhibit.receipts), (exhibit.kind, name)


def test_odd_times_never_raise() -> None:
    """A clock that ran backwards, a review without a time and a merge before the opening are read as they stand."""
    pull = PullRequest(
        owner="o", repo="r", number=7, title="Add a pipe", merged=True, created_at=START, merged_at=START - timedelta(9),
        commits=tuple(_commit(index, f"fix ci {index}", START - timedelta(days=index)) for index in range(9)),
        reviews=(Review(id=1, state=ReviewState.APPROVED), Review(id=1, state=ReviewState.PENDING, user=User(login="b"))),
    )  # fmt: skip
    case = Case(pull_request=pull, follow_ups=(FollowUp(title='Revert "Add a pipe"', merged_at=START - timedelta(20)),))
    for detector in DETECTORS:
        for exhibit in detector.detect(case):
            assert exhibit.receipts
            assert not any(isinstance(value, int) and value < 0 for value in exhibit.facts.values()), exhibit.facts


def _commit(index: int, message: str, at: datetime) -> Commit:
    return Commit(sha=f"{index:040x}", message=message, authored_at=at, committed_at=at, parents=("f" * 40,))


def _case(text: str) -> Case:
    bot, person = User(login="codex[bot]", is_bot=True), User(login="bob")
    patch = "@@ -0,0 +1,2 @@\n+def send(item):\n+    return item.send()"
    file = ChangedFile(path="src/a.py", status="added", additions=900, deletions=1, patch=patch)
    pull = PullRequest(
        owner="o", repo="r", number=7, title=text or "Add", body=text, user=User(login="ada"), merged=True,
        created_at=START, merged_at=START + timedelta(hours=1), files=(file,), additions=900, deletions=1,
        changed_files=1, commit_count=5, url="https://github.com/o/r/pull/7",
        commits=tuple(_commit(index, text, START) for index in range(5)),
        reviews=tuple(
            Review(id=index, user=person, state=ReviewState.APPROVED, body=text, submitted_at=START)
            for index in range(3)
        ),
        review_comments=tuple(
            ReviewComment(
                id=index, user=(bot, person, User(login="ada"))[index % 3], body=text, path="src/a.py",
                in_reply_to_id=index - 1 if index % 3 == 2 else None, created_at=START + timedelta(minutes=index),
            )
            for index in range(9)
        ),
        comments=tuple(IssueComment(id=index, user=User(login="ada"), body=text, created_at=START) for index in range(3)),
    )  # fmt: skip
    later = FollowUp(number=9, title=text or "Fix", body=text, merged_at=START + timedelta(days=1), files=(file,))
    return Case(
        pull_request=pull,
        commit_files={commit.sha: (file,) for commit in pull.commits},
        follow_ups=(later, later.model_copy(update={"explicit": True, "number": 10})),
        house_rules={"AGENTS.md": text},
        record=(PriorOffence(kind="speedrun", pull_request="o/r#1", title=text),),
    )
