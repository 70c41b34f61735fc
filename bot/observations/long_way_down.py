"""A path that says its own name several times, or a file's name that is a sentence.

What it finds: a changed file with a word three times in its path, or whose own name is long.

Why it matters: nobody sees a path while working in it; read aloud it is a poem.

Where it errs: words are compared by letters, so a plural counts as another word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import line_receipt
from bot.exhibit import Exhibit, Fact, Stance
from bot.observations._base import BY_HAND, name_of, observation

STANCE = Stance.CONTEXT

_LEAST_TIMES, _LONG_NAME, _DEEP = 3, 36, 8
_WORD = re.compile(r"[a-z]{4,}")


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``path``, ``name``, ``letters`` (of the name), ``folders`` (above it), ``word`` and ``word_times`` (0 where
    no word comes three times).
    """
    best: tuple[float, dict[str, Fact], int] | None = None
    for at, diff in enumerate(case.diffs):
        weight, facts = _measure(diff.path)
        if weight and case.kind(diff.path) in BY_HAND and (best is None or weight > best[0]):
            best = (weight, facts, at)
    if best is None:
        return
    weight, facts, at = best
    diff = case.diffs[at]
    line = next((item for item in (*diff.added, *diff.removed) if item.text.strip()), None)
    if line is not None:
        yield observation(
            case, "long_way_down", weight, f"The path `{facts['path']}`.", facts, [line_receipt(case, diff, line)]
        )


def _measure(path: str) -> tuple[float, dict[str, Fact]]:
    name = name_of(path)
    word, times = max(Counter(_WORD.findall(path.lower())).items(), key=lambda item: item[1], default=("", 0))
    folders = path.count("/")
    weight = (
        5.0 + (times - _LEAST_TIMES) * 0.6 if times >= _LEAST_TIMES
        else 4.4 if len(name) >= _LONG_NAME else 3.6 if folders >= _DEEP else 0.0
    )  # fmt: skip
    facts: dict[str, Fact] = {
        "path": path, "name": name, "letters": len(name), "folders": folders,
        "word": word if times >= _LEAST_TIMES else "", "word_times": times if times >= _LEAST_TIMES else 0,
    }  # fmt: skip
    return weight, facts
