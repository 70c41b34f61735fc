"""Which commits a target means: the branch of a pull request, where it left the trunk, and how it came back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from adapters.local_git.clone import Clone, Ref
from adapters.local_git.history import Entry
from bot.errors import RepositoryError

_MERGE_OF = re.compile(r"^(?:Merge pull request|Auto merge of) #(\d+)\b(?: from (\S+))?")
_SQUASH_OF = re.compile(r"\(#(\d+)\)$")
_CANDIDATES = 200
_SKEW = timedelta(days=1)
_SAME_AUTHOR = 5_000


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. The diff is ``base`` to ``head``; own commits are those of ``head`` and not of ``outside``.

    ``landed`` is the merge, squash or last rebased commit; ``trunks`` are the references where follow-ups are
    looked for; ``only_landed`` says that the branch itself is not in this clone.
    """

    number: int
    base: str
    head: str
    outside: tuple[str, ...]
    landed: Entry | None = None
    merged: bool = False
    trunks: tuple[str, ...] = ()
    base_ref: str = ""
    head_ref: str = ""
    remote: str = ""
    only_landed: bool = False
    notes: tuple[str, ...] = ()


def number_of(subject: str) -> int:
    """Return the pull request that a commit's subject says it lands, or 0."""
    found = _MERGE_OF.match(subject) or _SQUASH_OF.search(subject)
    return int(found[1]) if found else 0


def merged_branch(subject: str) -> str:
    """Return the branch in ``Merge pull request #7 from user/branch``, without the user; or nothing."""
    found = _MERGE_OF.match(subject)
    return (found[2] or "").partition("/")[2] if found else ""


async def find_number(clone: Clone, number: int) -> Found:
    """Find ``PATH#7``. Raises ``RepositoryError`` that says what was looked for."""
    trunks, refs = await asyncio.gather(clone.trunks(), _pull_refs(clone, number))
    heads = [ref for ref in refs if not ref.name.endswith("/merge")]
    branch_tip = (await clone.log("-n1", heads[0].sha, "--"))[0] if heads else None
    landed = await _landed(clone, number, trunks, branch_tip)
    if not heads and landed is None:
        raise await _nothing(clone, number, trunks)
    if landed is not None and landed.source not in trunks:
        trunks = (landed.source,)
    common = Found(
        number, "", "", (), landed, landed is not None, trunks, _short(trunks), head_ref=f"pull/{number}/head"
    )
    if not heads:
        return await _from_landed(clone, common)
    found = replace(common, head=heads[0].sha, remote=_remote(heads[0].name))
    if landed is None:
        return await _from_branch(clone, found, [ref for ref in refs if ref.name.endswith("/merge")])
    branch = merged_branch(landed.commit.subject)
    return await _from_both(clone, replace(found, head_ref=branch or found.head_ref), landed)


async def find_range(clone: Clone, base: str, head: str) -> Found:
    """Find ``PATH@base..head``. Raises ``RepositoryError`` for an unknown name or an empty range."""
    outside, inside = await clone.commit(base), await clone.commit(head)
    start, branch = await asyncio.gather(clone.merge_base(inside, outside), clone.branch_name(head))
    if not start:
        raise _unrelated(clone, f"{base} and {head}")
    if start == inside:
        same = outside == inside
        raise RepositoryError(
            f"{base}..{head} is empty: " + ("both are the same commit." if same else f"{base} has all of {head}."),
            "Name two different commits." if same else f"Did you mean {head}..{base}?",
        )
    base_ref = await clone.branch_name(base)
    return Found(0, start, inside, (outside,), base_ref=base_ref or base, head_ref=branch)


async def _pull_refs(clone: Clone, number: int) -> tuple[Ref, ...]:
    """Return the references of a pull request; GitHub's own first, a remote's after it."""
    return await clone.refs(
        f"refs/pull/{number}/head",
        f"refs/pull/{number}/merge",
        f"refs/remotes/*/pr/{number}",
        f"refs/remotes/*/pull/{number}",
        f"refs/remotes/*/pull/{number}/head",
    )


async def _landed(clone: Clone, number: int, trunks: Sequence[str], tip: Entry | None) -> Entry | None:
    """Return the commit that says it merges the pull request: on the trunk, else on any branch (a release's).

    A project that began as a fork has two histories in one, and two commits for one number: the branch's tip
    tells which, for nothing is merged before it is written; without a branch the later one is this project's.
    """
    phrases = (f"(#{number})", f"Merge pull request #{number} from ", f"Auto merge of #{number} ")
    grep = ("--fixed-strings", *(f"--grep={phrase}" for phrase in phrases), f"-n{_CANDIDATES}")
    for places in (tuple(trunks), ("--branches", "--remotes")):
        entries = await clone.log(*grep, *places, "--") if places else ()
        mine = [entry for entry in entries if number_of(entry.commit.subject) == number]
        if tip is not None:
            mine = [entry for entry in mine if entry.commit.committed_at >= tip.commit.committed_at - _SKEW]
        if mine and tip is None:
            return max(mine, key=_by_time)
        if mine:
            return min(mine, key=_by_time)  # a later cherry-pick keeps the subject
    return None


def _by_time(entry: Entry) -> datetime:
    return entry.commit.committed_at


