"""One pull request, told twice: as a real git repository, and as what GitHub's REST API says of it.

Squash-merged as #7, with a rename, a removal, a binary file, a quoted path and a co-author; afterwards #8 mends it,
#9 touches something else, and AGENTS.md changes.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fakes.github import PullRequestData, made_up_pull_request
from fakes.github.made_up import OWNER, REPO, account, made_up_commit
from fakes.github.merged import merged_routes

from adapters.github.difftext import files_of

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SOUP = "def soup():\n    water = 1\n    return water\n"
SALTED = "def soup():\n    water = 1\n    salt = 2\n    return water + salt\n"
MENDED = "def soup():\n    water = 1\n    salt = 1\n    return water + salt\n"
RULES = "# Rules\n\nTaste before you serve.\n"
QUOTED = "docs/crème.md"


@dataclass(frozen=True)
class Story:
    """Where the repository is, and the commits that matter in it."""

    folder: Path
    base: str
    commits: tuple[str, ...]
    merge: str
    mend: str
    other: str

    @property
    def head(self) -> str:
        """The pull request's last commit."""
        return self.commits[-1]

    def git(self, *arguments: str) -> str:
        """Return what git prints."""
        return _git(self.folder, *arguments)


def tell(folder: Path) -> Story:
    """Lay the story down as a repository in ``folder``."""
    folder.mkdir(parents=True)
    _git(folder, "init", "-q", "-b", "main")
    _write(
        folder, {"src/soup.py": SOUP, "src/spoon.py": "SPOON = 1\n" * 12, "src/old.py": "OLD = 1\n", "AGENTS.md": RULES}
    )
    base = _commit(folder, 0, "Begin with water")
    _git(folder, "checkout", "-q", "-b", "salt")
    _write(folder, {"src/soup.py": SALTED, "tests/test_soup.py": "def test_soup():\n    assert True\n"})
    first = _commit(folder, 60, "Add salt\n\nNot too much.\n\nCo-authored-by: Grace <7+grace@users.noreply.github.com>")
    _git(folder, "mv", "src/spoon.py", "src/ladle.py")
    (folder / "src/old.py").unlink()
    _write(folder, {QUOTED: "Cream.\n", "docs/soup.png": b"\x89PNG\0\1\2\3"})
    second = _commit(folder, 90, "Address review: rename the spoon")
    _git(folder, "update-ref", "refs/pull/7/head", second)
    _git(folder, "checkout", "-q", "main")
    _git(folder, "merge", "-q", "--squash", "salt")
    merge = _commit(folder, 600, "Season the soup (#7)\n\nAdds salt.\n\nFixes #3")
    _write(folder, {"src/soup.py": MENDED})
    mend = _commit(folder, 3000, "Fix oversalted soup (#8)\n\nFollows #7")
    _write(folder, {"README.md": "Soup.\n", "AGENTS.md": "# Rules\n\nThere are none any more.\n"})
    other = _commit(folder, 3100, "Write a readme (#9)")
    return Story(folder, base, (first, second), merge, mend, other)


def as_github(story: Story) -> PullRequestData:
    """Return the same story as GitHub's REST API tells it."""
    data = made_up_pull_request(
        7, files=0, commits=0, comments=0, title="Season the soup", body="Adds salt.\n\nFixes #3", merged_minutes=600
    )
    data.files = _files(story, story.base, story.head)
    data.commits = [_rest_commit(story, sha) for sha in story.commits]
    data.pull |= {
        "additions": sum(file["additions"] for file in data.files),
        "deletions": sum(file["deletions"] for file in data.files),
        "changed_files": len(data.files),
        "commits": len(data.commits),
        "merge_commit_sha": story.merge,
    }
    data.pull["base"] |= {"sha": story.base}
    data.pull["head"] |= {"sha": story.head}
    data.later = [
        _later(story, 8, story.mend, title="Fix oversalted soup", body="Follows #7", minutes=3000),
        _later(story, 9, story.other, title="Write a readme", body="", minutes=3100),
    ]
    return data


def routes_of(story: Story) -> dict[str, Any]:
    """Return all REST paths of the story, with whole files and commits' own diffs."""
    home = f"/repos/{OWNER}/{REPO}"
    data = as_github(story)
    routes = data.routes()
    routes |= merged_routes([one.pull for one in (data, *data.later)])
    for sha in story.commits:
        routes[f"{home}/commits/{sha}"] = {**_rest_commit(story, sha), "files": _files(story, f"{sha}^", sha)}
    for path in ("src/soup.py", "src/ladle.py", "tests/test_soup.py"):
        routes[f"{home}/contents/{path}"] = story.git("show", f"{story.head}:{path}").encode()
    routes[f"{home}/contents/AGENTS.md"] = lambda seen: RULES.encode() if seen.query.get("ref") == story.base else None
    return routes


def _later(story: Story, number: int, sha: str, *, title: str, body: str, minutes: int) -> PullRequestData:
    data = made_up_pull_request(number, files=0, commits=0, comments=0, title=title, body=body, merged_minutes=minutes)
    data.files = _files(story, f"{sha}^", sha)
    data.pull["merge_commit_sha"] = sha
    return data


def _files(story: Story, old: str, new: str) -> list[dict[str, Any]]:
    found = []
    for file in files_of(story.git("diff", "--no-color", "-M", old, new)):
        item = {
            "filename": file.path,
            "status": str(file.status),
            "additions": file.additions,
            "deletions": file.deletions,
            "changes": file.additions + file.deletions,
            "sha": "1" * 40,
        }
        if file.patch:
            item["patch"] = file.patch
        if file.previous_path:
            item["previous_filename"] = file.previous_path
        found.append(item)
    return found


def _rest_commit(story: Story, sha: str) -> dict[str, Any]:
    date, parent, message = story.git("show", "-s", "--format=%aI%n%P%n%B", sha).split("\n", 2)
    who = {"name": "Ada", "email": "ada@users.noreply.github.com", "date": date}
    told = {"message": message.strip(), "author": who, "committer": who}
    return made_up_commit(1, "", sha=sha, commit=told, author=account("ada"), parents=[{"sha": parent}])


def _write(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def _commit(folder: Path, minutes: int, message: str) -> str:
    _git(folder, "add", "-A")
    _git(folder, "commit", "-q", "-m", message, at=START + timedelta(minutes=minutes))
    return _git(folder, "rev-parse", "HEAD").strip()


def _git(folder: Path, *arguments: str, at: datetime = START) -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_NAME": "Ada" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "ada@users.noreply.github.com" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_DATE": at.isoformat() for who in ("AUTHOR", "COMMITTER")},
    }
    done = subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True)
    return done.stdout.decode()
