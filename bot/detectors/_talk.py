"""The conversation: who is a bot, what a remark says, which commits came after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from bot.case import Case
from bot.detectors._commits import work
from bot.detectors._words import clean, sentences
from bot.pull_request import Commit, IssueComment, Review, ReviewComment, User

Remark = Review | ReviewComment | IssueComment

_TOOLS = {
    "codex": "Codex", "copilot": "Copilot", "coderabbit": "CodeRabbit", "cursor": "Cursor", "bugbot": "Bugbot",
    "greptile": "Greptile", "sourcery": "Sourcery", "devin": "Devin", "gemini": "Gemini", "claude": "Claude",
    "ellipsis": "Ellipsis", "graphite": "Graphite", "qodo": "Qodo", "sonar": "Sonar", "codeql": "CodeQL",
    "deepsource": "DeepSource", "korbit": "Korbit", "reviewdog": "reviewdog", "advanced-security": "CodeQL",
    "cubic": "cubic",
}  # fmt: skip
_RAISERS = ("dependabot", "renovate", "pyup", "snyk", "pre-commit")
# Labels that bots put before what they say; they count only before a mark, so that "Critical sections race" stays
# whole.
_LABEL = (
    r"P[0-3]|critical|high|medium|low|major|minor|trivial|important|(?:high|medium|low)[- ](?:severity|priority)"
    r"|potential issue"
    r"|refactor suggestion|nitpick(?: comments?)?|quick win|heavy lift|suggestion|bug|issue|security|performance"
    r"|logic|style|syntax"
)
_BADGE = re.compile(
    rf"^(?:[\W_]*(?:{_LABEL})(?![A-Za-z0-9])[ \t]*(?:\([\w ,-]{{1,30}}\))?(?:[:|*_]+[ \t]*|[—–-]+[ \t]+|$))+",
    re.IGNORECASE,
)
_MARKS = " \t\n*_|:"
_IMAGE = re.compile(r"!\[|<img\b", re.IGNORECASE)
_EMOJI_CODE = re.compile(r":[a-z0-9_+-]{2,40}:")


def tool_name(login: str) -> str:
    """Return what people call a review bot ("Codex"), or its login."""
    low = login.lower()
    return next((name for part, name in _TOOLS.items() if part in low), login)


def is_bot(user: User) -> bool:
    """Whether an account is a machine's, by the host's word or by the login's ending."""
    return user.is_bot or user.login.endswith("[bot]")


def raises_versions(user: User) -> bool:
    """Whether an account is a bot that raises versions and pastes in other people's release notes."""
    return is_bot(user) and any(name in user.login.lower() for name in _RAISERS)


def when(remark: Remark) -> datetime | None:
    """Return when a remark was made."""
    return remark.submitted_at if isinstance(remark, Review) else remark.created_at


def remarks(case: Case) -> tuple[Remark, ...]:
    """Return everything that was said, in order of time; what has no time is left out."""
    pull = case.pull_request
    every: list[Remark] = [*pull.reviews, *pull.review_comments, *pull.comments]
    return tuple(sorted((item for item in every if when(item)), key=lambda item: (_moment(item), item.id)))


def by_author(case: Case, remark: Remark) -> bool:
    """Whether the pull request's own author said it; a deleted account is nobody's."""
    return remark.user.login == case.author.login and not case.author.is_ghost


@lru_cache(maxsize=128)
def has_words(text: str) -> bool:
    """Whether a remark holds any letter outside pictures and emoji codes."""
    return any(char.isalpha() for char in _EMOJI_CODE.sub("", clean(text)))


def has_picture(text: str) -> bool:
    """Whether a remark holds an image."""
    return bool(_IMAGE.search(text))


def gist(text: str) -> tuple[str, str]:
    """Return a remark's first sentence as it stands and as it reads without its badge; empty where there is none."""
    for sentence in sentences(text):
        raw = _BADGE.sub("", sentence.raw).strip(_MARKS)
        if len(raw.split()) >= 3:
            return raw, clean(raw)
    return "", ""


def commits_after(case: Case, moment: datetime) -> tuple[Commit, ...]:
    """Return the own commits that were written after a moment."""
    return tuple(commit for commit in work(case) if commit.authored_at > moment)


def touching(case: Case, commits: tuple[Commit, ...], path: str) -> Iterator[Commit]:
    """Yield those of the commits whose own diff touches a path, as far as diffs are known."""
    for commit in commits:
        if any(file.path == path for file in case.commit_files.get(commit.sha, ())):
            yield commit


def _moment(remark: Remark) -> datetime:
    return when(remark) or datetime.min  # noqa: DTZ901 - never reached: those without a time are left out before
