"""A pull request as GitHub describes it: frozen models in GitHub's own words.

Every source (GitHub, a local clone) answers with these; nothing here decides or judges.
Field names follow the REST API: https://docs.github.com/en/rest/pulls/pulls
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict

GHOST = "ghost"


class Frozen(BaseModel):
    """The base of all models in the core: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class User(Frozen):
    """An account. A deleted one is GitHub's ``ghost``."""

    login: str = GHOST
    name: str = ""
    is_bot: bool = False

    @property
    def is_ghost(self) -> bool:
        """Whether the account was deleted."""
        return self.login == GHOST


class FileStatus(StrEnum):
    """What happened to a file, in GitHub's words."""

    ADDED = "added"
    MODIFIED = "modified"
    REMOVED = "removed"
    RENAMED = "renamed"
    COPIED = "copied"
    CHANGED = "changed"


class ChangedFile(Frozen):
    """One file of a diff. ``patch`` is the hunks without a header, ``None`` where the source gave none."""

    path: str
    previous_path: str | None = None
    status: FileStatus = FileStatus.MODIFIED
    additions: int = 0
    deletions: int = 0
    patch: str | None = None
    is_binary: bool = False


class Commit(Frozen):
    """One commit of the pull request, oldest first in ``PullRequest.commits``."""

    sha: str
    message: str
    author: User = User()
    co_authors: tuple[str, ...] = ()
    authored_at: datetime
    committed_at: datetime
    parents: tuple[str, ...] = ()
    url: str = ""

    @property
    def subject(self) -> str:
        """The first line of the message, stripped."""
        return self.message.strip().split("\n", 1)[0].strip()

    @property
    def body(self) -> str:
        """The message without its first line, stripped."""
        return self.message.strip().partition("\n")[2].strip()

    @property
    def is_merge(self) -> bool:
        """Whether it joins two histories (a merge of the base branch, mostly)."""
        return len(self.parents) > 1


class ReviewState(StrEnum):
    """What a review said, in GitHub's words."""

    APPROVED = "APPROVED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    COMMENTED = "COMMENTED"
    DISMISSED = "DISMISSED"
    PENDING = "PENDING"


class Review(Frozen):
    """A review as a whole: its state and its covering words, which may be empty."""

    id: int
    user: User = User()
    state: ReviewState
    body: str = ""
    submitted_at: datetime | None = None
    commit_id: str | None = None
    url: str = ""


class ReviewComment(Frozen):
    """A remark on a line of the diff. ``line`` is ``None`` once the line is gone ("outdated")."""

    id: int
    user: User = User()
    body: str
    path: str
    line: int | None = None
    original_line: int | None = None
    in_reply_to_id: int | None = None
    created_at: datetime
    commit_id: str | None = None
    review_id: int | None = None
    url: str = ""


class IssueComment(Frozen):
    """A remark in the conversation, not bound to a line."""

    id: int
    user: User = User()
    body: str
    created_at: datetime
    url: str = ""


class LinkedIssue(Frozen):
    """An issue that the description closes or mentions."""

    number: int
    title: str = ""
    url: str = ""


class PullRequest(Frozen):
    """A pull request with its files, commits and conversation. All times are UTC.

    A range of a local clone (``PATH@base..head``) has ``number`` 0 and no conversation. ``private`` is ``None`` where
    the source cannot know.
    """

    owner: str
    repo: str
    number: int
    title: str
    body: str = ""
    user: User = User()
    author_association: str = ""
    state: str = "open"
    draft: bool = False
    merged: bool = False
    created_at: datetime | None = None
    merged_at: datetime | None = None
    closed_at: datetime | None = None
    merged_by: User | None = None
    base_ref: str = ""
    base_sha: str = ""
    head_ref: str = ""
    head_sha: str = ""
    merge_commit_sha: str | None = None
    additions: int = 0
    deletions: int = 0
    changed_files: int = 0
    commit_count: int = 0
    labels: tuple[str, ...] = ()
    private: bool | None = False
    default_branch: str = ""
    url: str = ""
    files: tuple[ChangedFile, ...] = ()
    commits: tuple[Commit, ...] = ()
    reviews: tuple[Review, ...] = ()
    review_comments: tuple[ReviewComment, ...] = ()
    comments: tuple[IssueComment, ...] = ()
    linked_issues: tuple[LinkedIssue, ...] = ()

    @property
    def slug(self) -> str:
        """``owner/repo#7``, or ``owner/repo`` for a range."""
        repository = f"{self.owner}/{self.repo}" if self.owner else self.repo
        return f"{repository}#{self.number}" if self.number else repository

    def blob_url(self, path: str, line: int | None = None, sha: str | None = None) -> str:
        """Return the page of a file at ``sha`` (the head by default), or nothing for a clone without a host."""
        host = self.repository_url
        if not host:
            return ""
        anchor = f"#L{line}" if line else ""
        # Odd letters of a path are data too: what cannot be written in UTF-8 costs its letter, not the receipt.
        return f"{host}/blob/{sha or self.head_sha}/{quote(path, errors='replace')}{anchor}"

    def commit_url(self, sha: str) -> str:
        """Return the page of a commit, or nothing for a clone without a host."""
        return f"{self.repository_url}/commit/{sha}" if self.repository_url else ""

    @property
    def repository_url(self) -> str:
        """The repository's page, cut from the pull request's own URL."""
        return self.url.rsplit("/pull/", 1)[0] if "/pull/" in self.url else ""


class FollowUp(Frozen):
    """Something merged after the pull request that may repair it: another pull request, or a bare commit.

    ``explicit`` means that its own words name the pull request (by number, or as a revert).
    """

    number: int = 0
    sha: str = ""
    title: str
    body: str = ""
    user: User = User()
    merged_at: datetime
    url: str = ""
    files: tuple[ChangedFile, ...] = ()
    explicit: bool = False
    is_revert: bool = False
