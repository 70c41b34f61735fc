"""Bad input: one sentence and the next step each."""

import pytest

from bot.errors import RepositoryError
from bot.target import LocalTarget


async def _error(source, target) -> RepositoryError:
    with pytest.raises(RepositoryError) as caught:
        await source.pull_request(target)
    assert caught.value.next_step
    return caught.value


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("absent", "does not exist"),
        ("file", "is a file"),
        ("folder", "is no git repository"),
        ("nul\0", "does not exist"),
        ("x" * 5_000, "cannot be read"),
    ],
)
async def test_no_repository(source, tmp_path, name, words):
    """A path that is no repository is told from one that is no folder."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    assert words in (await _error(source, LocalTarget(tmp_path / name, 7))).sentence


async def test_no_such_number(squashed, source):
    """An unknown number says what was looked for and how to fetch it."""
    error = await _error(source, squashed.target(999))
    assert "there is no refs/pull/999/head" in error.sentence
    assert "git fetch origin refs/pull/999/head:refs/pull/999/head" in error.next_step


@pytest.mark.parametrize(("number", "base", "head"), [(7, "", ""), (0, "main", "HEAD")])
async def test_empty_repository(build, source, number, base, head):
    """A repository without commits is said to be empty."""
    error = await _error(source, build().target(number, base, head))
    assert "has no commits yet" in error.sentence


@pytest.mark.parametrize("number", [7, 8])
async def test_shallow_clone(squashed, source, tmp_path, number):
    """A shallow clone without the commits in question says how to get them, and shows no whole tree as new."""
    path = tmp_path / "shallow"
    squashed.git("checkout", "-q", "main~2")
    squashed.git("clone", "-q", "--depth=1", f"file://{squashed.path}", str(path))
    error = await _error(source, LocalTarget(path, number))
    assert "shallow" in str(error)


async def test_shallow_range(squashed, source, tmp_path):
    """A range that begins before a shallow clone's edge says how to bring the rest."""
    path = tmp_path / "shallow"
    begin = squashed.git("rev-list", "--max-parents=0", "main")
    squashed.git("clone", "-q", "--depth=1", f"file://{squashed.path}", str(path))
    error = await _error(source, LocalTarget(path, 0, begin, "HEAD"))
    assert "git fetch --unshallow" in str(error)


async def test_blobless_clone(squashed, source, tmp_path):
    """A clone without any file contents says that it is partial."""
    squashed.git("config", "uploadpack.allowFilter", "true")
    path = tmp_path / "partial"
    squashed.git("clone", "-q", "--bare", "--filter=blob:none", f"file://{squashed.path}", str(path))
    squashed.git("--git-dir", str(path), "update-ref", "refs/pull/7/head", "refs/heads/add-retry")
    error = await _error(source, LocalTarget(path, 7))
    assert "partial" in error.sentence
    assert "--refetch" in error.next_step


async def test_partly_filled_clone(squashed, source, tmp_path):
    """A partial clone that lacks some contents is read around them, and they are told by name and status."""
    squashed.git("config", "uploadpack.allowFilter", "true")
    squashed.commit("Base", {"changed.txt": "small\n"})
    squashed.commit("Two (#50)", {"a.txt": "small\n", "big.txt": "x" * 5_000, "changed.txt": "y" * 5_000})
    path = tmp_path / "partial"
    squashed.git("clone", "-q", "--bare", "--filter=blob:limit=1k", f"file://{squashed.path}", str(path))
    pull, coverage = await source.pull_request(LocalTarget(path, 50))
    assert [(file.path, file.status.value, file.patch) for file in pull.files] == [
        ("a.txt", "added", "@@ -0,0 +1 @@\n+small"),
        ("big.txt", "added", None),
        ("changed.txt", "modified", None),
    ]
    assert "2 files are not in this partial clone" in coverage.notes
    assert coverage.partial
    assert await source.files_at_head(pull, ["a.txt", "big.txt"]) == {"a.txt": "small\n"}


async def test_damaged_repository(squashed, source):
    """A damaged repository ends in git's own words, on one line."""
    (squashed.path / ".git" / "config").write_text("[core\nbroken")
    error = await _error(source, squashed.target(7))
    assert "bad config" in error.sentence
    assert "\n" not in str(error)
