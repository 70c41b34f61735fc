"""What the core needs of the world, as small protocols. Adapters implement them; fakes in tests subclass them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.brief import Brief
from bot.case import Coverage, PriorOffence
from bot.merged import Merged
from bot.pull_request import ChangedFile, FollowUp, PullRequest
from bot.records import Job, JobId, NewJob
from bot.target import Target
from bot.turnstile import Taken, Wish
from bot.verdict import Draft, WriterInfo

Progress = Callable[[str, str], Awaitable[None]]
"""Told each stage as it begins: its name (reading, exhibits, writing, card) and a phrase for the waiting reader."""

Admit = Callable[[PullRequest], Awaitable[Sequence[PriorOffence]]]
"""Asked once the pull request is known and before anything else is read: raises ``RefusedError`` where consent or
policy says no, and returns what is remembered here of its author."""


async def silent(stage: str, phrase: str) -> None:
    """Tell nobody: the progress of a caller that does not care."""


async def everyone(pull_request: PullRequest) -> Sequence[PriorOffence]:  # noqa: ARG001
    """Admit everyone and remember nothing: for a caller without a memory."""
    return ()


class Source(Protocol):
    """Where pull requests are read. Every method raises only errors of ``bot.errors`` (``SourceError``)."""

    def reads(self, target: Target) -> bool:
        """Whether this source is the one for the target."""
        ...

    async def pull_request(self, target: Target) -> tuple[PullRequest, Coverage]:
        """Return the pull request with files, commits and conversation, and what was left out."""
        ...

    async def files_at_head(self, pull_request: PullRequest, paths: Sequence[str]) -> Mapping[str, str]:
        """Return the whole text of these paths at the head; a path that cannot be read is left out."""
        ...

    async def commit_files(
        self, pull_request: PullRequest, shas: Sequence[str]
    ) -> Mapping[str, tuple[ChangedFile, ...]]:
        """Return the own diffs of these commits; one that cannot be read is left out."""
        ...

    async def follow_ups(self, pull_request: PullRequest) -> tuple[FollowUp, ...]:
        """Return what was merged afterwards and touches the same files or names this pull request."""
        ...

    async def house_rules(self, pull_request: PullRequest) -> Mapping[str, str]:
        """Return AGENTS.md, CLAUDE.md and CONTRIBUTING.md at the base, by path."""
        ...

    async def aclose(self) -> None:
        """Let go of connections and temporary files."""
        ...


@runtime_checkable
class ReportsCoverage(Protocol):
    """A source that learns only while it reads on what it has to leave out (refused files, a spent limit)."""

    def coverage(self, pull_request: PullRequest) -> Coverage:
        """Return the coverage as it stands by now, after all that was asked since ``pull_request``."""
        ...


@runtime_checkable
class ReadsRepositories(Protocol):
    """A source that knows repositories too, and how often it may still ask."""

    remaining: int | None
    """How many requests are left, by the host's own last word."""

    async def file_of(self, repository: str, path: str) -> str | None:
        """Return a file of a repository's (``owner/repo``) default branch, nothing where there is none."""
        ...

    async def may_see(self, repository: str) -> bool:
        """Return whether a repository is open to everybody; raise ``SourceError`` in words where it cannot be read."""
        ...


@runtime_checkable
class KnowsPrivacy(Protocol):
    """A source that can say of a repository, at any time, whether everybody may see it."""

    async def is_private(self, repository: str) -> bool:
        """Return whether a repository is private, or gone. Raises ``SourceError`` where that cannot be known."""
        ...


@runtime_checkable
class ListsMerged(Protocol):
    """A source that lists what was merged, cheaply: for digests, and to complete what somebody begins to type."""

    async def merged(self, repository: str, since: datetime, until: datetime) -> Merged:
        """Return what was merged into a repository from ``since`` up to, not including, ``until``, both with a zone.

        ``repository`` is ``owner/repo``, or the path of a clone. Raises ``SourceError``.
        """
        ...


class Writer(Protocol):
    """Turns a brief into a draft."""

    name: str

    async def write(self, brief: Brief, objections: Sequence[str] = ()) -> tuple[Draft, WriterInfo]:
        """Return a draft. ``objections`` are what the receipts check found wrong with the draft before.

        Raises ``WriterError`` where nothing usable came.
        """
        ...


Handler = Callable[[Job], Awaitable[str]]
"""Works a job off and returns how it ended: nothing, or the sentence that its asker was told. Runs at least once."""


class Queue(Protocol):
    """What is done after it was acknowledged. Every adapter passes ``tests/contracts/test_queue.py``."""

    async def put(self, job: NewJob, *, event: str = "") -> JobId | None:
        """Write a job down; once this returns, it will be worked off, whatever dies.

        ``None``: this ``event`` was handled before, or a job with the same key waits or runs.
        Ask ``has_room`` first where somebody can be told to come again. Raises ``StoreError``.
        """
        ...

    async def take(self, wish: Wish) -> Taken:
        """Write somebody's ask down, or say what stands in the way; many at once cost little more than one.

        Once this returns a job, it will be worked off, whatever dies. Raises ``StoreError``.
        """
        ...

    async def has_room(self) -> bool:
        """Whether one more would be taken."""
        ...

    async def start(self, handlers: Mapping[str, Handler]) -> None:
        """Begin to work off jobs of these kinds, beginning with those that a crash left behind."""
        ...

    async def stop(self, grace: float) -> None:
        """Take no more, let what runs end within ``grace`` seconds, hand back what does not."""
        ...


class Clock(Protocol):
    """The only place where time comes from."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        ...
