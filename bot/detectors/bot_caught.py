"""Faults that a review bot found first.

What it finds: remarks on lines by review bots (Codex, Copilot, CodeRabbit, Cursor…) that name a fault: a severity of
P0 to P2 or a fault in plain words. Two remarks on the same fault are one exhibit of their own, the rest share one.
A later commit on the same path, a line that is gone, or a human's "fixed" says that it was answered.

Why it matters: the machine read the diff before a person did.

Where it errs: bots report what is not there; the exhibit says what the bot said, and who answered, not who was right.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bot.case import Case
from bot.detectors._commits import work
from bot.detectors._talk import commits_after, gist, is_bot, tool_name, touching
from bot.detectors._time import in_words, minutes
from bot.detectors._words import content_words, overlap, stem
from bot.detectors.base import charge, commit_receipt, counted, remark_receipt
from bot.exhibit import Exhibit, Fact, Stance, StandsIn
from bot.pull_request import Commit, ReviewComment

STANCE = Stance.CHARGE
_SEVERITY = re.compile(r"\bP([0-3])\b")
_GRADE = re.compile(
    r"(?<![A-Za-z])(critical|(?:high|medium)[- ]severity|high[- ]priority|potential issue|major"
    r"|bug[ _]risk)(?![A-Za-z])|!\[(high|critical)\]",
    re.IGNORECASE,
)
_FAULT = re.compile(
    r"\b(bugs?|race|raises?|throws?|crash\w*|leaks?|deadlock\w*|incorrect\w*|wrong(?:ly)?|breaks?|broken|fails?|never"
    r"|undefined|null pointer|overflow\w*|injection|no effect|overrid\w+|silently|panics?|infinite|stale|lost)\b",
    re.IGNORECASE,
)
_MILD = re.compile(r"\b(nit(pick)?|optional|consider|style|typo)\b", re.IGNORECASE)
_AGAIN = re.compile(r"\b(same|again|as well|here too|also here|likewise|similarly)\b", re.IGNORECASE)
_FIXED = re.compile(
    r"\b(fixed|done|good (?:catch|call|point)|addressed|updated|resolved|nice catch|great catch|pushed)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"`([^`\n]{2,80})`")
_MOST = 100
_LONGEST_SAID = 230
_SHARED = 2
_SOON = 20
_EVERYWHERE = frozenset(
    stem(word) for word in "test fix check error code review comment import type call change".split()
)
_SHOWN = 8


@dataclass(frozen=True)
class Finding:
    """One remark with what is known of its answer."""

    remark: ReviewComment
    raw: str
    said: str
    severity: str
    round: int
    answer: str
    by: Commit | None


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a fault that was found twice (three at most), and one for the rest.

    Facts: ``bot`` (login), ``tool`` ("Codex"), ``said`` (the first remark's sentence), ``says`` (all shown),
    ``path``, ``paths``, ``severity``, ``times`` (how often this fault was found), ``same_fault_twice``, ``names``
    (code the bot quotes), ``findings`` (in the whole pull request), ``p0``, ``p1``, ``p2``, ``rounds`` (batches with
    commits between), ``round``, ``answered`` (how many of these), ``answer`` (how), ``answered_by`` (a later subject
    that touches the path), ``commits_after``, ``later_subject`` (of a later commit that speaks of the same things,
    where no diff says which commit answered), ``gap`` ("two minutes", from the first remark to its twin).
    """
    found = _findings(case)
    if not found:
        return
    groups = _groups(found)
    twins = sorted(
        (group for group in groups if len(group) > 1), key=lambda group: (group[0].severity or "P9", -len(group))
    )
    for group in twins[:3]:
        yield _exhibit(case, group, found)
    singles = [group[0] for group in groups if len(group) == 1]
    if singles:
        yield _exhibit(case, sorted(singles, key=_telling), found)


def _telling(item: Finding) -> tuple[bool, str, bool]:
    """Order findings: short enough to be quoted whole, by grade, a fault in plain words before a wish."""
    return len(item.said) > _LONGEST_SAID, item.severity or "P9", not _FAULT.search(item.said)


def _findings(case: Case) -> list[Finding]:
    found: list[Finding] = []
    replies = {
        item.in_reply_to_id: item for item in case.pull_request.review_comments if _FIXED.search(item.body[:2000])
    }
    moments = sorted(commit.authored_at for commit in work(case))
    batch, last = 0, None
    for remark in sorted(case.pull_request.review_comments, key=lambda item: (item.created_at, item.id))[:_MOST]:
        severity = _severity(remark)
        raw, said = gist(remark.body)
        if severity is None or not said:
            continue
        if last is None or any(last < moment <= remark.created_at for moment in moments):
            batch += 1
        last = remark.created_at
        answer, by = _answer(case, remark, replies.get(remark.id))
        found.append(Finding(remark, raw, said, severity, batch, answer, by))
    return found


