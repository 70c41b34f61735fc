"""What a clone holds, through ``ls-tree``, ``cat-file --batch`` and ``diff-tree --stdin``: one process for many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from adapters.local_git import limits
from adapters.local_git.git import Git, Outcome
from adapters.local_git.split import COMMIT_MARK, STATUS, DiffSplitter
from bot.pull_request import ChangedFile, FileStatus

_DIFF = (
    "diff-tree", "--stdin", "-r", "--root", "-z", "--raw", "--numstat", "-p", COMMIT_MARK,
    "--no-ext-diff", "--no-textconv", "--no-color", "--no-relative", "--no-abbrev", "--full-index", "--no-notes",
    "--find-renames", "--diff-algorithm=myers", "--indent-heuristic", "--unified=3", "--inter-hunk-context=0",
    "--submodule=short", "--ignore-submodules=none", "--src-prefix=a/", "--dst-prefix=b/", "-O/dev/null",
)  # fmt: skip
_ATTEMPTS = 8
_REGULAR = ("100644", "100755")
_BINARY_LOOK = 8000


@dataclass(frozen=True, slots=True)
class Change:
    """Two commits to compare; without a base, a commit that begins a history."""

    head: str
    base: str = ""

    @property
    def line(self) -> str:
        """The line that ``diff-tree --stdin`` reads: a commit and, as its parent, the base."""
        return f"{self.head} {self.base}".strip() + "\n"


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one change, and those among all of them that could not be read."""

    files: tuple[ChangedFile, ...] = ()
    total: int = 0
    absent: int = 0


async def diff_of(git: Git, change: Change) -> Files:
    """Return what lies between two commits.

    A partial clone may lack some files: the rest is read around them. Raises ``RepositoryError``.
    """
    splitter = DiffSplitter()
    outcome = await git.run(*_DIFF, stdin=change.line.encode(), sink=splitter.feed)
    if outcome.ok:
        read = splitter.close(whole=not outcome.cut).get(change.head)
        return Files(read.files, len(read.records)) if read else Files()
    if not outcome.lacks_objects or not change.base:
        raise git.explain(outcome, "diff-tree")
    return await _diff_around_absent(git, change)


async def _diff_around_absent(git: Git, change: Change) -> Files:
    """Read the diff without the paths whose content is not in this clone; they are told without figures."""
    raw = await git.read("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", change.base, change.head)
    sides = list(_sides(raw))
    sizes = await sizes_of(git, {sha for side in sides for sha in side.blobs}, change.base, change.head)
    absent = [side for side in sides if not all(sha in sizes for sha in side.blobs)]
    if not 0 < len(absent) <= min(limits.MISSING_BLOBS, len(sides) - 1):
        raise git.lacking()
    around = [":(top)*", *(f":(top,exclude,literal){side.path}" for side in absent)]
    splitter = DiffSplitter()
    outcome = await git.run(*_DIFF, "--", *around, stdin=change.line.encode(), sink=splitter.feed)
    read = splitter.close(whole=not outcome.cut).get(change.head) if outcome.ok else None
    if read is None:
        raise git.explain(outcome, "diff-tree")
    told = tuple(ChangedFile(path=_shown(side.path), status=side.status) for side in absent)
    return Files((*read.files, *told), len(read.records) + len(told), len(told))


@dataclass(frozen=True, slots=True)
class _Side:
    """A file of a raw diff with the blobs before and after (submodules hold none)."""

    path: str
    status: FileStatus
    blobs: tuple[str, ...]


def _sides(raw: bytes) -> Iterator[_Side]:
    fields = raw.decode("utf-8", "surrogateescape").split("\0")
    for record, path in zip(fields[::2], fields[1::2], strict=False):
        before, after, old, new, letter = record.removeprefix(":").split(" ")
        blobs = tuple(sha for mode, sha in ((before, old), (after, new)) if mode not in {"000000", "160000"})
        yield _Side(path, STATUS.get(letter[:1], FileStatus.MODIFIED), blobs)


