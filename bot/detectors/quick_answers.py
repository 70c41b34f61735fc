"""Answers while the question is warm (a credit).

What it finds: at least three reviewers' threads that the author answered, half of them within an hour.

Why it matters: a review is a conversation, and this one was held while both sides remembered it.

Where it errs: an answer may be quick and empty; answers of fewer than three words are not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bot.case import Case
from bot.detectors._talk import by_author, gist
from bot.detectors._threads import reply_of_author, threads
from bot.detectors._time import in_words, minutes
from bot.detectors.base import credit, remark_receipt
from bot.exhibit import Exhibit, Stance, StandsIn
from bot.pull_request import ReviewComment

STANCE = Stance.CREDIT
_LEAST, _SOON = 3, 60
_SHOWN = 4


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``answers``, ``median_minutes``, ``quickest`` (in words), ``quickest_minutes``, ``slowest_minutes``,
    ``said`` (the quickest answer's first sentence), ``question`` (what it answered), ``author``.
    """
    found: list[tuple[int, ReviewComment, ReviewComment]] = []
    for thread in threads(case):
        reply = reply_of_author(case, thread)
        if reply and not by_author(case, thread.head) and len(reply.body.split()) >= 3 and not case.author.is_ghost:
            found.append((minutes(thread.head.created_at, reply.created_at), thread.head, reply))
    found.sort(key=lambda item: (item[0], item[2].id))
    if len(found) < _LEAST or median(item[0] for item in found) > _SOON:
        return
    gap, head, reply = found[0]
    middle = int(median(item[0] for item in found))
    soon = in_words(middle, "minute") if middle else "a minute"
    yield credit(
        "quick_answers",
        4.0,
        f"{len(found)} answers to reviewers, half of them within {soon}.",
        {
            "answers": len(found),
            "median_minutes": middle,
            "quickest": in_words(gap, "minute") if gap else "less than a minute",
            "quickest_minutes": gap,
            "slowest_minutes": found[-1][0],
            "said": gist(reply.body)[1],
            "question": gist(head.body)[1],
            "author": case.author.login,
        },
        [remark_receipt(item, raw) for _, _, item in found[:_SHOWN] if (raw := gist(item.body)[0])]
        or [remark_receipt(reply, reply.body.strip().split("\n")[0])],
        stands_in=StandsIn.CONVERSATION,
        confidence=0.9,
    )
