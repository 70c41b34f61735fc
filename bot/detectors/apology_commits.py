"""Subjects that apologise instead of saying what changed.

What it finds: three or more commits whose whole subject is an apology or a shrug: "oops", "wip", "typo", "lint", "ci",
"fix", "fix tests", "minor", "more", ".", "try again".

Why it matters: the log is read by whoever looks for a fault in a year, and these lines help nobody
(https://git-scm.com/docs/git-commit#_discussion).

Where it errs: what is squashed at the merge never reaches the main branch; the subjects stand in the pull request.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._commits import work
from bot.detectors.base import charge, commit_receipt, counted, standing
from bot.exhibit import Exhibit, Stance
from bot.pull_request import Commit

STANCE = Stance.CHARGE
_LEAST = 3
_RECEIPTS = 10
_SORRY = re.compile(
    r"^(?:(?:fix|chore|style|test|tests|ci|refactor|docs|build|wip)(?:\([^)]{0,40}\))?!?:\s*)?"
    r"(?:[.\-_*~]+|wip\b[\s\d:.!-]*|oops\b.{0,40}|whoops\b.{0,40}|(?:fix(?:ed|es)? )?(?:a |the |some |more |another "
    r"|last )?typos?|lint(?:ing)?|fmt"
    r"|format(?:ting)?|prettier|clippy|rustfmt|gofmt|rubocop|black|ruff|isort|ci|tests?|fix(?:ed|es|up)?"
    r"|update[sd]?|changes?|stuff|misc|minor"
    r"|more|tmp|temp|debug(?:ging)?|asdf+|foo|bar|clean ?-?up|nits?|tweaks?|again|try (?:again|this|it)|attempt \d*"
    r"|save|progress"
    r"|(?:fix|fixes|fixed|run|make) (?:the |some |more |failing |broken )?(?:ci|lint(?:s|er|ing)?|tests?|build|fmt"
    r"|format(?:ting)?|clippy|types?|snapshots?|it"
    r"|this|stuff|errors?|warnings?)(?: again| pass| happy)?"
    r"|(?:pr |code |address )?(?:review )?(?:comments|feedback|suggestions))[.! ]*$",
    re.IGNORECASE,
)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``subjects`` (in order), ``count``, ``own_commits``, ``shortest``, ``longest``, ``most_said`` and
    ``most_said_count`` (a subject that comes more than once, empty otherwise), ``characters`` (in all of them
    together).
    """
    commits = work(case)
    found = [commit for commit in commits if commit.subject and _SORRY.match(commit.subject[:80])]
    if len(found) >= _LEAST and len(found) * 4 >= len(commits):
        yield _exhibit(case, found, len(commits))


def _exhibit(case: Case, found: list[Commit], total: int) -> Exhibit:
    subjects = [commit.subject for commit in found]
    word, times = Counter(subject.lower() for subject in subjects).most_common(1)[0]
    shown = ", ".join(f"“{subject}”" for subject in dict.fromkeys(subjects[:6]))
    return charge(
        "apology_commits",
        min(3.0 + 0.4 * len(found), 7.0),
        f"{counted(len(found), 'subject')} of {total} say no more than {shown}.",
        {
            "subjects": tuple(subjects[:30]),
            "count": len(found),
            "own_commits": total,
            "shortest": min(subjects, key=len),
            "longest": max(subjects, key=len),
            "most_said": word if times > 1 else "",
            "most_said_count": times if times > 1 else 0,
            "characters": sum(map(len, subjects)),
        },
        (commit_receipt(case, commit) for commit in found[:_RECEIPTS]),
        stands_in=standing(case),
        confidence=0.95,
    )
