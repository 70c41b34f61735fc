"""Diffs are split as git meant them, whatever is in the names and in the content."""

import asyncio
import re
import subprocess
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.local_git import LocalGitSource, limits
from adapters.local_git.git import Git
from adapters.local_git.objects import _DIFF
from adapters.local_git.split import DiffSplitter
from bot.diff import parse_patch
from bot.pull_request import FileStatus
from bot.target import LocalTarget

_AWKWARD = [
    "diff --git a/x b/x\n",
    "--- a/x\n",
    "+++ b/x\n",
    "@@ -1 +1 @@\n",
    "\x01" + "0" * 40 + "\n",
    "\\ No newline\n",
]
_line = st.one_of(
    st.sampled_from([*_AWKWARD, "\n", "a\n", "b\r\n", "\u2028c\x0cd\x85e\n", "\rlone\n"]).map(str.encode),
    st.binary(max_size=6).map(lambda raw: raw.replace(b"\0", b"?") + b"\n"),
)
_content = st.builds(
    lambda lines, end: b"".join(lines) + end, st.lists(_line, max_size=12), st.sampled_from([b"", b"end"])
)
_name = st.text(st.characters(blacklist_characters="/\0", blacklist_categories=("Cs",)), min_size=1, max_size=8).filter(
    lambda name: name not in {".", ".."} and not name.lower().startswith((".git", "git~"))
)
_path = st.one_of(_name, _name.map('d/ é"\n/{}'.format))
_file = st.tuples(st.sampled_from([b"100644", b"100755", b"120000"]), _content)
_tree = st.dictionaries(_path, _file, max_size=5)


def _quoted(path: str) -> bytes:
    return b'"' + "".join(f"\\{byte:03o}" for byte in path.encode()).encode() + b'"'


def _commit(tree: dict, mark: int) -> bytes:
    """Return a commit of exactly this tree in the words of ``git fast-import``."""
    stamp = b"author A <a@example.org> 1770000000 +0000\ncommitter A <a@example.org> 1770000000 +0000\n"
    head = b"commit refs/heads/main\nmark :%d\n" % mark + stamp + b"data 1\nx\n" + (b"from :1\n" if mark == 2 else b"")
    files = [
        b"M %s inline %s\ndata %d\n%s\n" % (mode, _quoted(path), len(content), content)
        for path, (mode, content) in tree.items()
        if content or mode != b"120000"
    ]
    return head + b"deleteall\n" + b"".join(files) + b"\n"


def _run(path: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(["git", "-C", str(path), *arguments], input=stdin, capture_output=True, check=True).stdout


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=_tree, after=_tree)
def test_what_is_parsed_is_what_git_counts(before, after):
    """For any two trees, the parsed lines of every file are as many as ``--numstat`` says, at their own numbers."""
    with ExitStack() as stack:
        path = Path(stack.enter_context(TemporaryDirectory()))
        _run(path, "init", "-q", "-b", "main", ".")
        _run(path, "fast-import", "--quiet", stdin=_commit(before, 1) + _commit(after, 2))
        if not _run(path, "diff-tree", "-r", "main~1", "main"):
            return
        pull, _ = asyncio.run(LocalGitSource().pull_request(LocalTarget(path, 0, "main~1", "main")))
        told = _run(path, "diff-tree", "-r", "-M", "-z", "--numstat", "main~1", "main").decode("utf-8", "replace")
    figures = [tuple(row.split("\t")[:2]) for row in told.split("\0") if re.match(r"(\d+|-)\t(\d+|-)\t", row)]
    assert [(str(f.additions), str(f.deletions)) for f in pull.files if not f.is_binary] == [
        figure for figure in figures if figure[0] != "-"
    ]
    for file in pull.files:
        diff = parse_patch(file)
        assert not file.is_binary
        assert (len(diff.added), len(diff.removed)) == (file.additions, file.deletions), file
        if file.status is not FileStatus.REMOVED:
            lines = after[file.path][1].decode("utf-8", "replace").split("\n")
            assert all(lines[line.new - 1].removesuffix("\r") == line.text for line in diff.added)


@pytest.fixture
async def printed(squashed):
    """What git prints for all commits of the sample repository at once."""
    shas = squashed.git("rev-list", "--no-merges", "main", "add-retry")
    return await Git(squashed.path / ".git", squashed.path).read(*_DIFF, stdin=f"{shas}\n".encode())


@pytest.mark.parametrize("size", [1, 2, 7, 64, 100_000])
async def test_pieces_do_not_matter(printed, size):
    """However the output is cut into pieces, the same diffs come out of it."""
    whole, pieces = DiffSplitter(), DiffSplitter()
    whole.feed(printed)
    for start in range(0, len(printed), size):
        assert pieces.feed(printed[start : start + size])
    expected = whole.close(whole=True)
    assert len(expected) == 8
    assert pieces.close(whole=True) == expected
    assert all(file.patch for diff in expected.values() for file in diff.files)