async def _from_landed(clone: Clone, found: Found) -> Found:
    """Take all from the merged commit: a true merge still holds its branch, a squash is its only commit."""
    landed = found.landed
    if landed is None or not landed.commit.parents:
        raise _cut_off(clone, f"the commit that merged #{found.number}")
    sha, (onto, *branches) = landed.commit.sha, landed.commit.parents
    if branches:
        base = await clone.merge_base(onto, branches[0])
        branch = merged_branch(landed.commit.subject)
        if base and base != branches[0]:
            return replace(found, base=base, head=branches[0], outside=(onto,), head_ref=branch or found.head_ref)
    note = (
        f"the branch's own commits are not in this clone, only the one that landed"
        f" (git fetch origin refs/pull/{found.number}/head:refs/pull/{found.number}/head brings them)"
    )
    return replace(found, base=onto, head=sha, outside=(onto,), only_landed=True, notes=(*found.notes, note))


async def _from_both(clone: Clone, found: Found, landed: Entry) -> Found:
    """Take the branch from its reference and the base from the merged commit's parent.

    That parent is what the branch was last compared with, so a trunk that was merged into the branch
    on the way is not counted as the branch's own work.
    """
    if not landed.commit.parents:
        raise _cut_off(clone, f"the commit that merged #{found.number}")
    onto = landed.commit.parents[0]
    base = await clone.merge_base(onto, found.head)
    if not base or base == found.head:
        note = "the pull request's reference holds nothing of its own any more, so the merged commit was read instead"
        return await _from_landed(clone, replace(found, notes=(*found.notes, note)))
    return replace(found, base=base, outside=(onto,))


async def _from_branch(clone: Clone, found: Found, merges: Sequence[Ref]) -> Found:
    """Take a branch that no commit says it merged: open, closed, or merged without a word about its number."""
    if not found.trunks:
        raise clone.empty()
    landed = await _unnamed_landing(clone, found)
    if landed is not None and landed.commit.parents:
        note = f"no commit names #{found.number}: it was recognised by its last commit's author and time"
        return await _from_both(clone, replace(found, landed=landed, merged=True, notes=(*found.notes, note)), landed)
    tried = await clone.log("-n1", merges[0].sha, "--") if merges else ()
    parents = tried[0].commit.parents if tried else ()
    outside = parents[:1] if parents[1:] == (found.head,) else found.trunks
    base = await clone.merge_base(found.head, *outside)
    if not base:
        raise _unrelated(clone, f"#{found.number} and {found.base_ref}")
    if base == found.head:
        return await _swallowed(clone, found)
    return replace(found, base=base, outside=outside)


async def _unnamed_landing(clone: Clone, found: Found) -> Entry | None:
    """Return the trunk's copy of the branch's last commit (a rebase keeps author and time), or the merge of it."""
    merges = await clone.log("--merges", "--ancestry-path", *found.trunks, f"^{found.head}", "--")
    merge = next((entry for entry in reversed(merges) if found.head in entry.commit.parents[1:]), None)
    if merge is not None:
        return merge
    outside = tuple(f"^{trunk}" for trunk in found.trunks)
    last = await clone.log("--no-merges", "-n1", found.head, *outside, "--")
    if not last or not last[0].author_mail:
        return None
    author, moment = last[0].author_mail, last[0].commit.authored_at
    by_author = await clone.log(
        "--fixed-strings", f"--author=<{author}>", f"-n{_SAME_AUTHOR}", *found.trunks, f"^{found.head}", "--"
    )
    return next((entry for entry in by_author if entry.commit.authored_at == moment), None)


async def _swallowed(clone: Clone, found: Found) -> Found:
    """Take the last commit of a branch that the trunk holds whole, with nothing left to tell where it began."""
    last = (await clone.log("-n1", found.head, "--"))[0].commit
    if not last.parents:
        raise _cut_off(clone, f"the last commit of #{found.number}")
    note = "the trunk holds this branch and nothing tells where it began, so only its last commit was read"
    return replace(found, base=last.parents[0], outside=last.parents[:1], merged=True, notes=(*found.notes, note))


async def _nothing(clone: Clone, number: int, trunks: Sequence[str]) -> RepositoryError:
    if not trunks and not (await clone.git.run("rev-list", "--all", "-n1")).out.strip():
        return clone.empty()
    shallow = " It is a shallow clone." if clone.is_shallow else ""
    return RepositoryError(
        f"#{number} is not in {clone.folder}: there is no refs/pull/{number}/head,"
        f" and no commit's subject says that it merges #{number}.{shallow}",
        f"Run git fetch origin refs/pull/{number}/head:refs/pull/{number}/head there, or name the commits:"
        f" {clone.folder}@base..head.",
    )


def _cut_off(clone: Clone, what: str) -> RepositoryError:
    return RepositoryError(
        f"In {clone.folder} the history ends at {what}, so nothing can be compared with it.",
        "Run git fetch --unshallow there and ask again." if clone.is_shallow else "Name the commits: PATH@base..head.",
    )


def _unrelated(clone: Clone, what: str) -> RepositoryError:
    return RepositoryError(
        f"In {clone.folder} {what} have no common ancestor.",
        "Run git fetch --unshallow there and ask again."
        if clone.is_shallow
        else "Name the branch it was meant for: PATH@base..head.",
    )


def _short(trunks: Sequence[str]) -> str:
    """Return the branch's name without ``refs/heads/`` or its remote."""
    name = trunks[0] if trunks else ""
    return name.split("/", 3)[-1] if name.startswith("refs/remotes/") else name.removeprefix("refs/heads/")


def _remote(name: str) -> str:
    return name.split("/")[2] if name.startswith("refs/remotes/") else ""
