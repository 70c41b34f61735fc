"""How many lines each kind has: enough that a channel hears something new, and something of its own in every heat."""

from __future__ import annotations

import pytest

from bot.brief import Heat
from bot.detectors import BY_KIND
from bot.exhibit import Stance
from bot.writers.wording import wording_of

KINDS = sorted(kind for kind, detector in BY_KIND.items() if detector.stance is not Stance.CONTEXT)
COMMONEST = (
    "sequel_fix copy_paste todo_left silenced_alarm hotfix_chain god_function any_escape round_trip echo_docstring"
    " confession test_heavy giant_new_file merge_marathon bare_assert long_name too_many_parameters no_tests drive_by"
    " deep_nesting mixed_commit"
).split()
"""The twenty offences that fire most often on real pull requests, most frequent first.

Measured on 29 November 2026 by ``roast-bot evidence`` over 823 pull requests, drawn by lot from clones of cli/cli,
astral-sh/uv, honojs/hono, home-assistant/supervisor and PrefectHQ/prefect, counting pull requests that have the charge.
A clone has no conversation, so what is said in reviews and comments is not in this list, however common it is.
"""
LEAST = {"body": 4, "punchline": 3, "title": 3, "gist": 3, "epithet": 3}
LEAST_OF_THE_COMMONEST = {**LEAST, "body": 8, "punchline": 5}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_enough_lines(kind) -> None:
    """Eight bodies and five punchlines for the twenty commonest offences, four and three for the others."""
    wording = wording_of(kind)
    least = LEAST_OF_THE_COMMONEST if kind in COMMONEST else LEAST
    short = {slot: len(wording.slot(slot)) for slot, count in least.items() if len(wording.slot(slot)) < count}
    assert short == {}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_speaks_in_every_heat(kind) -> None:
    """Bodies and punchlines of each heat: at least one, and two bodies of the commonest, which have dry ones as well."""
    wording = wording_of(kind)
    for slot in ("body", "punchline"):
        heats = {heat: sum(line.heat is heat for line in wording.slot(slot)) for heat in Heat}
        least = 2 if kind in COMMONEST and slot == "body" else 1
        assert min(heats.values()) >= least, (slot, heats)
    if kind in COMMONEST:
        assert {line.heat for line in wording.slot("plain")} == set(Heat)


def test_the_commonest_are_twenty_offences() -> None:
    """The list names twenty charges that exist, and none twice."""
    assert len(set(COMMONEST)) == 20
    assert all(BY_KIND[kind].stance is Stance.CHARGE for kind in COMMONEST)
