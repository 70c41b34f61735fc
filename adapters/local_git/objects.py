"""What a clone holds, read through ``ls-tree``, ``cat-file --batch`` and ``diff-tree --stdin``: one process for many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from adapters.local_git import limits
from adapters.local_git.git import Git
from adapters.local_git.split import COMMIT_MARK, DiffSplitter
from bot.pull_request import ChangedFile

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
    sides = dict(_sides(raw))
    sizes = await sizes_of(git, {sha for shas in sides.values() for sha in shas})
    absent = [path for path, shas in sides.items() if not all(sha in sizes for sha in shas)]
    around = [":(top)*", *(f":(top,exclude,literal){path}" for path in absent)]
    splitter = DiffSplitter()
    outcome = await git.run(*_DIFF, "--", *around, stdin=change.line.encode(), sink=splitter.feed)
    if not outcome.ok or not absent or len(absent) > limits.MISSING_BLOBS:
        raise git.explain(outcome, "diff-tree")
    read = splitter.close(whole=not outcome.cut).get(change.head)
    told = tuple(ChangedFile(path=path) for path in absent)
    return Files((*(read.files if read else ()), *told), (len(read.records) if read else 0) + len(told), len(told))


def _sides(raw: bytes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each path of a raw diff with the blobs on its two sides (submodules hold none)."""
    fields = raw.decode("utf-8", "surrogateescape").split("\0")
    for record, path in zip(fields[::2], fields[1::2], strict=False):
        modes_and_shas = record.removeprefix(":").split(" ")
        sides = zip(modes_and_shas[:2], modes_and_shas[2:4], strict=False)
        yield path, tuple(sha for mode, sha in sides if mode not in {"000000", "160000"})


async def diffs_of(git: Git, changes: Sequence[Change]) -> Mapping[str, tuple[ChangedFile, ...]]:
    """Return the diffs of many changes by the head of each; one that cannot be read is left out."""
    diffs: dict[str, tuple[ChangedFile, ...]] = {}
    waiting = list(changes)
    for _ in range(_ATTEMPTS):
        splitter = DiffSplitter()
        lines = "".join(change.line for change in waiting).encode()
        outcome = await git.run(*_DIFF, stdin=lines, sink=splitter.feed)
        read = splitter.close(whole=outcome.status == 0)
        reached = list(read)
        if not outcome.ok and reached:
            read.pop(reached[-1])  # git gave up in the middle of this one
        diffs.update((sha, diff.files) for sha, diff in read.items())
        if outcome.ok:
            break
        waiting = _after(waiting, reached[-1] if reached else "")
    return diffs


def _after(changes: list[Change], sha: str) -> list[Change]:
    """Return what is left to try after git failed at the commit ``sha``, or at the very first one."""
    heads = [change.head for change in changes]
    return changes[heads.index(sha) + 1 :] if sha in heads else changes[1:]


async def sizes_of(git: Git, shas: Iterable[str]) -> Mapping[str, int]:
    """Return the size of each of these blobs that is in the clone."""
    asked = "".join(f"{sha}\n" for sha in sorted(set(shas))).encode()
    out = (await git.read("cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)", stdin=asked)).decode()
    rows = (line.split(" ") for line in out.splitlines())
    return {row[0]: int(row[2]) for row in rows if len(row) == 3 and row[1] == "blob"}


async def texts_of(git: Git, commit: str, paths: Sequence[str]) -> Mapping[str, str]:
    """Return the whole text of these paths at a commit.

    Left out is what is not there, not a regular file, binary, or larger than ``limits.WHOLE_FILE_BYTES``.
    """
    blobs = await _blobs(git, commit, paths)
    sizes = await sizes_of(git, blobs.values())
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
    asked = [path for path in dict.fromkeys(paths) if path and "\0" not in path]
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
