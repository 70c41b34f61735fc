"""A clone, worktree or bare mirror that was opened for reading, and the questions that one process answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from adapters.local_git import limits
from adapters.local_git.git import Git, Outcome, displayable
from adapters.local_git.history import LOG, Entry, parse_log
from bot.errors import RepositoryError

_SHA = re.compile(r"^[0-9a-f]{7,64}$", re.IGNORECASE)
_TRUNKS = (
    *(f"refs/remotes/{remote}/{branch}" for remote in ("upstream", "origin") for branch in ("HEAD", "main", "master")),
    "refs/heads/main",
    "refs/heads/master",
)


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference as ``for-each-ref`` tells it; ``target`` is where a symbolic one leads."""

    name: str
    sha: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Clone:
    """An opened repository. ``folder`` is what the user typed."""

    git: Git
    folder: Path
    git_dir: Path
    is_bare: bool
    is_shallow: bool

    async def refs(self, *names: str) -> tuple[Ref, ...]:
        """Return those of these references that exist, in this order; a name may hold ``*``."""
        out = await self.git.read("for-each-ref", "--format=%(refname)%00%(objectname)%00%(symref)", *names)
        rows = (row.split("\0") for row in out.decode("utf-8", "replace").splitlines())
        return tuple(Ref(*row) for row in rows if len(row) == 3)

    async def trunks(self) -> tuple[str, ...]:
        """Return the references where merged work lands, the most certain first; HEAD's branch leads in a mirror."""
        head = (await self.git.run("rev-parse", "--symbolic-full-name", "HEAD")).out.decode("utf-8", "replace").strip()
        alive = (await self.git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")).status == 0
        found = {ref.name: ref.target or ref.name for ref in await self.refs(*_TRUNKS)}
        known = tuple(dict.fromkeys(found[name] for name in _TRUNKS if name in found))
        mine = (head,) if alive and head else ()
        return (mine or known) if self.is_bare else (known or mine)

    async def log(self, *arguments: str, commit_page: str = "") -> tuple[Entry, ...]:
        """Return the entries of a log, newest first unless the arguments say otherwise."""
        return tuple(parse_log(await self.git.read(*LOG, *arguments), commit_page))

    async def merge_base(self, *commits: str) -> str:
        """Return the best common ancestor of the first and any of the others, or nothing where there is none."""
        outcome = await self.git.run("merge-base", *commits)
        if not outcome.ok and (outcome.status != 1 or outcome.err):
            raise self.git.explain(outcome, "merge-base")
        return outcome.out.decode().strip()

    async def count(self, *arguments: str) -> int:
        """Return how many commits a log of these arguments would have."""
        return int(await self.git.read("rev-list", "--count", *arguments))

    async def commit(self, name: str) -> str:
        """Return the sha of what a user typed. Raises ``RepositoryError`` where that is no commit of this clone."""
        candidates = (name, f"refs/remotes/origin/{name}")
        for candidate in () if name.startswith("-") or "\0" in name else candidates:
            outcome = await self._rev_parse(candidate)
            if outcome.status == 0:
                return outcome.out.decode().strip()
        raise await self._unknown(name)

    async def branch_name(self, name: str) -> str:
        """Return the branch that a user typed (also behind ``HEAD``), without its remote; empty for anything else."""
        outcome = await self.git.run(
            "rev-parse", "--symbolic-full-name", "--verify", "--quiet", "--end-of-options", name
        )
        full = outcome.out.decode("utf-8", "replace").strip().removeprefix("--end-of-options").strip()
        if full.startswith("refs/heads/"):
            return full.removeprefix("refs/heads/")
        return full.split("/", 3)[-1] if full.startswith("refs/remotes/") else ""

    async def _rev_parse(self, name: str) -> Outcome:
        return await self.git.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")

    async def _unknown(self, name: str) -> RepositoryError:
        if not (await self.git.run("rev-list", "--all", "-n1")).out.strip():
            return self.empty()
        shown = displayable(name)
        if _SHA.match(name):
            cut = " It is shallow: git fetch --unshallow brings the rest." if self.is_shallow else ""
            return RepositoryError(
                f"Commit {shown} is not in the clone at {self.folder}.{cut}",
                f"Run git fetch origin {shown} there and ask again.",
            )
        return RepositoryError(
            f"“{shown}” names no branch, tag or commit in {self.folder}.", "git branch -a there lists the names."
        )

    def empty(self) -> RepositoryError:
        """Return the error for a repository without a single commit."""
        return RepositoryError(
            f"The repository at {self.folder} has no commits yet.", "Fetch or commit something first."
        )


async def open_clone(path: Path, *, seconds: float = limits.GIT_SECONDS) -> Clone:
    """Open what the user typed. Raises ``RepositoryError`` where that is no folder or no repository."""
    folder = Path(path)
    git = Git(None, _existing(folder), seconds=seconds)
    asked = ("--absolute-git-dir", "--is-bare-repository", "--is-shallow-repository")
    outcome = await git.run("rev-parse", *asked)
    answers = outcome.out.decode("utf-8", "surrogateescape").rsplit("\n", 3)
    if not outcome.ok or len(answers) != 4:
        raise _no_repository(folder, outcome)
    git_dir = Path(answers[0])
    return Clone(
        Git(git_dir, folder, seconds=seconds), folder, git_dir, answers[1] == "true", is_shallow=answers[2] == "true"
    )


def _existing(folder: Path) -> Path:
    """Return the whole path of a folder. Raises ``RepositoryError`` where there is none."""
    try:
        if folder.is_dir():
            return folder.resolve()
        what = "is a file" if folder.is_file() else "does not exist"
    except (OSError, ValueError):
        what = "cannot be read"
    raise RepositoryError(
        f"The folder {displayable(str(folder), 200)} {what}.", "Give the path of a clone, a worktree or a bare mirror."
    )


def _no_repository(folder: Path, outcome: Outcome) -> RepositoryError:
    if "not a git repository" in outcome.err:
        return RepositoryError(
            f"{folder} is no git repository.",
            "Give the path of a clone, a worktree or a bare mirror, or clone it first.",
        )
    words = displayable(outcome.err.removeprefix("fatal: "), 200)
    return RepositoryError(f"git cannot read the repository at {folder}: {words}.", "Run git fsck there to check it.")
