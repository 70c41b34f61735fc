"""Made-up pull requests in the shape of GitHub's REST answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.target import GitHubTarget

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OWNER, REPO = "acme", "soup"
SEVEN = GitHubTarget(OWNER, REPO, 7)


def stamp(minutes: float) -> str:
    """Return a time so many minutes after the story's beginning, as GitHub writes it."""
    return (START + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def account(login: str, kind: str = "User") -> dict[str, Any]:
    """Return an account."""
    return {"login": login, "id": 1, "type": kind}


def sha_of(number: int) -> str:
    """Return a made-up commit sha."""
    return f"{number:040x}"


@dataclass
class PullRequestData:
    """Everything of one made-up pull request, open to change before it is served."""

    pull: dict[str, Any]
    files: list[dict[str, Any]] = field(default_factory=list)
    commits: list[dict[str, Any]] = field(default_factory=list)
    reviews: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    issue_comments: list[dict[str, Any]] = field(default_factory=list)
    later: list[PullRequestData] = field(default_factory=list)
    head_files: dict[str, bytes] = field(default_factory=dict)
    diff: bytes | None = None

    @property
    def number(self) -> int:
        """The number of the pull request."""
        return int(self.pull["number"])

    def routes(self) -> dict[str, Any]:
        """Return every REST path that belongs to it."""
        home = f"/repos/{OWNER}/{REPO}"
        here = f"{home}/pulls/{self.number}"
        routes: dict[str, Any] = {
            here: self.pull,
            f"{here}/files": self.files,
            f"{here}/commits": self.commits,
            f"{here}/reviews": self.reviews,
            f"{here}/comments": self.comments,
            f"{home}/issues/{self.number}/comments": self.issue_comments,
            home: self.pull["base"]["repo"],
        }
        if self.diff is not None:
            routes[f"{here}.diff"] = self.diff
        for commit in self.commits:
            routes[f"{home}/commits/{commit['sha']}"] = {**commit, "files": self.files[:3]}
        for path, text in self.head_files.items():
            routes[f"{home}/contents/{path}"] = text
        if self.later:
            for later in self.later:
                routes |= later.routes()
            routes["/search/issues"] = {
                "total_count": len(self.later),
                "incomplete_results": False,
                "items": [_search_item(later.pull) for later in self.later],
            }
        return routes


def _search_item(pull: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": pull["number"],
        "title": pull["title"],
        "body": pull["body"],
        "user": pull["user"],
        "html_url": pull["html_url"],
        "closed_at": pull["closed_at"],
        "pull_request": {"merged_at": pull["merged_at"], "url": pull["url"]},
        "repository_url": f"https://api.github.com/repos/{OWNER}/{REPO}",
    }


def made_up_pull_request(
    number: int = 7,
    *,
    files: int = 3,
    commits: int = 2,
    comments: int = 2,
    merged_minutes: float | None = 600,
    title: str = "Season the soup endpoint",
    body: str | None = "Adds salt.\n\nFixes #3",
    author: str | None = "ada",
) -> PullRequestData:
    """Return a pull request with so many files, commits, and comments of each sort, merged unless told otherwise."""
    merged_at = stamp(merged_minutes) if merged_minutes is not None else None
    url = f"https://github.com/{OWNER}/{REPO}/pull/{number}"
    home = {"full_name": f"{OWNER}/{REPO}", "name": REPO, "private": False, "default_branch": "main"}
    pull = {
        "number": number,
        "title": title,
        "body": body,
        "state": "closed" if merged_at else "open",
        "draft": False,
        "merged": merged_at is not None,
        "merged_at": merged_at,
        "closed_at": merged_at,
        "created_at": stamp(0),
        "user": account(author) if author else None,
        "merged_by": account("grace") if merged_at else None,
        "author_association": "CONTRIBUTOR",
        "labels": [{"name": "soup"}],
        "base": {"ref": "main", "sha": sha_of(1), "repo": home},
        "head": {"ref": "salt", "sha": sha_of(number * 1000), "repo": home},
        "merge_commit_sha": sha_of(number * 1000 + 999) if merged_at else None,
        "additions": files,
        "deletions": 0,
        "changed_files": files,
        "commits": commits,
        "html_url": url,
        "url": f"https://api.github.com/repos/{OWNER}/{REPO}/pulls/{number}",
    }
    return PullRequestData(
        pull,
        files=[made_up_file(f"src/soup_{index}.py") for index in range(files)],
        commits=[made_up_commit(number * 1000 + 1 + index, f"Add salt, part {index}") for index in range(commits)],
        reviews=[_review(number * 1000 + index, url) for index in range(comments)],
        comments=[_review_comment(number * 1000 + index, url) for index in range(comments)],
        issue_comments=[_issue_comment(number * 1000 + index, url) for index in range(comments)],
    )


def made_up_file(path: str, **changes: Any) -> dict[str, Any]:
    """Return a modified file with one added line; ``patch=None`` leaves the patch out, as GitHub does."""
    item = {
        "filename": path,
        "sha": sha_of(77),
        "status": "modified",
        "additions": 1,
        "deletions": 0,
        "changes": 1,
        "patch": '@@ -1 +1,2 @@\n """Soup."""\n+SALT = 1',
        **changes,
    }
    return {name: value for name, value in item.items() if name != "patch" or value is not None}


def made_up_commit(number: int, message: str, **changes: Any) -> dict[str, Any]:
    """Return a commit of Ada's."""
    who = {"name": "Ada", "email": "ada@users.noreply.github.com", "date": stamp(number % 1000)}
    return {
        "sha": sha_of(number),
        "html_url": f"https://github.com/{OWNER}/{REPO}/commit/{sha_of(number)}",
        "commit": {"message": message, "author": who, "committer": who},
        "author": account("ada"),
        "parents": [{"sha": sha_of(number - 1)}],
        **changes,
    }


def _review(number: int, url: str) -> dict[str, Any]:
    return {
        "id": number,
        "user": account("grace"),
        "state": "APPROVED",
        "body": "",
        "submitted_at": stamp(500),
        "commit_id": sha_of(1),
        "html_url": f"{url}#pullrequestreview-{number}",
    }


def _review_comment(number: int, url: str) -> dict[str, Any]:
    return {
        "id": number,
        "user": account("review[bot]", "Bot"),
        "body": "Too salty.",
        "path": "src/soup_0.py",
        "line": 2,
        "original_line": 2,
        "created_at": stamp(300 + number % 1000 / 100),
        "commit_id": sha_of(1),
        "pull_request_review_id": number,
        "html_url": f"{url}#discussion_r{number}",
    }


def _issue_comment(number: int, url: str) -> dict[str, Any]:
    return {
        "id": number,
        "user": account("grace"),
        "body": "Hm.",
        "created_at": stamp(200),
        "html_url": f"{url}#issuecomment-{number}",
    }
