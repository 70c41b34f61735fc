"""How long it stayed, held against how much it brought.

What it finds: a pull request that was open for ten days or more, or for twelve minutes or less, with few lines.

Why it matters: 47 days for 55 lines is a story in two numbers.

Where it errs: why it took so long, or so short, no figure says; nor does anything that is told of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import counted, figures_receipt
from bot.exhibit import Exhibit, Fact, Stance
from bot.observations._base import observation
from bot.reread import FIGURES

STANCE = Stance.CONTEXT

_LONG, _SHORT = 10 * 24 * 60, 12
_MOST_LINES, _DAY = 400, 24 * 60


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``long`` (or short), ``days_open`` or ``minutes_open``, ``lines`` (of code, or all where none is code),
    ``of_code``, and for long ones ``days_a_line`` or ``lines_a_day`` where that is a round two or more.
    """
    pull = case.pull_request
    minutes = FIGURES["minutes_open"](case)
    code = FIGURES["production_additions"](case)
    lines = code or pull.additions
    if not pull.merged or not 0 < lines <= _MOST_LINES or not (minutes >= _LONG or 0 < minutes <= _SHORT):
        return
    facts: dict[str, Fact] = {"long": minutes >= _LONG, "added_lines": lines, "of_code": bool(code)}
    if facts["long"]:
        days = minutes // _DAY
        facts["days_open"] = days
        facts["days_a_line"] = days // lines if days // lines > 1 else 0
        weight = 5.0 + min(days / 40, 2.0) + (1.2 if lines <= days else 0)
    else:
        facts["minutes_open"] = minutes
        weight = 4.4 + (0.6 if minutes <= 3 else 0)
    of_code = " of code" if code else ""
    span = counted(minutes // _DAY, "day") if facts["long"] else counted(minutes, "minute")
    yield observation(
        case, "stay", weight, f"Open for {span}, for {counted(lines, 'added line')}{of_code}.", facts,
        [figures_receipt(case, minutes_open=minutes, production_additions=code, additions=pull.additions)],
    )  # fmt: skip
