"""A case from a short YAML description: what a detector's case files are written in.

::

    claim: one sentence, what this case shows
    pull_request: {title: …, body: …, user: ada, merged: true, author_association: …}
    whole: true              # whether the source fetched the changed files whole (default true)
    files:                   # the final diff, computed from before and after
      - {path: src/a.py, before: "…", after: "…"}      # before left out: a new file; after left out: removed
      - {path: src/b.py, patch: "@@ …", additions: 3}  # or a raw patch
    commits:
      - {message: "Fix the thing", at: "2026-05-01 10:00", author: ada, parents: 1, files: [as above]}
    reviews: [{user: bob, state: APPROVED, body: "", at: "…"}]
    review_comments: [{id: 1, user: codex[bot], path: src/a.py, body: "…", at: "…", reply_to: 1}]
    comments: [{user: bob, body: "…", at: "…"}]
    follow_ups: [{number: 9, title: "…", user: bob, at: "…", explicit: true, files: [as above]}]
    house_rules: {AGENTS.md: "…"}
    operator_rules: [{offence: …, language: …, pattern: …, message: …}]
    record: [{kind: bare_assert, pull_request: "o/r#1", title: "…"}]
    expect:                  # nothing for a miss
      - facts: {function: load, count: 2}              # a subset of the exhibit's facts
        quotes: ["assert worker"]                      # each is part of some receipt's quote
        stands_in: merged
"""

from __future__ import annotations

import difflib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from bot.case import Case, Coverage, PriorOffence
from bot.pull_request import (
    ChangedFile,
    Commit,
    FileStatus,
    FollowUp,
    IssueComment,
    PullRequest,
    Review,
    ReviewComment,
    User,
)
from bot.structural_rules import Rule

URL = "https://github.com/owner/repo/pull/7"


def load(path: Path) -> tuple[Case, dict[str, Any]]:
    """Return the case and the raw description of one case file."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return build(raw), raw


def build(raw: dict[str, Any]) -> Case:
    """Return the case that a description means."""
    files = tuple(_file(item) for item in raw.get("files", []))
    commits = tuple(_commit(index, item) for index, item in enumerate(raw.get("commits", [])))
    fields = {
        "owner": "owner", "repo": "repo", "number": 7, "title": "Add a thing", "merged": True,
        "state": "closed", "base_sha": "b" * 40, "head_sha": "a" * 40, "url": URL,
        "created_at": _time("2026-05-01 09:00"), "merged_at": _time("2026-05-02 09:00"),
    }  # fmt: skip
    own = dict(raw.get("pull_request", {}))
    own["user"] = _user(own.get("user", "ada"))
    for key in ("created_at", "merged_at", "closed_at"):
        if isinstance(own.get(key), str):
            own[key] = _time(own[key])
    fields |= own
    fields |= {
        "files": files,
        "commits": commits,
        "reviews": tuple(_review(index, item) for index, item in enumerate(raw.get("reviews", []), 1)),
        "review_comments": tuple(_remark(index, item) for index, item in enumerate(raw.get("review_comments", []), 1)),
        "comments": tuple(_comment(index, item) for index, item in enumerate(raw.get("comments", []), 1)),
    }
    fields.setdefault("additions", sum(item.additions for item in files))
    fields.setdefault("deletions", sum(item.deletions for item in files))
    fields.setdefault("changed_files", len(files))
    fields.setdefault("commit_count", len(commits))
    whole = raw.get("whole", True)
    coverage = {
        "files_read": len(files),
        "files_total": len(files),
        "commits_read": len(commits),
        "commits_total": len(commits),
    }
    return Case(
        pull_request=PullRequest.model_validate(fields),
        head_files={item["path"]: item["after"] for item in raw.get("files", []) if whole and "after" in item},
        base_files={item["path"]: item["before"] for item in raw.get("files", []) if whole and "before" in item},
        commit_files={
            commits[index].sha: tuple(_file(file) for file in item["files"])
            for index, item in enumerate(raw.get("commits", []))
            if "files" in item
        },
        follow_ups=tuple(_follow_up(item) for item in raw.get("follow_ups", [])),
        house_rules=raw.get("house_rules", {}),
        operator_rules=tuple(Rule.model_validate(item) for item in raw.get("operator_rules", [])),
        record=tuple(PriorOffence.model_validate(item) for item in raw.get("record", [])),
        coverage=Coverage.model_validate(coverage | raw.get("coverage", {})),
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _user(login: str) -> User:
    return User(login=login, is_bot=login.endswith("[bot]"))


def _file(raw: dict[str, Any]) -> ChangedFile:
    if "patch" in raw or ("before" not in raw and "after" not in raw):
        return ChangedFile.model_validate(raw)
    before, after = raw.get("before", ""), raw.get("after", "")
    lines = list(difflib.unified_diff(before.split("\n")[:-1], after.split("\n")[:-1], lineterm="", n=3))[2:]
    status = (
        FileStatus.ADDED if "before" not in raw else FileStatus.REMOVED if "after" not in raw else FileStatus.MODIFIED
    )
    return ChangedFile(
        path=raw["path"],
        previous_path=raw.get("previous_path"),
        status=raw.get("status", status),
        patch="\n".join(lines),
        additions=sum(line.startswith("+") for line in lines),
        deletions=sum(line.startswith("-") for line in lines),
    )


def _commit(index: int, raw: dict[str, Any]) -> Commit:
    at = _time(raw.get("at", f"2026-05-01 {9 + index % 14:02d}:00"))
    parents = tuple(f"{index:039x}{number}" for number in range(raw.get("parents", 1)))
    return Commit(
        sha=f"{index + 1:040x}",
        message=raw["message"],
        author=_user(raw.get("author", "ada")),
        co_authors=tuple(raw.get("co_authors", ())),
        authored_at=at,
        committed_at=at,
        parents=parents,
        url=f"https://github.com/owner/repo/commit/{index + 1:040x}",
    )


def _review(index: int, raw: dict[str, Any]) -> Review:
    return Review(
        id=raw.get("id", index), user=_user(raw.get("user", "bob")), state=raw["state"], body=raw.get("body", ""),
        submitted_at=_time(raw["at"]) if "at" in raw else None, url=f"{URL}#pullrequestreview-{index}",
    )  # fmt: skip


def _remark(index: int, raw: dict[str, Any]) -> ReviewComment:
    return ReviewComment(
        id=raw.get("id", index), user=_user(raw.get("user", "bob")), body=raw["body"], path=raw.get("path", "src/a.py"),
        line=raw.get("line"), in_reply_to_id=raw.get("reply_to"), created_at=_time(raw.get("at", "2026-05-01 12:00")),
        url=f"{URL}#discussion_r{index}",
    )  # fmt: skip


def _comment(index: int, raw: dict[str, Any]) -> IssueComment:
    return IssueComment(
        id=raw.get("id", index), user=_user(raw.get("user", "bob")), body=raw["body"],
        created_at=_time(raw.get("at", "2026-05-01 12:00")), url=f"{URL}#issuecomment-{index}",
    )  # fmt: skip


def _follow_up(raw: dict[str, Any]) -> FollowUp:
    return FollowUp(
        number=raw.get("number", 0), sha=raw.get("sha", ""), title=raw["title"], body=raw.get("body", ""),
        user=_user(raw.get("user", "bob")), merged_at=_time(raw.get("at", "2026-05-04 10:00")),
        url=f"https://github.com/owner/repo/pull/{raw.get('number', 0)}",
        files=tuple(_file(item) for item in raw.get("files", [])),
        explicit=raw.get("explicit", False), is_revert=raw.get("is_revert", False),
    )  # fmt: skip
