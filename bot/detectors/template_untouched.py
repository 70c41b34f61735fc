"""The template's own words, handed in as they came.

What it finds: placeholders of a template left in the description ("Describe your changes here", "Please include a
summary"), or three boxes and more of which none is checked.

Why it matters: the form was there so that somebody would fill it in.

Where it errs: some templates mean their boxes for the reviewer; a single placeholder among many words is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._talk import is_bot
from bot.detectors._words import LONGEST_TEXT, sentences
from bot.detectors.base import charge, counted, description_receipt
from bot.exhibit import Exhibit, Stance, StandsIn

STANCE = Stance.CHARGE
_BOX = re.compile(r"^[ \t]*[-*+][ \t]*\[([ xX])\][ \t]*(\S[^\n]*)", re.MULTILINE)
_PLACEHOLDER = re.compile(
    r"^(?:please (?:include|describe|provide|explain|add|list|fill)\b|describe (?:your|the|what)\b|(?:a )?(?:short"
    r"|brief|clear and concise)"
    r" description\b|summary of (?:the |your )?changes?\b|what (?:does|did) this (?:pr|pull request|change) do\b"
    r"|fixes #\(issue\)"
    r"|fixes #(?:issue|xxx+|0000)\b|add (?:a )?(?:description|summary|screenshots?) here|your (?:description"
    r"|changes) here|\[?insert\b"
    r"|tbd\b|lorem ipsum)",
    re.IGNORECASE,
)
_LEAST_BOXES = 3


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``placeholders`` (quoted), ``placeholder``, ``boxes``, ``checked``, ``first_box``, ``own_words`` (words
    that are no template's).
    """
    if is_bot(case.author):
        return
    body = case.pull_request.body[:LONGEST_TEXT]
    said = [item for item in sentences(body) if not item.is_heading]
    left = [item for item in said if _PLACEHOLDER.match(item.clean)]
    boxes = list(_BOX.finditer(body))
    checked = sum(box[1] != " " for box in boxes)
    own = sum(len(item.clean.split()) for item in said if item not in left)
    unboxed = len(boxes) >= _LEAST_BOXES and checked == 0
    if not unboxed and not (left and own < 40 * len(left)):
        return
    what = (
        f"“{left[0].clean}” still stands in the description"
        if left
        else f"None of {counted(len(boxes), 'box', 'boxes')} is checked"
    )
    yield charge(
        "template_untouched",
        4.0 if left else 3.0,
        f"{what}.",
        {
            "placeholders": tuple(item.clean for item in left[:5]),
            "placeholder": left[0].clean if left else "",
            "boxes": len(boxes),
            "checked": checked,
            "first_box": boxes[0][2].strip() if boxes else "",
            "own_words": own,
        },
        [
            *(description_receipt(case, item.raw) for item in left[:4]),
            *([description_receipt(case, box[0].strip()) for box in boxes[:4]] if unboxed else []),
        ],
        stands_in=StandsIn.CONVERSATION,
        confidence=0.8,
    )
