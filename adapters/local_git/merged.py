"""What landed on the trunk of a clone in a window: squashes and merges that name their pull request."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.local_git import limits
from adapters.local_git.clone import Clone
from adapters.local_git.history import Entry
from adapters.local_git.origin import Origin
from adapters.local_git.resolve import number_of
from bot.merged import Merged, MergedPull, within

_SLACK = timedelta(days=2)  # clocks disagree, and git stops at the first commit that looks too old
_NUMBER_AT_END = re.compile(r"\s*\(#\d+\)$")
_BULLET = re.compile(r"^\* (\S.*)$", re.MULTILINE)
_PULL_REF = re.compile(r"^refs/pull/(\d+)/head$")
_MOST_PATHS = 10


@dataclass(frozen=True, slots=True)
class _Size:
    """What one commit changed against its first parent."""

    additions: int
    deletions: int
    paths: tuple[str, ...]


async def merged_into(clone: Clone, origin: Origin, since: datetime, until: datetime) -> Merged:
    """Return what landed from ``since`` up to, not including, ``until``. Raises ``RepositoryError``."""
    trunks = await clone.trunks()
    if not trunks:
        raise clone.empty()
    window = (
        "--first-parent",
        f"--since={int((since - _SLACK).timestamp())}",
        f"--until={int((until + _SLACK).timestamp())}",
        f"-n{limits.MERGED}",
        trunks[0],
        "--",
    )
    entries = await clone.log(*window, commit_page=origin.commit_page)
    inside = [entry for entry in entries if since <= entry.commit.committed_at < until]
    named = [entry for entry in inside if number_of(entry.commit.subject)]
    sizes = await _sizes(clone, [entry.commit.sha for entry in named if entry.commit.parents])
    subjects = await _subjects(clone, named)
    pulls = [
        _pull(entry, origin, sizes.get(entry.commit.sha), subjects.get(number_of(entry.commit.subject), ()))
        for entry in named
    ]
    return Merged(
        repository=f"{origin.owner}/{origin.repo}".strip("/"),
        since=since,
        until=until,
        pulls=within(pulls, since, until),
        complete=len(entries) < limits.MERGED,
        notes=_notes(len(inside) - len(named), cut=len(entries) >= limits.MERGED),
    )


def _notes(direct: int, *, cut: bool) -> tuple[str, ...]:
    notes = []
    if direct:
        landed = "1 commit landed" if direct == 1 else f"{direct} commits landed"
        notes.append(f"{landed} without a pull request's number")
    if cut:
        notes.append(f"only the last {limits.MERGED:,} commits of the trunk were looked through")
    return tuple(notes)


async def _sizes(clone: Clone, shas: Sequence[str]) -> Mapping[str, _Size]:
    """Return what each of these commits changed against its first parent, by one process for all."""
    if not shas:
        return {}
    out = await clone.git.read(
        "log", "--no-walk=unsorted", "--stdin", "--diff-merges=first-parent", "--numstat", "--no-renames",
        "--no-ext-diff", "--no-textconv", "--no-color", "--no-notes", "--format=tformat:%x00%H",
        stdin="".join(f"{sha}\n" for sha in shas).encode(),
    )  # fmt: skip
    found = {}
    for block in out.decode("utf-8", "replace").split("\0")[1:]:
        sha, *rows = block.splitlines()
        found[sha.strip()] = _size([row.split("\t", 2) for row in rows if row.count("\t") >= 2])
    return found


async def _subjects(clone: Clone, landed: Sequence[Entry]) -> Mapping[int, tuple[str, ...]]:
    """Return the commits of those branches that this clone still has, by number: a squash does not tell of them."""
    onto = {number_of(entry.commit.subject): entry.commit.parents[0] for entry in landed if entry.commit.parents}
    heads = {
        int(found[1]): ref.sha
        for ref in await clone.refs("refs/pull/*/head")
        if (found := _PULL_REF.match(ref.name)) and int(found[1]) in onto
    }
    room = asyncio.Semaphore(limits.GIT_AT_ONCE)

    async def of(number: int) -> tuple[str, ...]:
        own = ("--no-merges", f"-n{limits.SUBJECTS}", "--format=%s", heads[number], f"^{onto[number]}", "--")
        async with room:
            outcome = await clone.git.run("log", "--no-color", "--no-notes", *own)
        return tuple(outcome.out.decode("utf-8", "replace").splitlines()) if outcome.ok else ()

    numbers = sorted(heads, reverse=True)[: limits.BRANCHES]
    return dict(zip(numbers, await asyncio.gather(*map(of, numbers)), strict=True))


def _size(rows: Sequence[Sequence[str]]) -> _Size:
    counted = [(int(added), int(removed), path) for added, removed, path in rows if added.isdecimal()]
    return _Size(
        sum(added for added, _, _ in counted),
        sum(removed for _, removed, _ in counted),
        tuple(path.strip('"') for *_, path in rows),
    )


def _pull(entry: Entry, origin: Origin, size: _Size | None, subjects: tuple[str, ...]) -> MergedPull:
    commit = entry.commit
    number = number_of(commit.subject)
    title, body = _NUMBER_AT_END.sub("", commit.subject), commit.body
    if commit.is_merge and body:
        title, _, body = body.partition("\n")
    subjects = subjects or tuple(_BULLET.findall(body))
    return MergedPull(
        number=number,
        title=title.strip(),
        user=commit.author,
        merged_at=commit.committed_at,
        url=origin.pull_url(number),
        additions=size.additions if size else None,
        deletions=size.deletions if size else None,
        changed_files=len(size.paths) if size else None,
        commits=len(subjects) or None,
        paths=size.paths[:_MOST_PATHS] if size else (),
        subjects=subjects,
    )
