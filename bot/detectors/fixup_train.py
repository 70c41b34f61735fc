"""A feature commit that pulls a train of repairs.

What it finds: a log in which at least half of the commits after the first repair the pull request itself: they say
"fix", "address", "adjust" or the like and speak of checks, reviews, tests, or of what the title speaks of.
Merges are not counted. In a pull request that is itself a fix, "fix" alone proves nothing.

Why it matters: the log keeps the negotiation and hides the change; squashing or amending tells the story once
(https://git-scm.com/docs/git-rebase#_interactive_mode).

Where it errs: repairs asked for by reviewers are good manners, and they look the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._commits import (
    Subject,
    about,
    is_fix,
    merges,
    read_subject,
    repairs,
    says_process,
    verb_counts,
    work,
)
from bot.detectors._time import hours, phrase
from bot.detectors._words import common_phrase
from bot.detectors.base import charge, commit_receipt, counted, figures_receipt, standing
from bot.exhibit import Exhibit, Fact, Stance
from bot.pull_request import Commit

STANCE = Stance.CHARGE
_LEAST = 4
_RECEIPTS = 12
_SHOWN = 40
_EMPTY = "initial plan"  # an agent's first commit, which changes nothing


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``first`` and ``last`` (subjects), ``subjects`` (all own ones in order), ``repairs`` (those that repair,
    in order), ``count``, ``after_first`` (how many commits follow the first), ``own_commits``, ``merges``, ``verbs``
    (each with its count, over the repairs), ``top_verb``, ``top_verb_count``, ``second_verb``, ``second_verb_count``,
    ``phrase`` (words that stand in most subjects) and ``phrase_count``, ``took`` (first commit to last), ``hours``.
    """
    commits = tuple(commit for commit in work(case) if commit.subject.lower() != _EMPTY)
    topic, fixing = about(case), is_fix(case)
    found = [
        (commit, subject)
        for commit in commits[1:]
        if repairs(subject := read_subject(commit.subject), topic, is_fix=fixing)
    ]
    # "Fix" alone may be what the change does; some of the train must speak of checks, reviews or tests.
    spoken = sum(says_process(subject) for _, subject in found)
    if len(found) >= _LEAST and len(found) * 2 >= len(commits) - 1 and spoken * 4 >= len(found):
        yield _exhibit(case, commits, found)


def _exhibit(case: Case, commits: tuple[Commit, ...], found: list[tuple[Commit, Subject]]) -> Exhibit:
    first, last, count = commits[0], commits[-1], len(found)
    verbs = verb_counts(subject for _, subject in found)
    words, in_subjects = common_phrase(commit.subject for commit in commits)
    start, end = first.authored_at, max(commit.authored_at for commit in commits)
    facts: dict[str, Fact] = {
        "first": first.subject,
        "last": last.subject,
        "subjects": tuple(commit.subject for commit in commits[:_SHOWN]),
        "repairs": tuple(commit.subject for commit, _ in found[:_SHOWN]),
        "count": count,
        "after_first": len(commits) - 1,
        "own_commits": len(commits),
        "merges": len(merges(case)),
        "verbs": verbs,
        "phrase": words,
        "phrase_count": in_subjects,
        "took": phrase(start, end),
        "hours": hours(start, end),
    }
    for name, entry in zip(("top_verb", "second_verb"), verbs, strict=False):
        facts |= {name: entry["verb"], f"{name}_count": entry["count"]}
    return charge(
        "fixup_train",
        min(4.0 + 0.4 * count, 8.5),
        f"“{first.subject}” is followed by {counted(len(commits) - 1, 'commit')},"
        f" {counted(count, 'repair')} of it among them.",
        facts,
        [
            commit_receipt(case, first),
            *(commit_receipt(case, commit) for commit, _ in found[: _RECEIPTS - 2]),
            figures_receipt(case, own_commits=len(case.own_commits), commit_count=case.pull_request.commit_count),
        ],
        stands_in=standing(case),
        confidence=0.9,
    )
