"""What landed after a pull request: commits on the trunk that touch its files or name it."""

from __future__ import annotations

import asyncio
import re

from adapters.local_git import limits
from adapters.local_git.clone import Clone
from adapters.local_git.history import Entry
from adapters.local_git.objects import Change, diffs_of
from adapters.local_git.origin import Origin
from adapters.local_git.resolve import Found, number_of
from bot.kinds import FileKind, kind_of
from bot.pull_request import ChangedFile, FollowUp, PullRequest

_NUMBER_AT_END = re.compile(r"\s*\(#\d+\)$")


async def follow_ups_of(clone: Clone, found: Found, origin: Origin, pull_request: PullRequest) -> tuple[FollowUp, ...]:
    """Return the follow-ups of the first weeks, oldest first; nothing for what has not landed.

    Whole patches come with the pull request's own files and with tests; other files come as figures.
    """
    if found.landed is None or not found.trunks:
        return ()
    landed = found.landed.commit
    ends = await _ends(clone, found, landed.sha)
    if not ends:
        return ()
    page = origin.commit_page
    window = (f"-n{limits.FOLLOW_UP_COMMITS}", "--first-parent", "--reverse", *ends, f"^{landed.sha}", "--")
    paths = sorted({path for file in pull_request.files for path in (file.path, file.previous_path) if path})
    touching = [f":(top,literal){path}" for path in paths[: limits.PATHSPECS]]
    entries, touched = await asyncio.gather(
        clone.log(*window, commit_page=page),
        clone.log("--diff-merges=off", *window, *touching) if touching else _none(),
    )
    shas = {entry.commit.sha for entry in touched}
    names = Naming(pull_request, landed.sha)
    chosen = [entry for entry in entries if entry.commit.sha in shas or names.explicit(entry)][: limits.FOLLOW_UPS]
    changes = [Change(entry.commit.sha, entry.commit.parents[0]) for entry in chosen if entry.commit.parents]
    diffs = await diffs_of(clone.git, changes)
    return tuple(_follow_up(entry, names, origin, diffs.get(entry.commit.sha, ()), set(paths)) for entry in chosen)


async def _none() -> tuple[Entry, ...]:
    return ()


async def _ends(clone: Clone, found: Found, landed: str) -> tuple[str, ...]:
    """Return the last commit within the window on each trunk, found without comparing any trees."""
    moment = found.landed.commit.committed_at + limits.FOLLOW_UP_WINDOW if found.landed else None
    if moment is None:
        return ()
    until = f"--until={int(moment.timestamp())}"
    answers = await asyncio.gather(
        *(clone.git.read("rev-list", "-n1", "--first-parent", until, trunk, "--") for trunk in found.trunks)
    )
    ends = dict.fromkeys(answer.decode().strip() for answer in answers)
    return tuple(end for end in ends if end and end != landed)


class Naming:
    """How a later commit may name a pull request: by number, by its URL, by the commit that landed it, as a revert."""

    def __init__(self, pull_request: PullRequest, landed: str) -> None:
        number, title = pull_request.number, re.escape(pull_request.title)
        slug = re.escape(f"{pull_request.owner}/{pull_request.repo}") if pull_request.owner else r"(?!)"
        self._number = re.compile(rf"(?:(?<![\w/#.-])|\b{slug})#{number}(?!\d)|\b{slug}/pull/{number}(?!\d)")
        self._reverts = re.compile(rf"This reverts commit {landed[:12]}[0-9a-f]*")
        self._revert_title = re.compile(rf"^Revert:? [\"“]{title}(?: \(#{number}\))?[\"”]")
        self._own = number

    def explicit(self, entry: Entry) -> bool:
        """Whether the commit's own words name the pull request."""
        return bool(self._number.search(entry.commit.message)) or self.is_revert(entry)

    def is_revert(self, entry: Entry) -> bool:
        """Whether the commit takes the pull request back."""
        message = entry.commit.message
        return bool(self._reverts.search(message) or self._revert_title.match(entry.commit.subject))


def _follow_up(
    entry: Entry, names: Naming, origin: Origin, files: tuple[ChangedFile, ...], paths: set[str]
) -> FollowUp:
    commit = entry.commit
    number = number_of(commit.subject)
    title, body = _NUMBER_AT_END.sub("", commit.subject), commit.body
    if commit.is_merge and number and body:
        title, _, body = body.partition("\n")
    return FollowUp(
        number=number,
        sha=commit.sha,
        title=title.strip(),
        body=body.strip(),
        user=commit.author,
        merged_at=commit.committed_at,
        url=origin.pull_url(number) or commit.url,
        files=tuple(_shortened(file, paths) for file in files),
        explicit=names.explicit(entry),
        is_revert=names.is_revert(entry),
    )


def _shortened(file: ChangedFile, paths: set[str]) -> ChangedFile:
    """Return the file with its patch where that can say something about the pull request."""
    if file.path in paths or file.previous_path in paths or kind_of(file.path) is FileKind.TEST:
        return file
    return file.model_copy(update={"patch": None})
