"""A case straight from the recorded JSON, without any adapter: what the claims are measured on.

Whole files and the commits' own diffs are unknown here, as they are to a source that was given nothing but
the pull request itself.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.case import Case, Coverage
from bot.pull_request import (
    ChangedFile,
    Commit,
    FollowUp,
    IssueComment,
    PullRequest,
    Review,
    ReviewComment,
    User,
)

REPOSITORY = "github/repos/PrefectHQ/prefect"


def case_of(recordings: Path, number: int, follow_ups: tuple[int, ...] = ()) -> Case:
    """Return the recorded pull request as a case, with other recorded ones as what came after it."""
    folder = recordings / REPOSITORY
    raw = _read(folder / "pulls" / f"{number}.json")
    files = _files(folder, number)
    commits = tuple(_commit(item) for item in _read(folder / "pulls" / str(number) / "commits.json"))
    remarks = tuple(_remark(item) for item in _read(folder / "pulls" / str(number) / "comments.json"))
    pull = PullRequest(
        owner="PrefectHQ", repo="prefect", number=number, title=raw["title"], body=raw["body"] or "",
        user=_user(raw["user"]), author_association=raw["author_association"], state=raw["state"], draft=raw["draft"],
        merged=raw["merged"], created_at=_time(raw["created_at"]), merged_at=_time(raw["merged_at"]),
        closed_at=_time(raw["closed_at"]), merged_by=_user(raw["merged_by"]), base_ref=raw["base"]["ref"],
        base_sha=raw["base"]["sha"], head_ref=raw["head"]["ref"], head_sha=raw["head"]["sha"],
        merge_commit_sha=raw["merge_commit_sha"], additions=raw["additions"], deletions=raw["deletions"],
        changed_files=raw["changed_files"], commit_count=raw["commits"], url=raw["html_url"], files=files,
        commits=commits, reviews=tuple(_review(item) for item in _read(folder / "pulls" / str(number) / "reviews.json")),
        review_comments=remarks,
        comments=tuple(_comment(item) for item in _read(folder / "issues" / str(number) / "comments.json")),
    )  # fmt: skip
    coverage = Coverage(
        files_read=len(files), files_total=raw["changed_files"], commits_read=len(commits),
        commits_total=raw["commits"], comments_read=len(remarks),
    )  # fmt: skip
    later = tuple(_follow_up(folder, item, number) for item in follow_ups)
    return Case(pull_request=pull, follow_ups=later, coverage=coverage)


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _user(raw: dict[str, Any] | None) -> User:
    return User(login=raw["login"], is_bot=raw["type"] == "Bot") if raw else User()


def _files(folder: Path, number: int) -> tuple[ChangedFile, ...]:
    return tuple(
        ChangedFile(
            path=item["filename"], previous_path=item.get("previous_filename"), status=item["status"],
            additions=item["additions"], deletions=item["deletions"], patch=item.get("patch"),
        )
        for item in _read(folder / "pulls" / str(number) / "files.json")
    )  # fmt: skip


def _commit(raw: dict[str, Any]) -> Commit:
    inner = raw["commit"]
    author = _user(raw["author"]) if raw.get("author") else User(login=inner["author"]["name"])
    return Commit(
        sha=raw["sha"], message=inner["message"], author=author, authored_at=_time(inner["author"]["date"]),
        committed_at=_time(inner["committer"]["date"]), parents=tuple(item["sha"] for item in raw["parents"]),
        url=raw.get("html_url", ""),
    )  # fmt: skip


def _review(raw: dict[str, Any]) -> Review:
    return Review(
        id=raw["id"], user=_user(raw["user"]), state=raw["state"], body=raw["body"] or "",
        submitted_at=_time(raw["submitted_at"]), commit_id=raw["commit_id"], url=raw["html_url"],
    )  # fmt: skip


def _remark(raw: dict[str, Any]) -> ReviewComment:
    return ReviewComment(
        id=raw["id"], user=_user(raw["user"]), body=raw["body"] or "", path=raw["path"], line=raw.get("line"),
        original_line=raw.get("original_line"), in_reply_to_id=raw.get("in_reply_to_id"),
        created_at=_time(raw["created_at"]), commit_id=raw.get("commit_id"),
        review_id=raw.get("pull_request_review_id"), url=raw["html_url"],
    )  # fmt: skip


def _comment(raw: dict[str, Any]) -> IssueComment:
    return IssueComment(
        id=raw["id"], user=_user(raw["user"]), body=raw["body"] or "", created_at=_time(raw["created_at"]),
        url=raw["html_url"],
    )  # fmt: skip


def _follow_up(folder: Path, number: int, after: int) -> FollowUp:
    raw = _read(folder / "pulls" / f"{number}.json")
    body = raw["body"] or ""
    return FollowUp(
        number=number, sha=raw["merge_commit_sha"] or "", title=raw["title"], body=body, user=_user(raw["user"]),
        merged_at=_time(raw["merged_at"]), url=raw["html_url"], files=_files(folder, number),
        explicit=f"#{after}" in body,
    )  # fmt: skip
