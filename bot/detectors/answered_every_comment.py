"""Every remark was answered (a credit).

What it finds: at least four threads opened by reviewers, people or bots, each of which has a reply of the author, a
line that is gone, or a later commit on its file.

Why it matters: nobody had to ask twice.

Where it errs: a commit on the same file may answer something else; replies and commits are counted apart.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._talk import by_author, gist, is_bot
from bot.detectors._threads import Thread, commit_after, reply_of_author, threads
from bot.detectors.base import credit, figures_receipt, remark_receipt
from bot.exhibit import Exhibit, Stance, StandsIn
from bot.pull_request import ReviewComment

STANCE = Stance.CREDIT
_LEAST = 4
_SHOWN = 4


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``threads``, ``replies`` (threads with a word of the author), ``by_commit`` (threads without one,
    answered by a later commit or a line that is gone), ``people`` (who asked, without bots), ``bots``, ``author``.
    """
    if case.author.is_ghost:
        return
    asked = [item for item in threads(case) if item.head.in_reply_to_id is None and not by_author(case, item.head)]
    replied = [item for item in asked if reply_of_author(case, item)]
    mended = [item for item in asked if item not in replied and (item.is_outdated or commit_after(case, item))]
    if len(asked) < _LEAST or len(replied) + len(mended) < len(asked) or not replied:
        return
    yield credit(
        "answered_every_comment",
        min(3.5 + 0.2 * len(asked), 6.0),
        f"All {len(asked)} threads of the review were answered, {len(replied)} of them in words.",
        {
            "threads": len(asked),
            "replies": len(replied),
            "by_commit": len(mended),
            "people": tuple(dict.fromkeys(item.head.user.login for item in asked if not is_bot(item.head.user))),
            "bots": tuple(dict.fromkeys(item.head.user.login for item in asked if is_bot(item.head.user))),
            "author": case.author.login,
        },
        [
            *(remark_receipt(reply, raw) for item in replied[:_SHOWN] for reply, raw in _words(case, item)),
            figures_receipt(case, review_comments=len(case.pull_request.review_comments)),
        ],
        stands_in=StandsIn.CONVERSATION,
        confidence=0.9,
    )


def _words(case: Case, thread: Thread) -> Iterator[tuple[ReviewComment, str]]:
    reply = reply_of_author(case, thread)
    raw = gist(reply.body)[0] if reply else ""
    if reply and raw:
        yield reply, raw
