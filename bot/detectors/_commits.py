"""Reading commit subjects: the verb, what it acts on, and whether it repairs what came before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.case import Case
from bot.detectors._words import content_words, stem
from bot.exhibit import Scalar
from bot.pull_request import Commit

_LONGEST_SUBJECT = 300
_CONVENTIONAL = re.compile(r"^([A-Za-z]{2,12})(?:\([^)]{0,80}\))?!?:\s+(?=\S)")
_TYPES = frozenset("feat fix chore docs doc test tests refactor ci build style perf revert deps wip lint".split())
_TICKET = re.compile(r"^(?:\[[^\]]{1,40}\]|[A-Z][A-Z0-9]+-\d+:?|[\w./-]{1,60}:)\s+(?=\S)")
_MERGE = re.compile(
    r"^merge(d)?\s+(branch|remote|pull request|main|master|upstream|origin|tag|commit|conflict|with|from)\b",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\s*\(#\d+\)$")
_FORMS = {
    "fixes": "fix", "fixed": "fix", "fixing": "fix", "fixup": "fix", "bugfix": "fix", "hotfix": "fix",
    "addresses": "address", "addressed": "address", "addressing": "address", "adressing": "address",
    "simplification": "simplify", "cleanup": "clean", "cleaning": "clean", "cleaned": "clean", "cleans": "clean",
    "removal": "remove", "deletion": "delete", "refactoring": "refactor", "reverts": "revert", "reverted": "revert",
    "renaming": "rename", "linting": "lint", "formatting": "format", "testing": "test", "tests": "test",
}  # fmt: skip
VERBS = frozenset(
    "add address adapt adjust adopt allow annotate apply assert attach avoid backport bump cache change check clarify"
    " clean clear close collapse consolidate convert copy correct cover create cut decouple default defer delete"
    " deprecate derive detect disable disallow discard document drop dry edit emit enable encode enforce ensure escape"
    " evict expand expose extend extract factor filter finish fix flatten flush force format forward gate generate "
    "guard"
    " handle harden hide hoist ignore implement import improve include increase inline insert inject install integrate"
    " introduce invert isolate keep launch lift limit link lint load lock log lower make map mark match merge migrate"
    " mock modify move narrow normalize normalise omit optimize optimise parse pass patch pin polish port prefer "
    "prepare"
    " preserve prevent print propagate protect prune publish raise read reapply rebase record redact reduce refactor"
    " reformat register reintroduce reject relax release remove rename reorder reorganize repair replace report require"
    " reset resolve restore restrict restructure retry return reuse revert reword rewrite rework run sanitize sanitise"
    " scope secure send separate serialize set setup shorten show simplify skip sort speed split squash stabilize "
    "stabilise"
    " start stop store streamline strip stub support suppress swap switch sync take test tidy tighten track treat "
    "trim try"
    " tune tweak type undo unify unlock unpin update upgrade use validate verify warn wire wrap write widen".split()
)
# Words that open a subject as verbs but are nouns as often elsewhere: "Name the pipe", but "path and name handling".
OPENERS = VERBS | frozenset(
    "teach explain give bring put find look learn wake work respect honor honour tell count compute mention note permit"
    " point reduce resume wait watch surface persist pick detach name open raise say see share shrink simulate sketch"
    " spell stay surface tag trigger trust turn wake wrap explain mention become build call capture carry combine"
    " compare configure connect consider declare define demote describe display distinguish do drive embed escalate"
    " evaluate exclude exercise exit fall fetch fill follow get go group guarantee have hook hold initialize invalidate"
    " let list lower maintain measure notify offer order override pad pull push query queue quote reach recover "
    "redirect"
    " refresh refuse relay release reload rely render reserve reshape route sanity sample save scan schedule select"
    " settle ship shut sign slim snapshot specify stamp stream strengthen submit subscribe tolerate trace traverse"
    " truncate unwrap vary visit yield".split()
)
REPAIRS = frozenset(
    "fix address adjust correct repair resolve restore stabilize stabilise tweak unbreak appease retry".split()
)
_PROCESS = re.compile(
    r"\b(ci|lint\w*|format\w*|typos?|typing|types?|mypy|pyright|ruff|clippy|eslint|prettier|rubocop|rustfmt|gofmt"
    r"|checks?"
    r"|builds?|compil\w+|comments?|feedback|review\w*|nits?|suggestions?|conflicts?|snapshots?|flak\w+|regressions?"
    r"|failures?|failing|tests?|broken|breakage|rebase|oops|whoops|prs?|forgot\w*|again)\b",
    re.IGNORECASE,
)
_ALWAYS = re.compile(
    r"^(apply (the |some )?(suggest|review|feedback|comment)|(code )?review (comments|feedback|fix)|pr (comments"
    r"|feedback|review)"
    r"|oops|whoops|lint(ing)?\b|fmt\b|format(ting)?$|typos?\b|nits?\b|fix(up|es|ed)?[!.]*$|fix(es)? (it|this|ci"
    r"|tests?|lint\w*|typos?)\b"
    r"|make (ci|tests?|lint|mypy|clippy) (pass|happy|green)|try (again|to fix)|feedback\b|ci fix|fixup!|more fix"
    r"|forgot)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject taken apart: ``kind`` is a conventional type ("fix"), ``verb`` its first word if it is a verb."""

    text: str
    kind: str
    verb: str
    rest: str
    words: frozenset[str]

    @property
    def deed(self) -> str:
        """The verb, or the conventional type where there is none."""
        return self.verb or self.kind


