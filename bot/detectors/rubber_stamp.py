"""An approval that costs nothing.

What it finds: on a large change (500 lines by hand or more), approvals by people who said nothing at all: an empty
review, a picture, and no remark anywhere else; and approvals within ten minutes of the author's last answer.

Why it matters: the approval is the one signature that the change carries.

Where it errs: people also review in a call, on a branch, or in an earlier pull request; only what is written is known.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._talk import Remark, by_author, gist, has_picture, has_words, is_bot, remarks, when
from bot.detectors._time import in_words, minutes
from bot.detectors.base import charge, figures_receipt, remark_receipt
from bot.exhibit import Exhibit, Fact, Receipt, Stance, StandsIn
from bot.pull_request import Review, ReviewState

STANCE = Stance.CHARGE
_LARGE = 500
_SOON = 10


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit: the quickest approval after an answer, or else the most silent one.

    Facts: ``way`` ("minutes after the answer", "without a word", "by picture"), ``who`` (the approver), ``minutes`` and
    ``after`` ("two minutes", since the author's last answer; only where it was quick), ``answer`` (its first
    sentence), ``question`` (what the approver had asked), ``lines`` (added and deleted), ``additions``, ``deletions``,
    ``files``, ``remarks_by_approver``, ``approvals``, ``wordless_approvals``.
    """
    pull = case.pull_request
    by_hand = sum(file.additions + file.deletions for file in pull.files if case.kind(file.path).is_hand_written)
    approvals = [item for item in pull.reviews if item.state is ReviewState.APPROVED and _counts(case, item)]
    if by_hand < _LARGE or not approvals:
        return
    said = remarks(case)
    wordless = [item for item in approvals if not has_words(item.body)]
    quick = [
        (gap, item, answer) for item in wordless if (found := _last_answer(case, said, item)) for gap, answer in [found]
    ]
    facts: dict[str, Fact] = {
        "lines": pull.additions + pull.deletions,
        "additions": pull.additions,
        "deletions": pull.deletions,
        "files": pull.changed_files,
        "approvals": len(approvals),
        "wordless_approvals": len(wordless),
    }
    if quick:
        yield _soon(case, facts, *min(quick, key=lambda item: item[0]))
        return
    silent = [item for item in wordless if not _words_of(said, item)]
    if silent and len(silent) == len(approvals):
        yield _silent(case, facts, silent)


def _counts(case: Case, review: Review) -> bool:
    return not is_bot(review.user) and not by_author(case, review) and not review.user.is_ghost


def _words_of(said: tuple[Remark, ...], review: Review) -> int:
    return sum(item.user.login == review.user.login and has_words(item.body) for item in said)


def _last_answer(case: Case, said: tuple[Remark, ...], review: Review) -> tuple[int, Remark] | None:
    """Return the minutes from the author's last answer to the approval, where they are few, with the answer."""
    if review.submitted_at is None:
        return None
    before = [item for item in said if (when(item) or review.submitted_at) < review.submitted_at]
    asked = any(item.user.login == review.user.login and has_words(item.body) for item in before)
    if not asked or not before or not by_author(case, before[-1]) or not has_words(before[-1].body):
        return None
    gap = minutes(when(before[-1]) or review.submitted_at, review.submitted_at)
    return (gap, before[-1]) if gap <= _SOON else None


def _soon(case: Case, facts: dict[str, Fact], gap: int, review: Review, answer: Remark) -> Exhibit:
    raw, said = gist(answer.body)
    asked, question = _question(case, review, answer)
    after = in_words(gap, "minute") if gap else "less than a minute"
    return charge(
        "rubber_stamp",
        7.0 if facts["lines"] and int(str(facts["lines"])) >= 2000 else 5.5,
        f"`{review.user.login}` approved {facts['lines']:,} changed lines {after} after the author's last answer.",
        facts
        | {
            "way": "minutes after the answer",
            "who": review.user.login,
            "minutes": gap,
            "after": after,
            "answer": said,
            "question": question,
            "remarks_by_approver": _words_of(remarks(case), review),
        },
        [
            _approval(review),
            *([remark_receipt(answer, raw)] if raw else []),
            *([remark_receipt(*asked)] if asked else []),
            _size(case),
        ],
        stands_in=StandsIn.CONVERSATION,
        confidence=0.95,
    )


def _question(case: Case, review: Review, answer: Remark) -> tuple[tuple[Remark, str] | None, str]:
    """Return what the approver had asked last before the answer, with its receipt's words; empty for no question."""
    said = remarks(case)
    asked = [item for item in said[: said.index(answer)] if item.user.login == review.user.login]
    raw, words = gist(asked[-1].body) if asked else ("", "")
    return ((asked[-1], raw), words) if words.endswith("?") else (None, "")


def _silent(case: Case, facts: dict[str, Fact], silent: list[Review]) -> Exhibit:
    review = next((item for item in silent if has_picture(item.body)), silent[0])
    way = "by picture" if has_picture(review.body) else "without a word"
    return charge(
        "rubber_stamp",
        6.5 if int(str(facts["lines"])) >= 2000 else 5.0,
        f"`{review.user.login}` approved {facts['lines']:,} changed lines {way}.",
        facts | {"way": way, "who": review.user.login, "remarks_by_approver": 0},
        [*(_approval(item) for item in silent[:4]), _size(case)],
        stands_in=StandsIn.CONVERSATION,
        confidence=0.85,
    )


def _approval(review: Review) -> Receipt:
    return remark_receipt(review, review.state.value)


def _size(case: Case) -> Receipt:
    pull = case.pull_request
    return figures_receipt(case, additions=pull.additions, deletions=pull.deletions, changed_files=pull.changed_files)
