"""A large change that says nothing of itself.

What it finds: no word of description (comments of the template and unchecked boxes aside) over at least 150
hand-written added lines, opened by a person, where the source knows descriptions.

Why it matters: the reviewer starts with the diff, and so does whoever looks for the reason in a year.

Where it errs: the reason may stand in a linked issue; a description that only names one counts as words.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._talk import is_bot
from bot.detectors._words import clean, prose_lines
from bot.detectors.base import charge, figures_receipt, title_receipt
from bot.exhibit import Exhibit, Stance, StandsIn

STANCE = Stance.CHARGE
_LARGE = 150


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``title``, ``additions`` (by hand), ``files``, ``commits``, ``only_template`` (there was a template, and it
    was left).
    """
    pull = case.pull_request
    added = sum(file.additions for file in pull.files if case.kind(file.path).is_hand_written)
    known = case.coverage.conversation_known and pull.number and not is_bot(pull.user)
    if (
        not known
        or added < _LARGE
        or any(clean(line) and not line.lstrip().startswith("#") for line in prose_lines(pull.body))
    ):
        return
    only_template = bool(pull.body.strip())
    yield charge(
        "empty_description",
        5.0 if added >= 1000 else 4.0,
        f"{added:,} added lines, and not a word of description.",
        {
            "title": pull.title,
            "additions": added,
            "files": pull.changed_files,
            "commits": pull.commit_count,
            "only_template": only_template,
        },
        [
            title_receipt(case),
            figures_receipt(case, description_words=len(pull.body.split()), additions=pull.additions),
        ],
        stands_in=StandsIn.CONVERSATION,
        confidence=0.9,
    )
