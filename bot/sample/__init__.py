"""The sample pull request: written for roast-bot, as full of sins as a real one, and readable without a network.

``recording.json`` holds what a source would have answered. The project, its people and its review bot are made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.resources import files

from bot.case import Coverage
from bot.pull_request import ChangedFile, FollowUp, Frozen, PullRequest
from bot.target import GitHubTarget, Target

TARGET = GitHubTarget("kitchen", "barista", 42, "example.com")


class Recording(Frozen):
    """What ``recording.json`` holds."""

    about: str
    pull_request: PullRequest
    head_files: dict[str, str]
    commit_files: dict[str, tuple[ChangedFile, ...]]
    follow_ups: tuple[FollowUp, ...]
    house_rules: dict[str, str]


class SampleSource:
    """A source that knows one pull request by heart."""

    @cached_property
    def recording(self) -> Recording:
        """The recording, read once."""
        text = files(__name__).joinpath("recording.json").read_text(encoding="utf-8")
        return Recording.model_validate_json(text)

    def reads(self, target: Target) -> bool:
        """Whether the target is the sample."""
        return target == TARGET

    async def pull_request(self, target: Target) -> tuple[PullRequest, Coverage]:
        """Return the sample; all of it was read."""
        del target
        pull = self.recording.pull_request
        return pull, Coverage(
            files_read=len(pull.files),
            files_total=pull.changed_files,
            commits_read=len(pull.commits),
            commits_total=pull.commit_count,
            comments_read=len(pull.review_comments) + len(pull.comments),
        )

    async def files_at_head(self, pull_request: PullRequest, paths: Sequence[str]) -> Mapping[str, str]:
        """Return these files as they stand at the head."""
        del pull_request
        return {path: text for path, text in self.recording.head_files.items() if path in paths}

    async def commit_files(
        self, pull_request: PullRequest, shas: Sequence[str]
    ) -> Mapping[str, tuple[ChangedFile, ...]]:
        """Return the own diffs of these commits."""
        del pull_request
        return {sha: changed for sha, changed in self.recording.commit_files.items() if sha in shas}

    async def follow_ups(self, pull_request: PullRequest) -> tuple[FollowUp, ...]:
        """Return the fix that came two days later."""
        del pull_request
        return self.recording.follow_ups

    async def house_rules(self, pull_request: PullRequest) -> Mapping[str, str]:
        """Return the house rules of the sample's repository."""
        del pull_request
        return self.recording.house_rules

    async def aclose(self) -> None:
        """Nothing is held."""
