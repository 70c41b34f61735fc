"""The line that says most of it: the added line that shares most words with the title.

What it finds: an added line of readable length that names what the title names; in a very small change, one
with a text, a number or a negation.

Why it matters: it is what one would point at if asked what this pull request does.

Where it errs: words are compared by their stems, so a line that does the work in other words is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._words import stem
from bot.detectors.base import line_receipt
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind
from bot.observations._base import name_of, observation, showable, written
from bot.observations._pairs import LITERAL, NEGATION, is_small
from bot.vocabulary import split

STANCE = Stance.CONTEXT

_SHORTEST, _LONGEST, _TINY = 14, 100, 14
_DULL = re.compile(
    r"^(?:import|from|use|package|#include|@|\*/|/\*|export \{|const \w+ = require|class \w+[:(]?$)\b"
    r"|^[\W\d_]+$|^\d+ *\|"
)
_COMMENT = re.compile(r"^(?:#|//|/\*|\*|--|<!--)")
_CUT = re.compile(r"[.?:&|+*/=<>-]")  # goes on from the line above
_CLOSED = re.compile(r"[\w)\]};:,\"'.>]$")


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit. Facts: ``line_of_code`` (the line), ``place``."""
    title = {stem(word) for word in split(case.pull_request.title)}
    tiny = case.pull_request.additions <= _TINY
    continued = {  # what the line below goes on with is half a statement
        (diff.path, item.new)
        for diff in case.diffs
        for hunk in diff.hunks
        for item in hunk.lines
        if item.new is not None and _CUT.match(item.text.strip())
    }
    best: tuple[float, str, FileDiff, Line] | None = None
    for diff, line in written(case):
        text = line.text.strip()
        if not _quotable(text) or (diff.path, (line.new or 0) + 1) in continued:
            continue
        shared = len(title & {stem(word) for word in split(text)})
        telling = bool(LITERAL.search(text)) + bool(NEGATION.search(text))
        if not shared and not (tiny and telling):
            continue
        weight = 3.0 + 0.5 * min(shared, 3) + 0.3 * telling - abs(len(text) - 55) / 150 - is_small(case)
        weight += 0.3 * (case.kind(diff.path) is FileKind.PRODUCTION) - 0.8 * (case.kind(diff.path) is FileKind.TEST)
        if best is None or weight > best[0]:
            best = (weight, text, diff, line)
    if best:
        weight, text, diff, line = best
        yield observation(
            case, "telling_line", max(weight, 1.0), f"In `{name_of(diff.path)}`: `{text}`.",
            {"line_of_code": text, "place": name_of(diff.path)}, [line_receipt(case, diff, line)],
        )  # fmt: skip


def _quotable(text: str) -> bool:
    """Whether a line can be read by itself: no import, no comment, nothing cut off in the middle."""
    fits = _SHORTEST <= len(text) <= _LONGEST and showable(text)
    whole = all(text.count(one) == text.count(other) for one, other in ("()", "[]", "{}"))
    return bool(
        fits
        and whole
        and not _CUT.match(text)
        and not _DULL.match(text)
        and not _COMMENT.match(text)
        and _CLOSED.search(text)
    )
