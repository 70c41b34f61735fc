"""A long letter about a short change: the description held against the diff.

What it finds: a description of eighty words or more that has eight words or more for each added line.

Why it matters: somebody explained themselves, which is kinder to a reviewer than any test.

Where it errs: a template's own words count as the description's, so a filled-in form looks like a letter.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._talk import raises_versions
from bot.detectors.base import counted, figures_receipt
from bot.exhibit import Exhibit, Stance
from bot.observations._base import observation
from bot.reread import FIGURES

STANCE = Stance.CONTEXT

_LEAST_WORDS, _WORDS_A_LINE = 80, 8


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit. Facts: ``description_words``, ``added_lines``."""
    words, lines = FIGURES["description_words"](case), case.pull_request.additions
    if raises_versions(case.pull_request.user) or words < _LEAST_WORDS or not 0 < lines * _WORDS_A_LINE <= words:
        return
    yield observation(
        case,
        "long_letter",
        4.6 + min(words / lines / 40, 1.6),
        f"The description has {words:,} words, for {counted(lines, 'added line')}.",
        {"description_words": words, "added_lines": lines},
        [figures_receipt(case, description_words=words, additions=lines)],
    )
