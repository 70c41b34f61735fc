"""GitHub's REST answers → the models of the core. Pure: no I/O, and no surprise ends it.

Everything may be null or missing where GitHub's documentation says so and sometimes where it does not:
a deleted account, a deleted fork, an outdated line. One bad item costs itself, never the list.
https://docs.github.com/en/rest/pulls
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.errors import UnavailableError
from bot.kinds import CODE_SUFFIXES, FileKind, kind_of
from bot.pull_request import (
    GHOST,
    ChangedFile,
    Commit,
    FileStatus,
    IssueComment,
    LinkedIssue,
    PullRequest,
    Review,
    ReviewComment,
    ReviewState,
    User,
)

Item = Mapping[str, Any]
T = TypeVar("T")

_EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
_NOREPLY = re.compile(r"^(?:\d+\+)?([A-Za-z0-9-]+(?:\[bot\])?)@users\.noreply\.", re.IGNORECASE)
# Possessive, since a message is hostile data: nothing in it may cost more than its length.
_CO_AUTHOR = re.compile(r"^[ \t]*+co-authored-by:([^<\n]*+)(?:<([^>\n]*+)>)?", re.IGNORECASE | re.MULTILINE)
_UNREAD = re.compile(r"<!--.*?(?:-->|\Z)|```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_CLOSING = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+"
    r"(?:(?P<slug>[\w.-]+/[\w.-]+)?\#(?P<number>\d{1,9})\b"
    r"|https?://[^\s/]+/(?P<url_slug>[\w.-]+/[\w.-]+)/(?:issues|pull)/(?P<url_number>\d{1,9})\b)",
    re.IGNORECASE,
)


def each(items: Iterable[Any], decode: Callable[[Item], T | None]) -> tuple[T, ...]:
    """Decode what can be decoded; leave out what is damaged, and what ``decode`` answers with ``None``."""
    found: list[T] = []
    for item in items:
        try:
            decoded = decode(item)
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
        if decoded is not None:
            found.append(decoded)
    return tuple(found)


def moment(value: Any) -> datetime | None:
    """Return a time of GitHub's in UTC, or ``None``."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def user(item: Any, name: str = "") -> User:
    """Return an account; a deleted one (``null``) is the ghost."""
    login = item.get("login") if isinstance(item, Mapping) else None
    if not isinstance(login, str) or not login:
        return User(name=name)
    return User(login=login, name=name, is_bot=item.get("type") == "Bot" or login.endswith("[bot]"))


def pull_request(item: Any, *, owner: str, repo: str, web_url: str, private_if_unknown: bool) -> PullRequest:
    """Return the pull request without its lists. Raises ``UnavailableError`` where it is not one."""
    try:
        return _pull_request(item, owner, repo, web_url, private_if_unknown)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UnavailableError(
            "GitHub's answer is not a pull request.", "Check ROAST_GITHUB__API_URL, then try again."
        ) from None


def _pull_request(item: Item, owner: str, repo: str, web_url: str, private_if_unknown: bool) -> PullRequest:
    base, head = item.get("base") or {}, item.get("head") or {}
    home = base.get("repo") or {}
    full_name = str(home.get("full_name") or f"{owner}/{repo}")
    owner, _, repo = full_name.partition("/")
    number = int(item["number"])
    body = text(item.get("body"))
    merged_at = moment(item.get("merged_at"))
    return PullRequest(
        owner=owner,
        repo=repo,
        number=number,
        title=str(item["title"]),
        body=body,
        user=user(item.get("user")),
        author_association=text(item.get("author_association")),
        state=text(item.get("state")) or "open",
        draft=bool(item.get("draft")),
        merged=bool(item.get("merged")) or merged_at is not None,
        created_at=moment(item.get("created_at")),
        merged_at=merged_at,
        closed_at=moment(item.get("closed_at")),
        merged_by=user(item["merged_by"]) if item.get("merged_by") else None,
        base_ref=text(base.get("ref")),
        base_sha=text(base.get("sha")),
        head_ref=text(head.get("ref")),
        head_sha=text(head.get("sha")),
        merge_commit_sha=item.get("merge_commit_sha") or None,
        additions=count(item.get("additions")),
        deletions=count(item.get("deletions")),
        changed_files=count(item.get("changed_files")),
        commit_count=count(item.get("commits")),
        labels=each(item.get("labels") or (), lambda label: str(label["name"])),
        private=bool(home.get("private", private_if_unknown)),
        default_branch=text(home.get("default_branch")),
        url=web(item.get("html_url")) or f"{web_url}/{owner}/{repo}/pull/{number}",
        linked_issues=linked_issues(body, owner, repo, web_url),
    )


def changed_file(item: Item) -> ChangedFile:
    """Return one file of ``/files`` or of a commit."""
    path, patch = str(item["filename"]), item.get("patch")
    known = str(item.get("status")) in set(FileStatus)
    status = FileStatus(item["status"]) if known else FileStatus.MODIFIED
    binary = not isinstance(patch, str) and _is_binary(item, path, status)
    if not isinstance(patch, str):
        # A pure rename or a change of mode has no lines to show: an empty patch, not a missing one.
        patch = None if binary or _changes(item) else ""
    return ChangedFile(
        path=path,
        previous_path=item.get("previous_filename") or None,
        status=status,
        additions=count(item.get("additions")),
        deletions=count(item.get("deletions")),
        patch=patch,
        is_binary=binary,
    )


