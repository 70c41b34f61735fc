"""A line that only stepped aside: its words are the same, and the space before them is not.

What it finds: in a small change, a line that differs from the one in its place by the spaces or tabs before it.

Why it matters: it is all that happened to that line, and one can say it in figures.

Where it errs: whether the indent means anything to the language is not looked at, nor said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import counted, line_receipt
from bot.exhibit import Exhibit, Stance
from bot.observations._base import name_of, observation, showable
from bot.observations._pairs import Pair, excerpt, is_small, pairs

STANCE = Stance.CONTEXT

_REMADE = "other"
_MARGIN = re.compile(r"[ \t]*(?=\S)")
_LETTERS = re.compile(r"[A-Za-z]{2}")


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``made_of`` and ``made_of_now`` (spaces, tabs, or tabs and spaces; both "" where that stayed), ``inwards``
    (or out), ``steps`` (how many spaces or tabs), ``unit`` (space or tab), ``kept`` (the line or its beginning),
    ``lines_moved`` (how many moved by as much), ``place``.
    """
    found = [(pair, step) for pair in pairs(case) if (step := _step(pair))] if is_small(case) else []
    if not found:
        return
    (diff, old, new), (unit, by) = found[0]
    kept = excerpt(new.text)
    moved = sum(step == (unit, by) for _, step in found)
    before, after = _made_of(old.text), _made_of(new.text)
    remade = unit == _REMADE
    how = f"has {after} for {before}" if remade else f"moved by {counted(abs(by), unit)}"
    yield observation(
        case, "indent", 6.4, f"In `{name_of(diff.path)}`, `{kept}` {how}.",
        {
            "made_of": before if remade else "", "made_of_now": after if remade else "", "inwards": by > 0,
            "steps": abs(by), "unit": unit, "kept": kept, "lines_moved": moved, "place": name_of(diff.path),
        },
        [line_receipt(case, diff, old), line_receipt(case, diff, new)],
    )  # fmt: skip


def _step(pair: Pair) -> tuple[str, int] | None:
    """Return what the margin is made of and by how much it grew, or nothing where the words changed."""
    _, old, new = pair
    before, after = _MARGIN.match(old.text), _MARGIN.match(new.text)
    if old.text.strip() != new.text.strip() or before is None or after is None or before[0] == after[0]:
        return None
    kept = excerpt(new.text)
    if not _LETTERS.search(kept) or not showable(kept):
        return None
    if {*before[0], *after[0]} not in ({" "}, {"\t"}):
        return (
            (_REMADE, 0)
            if _made_of(old.text) and _made_of(new.text) and _made_of(old.text) != _made_of(new.text)
            else None
        )
    return ("tab" if "\t" in before[0] + after[0] else "space"), len(after[0]) - len(before[0])


def _made_of(text: str) -> str:
    """Return what the margin of a line is made of, or "" where it has none."""
    margin = text[: len(text) - len(text.lstrip(" \t"))]
    return {"": "", " ": "spaces", "\t": "tabs"}.get("".join(sorted(set(margin))), "tabs and spaces")
