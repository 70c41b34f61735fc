"""What was merged in a window of time, as cheap records: enough to choose from, before anything is read in full."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.pull_request import Frozen, User


class MergedPull(Frozen):
    """One merged pull request in a line. A figure that the source does not give cheaply is ``None``.

    ``paths`` are some of its files, ``subjects`` the first lines of some of its commits; either may be empty.
    """

    number: int
    title: str
    user: User = User()
    merged_at: datetime
    created_at: datetime | None = None
    url: str = ""
    labels: tuple[str, ...] = ()
    additions: int | None = None
    deletions: int | None = None
    changed_files: int | None = None
    commits: int | None = None
    reviews: int | None = None
    comments: int | None = None
    paths: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()

    @property
    def lines(self) -> int | None:
        """Lines added and removed together, where they are known."""
        return None if self.additions is None or self.deletions is None else self.additions + self.deletions


class Merged(Frozen):
    """What was merged from ``since`` up to, not including, ``until``; newest first, each number once.

    ``repository`` is the name under which it is known now (it may have been renamed). ``complete`` is false where
    the list was cut; ``notes`` say in whole phrases what was left out.
    """

    repository: str
    since: datetime
    until: datetime
    pulls: tuple[MergedPull, ...] = ()
    archived: bool = False
    private: bool = False
    complete: bool = True
    notes: tuple[str, ...] = ()


def within(pulls: Sequence[MergedPull], since: datetime, until: datetime) -> tuple[MergedPull, ...]:
    """Return those of the window, newest first, each number once."""
    found = {one.number: one for one in reversed(pulls) if since <= one.merged_at < until}
    return tuple(sorted(found.values(), key=lambda one: (one.merged_at, one.number), reverse=True))
