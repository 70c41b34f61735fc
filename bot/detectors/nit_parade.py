"""A parade of nits.

What it finds: four remarks or more by people that call themselves nits, and at least a third of all remarks on lines.

Why it matters: a formatter or a linter would have said them without a meeting.

Where it errs: a reviewer who marks what is small is a good one; the charge is against the process.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._talk import by_author, gist, is_bot
from bot.detectors.base import charge, figures_receipt, remark_receipt
from bot.exhibit import Exhibit, Stance, StandsIn

STANCE = Stance.CHARGE
_NIT = re.compile(
    r"^\W*(?:(?:tiny|small|minor|super|very|big|another|optional|one more|last|final)[ -]){0,2}nit(?:pick(?:y|ing)?"
    r"|s)?\b",
    re.IGNORECASE,
)
_LEAST = 4
_SHOWN = 8


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``count``, ``remarks`` (people's remarks on lines that are no replies), ``percent``, ``who`` (most of
    them), ``who_count``, ``nits`` (first sentences), ``first``, ``paths`` (how many files).
    """
    heads = [
        item
        for item in case.pull_request.review_comments
        if item.in_reply_to_id is None and not is_bot(item.user) and not by_author(case, item)
    ]
    nits = [item for item in heads if _NIT.match(item.body[:200])]
    if len(nits) < _LEAST or len(nits) * 3 < len(heads):
        return
    who, who_count = Counter(item.user.login for item in nits).most_common(1)[0]
    said = [(item, *gist(item.body)) for item in nits]
    said = [entry for entry in said if entry[1]]
    yield charge(
        "nit_parade",
        min(3.0 + 0.25 * len(nits), 5.5),
        f"{len(nits)} of {len(heads)} remarks on lines call themselves nits.",
        {
            "count": len(nits),
            "remarks": len(heads),
            "percent": 100 * len(nits) // len(heads),
            "who": who,
            "who_count": who_count,
            "nits": tuple(clean for _, _, clean in said[:_SHOWN]),
            "first": said[0][2] if said else "",
            "paths": len({item.path for item in nits}),
        },
        [
            *(remark_receipt(item, raw) for item, raw, _ in said[:_SHOWN]),
            figures_receipt(case, review_comments=len(case.pull_request.review_comments)),
        ],
        stands_in=StandsIn.CONVERSATION,
        confidence=0.95,
    )
