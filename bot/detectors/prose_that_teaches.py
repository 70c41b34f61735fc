"""A description from which one learns (a credit).

What it finds: a description of 120 to 1,200 words of prose that gives reasons: at least two sentences with
"because", "so that", "otherwise", "the reason", "this means" or the like.

Why it matters: whoever reads this in a year gets the why with the what.

Where it errs: reasons can be wrong and still read well; only their being there is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._talk import is_bot
from bot.detectors._words import Sentence, headings, prose_lines, sentences
from bot.detectors.base import counted, credit, description_receipt
from bot.exhibit import Exhibit, Stance, StandsIn

STANCE = Stance.CREDIT
_WHY = re.compile(
    r"\b(?:because|so that|otherwise|the reason|the (?:root )?cause|this means|which means|in order to|rather than"
    r"|that is why|this is why"
    r"|why (?:this|the|we|it|not)|trade-?offs?|as a result|the problem (?:is|was)|the alternative)\b",
    re.IGNORECASE,
)
_LEAST, _MOST, _REASONS = 120, 1200, 2


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``words``, ``reasons`` (sentences that give one), ``said`` (the most telling of them), ``headings``,
    ``heading_count``, ``by_bot`` (whether a bot opened the pull request).
    """
    body = case.pull_request.body
    words = sum(len(line.split()) for line in prose_lines(body))
    if not _LEAST <= words <= _MOST:
        return
    found = [item for item in sentences(body) if _WHY.search(item.clean[:600]) and 6 <= len(item.clean.split()) <= 60]
    if len(found) < _REASONS:
        return
    best = min(found, key=_distance)
    titles = headings(body)
    yield credit(
        "prose_that_teaches",
        min(3.0 + 0.4 * len(found), 5.5),
        f"The description gives {counted(len(found), 'reason')} in {words:,} words: “{best.clean}”",
        {
            "words": words,
            "reasons": len(found),
            "said": best.clean,
            "headings": titles[:10],
            "heading_count": len(titles),
            "by_bot": is_bot(case.author),
        },
        [description_receipt(case, item.raw) for item in (best, *(other for other in found if other is not best))[:5]],
        stands_in=StandsIn.CONVERSATION,
        confidence=0.85,
    )


def _distance(sentence: Sentence) -> int:
    """Prefer a sentence of about eighteen words: long enough to teach, short enough to quote."""
    return abs(len(sentence.clean.split()) - 18)
