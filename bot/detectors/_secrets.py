"""What looks like a secret in a line of text: where it starts, never what it is.

Shapes of keys: https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

_SHAPES = (
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})")),
    ("a GitLab token", re.compile(r"\bglpat-[A-Za-z0-9_\-]{20,}")),
    ("a Slack token", re.compile(r"\bxox[abprs]-[A-Za-z0-9\-]{20,}")),
    ("a Stripe key", re.compile(r"\b[sr]k_live_[A-Za-z0-9]{16,}")),
    ("an API key of a model's host", re.compile(r"\bsk-(?:ant-|proj-)?[A-Za-z0-9_\-]{32,}")),
    ("a Google API key", re.compile(r"\bAIza[A-Za-z0-9_\-]{35}")),
    ("an npm token", re.compile(r"\bnpm_[A-Za-z0-9]{36}")),
    ("a PyPI token", re.compile(r"\bpypi-AgEI[A-Za-z0-9_\-]{50,}")),
    ("a private key", re.compile(r"-----BEGIN (?:RSA |EC |DSA |OPENSSH |PGP |ENCRYPTED )?PRIVATE KEY(?: BLOCK)?-----")),
    ("a password in a URL", re.compile(r"(?<=://)[\w.\-]{1,60}:(?P<value>[^\s:@/'\"{}$<>%]{8,80})@[\w.\-]+")),
)
_NAMED = re.compile(
    r"(?P<name>[\w.\-]{0,40}(?:password|passwd|secret|api_?key|access_?key|auth_?token|private_?key|client_?secret)[\w\-]{0,20})"
    r"[\"']?\]?\s{0,4}(?::\s{0,4}\w{1,10}\s{0,4}=|:=|=>|=|:)\s{0,4}[\"'](?P<value>[A-Za-z0-9+/=_\-.~!@#$%^&*]{16,120})[\"']",
    re.IGNORECASE,
)
_FAKE = re.compile(
    r"example|dummy|fake|test|sample|placeholder|changeme|change-me|your|xxxx|1234|abcd|0000|secret|password|foo|bar|redacted"
    r"|insert|todo|default|mock|deadbeef|\*\*\*|\.\.\.|<|\$\{|\{\{|process\.env|none|null|demo|local|admin|postgres|root|user",
    re.IGNORECASE,
)
_LEAST_ENTROPY = 3.3
_QUICK = (
    "akia asia ghp_ gho_ ghu_ ghs_ ghr_ github_pat glpat- xox k_live_ sk- aiza npm_ pypi- begin ://"
    " pass secret key token"
).split()
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Suspect:
    """Something that looks like a secret. ``start`` is where its value begins; the value itself is not kept."""

    what: str
    name: str
    start: int


def suspect(text: str) -> Suspect | None:
    """Return what looks like a secret in a line, or nothing; made-up values (low entropy, telling words) are not."""
    lowered = text.lower()
    if len(text) > _LONGEST or not any(part in lowered for part in _QUICK):
        return None
    for what, pattern in _SHAPES:
        found = pattern.search(text)
        if found is None:
            continue
        group = "value" if "value" in pattern.groupindex else 0
        if what == "a private key":
            return Suspect(what, "", found.end())
        if _is_real(found[group]):
            return Suspect(what, _left_of(text, found.start(group)), found.start(group))
    found = _NAMED.search(text)
    if (
        found
        and _is_real(found["value"])
        and any(c.isdigit() for c in found["value"])
        and not _is_words(found["value"])
    ):
        return Suspect("a secret by its name", found["name"], found.start("value"))
    return None


def _is_real(value: str) -> bool:
    counts = Counter(value)
    entropy = -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values())
    return entropy >= _LEAST_ENTROPY and not _FAKE.search(value)


def _is_words(value: str) -> bool:
    """Whether a value is made of words: a key of a translation, a path, a name in code."""
    return all(re.fullmatch(r"[A-Za-z]+|\d{1,3}", part) for part in re.split(r"[_\-./: ]+", value) if part)


def _left_of(text: str, start: int) -> str:
    found = re.search(r"([A-Za-z_][\w\-.]{0,60})[\"']?\s*(?::=|=>|=|:)\s*[\"']?$", text[:start])
    return found[1] if found else ""
