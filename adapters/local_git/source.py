"""Pull requests from a clone: no network, no API, and what a clone cannot know is said so."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from adapters.local_git import limits
from adapters.local_git.assemble import assemble
from adapters.local_git.clone import Clone, open_clone
from adapters.local_git.follow_ups import follow_ups_of
from adapters.local_git.merged import merged_into
from adapters.local_git.objects import Change, diff_of, diffs_of, texts_of
from adapters.local_git.origin import Origin, origin_of
from adapters.local_git.resolve import Found, find_number, find_range
from bot.case import Coverage
from bot.errors import RepositoryError
from bot.merged import Merged
from bot.pull_request import ChangedFile, FollowUp, PullRequest
from bot.target import LocalTarget, Target

HOUSE_RULES = ("AGENTS.md", "CLAUDE.md", "CONTRIBUTING.md", ".github/CONTRIBUTING.md", "docs/CONTRIBUTING.md")
_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class _Reading:
    """Where a pull request was read, for the questions that come after it."""

    clone: Clone
    found: Found
    origin: Origin


class LocalGitSource:
    """Reads ``PATH#7`` and ``PATH@base..head`` through the git program; implements ``bot.ports.Source``.

    Nothing of the repository is executed or obeyed (``adapters.local_git.git`` says how). Every method raises
    ``RepositoryError``, or ``UnavailableError`` when one git process takes longer than ``seconds``.
    """

    def __init__(self, *, seconds: float = limits.GIT_SECONDS) -> None:
        self._seconds = seconds
        self._readings: OrderedDict[tuple[str, str, str], _Reading] = OrderedDict()

    def reads(self, target: Target) -> bool:
        """Whether the target is a path on this machine."""
        return isinstance(target, LocalTarget)

    async def pull_request(self, target: Target) -> tuple[PullRequest, Coverage]:
        """Return the pull request with files and commits, and what was left out.

        ``created_at`` is the first commit's author date: git does not know when a pull request was opened.
        The user is the first own commit's author. Reviews and comments are not in a clone.
        """
        if not isinstance(target, LocalTarget):
            raise RepositoryError(f"{target} is not a local clone.", "Give PATH#7 or PATH@base..head.")
        clone = await open_clone(target.path, seconds=self._seconds)
        finding = find_number(clone, target.number) if target.number else find_range(clone, target.base, target.head)
        origins, found = await asyncio.gather(origin_of(clone.git, clone.git_dir), finding)
        origin = origins.get(found.remote) or origins[""]
        own = (found.head, *(f"^{outside}" for outside in found.outside), "--")
        files, entries, count = await asyncio.gather(
            diff_of(clone.git, Change(found.head, found.base)),
            clone.log("--reverse", "--topo-order", f"-n{limits.COMMITS}", *own, commit_page=origin.commit_page),
            clone.count(*own),
        )
        pull_request, coverage = assemble(found, origin, files, entries, count, is_shallow=clone.is_shallow)
        self._remember(pull_request, _Reading(clone, found, origin))
        return pull_request, coverage

    async def files_at_head(self, pull_request: PullRequest, paths: Sequence[str]) -> Mapping[str, str]:
        """Return the whole text of these paths at the head; symlinks, binaries and large files are left out."""
        return await texts_of(self._reading(pull_request).clone.git, pull_request.head_sha, paths)

    async def commit_files(
        self, pull_request: PullRequest, shas: Sequence[str]
    ) -> Mapping[str, tuple[ChangedFile, ...]]:
        """Return the own diffs of these commits against their first parent.

        Merges are left out, and so is a commit at which a shallow clone ends: its parent is not known.
        """
        clone = self._reading(pull_request).clone
        commits = {commit.sha: commit for commit in pull_request.commits}
        asked = [commits[sha] for sha in dict.fromkeys(shas) if sha in commits and not commits[sha].is_merge]
        changes = [
            Change(commit.sha, *commit.parents[:1]) for commit in asked if commit.parents or not clone.is_shallow
        ]
        return await diffs_of(clone.git, changes)

    async def follow_ups(self, pull_request: PullRequest) -> tuple[FollowUp, ...]:
        """Return what landed on the trunk in the 30 days after it and touches the same files or names it."""
        reading = self._reading(pull_request)
        return await follow_ups_of(reading.clone, reading.found, reading.origin, pull_request)

    async def house_rules(self, pull_request: PullRequest) -> Mapping[str, str]:
        """Return the repository's own rules as they stood at the base."""
        return await texts_of(self._reading(pull_request).clone.git, pull_request.base_sha, HOUSE_RULES)

    async def merged(self, repository: str, since: datetime, until: datetime) -> Merged:
        """Return what landed on the trunk of the clone at the path ``repository`` in the window.

        ``merged_at`` is the committer's date. A true merge is its merger's; git does not know who opened it.
        """
        clone = await open_clone(Path(repository), seconds=self._seconds)
        origins = await origin_of(clone.git, clone.git_dir)
        return await merged_into(clone, origins[""], since, until)

    async def aclose(self) -> None:
        """Forget what was read; there is nothing open in between."""
        self._readings.clear()

    def _remember(self, pull_request: PullRequest, reading: _Reading) -> None:
        self._readings[_key(pull_request)] = reading
        while len(self._readings) > _REMEMBERED:
            self._readings.popitem(last=False)

    def _reading(self, pull_request: PullRequest) -> _Reading:
        try:
            return self._readings[_key(pull_request)]
        except KeyError:
            raise RepositoryError(
                f"{pull_request.slug} was not read from a clone here.", "Read the pull request again first."
            ) from None


def _key(pull_request: PullRequest) -> tuple[str, str, str]:
    return pull_request.slug, pull_request.base_sha, pull_request.head_sha
