"""A description longer than the change.

What it finds: a description of at least 400 words of prose that has three words or more for each line added by hand, or
1,500 words whatever the change.

Why it matters: the reviewer reads it before the diff, and then the diff is shorter.

Where it errs: a one-line fix of a deep fault may deserve an essay. Code blocks, quotations and template comments are
not counted, and what a bot that raises versions pastes in is nobody's essay.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._talk import raises_versions
from bot.detectors._words import first_sentence, headings, prose_lines
from bot.detectors.base import charge, description_receipt, figures_receipt
from bot.exhibit import Exhibit, Stance, StandsIn

STANCE = Stance.CHARGE
_LONG, _PER_LINE, _ENDLESS = 400, 3, 1500


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``words`` (of prose), ``additions`` (by hand), ``words_per_line`` (rounded down), ``headings``,
    ``heading_count``, ``first_sentence``, ``files``.
    """
    pull = case.pull_request
    if raises_versions(pull.user):
        return
    first = first_sentence(pull.body)
    words = sum(len(line.split()) for line in prose_lines(pull.body))
    added = sum(file.additions for file in pull.files if case.kind(file.path).is_hand_written)
    if first is None or case.coverage.partial or words < _LONG or (words < _PER_LINE * added and words < _ENDLESS):
        return
    titles = headings(pull.body)
    yield charge(
        "essay_description",
        4.5 if words >= 10 * max(added, 1) else 3.5,
        f"{words:,} words of description for {added:,} added lines.",
        {
            "words": words,
            "additions": added,
            "words_per_line": words // max(added, 1),
            "headings": titles[:12],
            "heading_count": len(titles),
            "first_sentence": first.clean,
            "files": pull.changed_files,
        },
        [description_receipt(case, first.raw), figures_receipt(case, additions=pull.additions)],
        stands_in=StandsIn.CONVERSATION,
        confidence=0.9,
    )
