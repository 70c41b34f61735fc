"""Tests or documentation that came only when somebody asked.

What it finds: a person's remark that asks for tests or documentation, no commit before it that brought any, and one
after it that did, by the commits' own diffs, or by their subjects where the diffs are not known.

Why it matters: what had to be asked for was not planned.

Where it errs: the author may have had it ready on the desk. It is also to the author's credit that it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._commits import work
from bot.detectors._talk import Remark, by_author, is_bot, remarks, when
from bot.detectors._time import hours, phrase
from bot.detectors._words import Sentence, sentences
from bot.detectors.base import charge, commit_receipt, remark_receipt
from bot.exhibit import Exhibit, Stance, StandsIn
from bot.kinds import FileKind
from bot.pull_request import Commit

STANCE = Stance.CHARGE
_WANTS = {
    "tests": re.compile(
        r"\b(?:(?:add|write|need|want|include|have|miss\w*|see|cover\w*|without|no)\b.{0,40}\b(?:unit |regression "
        r"|integration )?tests?\b"
        r"|tests? (?:for|would be|please)|test coverage)",
        re.IGNORECASE,
    ),
    "documentation": re.compile(
        r"\b(?:(?:add|write|need|include|update|miss\w*)\b.{0,30}\b(?:docs?|documentation|changelog|changeset"
        r"|docstrings?)\b)",
        re.IGNORECASE,
    ),
}
_KIND = {"tests": FileKind.TEST, "documentation": FileKind.DOCS}
_SUBJECT = {
    "tests": re.compile(r"\btests?\b", re.IGNORECASE),
    "documentation": re.compile(r"\b(docs?|documentation|changelog|changeset)\b", re.IGNORECASE),
}


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit for tests and one for documentation at most.

    Facts: ``what`` ("tests", "documentation"), ``said``, ``who``, ``subject`` (of the commit that brought it),
    ``after`` (from the remark to that commit), ``hours``, ``commits_before`` (own commits before the remark, none
    of which brought any).
    """
    for what, pattern in _WANTS.items():
        asked = _first(case, pattern)
        if asked is None:
            continue
        remark, sentence = asked
        moment = when(remark)
        before = [commit for commit in work(case) if moment and commit.authored_at <= moment]
        after = [commit for commit in work(case) if moment and commit.authored_at > moment]
        brought = next((commit for commit in after if _brings(case, commit, what)), None)
        if before and brought and not any(_brings(case, commit, what) for commit in before):
            yield _exhibit(case, what, (remark, sentence), brought, before)


def _first(case: Case, pattern: re.Pattern[str]) -> tuple[Remark, Sentence] | None:
    for remark in remarks(case):
        if is_bot(remark.user) or by_author(case, remark):
            continue
        for sentence in sentences(remark.body):
            if pattern.search(sentence.clean[:400]):
                return remark, sentence
    return None


def _brings(case: Case, commit: Commit, what: str) -> bool:
    if commit.sha in case.commit_files:
        return any(case.kind(file.path) is _KIND[what] and file.additions for file in case.commit_files[commit.sha])
    return bool(_SUBJECT[what].search(commit.message[:2000]))


def _exhibit(case: Case, what: str, asked: tuple[Remark, Sentence], brought: Commit, before: list[Commit]) -> Exhibit:
    remark, sentence = asked
    moment = when(remark) or brought.authored_at
    after = phrase(moment, brought.authored_at)
    return charge(
        "asked_nicely",
        4.5 if what == "tests" else 3.0,
        f"The {what} came {after} after `{remark.user.login}` asked: “{sentence.clean}”",
        {
            "what": what,
            "said": sentence.clean,
            "who": remark.user.login,
            "subject": brought.subject,
            "after": after,
            "hours": hours(moment, brought.authored_at),
            "commits_before": len(before),
        },
        [remark_receipt(remark, sentence.raw), commit_receipt(case, brought)],
        stands_in=StandsIn.CONVERSATION,
        confidence=0.8,
    )
