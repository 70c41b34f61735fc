"""A line that only moved: the same words, further up or further down.

What it finds: in a small change, a removed line that comes back in another place of the same file, letter by letter
but for the space before it.

Why it matters: in a change of a few lines the order is the whole news.

Where it errs: a line that stood twice in a file is left out; what the new order does when it runs is not said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import line_receipt
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Stance
from bot.observations._base import name_of, observation, showable
from bot.observations._pairs import by_hand, excerpt, is_small, pairs

STANCE = Stance.CONTEXT

_TELLING = re.compile(r"\w{3,}.*\w{3,}")
_COMMENT = re.compile(r"(?:#|//|/\*|\*|--|<!--)")
_Move = tuple[FileDiff, Line, Line]


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``moved`` (the line or its beginning), ``upwards`` (or down), ``lines_moved`` (how many such lines),
    ``all_of_it`` (whether nothing but moved lines was changed, blank ones aside), ``place``.
    """
    moves = [move for diff in by_hand(case) for move in _moves(diff, case)] if is_small(case) else []
    if not moves:
        return
    diff, old, new = max(moves, key=lambda move: (not _COMMENT.match(move[2].text.strip()), len(excerpt(move[2].text))))
    moved, place = excerpt(new.text), name_of(diff.path)
    upwards = _comes_first(diff, new, old)
    yield observation(
        case, "moved_line", 6.2, f"In `{place}`, `{moved}` moved {'up' if upwards else 'down'}.",
        {"moved": moved, "upwards": upwards, "lines_moved": len(moves), "all_of_it": _nothing_else(case),
         "place": place},
        [line_receipt(case, diff, old), line_receipt(case, diff, new)],
    )  # fmt: skip


def _moves(diff: FileDiff, case: Case) -> Iterator[_Move]:
    in_place = {(old.old, new.new) for other, old, new in pairs(case) if other is diff}
    gone, come = _once(diff.removed), _once(diff.added)
    for text, old in gone.items():
        new = come.get(text)
        if new and (old.old, new.new) not in in_place and _TELLING.search(text) and showable(excerpt(text)):
            yield diff, old, new


def _once(lines: tuple[Line, ...]) -> dict[str, Line]:
    """Return the lines that are there once, by their words."""
    counts = Counter(line.text.strip() for line in lines)
    return {line.text.strip(): line for line in lines if counts[line.text.strip()] == 1}


def _comes_first(diff: FileDiff, one: Line, other: Line) -> bool:
    lines = [line for hunk in diff.hunks for line in hunk.lines]
    return lines.index(one) < lines.index(other)


def _nothing_else(case: Case) -> bool:
    def counts(mark: str) -> Counter[str]:
        lines = (line for diff in case.diffs for hunk in diff.hunks for line in hunk.lines if line.mark == mark)
        return Counter(text for line in lines if (text := line.text.strip()))

    return counts("+") == counts("-")
