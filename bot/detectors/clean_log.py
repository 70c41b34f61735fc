"""A log that can be read from top to bottom (a credit).

What it finds: three to thirty commits of which each opens with a verb or a conventional type, says at least three
words, fits a line of 72 characters, none repairs, apologises or merges, and hardly a line (one in twenty) is taken
back.

Why it matters: each commit can be reviewed, reverted and bisected alone
(https://git-scm.com/book/en/v2/Distributed-Git-Contributing-to-a-Project).

Where it errs: a log may be clean because it was rebased at the end; that is what rebasing is for.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._churn import churn
from bot.detectors._commits import REPAIRS, Subject, about, is_fix, merges, read_subject, repairs, verb_counts, work
from bot.detectors.base import commit_receipt, counted, credit, standing
from bot.exhibit import Exhibit, Stance
from bot.pull_request import Commit

STANCE = Stance.CREDIT
_LEAST, _MOST, _LINE = 3, 30, 72
_TORN = 20


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``subjects`` (in order), ``count``, ``first``, ``last``, ``verbs`` (each with its count), ``longest``
    (characters), ``with_body`` (commits that say more than a line).
    """
    commits = work(case)
    topic, fixing = about(case), is_fix(case)
    if not _LEAST <= len(commits) <= _MOST or merges(case) or case.coverage.partial:
        return
    subjects = [read_subject(commit.subject) for commit in commits]
    if not all(_says_one_thing(commit) for commit in commits):
        return
    if any(_mends(subject) or repairs(subject, topic, is_fix=fixing) for subject in subjects[1:]):
        return
    log = churn(case) if case.commit_files else None
    if log and len(log.gone) * _TORN > log.written:
        return
    if len({subject.text.lower() for subject in subjects}) < len(subjects):
        return
    yield credit(
        "clean_log",
        min(3.0 + 0.3 * len(commits), 5.5),
        f"{counted(len(commits), 'commit')}, and each says one thing: “{commits[0].subject}” to "
        f"“{commits[-1].subject}”.",
        {
            "subjects": tuple(commit.subject for commit in commits),
            "count": len(commits),
            "first": commits[0].subject,
            "last": commits[-1].subject,
            "verbs": verb_counts(subjects),
            "longest": max(len(commit.subject) for commit in commits),
            "with_body": sum(len(commit.body.split()) >= 8 for commit in commits),
        },
        (commit_receipt(case, commit) for commit in commits[:12]),
        stands_in=standing(case),
        confidence=0.85,
    )


def _mends(subject: Subject) -> bool:
    return subject.kind in {"fix", "style", "lint", "wip"} or subject.verb in REPAIRS


def _says_one_thing(commit: Commit) -> bool:
    subject = read_subject(commit.subject)
    words = len(commit.subject.split())
    return (
        bool(subject.deed)
        and words >= 3
        and len(commit.subject) <= _LINE
        and not commit.subject.lower().startswith("wip")
    )
