"""Review threads: who asked, who answered, and what happened to the file afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from bot.case import Case
from bot.detectors._talk import by_author, commits_after, has_words, is_bot, touching
from bot.pull_request import Commit, ReviewComment


@dataclass(frozen=True)
class Thread:
    """A remark on a line with its replies, oldest first."""

    head: ReviewComment
    replies: tuple[ReviewComment, ...]

    @property
    def is_outdated(self) -> bool:
        """Whether the line that it was bound to is gone."""
        return self.head.line is None and self.head.original_line is not None


def threads(case: Case) -> tuple[Thread, ...]:
    """Return the threads in order of their first remark; a reply to a missing remark opens one of its own."""
    ordered = sorted(case.pull_request.review_comments, key=lambda item: (item.created_at, item.id))
    known = {item.id for item in ordered}
    root: dict[int, int] = {}
    grouped: dict[int, list[ReviewComment]] = {}
    for item in ordered:
        parent = item.in_reply_to_id
        top = root.get(parent, parent) if parent is not None and parent in known else item.id
        root[item.id] = top
        grouped.setdefault(top, []).append(item)
    return tuple(Thread(items[0], tuple(items[1:])) for items in grouped.values())


def is_reviewers(case: Case, thread: Thread) -> bool:
    """Whether a person other than the author opened it, in words."""
    head = thread.head
    return not is_bot(head.user) and not by_author(case, head) and has_words(head.body) and head.in_reply_to_id is None


def reply_of_author(case: Case, thread: Thread) -> ReviewComment | None:
    """Return the author's first reply, if there is one."""
    return next((item for item in thread.replies if by_author(case, item)), None)


def commit_after(case: Case, thread: Thread) -> Commit | None:
    """Return the first later commit that touches the thread's file, as far as the commits' diffs are known."""
    return next(touching(case, commits_after(case, thread.head.created_at), thread.head.path), None)
