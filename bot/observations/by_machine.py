"""What was written by hand, held against what a tool wrote out.

What it finds: a change of which most added lines are a lock file's, generated or snapshots, with a few by hand.

Why it matters: 400 lines that look like work and three that are it.

Where it errs: a tool's output that does not say so counts as handwork.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import counted, figures_receipt
from bot.exhibit import Exhibit, Stance
from bot.observations._base import observation
from bot.reread import FIGURES

STANCE = Stance.CONTEXT

_LEAST, _SHARE = 6, 0.6


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit. Facts: ``by_machine_lines``, ``by_hand_lines``."""
    total, machine = case.pull_request.additions, FIGURES["generated_additions"](case)
    hand = total - machine
    if machine < _LEAST or hand < 1 or machine < _SHARE * total:
        return
    yield observation(
        case, "by_machine", 4.6 + min(machine / hand / 20, 1.4),
        f"{counted(machine, 'added line').capitalize()} of generated text, {counted(hand, 'added line')} by hand.",
        {"by_machine_lines": machine, "by_hand_lines": hand},
        [figures_receipt(case, additions=total, generated_additions=machine)],
    )  # fmt: skip
