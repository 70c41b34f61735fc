"""What was merged afterwards: which candidates are worth a look, and which are follow-ups. Pure.

A candidate comes from the search (a pull request, mostly without its files) or from the log of a path
(a commit, which is known to touch it).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from adapters.github import decode, limits
from bot.pull_request import ChangedFile, FollowUp, PullRequest, User

_WORD = re.compile(r"[a-z][a-z0-9]{3,}")
_COMMON = frozenset(
    "add adds added fix fixes fixed update updates updated remove removes removed with from into when that this make"
    " makes use uses using test tests docs chore feat feature perf refactor support handle handling improve allow"
    " change changes bump deps only more some should could after before during error errors issue".split()
)
_REPAIR = re.compile(
    r"\b(?:fix(?:e[sd])?|hot-?fix|revert(?:s|ed)?|regression|follow-?up|repair|correct)\b", re.IGNORECASE
)
_ROUTINE = re.compile(r"^(?:(?:chore|build|ci|docs)\b|bump\b|release\b|\S+: bump\b)", re.IGNORECASE)
_PROMISING = 1.0
_SQUASHED = re.compile(r"\(#(\d{1,9})\)\s*$")
_MERGED = re.compile(r"^Merge pull request #(\d{1,9})\b")


@dataclass(frozen=True)
class Candidate:
    """Something merged later. ``paths`` is what it is known to touch; ``body`` is ``None`` where unknown."""

    title: str
    merged_at: datetime
    number: int = 0
    sha: str = ""
    body: str | None = None
    user: User = field(default_factory=User)
    url: str = ""
    paths: frozenset[str] = frozenset()
    wants_body: bool = False

    @property
    def requests(self) -> int:
        """What reading it costs: its diff, and its description where that is wanted."""
        return 2 if self.wants_body else 1


def window(merged_at: datetime) -> tuple[datetime, datetime]:
    """Return from when to when a follow-up counts."""
    return merged_at, merged_at + timedelta(days=limits.FOLLOW_UP_DAYS)


def search_query(pull_request: PullRequest, merged_at: datetime) -> str:
    """Return the search for what was merged afterwards; the same for REST and GraphQL.

    https://docs.github.com/en/search-github/searching-on-github/searching-issues-and-pull-requests
    """
    since, until = (moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in window(merged_at))
    return f"repo:{pull_request.owner}/{pull_request.repo} is:pr is:merged merged:{since}..{until}"


def from_search(item: Mapping[str, Any]) -> Candidate | None:
    """Return a candidate from an item of ``/search/issues``."""
    merged_at = decode.moment((item.get("pull_request") or {}).get("merged_at"))
    if merged_at is None:
        return None
    body = item.get("body")
    return Candidate(
        title=str(item["title"]),
        merged_at=merged_at,
        number=int(item["number"]),
        body=body if isinstance(body, str) else None,
        user=decode.user(item.get("user")),
        url=decode.web(item.get("html_url")),
    )


def from_commit(item: Mapping[str, Any], path: str) -> Candidate:
    """Return a candidate from the log of ``path``; a squash or merge subject names its pull request."""
    commit = decode.commit(item)
    named = _SQUASHED.search(commit.subject) or _MERGED.match(commit.subject)
    return Candidate(
        title=_SQUASHED.sub("", commit.subject).strip(),
        merged_at=commit.committed_at,
        number=int(named[1]) if named else 0,
        sha=commit.sha,
        body=commit.body,
        user=commit.author,
        url=commit.url,
        paths=frozenset({path}),
    )


def names(candidate: Candidate, pull_request: PullRequest) -> bool:
    """Whether its own words name the pull request: by number, by URL, or as a revert."""
    slug = re.escape(f"{pull_request.owner}/{pull_request.repo}")
    number = rf"(?:(?<![\w/#.-])#|\b{slug}#|/{slug}/pull/){pull_request.number}(?!\d)"
    words = f"{candidate.title}\n{candidate.body or ''}"
    return bool(re.search(number, words, re.IGNORECASE)) or reverts(candidate, pull_request)


def reverts(candidate: Candidate, pull_request: PullRequest) -> bool:
    """Whether it takes this very pull request back, in the words that GitHub's and git's buttons write."""
    slug = re.escape(f"{pull_request.owner}/{pull_request.repo}")
    body = candidate.body or ""
    title = re.sub(r" ?\(#\d+\)$", "", pull_request.title.strip())
    titles = {f'Revert "{title}"', f'Revert "{title} (#{pull_request.number})"', f'Revert "{pull_request.title}"'}
    if candidate.title.strip() in titles:
        return True
    if re.search(rf"\breverts\s+(?:{slug})?#{pull_request.number}(?!\d)", body, re.IGNORECASE):
        return True
    sha = pull_request.merge_commit_sha or ""
    return bool(sha) and f"this reverts commit {sha[:12]}".lower() in body.lower()


def joined(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Return each pull request once; what the search and the log know of it is put together."""
    found: dict[tuple[int, str], Candidate] = {}
    for candidate in candidates:
        key = (candidate.number, "" if candidate.number else candidate.sha)
        known = found.get(key)
        if known is None:
            found[key] = candidate
        else:
            found[key] = replace(
                known,
                paths=known.paths | candidate.paths,
                sha=known.sha or candidate.sha,
                body=known.body if known.body is not None else candidate.body,
            )
    return tuple(found.values())


