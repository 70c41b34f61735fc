"""A name that somebody had to find: the new function, class or type.

What it finds: among what added production code declares and no removed line declared, the name with the most words.

Why it matters: naming is the part of the work that everybody will have to live with.

Where it errs: a name that was declared elsewhere before, outside the diff, looks new.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import line_receipt
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind
from bot.observations._base import name_of, observation, written
from bot.observations.farewell import _DECLARED, _WHAT

STANCE = Stance.CONTEXT

_PART = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``name``, ``what`` (function, class, type or trait), ``name_words``, ``uses`` (added lines that name it
    besides), ``place``.
    """
    old = {match["name"] for text in case.removed_texts if (match := _DECLARED.match(text[:300]))}
    lines = list(written(case, FileKind.PRODUCTION))
    found = [
        (match["name"], _WHAT.get(match["word"], match["word"]), diff, line)
        for diff, line in lines
        if (match := _DECLARED.match(line.text[:300]))
        and match["name"] not in old
        and "test" not in match["name"].lower()
        and (_PART.findall(match["name"])[1:])
    ]
    if not found:
        return
    name, what, diff, line = max(found, key=lambda item: (len(_PART.findall(item[0])), len(item[0])))
    words = len(_PART.findall(name))
    uses = sum(bool(re.search(rf"\b{name}\b", other.text)) for _, other in lines if other is not line)
    yield observation(
        case, "new_name", 3.4 + min(words / 5, 1.6), f"The {what} `{name}` is new in `{name_of(diff.path)}`.",
        {"name": name, "what": what, "name_words": words, "uses": uses, "place": name_of(diff.path)},
        [line_receipt(case, diff, line)],
    )  # fmt: skip
