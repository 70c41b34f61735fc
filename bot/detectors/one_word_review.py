"""A review of one word.

What it finds: a human's review of a large change (300 hand-written lines or more) whose words are one or two
("LGTM", "nice", "ship it"), from somebody who said nothing else.

Why it matters: one word carried all those lines.

Where it errs: the reading may have happened elsewhere; only what is written is known.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._talk import by_author, has_words, is_bot, remarks
from bot.detectors._words import clean
from bot.detectors.base import charge, figures_receipt, remark_receipt
from bot.exhibit import Exhibit, Stance, StandsIn
from bot.pull_request import Review, ReviewState

STANCE = Stance.CHARGE
_LARGE = 300
_FEW = 2


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit: the shortest such review.

    Facts: ``said``, ``words`` (how many), ``who``, ``state`` ("approved"…), ``lines`` (hand-written, added and
    deleted), ``lines_per_word``, ``files``, ``count`` (of such reviews).
    """
    pull = case.pull_request
    lines = sum(file.additions + file.deletions for file in pull.files if case.kind(file.path).is_hand_written)
    if lines < _LARGE:
        return
    found = [review for review in pull.reviews if _is_one(case, review)]
    if not found:
        return
    review = min(found, key=lambda item: (len(item.body.split()), item.id))
    said = clean(review.body.strip())
    words = len(said.split())
    yield charge(
        "one_word_review",
        5.0 if lines >= 1000 else 4.0,
        f"`{review.user.login}` reviewed {lines:,} lines with “{said}”.",
        {
            "said": said,
            "words": words,
            "who": review.user.login,
            "state": review.state.value.lower().replace("_", " "),
            "lines": lines,
            "lines_per_word": lines // words,
            "files": pull.changed_files,
            "count": len(found),
        },
        [
            *(remark_receipt(item, item.body.strip()) for item in found[:4]),
            figures_receipt(case, additions=pull.additions, deletions=pull.deletions),
        ],
        stands_in=StandsIn.CONVERSATION,
        confidence=0.9,
    )


def _is_one(case: Case, review: Review) -> bool:
    said = clean(review.body.strip())
    if not has_words(review.body) or len(said.split()) > _FEW or "\n" in review.body.strip():
        return False
    if is_bot(review.user) or by_author(case, review) or review.state is ReviewState.DISMISSED:
        return False
    others = (item for item in remarks(case) if item.user.login == review.user.login and item is not review)
    return not any(has_words(item.body) for item in others)