@lru_cache(maxsize=4096)
def read_subject(text: str) -> Subject:
    """Take a subject line apart; never raises."""
    text = text[:_LONGEST_SUBJECT]
    rest, kind = _TAIL.sub("", text).strip(), ""
    found = _CONVENTIONAL.match(rest)
    if found and found[1].lower() in _TYPES:
        kind, rest = found[1].lower(), rest[found.end() :]
    else:
        ticket = _TICKET.match(rest)
        rest = rest[ticket.end() :] if ticket else rest
    first, _, after = rest.partition(" ")
    verb = base_verb(first, OPENERS)
    return Subject(text, kind, verb, after.strip() if verb else rest, content_words(after if verb else rest))


def base_verb(word: str, among: frozenset[str] = VERBS) -> str:
    """Return the bare verb that a word is a form of ("Fixes" is "fix"), or nothing."""
    word = word.strip(".,:;!`'\"()").lower()
    word = _FORMS.get(word, word)
    if word in among:
        return word
    for ending, instead in (
        ("ing", ""),
        ("ing", "e"),
        ("ies", "y"),
        ("ied", "y"),
        ("ed", ""),
        ("ed", "e"),
        ("es", ""),
        ("s", ""),
        ("d", ""),
    ):
        if word.endswith(ending) and word[: -len(ending)] + instead in among:
            return word[: -len(ending)] + instead
    return ""


def work(case: Case) -> tuple[Commit, ...]:
    """Return the commits that do work, oldest first: no merges, however they were made."""
    return tuple(commit for commit in case.own_commits if not is_merge_subject(commit.subject))


def merges(case: Case) -> tuple[Commit, ...]:
    """Return the merges of another branch into this one."""
    return tuple(commit for commit in case.pull_request.commits if commit.is_merge or is_merge_subject(commit.subject))


def is_merge_subject(subject: str) -> bool:
    """Whether a subject says that it merges a branch (some tools squash a merge into one parent)."""
    found = _CONVENTIONAL.match(subject[:_LONGEST_SUBJECT])
    return bool(_MERGE.match(subject[found.end() :] if found else subject))


def repairs(subject: Subject, about: frozenset[str], *, is_fix: bool) -> bool:
    """Whether a commit repairs the pull request that it is part of.

    ``about`` is what the pull request is about (stems); ``is_fix`` says that it is itself a fix,
    where "fix" alone proves nothing.
    """
    if _ALWAYS.match(subject.text) or _ALWAYS.match(subject.rest):
        return True
    if subject.verb not in REPAIRS and not (subject.kind in {"fix", "style", "lint"} and subject.verb != "add"):
        return False
    return bool(_PROCESS.search(subject.rest)) or (not is_fix and bool(subject.words & about))


def says_process(subject: Subject) -> bool:
    """Whether a subject speaks of checks, reviews, tests or builds."""
    return bool(_PROCESS.search(subject.rest) or _ALWAYS.match(subject.text) or _ALWAYS.match(subject.rest))


def verb_counts(subjects: Iterable[Subject]) -> tuple[dict[str, Scalar], ...]:
    """Return how often each verb opens a subject, commonest first, then in the order of the log."""
    counts = Counter(subject.deed for subject in subjects if subject.deed)
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    return tuple({"verb": verb, "count": count} for verb, count in ordered)


def about(case: Case) -> frozenset[str]:
    """Return the stems of what the title and the first commit speak of."""
    commits = work(case)
    first = read_subject(commits[0].subject).words if commits else frozenset()
    return read_subject(case.pull_request.title).words | first


def is_fix(case: Case) -> bool:
    """Whether the pull request says of itself that it repairs something that stood there before."""
    subject = read_subject(case.pull_request.title)
    first = read_subject(work(case)[0].subject) if work(case) else subject
    return any(item.kind == "fix" or item.verb in REPAIRS for item in (subject, first))


def shares(left: Subject, right: Subject) -> frozenset[str]:
    """Return the stems that two subjects speak of."""
    return left.words & right.words


def stems(*words: str) -> frozenset[str]:
    """Return the stems of some words."""
    return frozenset(stem(word) for word in words)
