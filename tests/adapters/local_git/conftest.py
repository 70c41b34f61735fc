"""Small repositories, built in the test's own folder with fixed names and times."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.local_git import LocalGitSource
from bot.target import LocalTarget


class Repository:
    """A repository to build on; every commit is an hour after the one before."""

    def __init__(self, path: Path, *options: str) -> None:
        """Begin an empty repository on branch ``main``."""
        self.path = path
        self.hours = 0
        path.mkdir(parents=True)
        self.git("init", "-q", "-b", "main", *options, ".")

    def git(self, *arguments: str, stdin: bytes = b"", **environment: str) -> str:
        """Run git as a user would, with none of this machine's own configuration."""
        when = f"{1_770_000_000 + 3600 * self.hours} +0000"
        fixed = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.path),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "GitHub",
            "GIT_COMMITTER_EMAIL": "noreply@github.com",
            "GIT_AUTHOR_DATE": when,
            "GIT_COMMITTER_DATE": when,
        }
        done = subprocess.run(
            ["git", "-C", str(self.path), *arguments],
            input=stdin,
            env={**fixed, **environment},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "replace").strip()

    def commit(self, message: str, files: dict[str, str | bytes | None] | None = None, **environment: str) -> str:
        """Write files (``None`` removes one), commit, and return the sha."""
        for name, content in (files or {}).items():
            file = self.path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                file.unlink()
            else:
                file.write_bytes(content.encode() if isinstance(content, str) else content)
        self.hours += 1
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message, **environment)
        return self.git("rev-parse", "HEAD")

    def branch(self, name: str, start: str = "main") -> None:
        """Begin a branch and go there."""
        self.git("checkout", "-q", "-b", name, start)

    def go(self, name: str) -> None:
        """Go to a branch."""
        self.git("checkout", "-q", name)

    def squash(self, branch: str, message: str, **environment: str) -> str:
        """Land a branch on main as one commit, as GitHub's button does."""
        self.go("main")
        self.git("merge", "-q", "--squash", branch)
        return self.commit(message, **environment)

    def merge(self, branch: str, message: str) -> str:
        """Merge a branch into the current one with a merge commit."""
        self.hours += 1
        self.git("merge", "-q", "--no-ff", "-m", message, branch)
        return self.git("rev-parse", "HEAD")

    def pull_ref(self, number: int, commit: str) -> None:
        """Let ``refs/pull/N/head`` name a commit."""
        self.git("update-ref", f"refs/pull/{number}/head", commit)

    def target(self, number: int = 0, base: str = "", head: str = "") -> LocalTarget:
        """Return what a user would type."""
        return LocalTarget(self.path, number, base, head)


Build = Callable[..., Repository]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """A builder of repositories in this test's folder."""
    return lambda name="project", *options: Repository(tmp_path / name, *options)


@pytest.fixture
def squashed(build: Build) -> Repository:
    """Pull request #7: three commits and a merge of main, squashed, with its reference, and two follow-ups."""
    repo = build()
    repo.commit("Begin", {"app.py": "def run():\n    return 1\n", "AGENTS.md": "Be brief.\n", "other.txt": "a\n"})
    repo.branch("add-retry")
    repo.commit("Add retry\n\nIt is needed.", {"app.py": "def run():\n    return 2\n", "retry.py": "x = 1\n"})
    repo.go("main")
    repo.commit("Elsewhere (#6)", {"other.txt": "b\n", "main_only.txt": "m\n"})
    repo.go("add-retry")
    repo.merge("main", "Merge branch 'main' into add-retry")
    repo.commit(
        "Fix retry\n\nCo-authored-by: Bo <12+bo-login@users.noreply.github.com>\nCo-authored-by: Cy <cy@example.org>",
        {"retry.py": "x = 2\n", "tests/test_retry.py": "def test_x():\n    assert True\n"},
    )
    repo.pull_ref(7, "add-retry")
    repo.squash(
        "add-retry",
        "Add retry to the runner (#7)\n\nFixes #5.\n\nCo-authored-by: Cy <cy@example.org>",
        GIT_AUTHOR_EMAIL="9+ada-login@users.noreply.github.com",
    )
    repo.commit("Mend retry (#8)\n\nFollows #7.", {"retry.py": "x = 3\n", "notes.txt": "n\n"})
    repo.commit("Unrelated (#77)", {"notes.txt": "nn\n"})
    repo.commit('Revert "Add retry to the runner" (#9)', {"retry.py": None})
    return repo


@pytest.fixture
def source() -> LocalGitSource:
    """A source with its ordinary bounds."""
    return LocalGitSource()
