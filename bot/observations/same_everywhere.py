"""One line that was put into many files.

What it finds: the added line that comes in three files or more, letter by letter.

Why it matters: it is the refrain of the change.

Where it errs: imports and lines that hold hardly a word are left out, so a refrain of those is missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import line_receipt
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Stance
from bot.observations._base import name_of, observation, showable, written

STANCE = Stance.CONTEXT

_DULL = re.compile(r"^(?:import|from|use|package|return|else|end|try|finally|pass|default|async|export|@)\b|^[\W\d_]+$")
_SHORTEST, _LONGEST, _LEAST_FILES = 12, 90, 3


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit. Facts: ``text`` (the line), ``in_files`` (how many), ``first_file``."""
    places: dict[str, dict[str, tuple[FileDiff, Line]]] = {}
    for diff, line in written(case):
        text = line.text.strip().rstrip(",;")
        if _SHORTEST <= len(text) <= _LONGEST and not _DULL.match(text) and showable(text):
            places.setdefault(text, {}).setdefault(diff.path, (diff, line))
    best = max(places, key=lambda text: (len(places[text]), len(text)), default="")
    if not best or len(places[best]) < _LEAST_FILES:
        return
    where = list(places[best].values())
    yield observation(
        case, "same_everywhere", 4.6 + min(len(where) / 8, 2.0), f"`{best}` was added in {len(where)} files.",
        {"text": best, "in_files": len(where), "first_file": name_of(where[0][0].path)},
        [line_receipt(case, *place) for place in where[:12]],
    )  # fmt: skip
