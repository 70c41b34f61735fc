"""A file that was emptied and filled with something else.

What it finds: a file that somebody writes by hand, forty lines or more at the base, of which no telling line is left,
and whose new text of forty lines or more shares next to no words with the old one.

Why it matters: what the name led people to is gone, and the name does not say so.

Where it errs: a text may be written anew from a better idea; then the two share their words, and it is left alone. A
translation shares none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile

from bot.case import Case
from bot.detectors._lines import short
from bot.detectors.base import charge, line_receipt, standing
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Stance
from bot.pull_request import FileStatus

STANCE = Stance.CHARGE

_FEWEST = 40
_CONTEXT = 3
"""Lines that git shows below a change: fewer mean that the file ends there."""
_SHARED = 0.12
_WORD = re.compile(r"[^\W\d_]{4,}")
_MOST = 2


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a file, the two that lost most.

    Facts: ``path``, ``name``, ``gone`` and ``came`` (lines), ``first_gone`` and ``first_came`` (the first line of each
    side that says something), ``same_words`` (percent of the words of the new text that stood in the old one).
    """
    emptied = [diff for diff in case.diffs if case.kind(diff.path).is_hand_written and _is_replaced(diff)]
    for diff in sorted(emptied, key=lambda item: -len(item.removed))[:_MOST]:
        gone, came = _first(diff.removed), _first(diff.added)
        if gone is None or came is None:
            continue
        name = short(diff.path)
        yield charge(
            "replaced_whole",
            min(5.0 + len(diff.removed) / 200, 7.5),
            f"`{diff.path}` was emptied of its {len(diff.removed):,} lines and holds {len(diff.added):,} others.",
            {
                "path": diff.path,
                "name": name,
                "gone": len(diff.removed),
                "came": len(diff.added),
                "first_gone": gone.text.strip()[:160],
                "first_came": came.text.strip()[:160],
                "same_words": round(100 * _shared(diff)),
            },
            (line_receipt(case, diff, gone), line_receipt(case, diff, came)),
            stands_in=standing(case),
            confidence=0.9,
        )


def _is_replaced(diff: FileDiff) -> bool:
    """Whether the one hunk is the whole file, and nothing that says something was kept of it."""
    if diff.file.status is not FileStatus.MODIFIED or diff.truncated or len(diff.hunks) != 1:
        return False
    hunk = diff.hunks[0]
    kept = [line for line in hunk.lines if line.mark == " "]
    below = sum(1 for _ in takewhile(lambda line: line.mark == " ", reversed(hunk.lines)))
    return (
        hunk.old_start == hunk.new_start == 1
        and below < _CONTEXT
        and min(len(diff.removed), len(diff.added)) >= _FEWEST
        and sum(len(_WORD.findall(line.text)) for line in kept) <= _CONTEXT
        and _shared(diff) < _SHARED
    )


def _shared(diff: FileDiff) -> float:
    """Return which part of the new text's different words stood in the old one."""
    new = _words(diff.added)
    return len(new & _words(diff.removed)) / len(new) if new else 1.0


def _words(lines: Iterable[Line]) -> set[str]:
    return {word.lower() for line in lines for word in _WORD.findall(line.text)}


def _first(lines: Iterable[Line]) -> Line | None:
    """Return the first line that says something: two words or more."""
    return next((line for line in lines if len(_WORD.findall(line.text)) > 1), None)
