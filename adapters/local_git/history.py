"""What ``git log`` prints, read as commits. Pure: bytes in, models out.

The placeholders of ``LOG_FORMAT``: https://git-scm.com/docs/pretty-formats
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.local_git.git import displayable
from bot.pull_request import GHOST, Commit, User

LOG_FORMAT = "--format=tformat:%H%x00%P%x00%S%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%B"
LOG = ("log", "-z", "--no-color", "--no-notes", "--no-decorate", "--encoding=UTF-8", "--source", LOG_FORMAT)
_FIELDS = 10
_NOREPLY = re.compile(r"^(?:\d+\+)?([A-Za-z0-9][A-Za-z0-9-]*(?:\[bot\])?)@users\.noreply\.[\w.-]+$")
_CO_AUTHOR = re.compile(r"^co-authored-by:[ \t]*([^<\n]*?)[ \t]*<([^>\n]*)>[ \t]*$", re.IGNORECASE | re.MULTILINE)
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """A commit with what ``Commit`` has no room for: its mails, and the reference by which the log came to it."""

    commit: Commit
    author_mail: str
    committer: User
    committer_mail: str
    source: str


def parse_log(out: bytes, commit_page: str = "") -> Iterator[Entry]:
    """Yield the entries of a log written in ``LOG_FORMAT``; a record that was cut off is left out.

    ``commit_page`` is the URL that a sha is put behind, or empty.
    """
    fields = out.decode("utf-8", "replace").split("\0")
    for start in range(0, len(fields) - _FIELDS, _FIELDS):
        sha, parents, source, name, mail, authored, committer, committer_mail, committed, message = fields[
            start : start + _FIELDS
        ]
        commit = Commit(
            sha=sha,
            message=message,
            author=user_of(name, mail),
            co_authors=co_authors_of(message),
            authored_at=_moment(authored),
            committed_at=_moment(committed),
            parents=tuple(parents.split()),
            url=commit_page + sha if commit_page else "",
        )
        yield Entry(commit, mail, user_of(committer, committer_mail), committer_mail, source)


def user_of(name: str, mail: str) -> User:
    """Return the account behind a git identity.

    A ``…@users.noreply.github.com`` mail holds the login; otherwise the name stands in for it:
    https://docs.github.com/en/account-and-profile/reference/email-addresses-reference
    """
    shown = displayable(name)
    known = _NOREPLY.match(mail.strip())
    login = known[1] if known else shown
    return User(login=login or GHOST, name=shown, is_bot=login.endswith("[bot]") or shown.endswith("[bot]"))


def co_authors_of(message: str) -> tuple[str, ...]:
    """Return the logins or names in the ``Co-authored-by`` trailers, each once."""
    return tuple(dict.fromkeys(user_of(name, mail).login for name, mail in _CO_AUTHOR.findall(message)))


def with_known_logins(commits: Sequence[Commit], *others: User) -> tuple[Commit, ...]:
    """Return the commits, with a login put to every author whose name has one somewhere among these identities."""
    users = [*others, *(commit.author for commit in commits)]
    logins = {user.name: user.login for user in users if user.name and user.login != user.name}
    return tuple(_with_login(commit, logins) for commit in commits)


def _with_login(commit: Commit, logins: dict[str, str]) -> Commit:
    author = commit.author
    login = logins.get(author.name, author.login)
    if login == author.login or author.login != author.name:
        return commit
    named = author.model_copy(update={"login": login, "is_bot": author.is_bot or login.endswith("[bot]")})
    return commit.model_copy(update={"author": named})


def _moment(seconds: str) -> datetime:
    """Return a time; a commit may carry any number, and one beyond the calendar becomes 1970."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return _EPOCH
