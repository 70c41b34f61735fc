"""An HTTP answer of GitHub, and what its faults mean in words. No I/O."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from adapters.github import limits
from bot.errors import (
    AccessError,
    BlockedError,
    NotFoundError,
    RateLimitedError,
    SourceError,
    UnavailableError,
)

TOKEN_HINT = "Give a token in GITHUB_TOKEN or ROAST_GITHUB__TOKEN"  # noqa: S105 - words, no secret
_GONE = (
    NotFoundError,
    "GitHub has nothing there, or nothing that we may see.",
    f"{TOKEN_HINT} that may read it.",
)
_WORDS: Mapping[int, tuple[type[SourceError], str, str]] = {
    401: (
        AccessError,
        "GitHub does not accept the token (401): it is wrong, expired or revoked.",
        f"{TOKEN_HINT} that is valid, or none at all for a public repository.",
    ),
    404: _GONE,
    410: _GONE,
    451: (
        BlockedError,
        "GitHub withholds this repository for legal reasons (451).",
        "Nothing can be done from here; https://github.com/github/dmca may tell why.",
    ),
}
_LINK = re.compile(r'<([^>]+)>\s*;[^,]*?rel="?([a-z]+)"?')


@dataclass(frozen=True)
class Answer:
    """Status, headers (names in lower case) and the whole body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        """Return the decoded body; raises ``UnavailableError`` where it is not JSON."""
        try:
            decoded = json.loads(self.body)
            return _without_surrogates(decoded) if b"\\ud" in self.body.lower() else decoded
        except (ValueError, RecursionError):
            raise UnavailableError(
                "GitHub's answer is not the JSON that was asked for.",
                "Something may stand in between (a proxy, a login page), or the API's address may be wrong.",
            ) from None

    @property
    def message(self) -> str:
        """GitHub's own ``message``, if the body has one."""
        try:
            found = json.loads(self.body[:20_000])
        except (ValueError, RecursionError):
            return ""
        return str(found.get("message") or "")[:300] if isinstance(found, dict) else ""

    def linked_page(self, rel: str) -> dict[str, str]:
        """Return the query of the page that the ``Link`` header calls ``rel``.

        Only the query: the host and path stay ours, so that no header can lead a token elsewhere.
        """
        for url, name in _LINK.findall(self.headers.get("link", "")):
            if name == rel:
                return dict(parse_qsl(urlsplit(url).query))
        return {}


def wait_of(answer: Answer, now: datetime) -> float | None:
    """Return the seconds that a rate limit wants us to wait, or ``None`` where the answer is no rate limit.

    ``Retry-After`` comes first, then ``X-RateLimit-Reset``, else a minute:
    https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
    """
    if answer.status not in {403, 429}:
        return None
    headers, words = answer.headers, answer.message.lower()
    exhausted = headers.get("x-ratelimit-remaining") == "0"
    named = "rate limit" in words or "abuse detection" in words
    if not (answer.status == 429 or "retry-after" in headers or exhausted or named):
        return None
    if (seconds := _number(headers.get("retry-after"))) is not None:
        return max(0.0, seconds)
    if exhausted and (reset := _number(headers.get("x-ratelimit-reset"))) is not None:
        return max(0.0, reset - now.timestamp())
    return float(limits.SECONDARY_RATE_LIMIT_WAIT)


def error_of(answer: Answer, *, authenticated: bool, now: datetime) -> SourceError | None:
    """Return the error that an answer stands for, or ``None`` where it is a good one."""
    if answer.status < 400:
        return None
    wait = wait_of(answer, now)
    if wait is not None:
        return rate_limited(now, wait, authenticated=authenticated)
    if answer.status == 403:
        return _forbidden(answer, authenticated=authenticated)
    if answer.status >= 500:
        return UnavailableError(
            f"GitHub is in trouble (it answered {answer.status}, more than once).",
            "Try again in some minutes; https://www.githubstatus.com tells more.",
        )
    kind, sentence, step = _WORDS.get(
        answer.status,
        (SourceError, f"GitHub refused the request ({answer.status}{_told(answer)}).", "Check the address."),
    )
    return kind(sentence, step)


def rate_limited(now: datetime, wait: float, *, authenticated: bool) -> RateLimitedError:
    """Return the error for a limit that lasts ``wait`` seconds from ``now``."""
    until = (now + timedelta(seconds=wait)).astimezone(UTC).replace(microsecond=0)
    minutes = max(1, round(wait / 60))
    span = "about a minute" if minutes == 1 else f"about {minutes} minutes"
    if authenticated:
        step = "Wait until then."
    else:
        step = f"Wait until then, or: {TOKEN_HINT[0].lower()}{TOKEN_HINT[1:]} (60 requests an hour become 5,000)."
    return RateLimitedError(
        f"GitHub's rate limit is used up until {until:%Y-%m-%d %H:%M:%S} UTC, in {span}.", step, until=until
    )


def _forbidden(answer: Answer, *, authenticated: bool) -> AccessError:
    if authenticated:
        step = (
            "Give a token that may read pull requests and contents here (with SSO, authorise it for the organisation)."
        )
    else:
        step = f"{TOKEN_HINT} that may read this repository."
    return AccessError(f"GitHub forbids reading this (403{_told(answer)}).", step)


def _without_surrogates(value: Any) -> Any:
    """Replace lone surrogates, which JSON can escape and no output can encode (RFC 8259, section 8.2)."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value


def _told(answer: Answer) -> str:
    words = "".join(char if char.isprintable() else " " for char in answer.message)[:120].rstrip(". ")
    return f": {words}" if words else ""


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None