def _shown(path: str) -> str:
    """Return a path that was passed to git byte by byte as text that can be shown."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


async def diffs_of(git: Git, changes: Sequence[Change]) -> Mapping[str, tuple[ChangedFile, ...]]:
    """Return the diffs of many changes by the head of each; one that cannot be read is left out."""
    diffs: dict[str, tuple[ChangedFile, ...]] = {}
    waiting = list(changes)
    for _ in range(_ATTEMPTS):
        splitter = DiffSplitter()
        lines = "".join(change.line for change in waiting).encode()
        outcome = await git.run(*_DIFF, stdin=lines, sink=splitter.feed)
        read = splitter.close(whole=not outcome.cut) if outcome.ok else splitter.give_up()
        diffs.update((sha, diff.files) for sha, diff in read.items())
        if outcome.ok:
            break
        done = [place for place, change in enumerate(waiting) if change.head in read]
        waiting = waiting[max(done, default=-1) + 2 :]  # git failed at the one after the last complete one
    return diffs


async def sizes_of(git: Git, shas: Iterable[str], *commits: str) -> Mapping[str, int]:
    """Return the size of each of these blobs that is in the clone; ``commits`` are where they were named."""
    asked = set(shas)
    outcome = await _sizes(git, asked)
    if outcome.lacks_objects:
        # In a partial clone cat-file gives up at the first absent object instead of naming it.
        out = await git.read("rev-list", "--objects", "--no-object-names", "--no-walk", "--missing=print", *commits)
        absent = {line.removeprefix("?") for line in out.decode().splitlines() if line.startswith("?")}
        outcome = await _sizes(git, asked - absent)
    if not outcome.ok:
        raise git.explain(outcome, "cat-file")
    rows = (line.split(" ") for line in outcome.out.decode().splitlines())
    return {row[0]: int(row[2]) for row in rows if len(row) == 3 and row[1] == "blob"}


async def _sizes(git: Git, shas: Iterable[str]) -> Outcome:
    asked = "".join(f"{sha}\n" for sha in sorted(shas)).encode()
    return await git.run("cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)", stdin=asked)


async def texts_of(git: Git, commit: str, paths: Sequence[str]) -> Mapping[str, str]:
    """Return the whole text of these paths at a commit.

    Left out is what is not there, not a regular file, binary, or larger than ``limits.WHOLE_FILE_BYTES``.
    """
    blobs = await _blobs(git, commit, paths)
    sizes = await sizes_of(git, blobs.values(), commit)
    wanted: list[str] = []
    total = 0
    for sha in dict.fromkeys(blobs.values()):
        size = sizes.get(sha, limits.WHOLE_FILE_BYTES + 1)
        if size <= limits.WHOLE_FILE_BYTES and total + size <= limits.WHOLE_FILES_BYTES:
            wanted.append(sha)
            total += size
    out = await git.read("cat-file", "--batch", stdin="".join(f"{sha}\n" for sha in wanted).encode())
    contents = dict(_batch(out))
    return {path: contents[sha] for path, sha in blobs.items() if sha in contents}


async def _blobs(git: Git, commit: str, paths: Sequence[str]) -> dict[str, str]:
    """Return the blobs of those paths that are regular files, in the order in which they were asked for."""
    found: dict[str, str] = {}
    asked = [path for path in dict.fromkeys(paths) if _is_inside(path)]
    for start in range(0, len(asked), limits.PATHSPECS):
        some = asked[start : start + limits.PATHSPECS]
        out = await git.read(
            "ls-tree", "-r", "-z", "--full-tree", commit, "--", *(f":(literal){path}" for path in some)
        )
        for row in out.decode("utf-8", "surrogateescape").split("\0"):
            entry, _, path = row.partition("\t")
            mode, _, sha = entry.partition(" blob ")
            if mode in _REGULAR:
                found[path] = sha
    return {path: found[path] for path in asked if path in found}


def _is_inside(path: str) -> bool:
    """Whether a path can be one of a tree; git refuses the whole question for one that leads outside."""
    return bool(path) and "\0" not in path and not path.startswith("/") and ".." not in path.split("/")


def _batch(out: bytes) -> Iterator[tuple[str, str]]:
    """Yield the texts of a ``cat-file --batch`` answer; git's own sign of a binary file is a NUL near its beginning."""
    position = 0
    while (end := out.find(b"\n", position)) >= 0:
        sha, kind, *size = out[position:end].decode().split(" ")
        position = end + 1
        if kind != "blob" or not size:
            continue
        content = out[position : position + int(size[0])]
        position += int(size[0]) + 1
        if b"\0" not in content[:_BINARY_LOOK]:
            yield sha, content.decode("utf-8", "replace")
