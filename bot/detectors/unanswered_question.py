"""A reviewer's question that nobody answered before the merge.

What it finds: a person's remark on a line that ends in a question mark, in a pull request that was merged, with no
reply in its thread, no word of the author anywhere afterwards, no commit afterwards, and the line still there.

Why it matters: the question is still open, and the code is not.

Where it errs: answers are given in calls and chats; only what is written is known. Anything that might be an
answer silences this.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._talk import by_author, commits_after, remarks, when
from bot.detectors._threads import Thread, is_reviewers, threads
from bot.detectors._time import phrase
from bot.detectors._words import Sentence, sentences
from bot.detectors.base import charge, remark_receipt
from bot.exhibit import Exhibit, Stance, StandsIn

STANCE = Stance.CHARGE
_SHOWN = 5


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``question``, ``who``, ``path``, ``count`` (of such questions), ``questions``, ``merged_after`` (from the
    question to the merge), ``author``.
    """
    merged = case.pull_request.merged_at
    if merged is None or case.author.is_ghost:
        return
    found = [(thread, asked) for thread in threads(case) if (asked := _open(case, thread))]
    if not found:
        return
    thread, asked = found[0]
    yield charge(
        "unanswered_question",
        min(4.0 + len(found), 6.5),
        f"`{thread.head.user.login}` asked “{asked.clean}”, and the merge was the reply.",
        {
            "question": asked.clean,
            "who": thread.head.user.login,
            "path": thread.head.path,
            "count": len(found),
            "questions": tuple(item.clean for _, item in found[:_SHOWN]),
            "merged_after": phrase(thread.head.created_at, merged),
            "author": case.author.login,
        },
        (remark_receipt(item.head, sentence.raw) for item, sentence in found[:_SHOWN]),
        stands_in=StandsIn.CONVERSATION,
        confidence=0.8,
    )


def _open(case: Case, thread: Thread) -> Sentence | None:
    head, merged = thread.head, case.pull_request.merged_at
    if (
        not is_reviewers(case, thread)
        or thread.replies
        or head.line is None
        or merged is None
        or head.created_at > merged
    ):
        return None
    if "```suggestion" in head.body or commits_after(case, head.created_at):
        return None
    if any(by_author(case, item) and (when(item) or merged) > head.created_at for item in remarks(case)):
        return None
    said = list(sentences(head.body))
    return said[-1] if said and said[-1].clean.endswith("?") and len(said[-1].clean.split()) >= 4 else None