def _changes(item: Item) -> int:
    return count(item.get("changes")) or count(item.get("additions")) + count(item.get("deletions"))


def _is_binary(item: Item, path: str, status: FileStatus) -> bool:
    """Tell a binary file, which GitHub does not say: no patch and not one counted line.

    An empty file and a change of mode or of name look the same, and are told apart here.
    """
    if _changes(item):
        return False
    if kind_of(path) is FileKind.BINARY:
        return True
    if status in {FileStatus.RENAMED, FileStatus.COPIED} or item.get("sha") == _EMPTY_BLOB:
        return False
    code = any(path.lower().endswith(suffix) for suffix in CODE_SUFFIXES)
    return status is FileStatus.ADDED or not code


def commit(item: Item) -> Commit:
    """Return one commit; without an account, its author is told from the git author."""
    told = item["commit"]
    author, committer = told.get("author") or {}, told.get("committer") or {}
    message = text(told.get("message"))
    authored = moment(author.get("date")) or moment(committer.get("date"))
    if authored is None:
        raise ValueError(item["sha"])
    return Commit(
        sha=str(item["sha"]),
        message=message,
        author=git_user(item.get("author"), text(author.get("name")), text(author.get("email"))),
        co_authors=co_authors(message),
        authored_at=authored,
        committed_at=moment(committer.get("date")) or authored,
        parents=tuple(str(parent["sha"]) for parent in item.get("parents") or ()),
        url=web(item.get("html_url")),
    )


def git_user(account: Any, name: str, email: str) -> User:
    """Return the account, else who a no-reply address names, else the git name as it stands."""
    found = user(account, name)
    if not found.is_ghost:
        return found
    noreply = _NOREPLY.match(email)
    login = noreply[1] if noreply else name
    return User(login=login, name=name, is_bot=login.endswith("[bot]")) if login else User()


def co_authors(message: str) -> tuple[str, ...]:
    """Return the logins or names in ``Co-authored-by`` trailers, each once.

    https://docs.github.com/en/pull-requests/committing-changes-to-your-project/creating-and-editing-commits/creating-a-commit-with-multiple-authors
    """
    logins = (git_user(None, name.strip(), mail.strip()).login for name, mail in _CO_AUTHOR.findall(message))
    return tuple(dict.fromkeys(login for login in logins if login != GHOST))


def review(item: Item) -> Review | None:
    """Return a review that was sent; a pending one is its writer's own draft."""
    state = ReviewState(str(item["state"]).upper())
    if state is ReviewState.PENDING:
        return None
    return Review(
        id=int(item["id"]),
        user=user(item.get("user")),
        state=state,
        body=text(item.get("body")),
        submitted_at=moment(item.get("submitted_at")),
        commit_id=item.get("commit_id") or None,
        url=web(item.get("html_url")),
    )


def review_comment(item: Item) -> ReviewComment | None:
    """Return a remark on a line."""
    created = moment(item["created_at"])
    if created is None:
        return None
    return ReviewComment(
        id=int(item["id"]),
        user=user(item.get("user")),
        body=text(item.get("body")),
        path=str(item["path"]),
        line=item.get("line"),
        original_line=item.get("original_line"),
        in_reply_to_id=item.get("in_reply_to_id"),
        created_at=created,
        commit_id=item.get("commit_id") or None,
        review_id=item.get("pull_request_review_id"),
        url=web(item.get("html_url")),
    )


def issue_comment(item: Item) -> IssueComment | None:
    """Return a remark in the conversation."""
    created = moment(item["created_at"])
    if created is None:
        return None
    return IssueComment(
        id=int(item["id"]),
        user=user(item.get("user")),
        body=text(item.get("body")),
        created_at=created,
        url=web(item.get("html_url")),
    )


def linked_issues(body: str, owner: str, repo: str, web_url: str) -> tuple[LinkedIssue, ...]:
    """Return the issues that the description closes, by GitHub's keywords; those of this repository only.

    https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
    """
    found: dict[int, LinkedIssue] = {}
    for match in _CLOSING.finditer(_UNREAD.sub(" ", body)):
        slug = match["slug"] or match["url_slug"] or f"{owner}/{repo}"
        if slug.lower() == f"{owner}/{repo}".lower():
            number = int(match["number"] or match["url_number"])
            found.setdefault(number, LinkedIssue(number=number, url=f"{web_url}/{owner}/{repo}/issues/{number}"))
    return tuple(found.values())


def text(value: Any) -> str:
    """Return a string, or nothing for ``null`` and whatever else is no string."""
    return value if isinstance(value, str) else ""


def count(value: Any) -> int:
    """Return a count, or 0 where there is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def web(value: Any) -> str:
    """Return a web address, or nothing for what is none."""
    return value if isinstance(value, str) and value.startswith(("https://", "http://")) else ""
