"""What sort of pull request it is, from its title and its figures: an acquittal speaks of that.

A bump, a ribbon on a release and a mended word have little in common but that there is nothing to say against them, so
each has lines of its own (``lines/_sorts.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.brief import Subject
from bot.prose import PROSE

_WHAT = r"(?P<what>[\w@./~+-]{2,80})"
_VERSION = r"(?P<{name}>(?:[<>=~^]{{1,2}}\s?)?v?\d[\w.+,<>=~^-]{{0,40}})"
_BUMP_FROM = re.compile(
    rf"\b(?:bump(?:s|ed)?|updates?|upgrades?)\b.{{0,40}}?\s{_WHAT}(?: requirement)? from"
    rf" {_VERSION.format(name='old')} to {_VERSION.format(name='new')}",
    re.IGNORECASE,
)
_BUMP_TO = re.compile(
    rf"\b(?:bump(?:s|ed)?|updates?|upgrades?|pins?)\s(?:[\w-]+\s){{0,3}}?(?:(?:dependency|crate|module|action|package"
    rf"|tag|plugin|image)\s)?`?{_WHAT}`?(?:\s\w+)?\s(?:to|at)\s`?{_VERSION.format(name='new')}",
    re.IGNORECASE,
)
_SORTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("revert", re.compile(r"revert\b", re.IGNORECASE)),
    ("lock", re.compile(r"lock ?file|\block maintenance\b|yarn\.lock|uv\.lock|package-lock", re.IGNORECASE)),
    (
        "release",
        re.compile(
            r"v?\d+\.\d+(?:\.\d+)*(?:[-.]?(?:rc|alpha|beta|a|b|dev)\.?\d*)?$|.*\brelease (?:notes|v?\d)"
            r"|.*\bprepare (?:for )?release|.*\b(?:bump|prepare) version\b|.*\bversion bump\b|.*\bchangelog for\b",
            re.IGNORECASE,
        ),
    ),
    ("typo", re.compile(r".*\b(?:typos?|spelling|misspell\w*|grammar|wording)\b", re.IGNORECASE)),
)
_BUILD = re.compile(
    r"^\.(?:github/(?:workflows|actions)|circleci|buildkite)/|(?:^|/)(?:action|azure-pipelines|\.travis|\.gitlab-ci)\.ya?ml$"
)
"""Where machines are told what to check; other YAML is anything from a theme to a list of people."""
_HELPERS = ("dependabot", "renovate", "github-actions", "pre-commit", "pyup", "snyk")
MIXED = frozenset({"fix", "feature", "tidy", ""})
"""Sorts that are told in the lines of any acquittal as well as in their own; the others have ways of their own."""
_TYPE = re.compile(r"(fix|feat|docs?|tests?|ci|refactor|style)(?:\([^)]{0,60}\))?!?:", re.IGNORECASE)
_TYPES = {
    "fix": "fix",
    "feat": "feature",
    "doc": "docs",
    "docs": "docs",
    "test": "tests",
    "tests": "tests",
    "ci": "ci",
    "refactor": "tidy",
    "style": "tidy",
}
_VERBS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("removal", ("remove", "drop", "delete")),
    ("fix", ("fix", "correct", "repair", "prevent", "avoid", "handle", "ensure", "don't", "do not")),
    ("tidy", ("refactor", "rename", "move", "simplify", "clean", "extract", "tidy", "reorganize", "split", "inline")),
    ("feature", ("add", "support", "allow", "implement", "introduce", "enable", "expose", "show", "include")),
)


def bump_of(title: str) -> dict[str, Any]:
    """Return what was raised to which version, from which (or ""), and how far: empty where the title names none."""
    found = _BUMP_FROM.search(title[:300]) or _BUMP_TO.search(title[:300])
    if not found:
        return {}
    names = found.groupdict()
    old, new = names.get("old") or "", names["new"].rstrip(".")
    return {"what": names["what"].strip("`"), "old": old, "new": new, **_moved(old, new)}


def _moved(old: str, new: str) -> dict[str, Any]:
    """Return which of the three numbers moved first, and from what to what."""
    if not old.lstrip("v")[:1].isdigit() or not new.lstrip("v")[:1].isdigit():  # a range has no next number
        return {"level": "", "from_": 0, "to": 0}
    before, after = re.findall(r"\d+", old)[:3], re.findall(r"\d+", new)[:3]
    for level, one, other in zip(("major", "minor", "patch"), before, after, strict=False):
        if one != other:
            return {"level": level, "from_": int(one[:9]), "to": int(other[:9])}
    return {"level": "", "from_": 0, "to": 0}


def sort_of(subject: Subject, facts: Mapping[str, Any]) -> str:
    """Return the sort of a pull request, or "" where it is like no other."""
    title, size = subject.title, facts.get("size", {})
    if bump_of(title):
        return "bump"
    named = next((sort for sort, pattern in _SORTS if pattern.match(title) or pattern.match(_goal(facts))), "")
    if named:
        return named
    one_line = "oneliner" if facts.get("curiosities", {}).get("before") else ""
    told = _by_figures(size) or one_line or _by_verb(facts, size)
    if told:
        return told
    typed = _TYPE.match(title)
    if typed:
        return _of_type(typed[1].lower(), size)
    agent = subject.author_is_bot and not any(name in subject.author.lower() for name in _HELPERS)
    return "agent" if agent else ""


def _of_type(name: str, size: Mapping[str, Any]) -> str:
    """Return the sort that a title names; it is documentation only where something was written."""
    return "" if _TYPES[name] == "docs" and not size.get("prose") else _TYPES[name]


def _goal(facts: Mapping[str, Any]) -> str:
    return str(facts.get("purpose", {}).get("goal", ""))


def _by_figures(size: Mapping[str, Any]) -> str:
    ships, checks = int(size.get("production_additions", 0)), int(size.get("test_additions", 0))
    main = str(size.get("main_file", ""))
    if ships == 0 and checks > 0:
        return "tests"
    prose = bool(size.get("prose")) and main.endswith(PROSE) and not main.startswith("requirements")
    if ships == 0 and prose and size.get("additions", 0):
        return "docs"
    checks_others = _BUILD.search(str(size.get("main_path", "")))
    return "ci" if ships == 0 and checks_others and size.get("additions", 0) else ""


def _by_verb(facts: Mapping[str, Any], size: Mapping[str, Any]) -> str:
    goal = _goal(facts).lower()
    sort = next((sort for sort, verbs in _VERBS if goal.startswith(verbs)), "")
    fewer = int(size.get("deletions", 0)) > int(size.get("additions", 0))
    return "" if sort == "removal" and not fewer else sort