def _severity(remark: ReviewComment) -> str | None:
    """Return "P1" and the like, "" for a fault without a grade, nothing for what is no finding."""
    if remark.in_reply_to_id is not None or not is_bot(remark.user):
        return None
    text = remark.body[:4000]
    grade = _SEVERITY.search(text[:400])
    if grade:
        return f"P{grade[1]}" if grade[1] != "3" else None
    if _GRADE.search(text[:400]):
        return ""
    return "" if _FAULT.search(text) and not _MILD.search(text[:400]) else None


def _answer(case: Case, remark: ReviewComment, reply: ReviewComment | None) -> tuple[str, Commit | None]:
    later = commits_after(case, remark.created_at)
    by = next(touching(case, later, remark.path), None)
    if by is not None:
        return "a later commit touches the file", by
    if reply is not None and not is_bot(reply.user):
        return "a reply says so", None
    if remark.line is None and remark.original_line is not None and later:
        return "the line is gone", None
    return "", None


def _groups(found: list[Finding]) -> list[list[Finding]]:
    """Put together what is the same fault: by its words, less of them where the bot itself says "the same"."""
    groups: list[tuple[list[Finding], frozenset[str]]] = []
    for item in found:
        words = content_words(item.remark.body[:1500])
        again = bool(_AGAIN.search(item.remark.body[:1500]))
        for group, heads in groups:
            near = (item.remark.created_at - group[-1].remark.created_at).total_seconds() < 3600
            if overlap(words, heads) >= (0.22 if again and near else 0.6) and len(words & heads) >= 2:
                group.append(item)
                break
        else:
            groups.append(([item], words))
    return [group for group, _ in groups]


def _exhibit(case: Case, group: list[Finding], found: list[Finding]) -> Exhibit:
    head, answered = group[0], [item for item in group if item.answer]
    twice = len(group) > 1 and len(_groups(group)) == 1
    grades = [item.severity for item in found]
    tool = tool_name(head.remark.user.login)
    answer = next((item for item in group if item.by), answered[0] if answered else head)
    later = None if answer.by else _speaks_of_it(case, group)
    facts: dict[str, Fact] = {
        "bot": head.remark.user.login,
        "tool": tool,
        "said": head.said,
        "says": tuple(item.said for item in group[:_SHOWN]),
        "path": head.remark.path,
        "paths": tuple(dict.fromkeys(item.remark.path for item in group)),
        "severity": head.severity,
        "times": len(group) if twice else 1,
        "same_fault_twice": twice,
        "names": tuple(dict.fromkeys(name for item in group for name in _CODE.findall(item.remark.body[:4000])))[
            :_SHOWN
        ],
        "findings": len(found),
        "p0": grades.count("P0"),
        "p1": grades.count("P1"),
        "p2": grades.count("P2"),
        "rounds": found[-1].round,
        "round": head.round,
        "answered": len(answered),
        "answer": answer.answer,
        "answered_by": answer.by.subject if answer.by else "",
        "commits_after": len(commits_after(case, head.remark.created_at)),
        "later_subject": later.subject if later else "",
        "gap": _gap(group) if twice else "",
    }
    grade = f" ({head.severity})" if head.severity else ""
    what = f"the same fault {counted(len(group), 'time')}" if twice else counted(len(group), "fault")
    return charge(
        "bot_caught",
        min(
            4.0 + (2.0 if twice else 0.5 * (len(group) - 1)) + (1.0 if "P1" in grades else 0) + 0.3 * found[-1].round,
            8.0,
        ),
        f"{tool} reported {what}{grade}: “{head.said}”",
        facts,
        [
            *(remark_receipt(item.remark, item.raw) for item in group[:_SHOWN]),
            *([commit_receipt(case, by)] if (by := answer.by or later) else []),
        ],
        stands_in=StandsIn.CONVERSATION,
        confidence=0.9 if answered or later else 0.75,
    )


def _gap(group: list[Finding]) -> str:
    apart = minutes(group[0].remark.created_at, group[1].remark.created_at)
    return in_words(apart, "minute") if 0 < apart < _SOON else ""


def _speaks_of_it(case: Case, group: list[Finding]) -> Commit | None:
    """Return the first later commit whose subject shares two words with the remarks that few other subjects have."""
    later = commits_after(case, group[0].remark.created_at)
    uses = Counter(word for commit in work(case) for word in content_words(commit.subject))
    common = (
        _EVERYWHERE | content_words(case.pull_request.title) | {word for word, count in uses.items() if count > _SHARED}
    )
    words = content_words(" ".join(item.remark.body[:1500] for item in group)) - common - _EVERYWHERE
    return next((commit for commit in later if len(words & content_words(commit.subject)) >= _SHARED), None)
