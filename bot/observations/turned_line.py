"""What one line became: the smallest change of meaning in the diff, told by the word or number that changed.

What it finds: a removed line and the added line in its place that differ in a few characters only: a number, an
operator, a word, or a word more or less.

Why it matters: everybody can see at once what changed, and it is in no other pull request.

Where it errs: lines are paired by their place within a hunk, so a moved line can be missed; it is never made up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import line_receipt
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Fact, Stance
from bot.kinds import FileKind
from bot.observations._base import name_of, observation, showable
from bot.observations._pairs import difference, pairs

STANCE = Stance.CONTEXT

_VERSION = re.compile(r"v?\d+\.\d+[\w.+-]*|[0-9a-f]{7,64}")
_OPERATOR = re.compile(r"[<>=!&|+*/%-]{1,3}|and|or|not|is|in")
_IMPORT = re.compile(r"(?:import|from|use|#include|export)\b")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]{1,30}")
_SMALL = re.compile(
    r"(?:(?:a|an|the|of|to|for|that|which|it|is|are|be|by|with|this|its)\b ?)+|[^\w<>=!&|+*/%-]*", re.IGNORECASE
)
_LONGEST, _MOST_TOKENS = 110, 3
_WEIGHTS = {"operator": 6.5, "number": 6.0, "word": 5.0, "more": 4.8, "less": 4.6, "other": 3.4}


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``before`` and ``after`` (the lines), ``was`` and ``became`` (what differs; one may be empty), ``turned``
    (operator, number, word, more, less or other), ``place`` (the file's name).
    """
    found = [item for pair in pairs(case) if (item := _turn(case, *pair))]
    if not found:
        return
    weight, facts, diff, old, new = max(found, key=lambda item: item[0])
    yield observation(
        case, "turned_line", weight, f"In `{facts['place']}`, `{facts['before']}` became `{facts['after']}`.", facts,
        [line_receipt(case, diff, old), line_receipt(case, diff, new)],
    )  # fmt: skip


_Turn = tuple[float, dict[str, Fact], FileDiff, Line, Line]


def _turn(case: Case, diff: FileDiff, old: Line, new: Line) -> _Turn | None:
    before, after = old.text.strip(), new.text.strip()
    if before == after or not all(0 < len(text) <= _LONGEST and showable(text) for text in (before, after)):
        return None
    cut = difference(before, after, _MOST_TOKENS)
    if cut is None:
        return None
    was, became = (part.strip(" ,;") for part in cut)
    if _VERSION.fullmatch(was) or _VERSION.fullmatch(became) or _is_idle(was, became):
        return None
    turned = _sort(was, became)
    weight = (
        _WEIGHTS[turned]
        - (2.0 if _IMPORT.match(before) else 0)
        + (0.5 if case.kind(diff.path) is FileKind.PRODUCTION else 0)
    )
    facts: dict[str, Fact] = {
        "before": before, "after": after, "was": was, "became": became, "turned": turned, "place": name_of(diff.path),
    }  # fmt: skip
    return weight - len(before) / 200, facts, diff, old, new


def _is_idle(was: str, became: str) -> bool:
    """Whether what differs is nothing to point at: bare punctuation, or small words of a sentence."""
    parts = [part for part in (was, became) if part]
    return not parts or all(_SMALL.fullmatch(part) for part in parts)


def _sort(was: str, became: str) -> str:
    if not was:
        return "more"
    if not became:
        return "less"
    if re.fullmatch(r"[\d_.]+", was) and re.fullmatch(r"[\d_.]+", became):
        return "number"
    if _OPERATOR.fullmatch(was) and _OPERATOR.fullmatch(became):
        return "operator"
    return "word" if _WORD.fullmatch(was) and _WORD.fullmatch(became) else "other"
