"""It says what it does not do (a credit).

What it finds: a heading of the description for what is left out ("Not in this PR", "Known limitations", "Out of scope",
"Follow-ups", "Risks"), with words under it, or a heading that keeps a door open ("room for …").

Why it matters: a limit that is named is a decision; one that is found is a fault.

Where it errs: a list of limits may be a list of excuses; it is read as the former.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._words import Sentence, sentences
from bot.detectors.base import credit, description_receipt
from bot.exhibit import Exhibit, Stance, StandsIn

STANCE = Stance.CREDIT
_LIMITS = re.compile(
    r"\b(?:not (?:in|part of|included|covered|done)\b|out of scope|non-?goals?|known (?:limitations?|issues?|gaps?)"
    r"|limitations?|caveats?"
    r"|follow-?ups?|future work|next steps|risks?\b|trade-?offs?|what (?:this|it) (?:does not|doesn['’]t)"
    r"|leaves? (?:room|open)|drawbacks?"
    r"|open questions?|deliberately)\b",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"checklist|please|\?$", re.IGNORECASE)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``heading``, ``said`` (the first sentence under it), ``headings`` (all such), ``count``.
    """
    found: list[tuple[Sentence, Sentence]] = []
    heading: Sentence | None = None
    for item in sentences(case.pull_request.body):
        if item.is_heading:
            heading = item if _LIMITS.search(item.clean[:200]) and not _TEMPLATE.search(item.clean[:200]) else None
        elif heading is not None:
            if len(item.clean.split()) >= 4:
                found.append((heading, item))
            heading = None
    if not found:
        return
    first, said = found[0]
    yield credit(
        "honest_limits",
        min(3.0 + 0.5 * len(found), 4.5),
        f"Under “{first.clean}” it says: “{said.clean}”",
        {
            "heading": first.clean,
            "said": said.clean,
            "headings": tuple(item.clean for item, _ in found),
            "count": len(found),
        },
        [receipt for pair in found[:3] for receipt in (description_receipt(case, item.raw) for item in pair)],
        stands_in=StandsIn.CONVERSATION,
        confidence=0.85,
    )