async def test_kinds_of_change(build, source):
    """Renames, modes, binaries, submodules, symlinks, emptiness and type changes come in GitHub's words."""
    repo = build()
    lines = "".join(f"line {number}\n" for number in range(40))
    repo.commit("Begin", {"old.txt": lines, "bin": b"a\0b", "run.sh": "x\n", "gone.txt": "1\n", "was_file": "f\n"})
    repo.commit(
        "Change",
        {"old.txt": None, "new.txt": lines + "more\n", "bin": b"a\0c", "gone.txt": None, "empty": "", "was_file": None},
    )
    (repo.path / "was_file").symlink_to("run.sh")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
    repo.git("update-index", "--chmod=+x", "run.sh")
    repo.git("add", "was_file")
    repo.git("commit", "-q", "--amend", "-m", "Change")
    pull, coverage = await source.pull_request(repo.target(base="HEAD~1", head="HEAD"))
    told = {f.path: (f.status.value, f.additions, f.deletions, f.patch, f.is_binary) for f in pull.files}
    assert told == {
        "bin": ("modified", 0, 0, None, True),
        "empty": ("added", 0, 0, "", False),
        "gone.txt": ("removed", 0, 1, "@@ -1 +0,0 @@\n-1", False),
        "new.txt": ("renamed", 1, 0, "@@ -38,3 +38,4 @@ line 36\n line 37\n line 38\n line 39\n+more", False),
        "run.sh": ("modified", 0, 0, "", False),
        "sub": ("added", 1, 0, f"@@ -0,0 +1 @@\n+Subproject commit {'1' * 40}", False),
        "was_file": (
            "changed", 1, 1, "@@ -1 +0,0 @@\n-f\n@@ -0,0 +1 @@\n+run.sh\n\\ No newline at end of file", False,
        ),
    }  # fmt: skip
    assert next(f.previous_path for f in pull.files if f.path == "new.txt") == "old.txt"
    assert (coverage.files_read, coverage.files_total) == (7, 7)


async def test_large_patches_are_left_out(build, source, monkeypatch):
    """A patch beyond the bound keeps its figures, loses its text, and the files around it lose nothing."""
    monkeypatch.setattr(limits, "PATCH_BYTES", 2_000)
    repo = build()
    repo.commit("Begin", {"z.txt": "1\n"})
    repo.commit("Grow", {"a.txt": "a\n", "huge.txt": "x" * 79 + "\n" + "y\n" * 400_000, "z.txt": "2\n"})
    pull, coverage = await source.pull_request(repo.target(base="HEAD~1", head="HEAD"))
    told = {f.path: (f.additions, f.patch) for f in pull.files}
    assert told == {
        "a.txt": (1, "@@ -0,0 +1 @@\n+a"),
        "huge.txt": (400_001, None),
        "z.txt": (1, "@@ -1 +1 @@\n-1\n+2"),
    }
    assert (coverage.files_read, coverage.files_total) == (2, 3)
    assert any("too large" in note for note in coverage.notes)


async def test_kept_text_is_bounded(build, source, monkeypatch):
    """Beyond the bound for all patches together, further ones are left out and counted."""
    monkeypatch.setattr(limits, "KEPT_PATCH_BYTES", 1_000)
    repo = build()
    repo.commit("Begin", {"a": "1\n"})
    repo.commit("Many", {f"f{number:02}.txt": "x" * 100 + "\n" for number in range(20)})
    pull, coverage = await source.pull_request(repo.target(base="HEAD~1", head="HEAD"))
    read = [f for f in pull.files if f.patch]
    assert 0 < len(read) < 10
    assert (coverage.files_read, coverage.files_total, pull.additions) == (len(read), 20, 20)


async def test_reading_stops_at_the_bound(build, source, monkeypatch):
    """When a diff is longer than we read at all, git is stopped and what was not reached is said to be unread."""
    monkeypatch.setattr(limits, "DIFF_BYTES", 300_000)
    repo = build()
    repo.commit("Begin", {"a": "1\n"})
    repo.commit("Many", {f"f{number:02}.txt": f"{number} {'x' * 60}\n" * 2_000 for number in range(40)})
    pull, coverage = await source.pull_request(repo.target(base="HEAD~1", head="HEAD"))
    assert (pull.additions, coverage.files_total) == (80_000, 40)
    assert 0 < coverage.files_read < 40
    assert coverage.partial


async def test_files_beyond_the_bound(build, source, monkeypatch):
    """More files than are kept are counted, and the coverage says how many are missing."""
    monkeypatch.setattr(limits, "FILES", 5)
    repo = build()
    repo.commit("Begin", {"a": "1\n"})
    repo.commit("Many", {f"f{number}": "x\n" for number in range(8)})
    pull, coverage = await source.pull_request(repo.target(base="HEAD~1", head="HEAD"))
    assert (len(pull.files), pull.changed_files, coverage.files_total) == (5, 8, 8)
    assert "3 further files were left out" in coverage.notes
