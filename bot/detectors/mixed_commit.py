"""One commit that joins two jobs which have nothing to do with each other.

What it finds: a subject of the form "verb this and verb that" (or with ";", "&", "+", "plus") whose two objects share
no word. Tests, docs, changelogs and types as the second object are left alone: they belong to the first.

Why it matters: a commit that does two things can be neither reverted nor bisected as one
(https://git-scm.com/book/en/v2/Distributed-Git-Contributing-to-a-Project).

Where it errs: two jobs may be one to somebody who knows the code; only the subject is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._commits import base_verb, read_subject, work
from bot.detectors._words import content_words
from bot.detectors.base import charge, commit_receipt, counted, standing
from bot.exhibit import Exhibit, Stance
from bot.pull_request import Commit

STANCE = Stance.CHARGE
_JOINT = re.compile(r"\s*(?:;|,? and|,? plus|,? as well as| &| \+)\s+(?=[A-Za-z])")
_COMPANIONS = frozenset(
    "test tests doc docs documentation docstring docstrings changelog changeset comment comments type types typing lint"
    " format formatting snapshot snapshots it them this that ci readme example examples review feedback version imports"
    " import usage usages callers references note notes coverage".split()
)
# Only words that are verbs wherever they stand: "map", "link" or "test" after an "and" is a noun as often as not.
_SECOND = frozenset(
    "add remove prune drop delete fix rename introduce convert replace refactor simplify enable disable deprecate "
    "migrate"
    " extract implement address bump upgrade widen avoid adjust clarify sanitize harden restore revert rework clean "
    "create"
    " rewrite reduce allow prevent skip expose extend inline tighten relax hide unify consolidate".split()
)
_ADDS, _TAKES = frozenset("add introduce create".split()), frozenset("remove drop delete prune".split())
# "Rework it to fix this and reduce that" is one job with two reasons; "reset on change" has no object of its own.
_LISTS = re.compile(r"[,:;] ")  # a list of three jobs or an announced one reads otherwise
_PURPOSE = re.compile(r"\b(to|so|by|when|if|that|which|for|after|before|while)\b", re.IGNORECASE)
_NO_OBJECT = re.compile(
    r"(on|in|to|at|by|with|from|for|when|if|as|into|after|before|its?|their|both|those|these)\b",
    re.IGNORECASE,
)
_LARGEST = 200
_RECEIPTS = 8


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit a pull request, of two commits or more.

    Facts: ``subject``, ``first_verb``, ``first_object``, ``second_verb``, ``second_object`` (of the most telling one),
    ``count`` (how many commits do it), ``subjects`` (all of them), ``own_commits``.
    """
    commits = work(case)
    found = [(commit, halves) for commit in commits[:_LARGEST] if (halves := _halves(commit.subject))]
    if found and len(commits) > 1:
        yield _exhibit(case, found, len(commits))


def _halves(text: str) -> tuple[str, str, str, str] | None:
    """Return verb, object, verb, object where a subject joins two jobs."""
    subject = read_subject(text)
    joint = _JOINT.search(subject.rest) if subject.verb else None
    if joint is None:
        return None
    left, right = subject.rest[: joint.start()], subject.rest[joint.end() :]
    word, _, right = right.partition(" ")
    verb = base_verb(word)
    if verb not in _SECOND or verb == subject.verb or _JOINT.search(right) or subject.kind in {"docs", "doc"}:
        return None
    # To remove one thing and add another is to replace it.
    if {subject.verb, verb} & _ADDS and {subject.verb, verb} & _TAKES:
        return None
    here, there = content_words(left), content_words(right)
    # A verb's own word counts too: "Cache reads and clear the cache" is one job.
    named = here | content_words(f"{subject.verb} {verb}")
    if _PURPOSE.search(left) or _NO_OBJECT.match(right) or _LISTS.search(left):
        return None
    if (
        len(here) < 2
        or len(there) < 2
        or named & there
        or _COMPANIONS & {item.lower() for item in re.findall(r"\w+", right)}
    ):
        return None
    return subject.verb, left.strip(), verb, right.strip()


def _exhibit(case: Case, found: list[tuple[Commit, tuple[str, str, str, str]]], total: int) -> Exhibit:
    commit, (first_verb, first_object, second_verb, second_object) = max(found, key=lambda item: len(item[0].subject))
    ordered = [commit, *(item for item, _ in found if item is not commit)]
    return charge(
        "mixed_commit",
        min(4.0 + 0.7 * len(found), 6.5),
        f"“{commit.subject}” is two jobs in one commit"
        + (f", and {counted(len(found) - 1, 'more commit')} of the kind." if len(found) > 1 else "."),
        {
            "subject": commit.subject,
            "first_verb": first_verb,
            "first_object": first_object,
            "second_verb": second_verb,
            "second_object": second_object,
            "count": len(found),
            "subjects": tuple(item.subject for item, _ in found),
            "own_commits": total,
        },
        (commit_receipt(case, item) for item in ordered[:_RECEIPTS]),
        stands_in=standing(case),
        confidence=0.8,
    )
