"""What the user typed, read as a pull request.

Four forms: a pull request's URL, ``owner/repo#7``, ``PATH#7`` and ``PATH@base..head``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import TargetError

_SLUG = re.compile(r"^([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))/([A-Za-z0-9._-]{1,100})#(\d{1,9})$")
_PATH_NUMBER = re.compile(r"^(.+)#(\d{1,9})$", re.DOTALL)
_PATH_RANGE = re.compile(r"^(.+?)@([^@\s]+?)\.\.\.?([^@\s]+)$", re.DOTALL)
_NUMBER = re.compile(r"^#?(\d{1,9})$")
_FORMS = "Give a pull request's URL, owner/repo#7, PATH#7 or PATH@base..head."


@dataclass(frozen=True, slots=True)
class GitHubTarget:
    """A pull request on GitHub or an Enterprise server. ``host`` is its web host."""

    owner: str
    repo: str
    number: int
    host: str = "github.com"

    def __str__(self) -> str:
        """Return the short form."""
        return f"{self.owner}/{self.repo}#{self.number}"


@dataclass(frozen=True, slots=True)
class LocalTarget:
    """A pull request or a range in a local clone, worktree or bare mirror. ``number`` is 0 for a range."""

    path: Path
    number: int = 0
    base: str = ""
    head: str = ""

    def __str__(self) -> str:
        """Return the form that was typed."""
        return f"{self.path}#{self.number}" if self.number else f"{self.path}@{self.base}..{self.head}"


Target = GitHubTarget | LocalTarget


def needs_repository(text: str) -> bool:
    """Return whether a number alone was typed, so that the channel's repository has to be known."""
    return bool(_NUMBER.match(text.strip()))


def parse_target(
    text: str, *, bound_repository: str = "", hosts: frozenset[str] = frozenset({"github.com"}), local: bool = True
) -> Target:
    """Read what a user typed.

    ``bound_repository`` (``owner/repo``) lets ``#7`` stand alone; ``hosts`` are the web hosts that we serve;
    ``local`` is false where a chat must not reach the machine's files. Raises ``TargetError``.
    """
    typed = text.strip().strip("<>").split("|", 1)[0].strip()
    if not typed:
        raise TargetError("No pull request was named.", _FORMS)
    if re.match(r"^[a-z][a-z0-9+.-]*://", typed, re.IGNORECASE):
        return _from_url(typed, hosts)
    if re.match(rf"^(?:www\.)?({'|'.join(map(re.escape, hosts))})/", typed, re.IGNORECASE):
        return _from_url(f"https://{typed}", hosts)
    number = _NUMBER.match(typed)
    if number and bound_repository:
        owner, _, repo = bound_repository.partition("/")
        return GitHubTarget(owner, repo, _positive(number[1]))
    if number:
        raise TargetError(f"#{number[1]} does not say which repository.", "Type owner/repo#7 or the whole URL.")
    if local:
        found = _from_path(typed)
        if found is not None:
            return found
    slug = _SLUG.match(typed)
    if slug:
        return GitHubTarget(slug[1], slug[2], _positive(slug[3]))
    raise TargetError(f"“{_short(typed)}” is not a pull request.", _FORMS)


def _from_path(typed: str) -> LocalTarget | None:
    """Read ``PATH#7`` and ``PATH@base..head``; a slug counts as a path only where that folder exists."""
    numbered = _PATH_NUMBER.match(typed)
    if numbered:
        path = Path(numbered[1]).expanduser()
        looks_like_path = numbered[1].startswith(("/", ".", "~")) or not _SLUG.match(typed)
        if path.is_dir() or looks_like_path:
            return LocalTarget(path, _positive(numbered[2]))
    ranged = _PATH_RANGE.match(typed)
    if ranged:
        return LocalTarget(Path(ranged[1]).expanduser(), 0, ranged[2], ranged[3])
    return None


def _from_url(typed: str, hosts: frozenset[str]) -> GitHubTarget:
    try:
        url = urlsplit(typed)
        host = (url.hostname or "").lower().removeprefix("www.")
    except ValueError:
        raise TargetError(f"“{_short(typed)}” is not a URL that can be read.", _FORMS) from None
    if url.scheme not in {"http", "https"} or host not in hosts:
        served = " or ".join(sorted(hosts))
        raise TargetError(
            f"“{_short(host or typed)}” is not a host that is served here.",
            f"Pull requests of {served} can be roasted; for another host, clone it and type PATH@base..head.",
        )
    parts = [part for part in url.path.split("/") if part]
    if len(parts) >= 4 and parts[2] == "pull" and parts[3].isdecimal():
        slug = _SLUG.match(f"{parts[0]}/{parts[1]}#{parts[3]}")
        if slug:
            return GitHubTarget(slug[1], slug[2], _positive(slug[3]), host)
    if len(parts) >= 4 and parts[2] == "issues":
        raise TargetError(
            f"That is the address of an issue ({_short('/'.join(parts[:4]))}).",
            "Issues are somebody's trouble, not somebody's code: give the pull request's URL.",
        )
    raise TargetError(
        f"“{_short(typed)}” is not a pull request's address.",
        f"It looks like https://{host}/owner/repo/pull/7.",
    )


def _positive(digits: str) -> int:
    number = int(digits)
    if number < 1:
        raise TargetError("Pull requests are numbered from 1.", _FORMS)
    return number


def _short(text: str, most: int = 80) -> str:
    clean = "".join(char if char.isprintable() else "·" for char in text)
    return clean if len(clean) <= most else clean[: most - 1] + "…"
