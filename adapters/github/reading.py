"""What is known of one pull request between the calls: candidates, what may still be asked, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.github import limits
from adapters.github.follow_ups import Candidate
from bot.case import Coverage
from bot.kinds import FileKind, kind_of
from bot.pull_request import ChangedFile, FileStatus, PullRequest

_TELLING = (FileKind.PRODUCTION, FileKind.TEST, FileKind.CONFIG, FileKind.DOCS)


@dataclass
class Allowance:
    """How many requests may still be spent on each of the four that are read beside each other.

    It is settled beforehand, since the four run at once and in no order: house rules and follow-ups get what they
    need, and commits and whole files share the rest, each taking over what the other has no use for.
    """

    house_rules: int = 0
    follow_ups: int = 0
    commits: int = 0
    files: int = 0


def allowance(
    pull_request: PullRequest, candidates: Sequence[Candidate], *, batched: bool, remaining: int | None
) -> Allowance:
    """Divide the requests. ``batched`` is where whole files come many at once; ``remaining`` is GitHub's word."""
    most = limits.MAX_EXTRA_REQUESTS
    if remaining is not None:
        most = max(0, min(most, remaining))
    rules = min(most, 1 if batched else len(limits.HOUSE_RULES))
    later = min(most - rules, sum(one.requests for one in candidates))
    left = most - rules - later
    commits = sum(not commit.is_merge for commit in pull_request.commits)
    # Batched files still need a few requests of their own for what the batch cuts.
    files = min(8, left) if batched else sum(_may_be_read(file) for file in pull_request.files)
    commits_share = min(commits, max(left // 2, left - files))
    return Allowance(rules, later, commits_share, left - commits_share)


def telling_first(pull_request: PullRequest, paths: Sequence[str]) -> list[str]:
    """Return the paths with the most telling first: production before tests, the most changed first."""
    known = {file.path: file for file in pull_request.files}

    def rank(path: str) -> tuple[int, int, str]:
        kind, file = kind_of(path), known.get(path)
        size = file.additions + file.deletions if file else 0
        return (_TELLING.index(kind) if kind in _TELLING else len(_TELLING), -size, path)

    return sorted(dict.fromkeys(paths), key=rank)


def busiest(pull_request: PullRequest, most: int) -> list[str]:
    """Return the most changed production files (any file where there is none), by path."""
    files = [file for file in pull_request.files if file.status is not FileStatus.REMOVED]
    production = [file for file in files if kind_of(file.path) is FileKind.PRODUCTION] or files
    production.sort(key=lambda file: (-(file.additions + file.deletions), file.path))
    return [file.path for file in production[:most]]


def _may_be_read(file: ChangedFile) -> bool:
    """Whether the trial may want the file whole: a new one is whole in its patch, a removed one is gone."""
    if file.status in {FileStatus.ADDED, FileStatus.REMOVED}:
        return False
    return bool(file.additions) and kind_of(file.path).is_hand_written


@dataclass
class Reading:
    """One pull request in the reading."""

    coverage: Coverage = field(default_factory=Coverage)
    candidates: tuple[Candidate, ...] | None = None
    allowance: Allowance = field(default_factory=Allowance)
    graphql: bool = False
    cut: set[str] = field(default_factory=set)

    def note(self, phrase: str) -> None:
        """Add a phrase to the coverage, once."""
        if phrase not in self.coverage.notes:
            self.coverage = self.coverage.model_copy(update={"notes": (*self.coverage.notes, phrase)})
