"""A promise that was kept: a TODO that this change takes away.

What it finds: a removed comment with TODO, FIXME, HACK or XXX that no added line brings back.

Why it matters: such notes outlive most of the people who wrote them; one that leaves deserves a word.

Where it errs: it cannot know whether the thing was done or the note given up, and says only that it is gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import line_receipt
from bot.exhibit import Exhibit, Stance
from bot.observations._base import BY_HAND, name_of, observation, showable

STANCE = Stance.CONTEXT

_PROMISE = re.compile(r"(?:#|//|/\*|\*|--|<!--)\s*((?:TODO|FIXME|HACK|XXX)\b.{3,100}?)\s*(?:\*/|-->)?$")


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit. Facts: ``promise`` (the note from its mark on), ``place``."""
    back = "\n".join(line.text for diff in case.diffs for line in diff.added)
    for diff in case.diffs:
        if case.kind(diff.path) not in BY_HAND:
            continue
        for line in diff.removed:
            found = _PROMISE.search(line.text[:300])
            if found and showable(found[1]) and found[1] not in back:
                yield observation(
                    case, "kept_promise", 7.2, f"`{found[1]}` is gone from `{name_of(diff.path)}`.",
                    {"promise": found[1], "place": name_of(diff.path)}, [line_receipt(case, diff, line)],
                )  # fmt: skip
                return
