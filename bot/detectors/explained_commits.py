"""Commits that say why (a credit).

What it finds: at least three commits of work, of which at least two in three carry a body of fifteen words or more,
trailers and lists of squashed subjects aside.

Why it matters: the message is the only documentation that cannot go missing
(https://git-scm.com/docs/SubmittingPatches#describe-changes).

Where it errs: an agent writes long bodies without effort; the words are counted, not the effort.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._commits import work
from bot.detectors._words import first_sentence
from bot.detectors.base import commit_receipt, credit, standing
from bot.exhibit import Exhibit, Stance
from bot.pull_request import Commit

STANCE = Stance.CREDIT
_LEAST, _WORDS = 3, 15
_TRAILER = re.compile(r"^(?:[A-Z][A-Za-z]*(?:-[A-Za-z]+)+:|\(cherry picked|\* |https?://\S+$)", re.MULTILINE)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``explained`` (commits with a body), ``own_commits``, ``words`` (in all bodies), ``subject`` (of the
    longest one), ``said`` (its first sentence), ``longest_words``.
    """
    commits = work(case)
    told = [(len(_words(commit)), commit) for commit in commits if len(_words(commit)) >= _WORDS]
    if len(told) < _LEAST or len(told) * 3 < len(commits) * 2:
        return
    longest, commit = max(told, key=lambda item: item[0])
    said = first_sentence(commit.body)
    yield credit(
        "explained_commits",
        4.0,
        f"{len(told)} of {len(commits)} commits say why in their bodies.",
        {
            "explained": len(told),
            "own_commits": len(commits),
            "words": sum(count for count, _ in told),
            "subject": commit.subject,
            "said": said.clean if said else "",
            "longest_words": longest,
        },
        [
            commit_receipt(case, commit, said.raw if said else ""),
            *(commit_receipt(case, item) for _, item in told[:5] if item is not commit),
        ],
        stands_in=standing(case),
        confidence=0.9,
    )


def _words(commit: Commit) -> list[str]:
    return [word for line in commit.body.split("\n") if not _TRAILER.match(line.strip()) for word in line.split()]
