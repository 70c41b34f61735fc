"""How much was said about how little: comments held against lines.

What it finds: eight comments or more, and at least one for every three added lines.

Why it matters: a small change that many people had something to say about is never only a small change.

Where it errs: a bot's comments count as anybody's; a clone has no conversation, so there it says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import counted, figures_receipt
from bot.exhibit import Exhibit, Stance
from bot.observations._base import observation
from bot.reread import FIGURES

STANCE = Stance.CONTEXT

_LEAST, _LINES_A_COMMENT = 8, 3


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit. Facts: ``all_comments``, ``added_lines``."""
    on_lines, below = FIGURES["review_comments"](case), FIGURES["comments"](case)
    said, lines = on_lines + below, case.pull_request.additions
    if said < _LEAST or not 0 < lines <= _LINES_A_COMMENT * said:
        return
    yield observation(
        case,
        "much_talk",
        4.8 + min(said / lines, 2.0),
        f"There are {counted(said, 'comment')}, for {counted(lines, 'added line')}.",
        {"all_comments": said, "added_lines": lines},
        [figures_receipt(case, review_comments=on_lines, comments=below, additions=lines)],
    )