def best(candidates: Sequence[Candidate], pull_request: PullRequest) -> tuple[Candidate, ...]:
    """Return the few whose diffs are worth reading: named first, then shared files, rare shared words, the author."""
    if pull_request.merged_at is None:
        return ()
    since, until = window(pull_request.merged_at)
    own = {pull_request.number}
    fresh = [
        candidate
        for candidate in candidates
        if since < candidate.merged_at <= until
        and (not candidate.number or candidate.number not in own)
        and (not candidate.sha or candidate.sha != pull_request.merge_commit_sha)
    ]
    common = Counter(word for candidate in fresh for word in _words(candidate.title))
    paths = touched(pull_request.files)
    telling = _words(pull_request.title)

    def score(candidate: Candidate) -> float:
        points = 100.0 if names(candidate, pull_request) else 0.0
        points += 8.0 * bool(candidate.paths & paths) + min(2.0, 0.2 * len(candidate.paths & paths))
        points += sum(4.0 / (1 + common[word]) + 1.0 for word in telling & _words(candidate.title))
        points += 1.0 * (candidate.user.login == pull_request.user.login and not candidate.user.is_ghost)
        # Whoever shares nothing still has a chance where slots are left: repairs first, never routine.
        points += 0.5 * bool(_REPAIR.search(candidate.title))
        return points + 0.1 * (not _ROUTINE.search(candidate.title))

    scored = ((score(one), one) for one in fresh)
    ranked = sorted(scored, key=lambda pair: (-pair[0], pair[1].merged_at, pair[1].number))
    chosen = [(points, one) for points, one in ranked if points > 0][: limits.MAX_FOLLOW_UPS]
    # A description that the search did not tell is asked for where more than chance speaks for the candidate.
    return tuple(
        replace(one, wants_body=one.body is None and bool(one.number) and points >= _PROMISING)
        for points, one in chosen
    )


def follow_up(candidate: Candidate, files: Sequence[ChangedFile], pull_request: PullRequest) -> FollowUp | None:
    """Return the follow-up, or ``None`` where it neither touches a same file nor names the pull request."""
    explicit = names(candidate, pull_request)
    if not explicit and not touched(files) & touched(pull_request.files):
        return None
    return FollowUp(
        number=candidate.number,
        sha=candidate.sha,
        title=candidate.title,
        body=candidate.body or "",
        user=candidate.user,
        merged_at=candidate.merged_at,
        url=candidate.url,
        files=tuple(files),
        explicit=explicit,
        is_revert=reverts(candidate, pull_request),
    )


def touched(files: Sequence[ChangedFile]) -> frozenset[str]:
    """Return the paths of files under their names before and after."""
    return frozenset(name for file in files for name in (file.path, file.previous_path) if name)


def _words(title: str) -> frozenset[str]:
    return frozenset(_WORD.findall(title.lower())) - _COMMON
