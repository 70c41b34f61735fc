"""The recorded draft of #22004 passes whole, and no single change to it does."""

from __future__ import annotations

import json
from pathlib import Path

import figure_changes as mutate
import pytest
import draft_22004 as recorded
from bot.brief import Brief
from bot.receipts import check
from bot.verdict import Draft
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.recordings
FIGURES = json.loads((Path(__file__).parent / "figures_22004.json").read_text())
OF_THE_BRIEF = [1, 2, 3, 6, 8, 9, 11, 13, 15, 21, 41, 53, 129, 526, 929, 1402, 1455, 1508, 2026, 21859, 22067]


@pytest.fixture(scope="module")
def brief(recordings: Path) -> Brief:
    """The sixteen facts."""
    return recorded.brief(recordings)


@pytest.fixture(scope="module")
def draft(recordings: Path) -> Draft:
    """The draft written from them."""
    return recorded.draft(recordings)


def test_passes_whole(brief: Brief, draft: Draft) -> None:
    """A true draft passes whole."""
    assert check(draft, brief).objections == ()


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure["context"])
def test_no_other_figure_of_the_brief_will_do(figure: dict[str, str], brief: Brief, draft: Draft) -> None:
    """No figure of the draft may be exchanged for another that the same brief holds."""
    for value in OF_THE_BRIEF:
        if value != mutate.value_of(mutate.marked(figure["context"])):
            lying = mutate.figure_changed(draft, figure["at"], figure["context"], value)
            report = check(lying, brief)
            assert report.objections, value
            assert all(item.reason and item.claim for item in report.objections)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(figure=st.sampled_from(FIGURES), value=st.integers(0, 100) | st.integers(0, 30_000))
def test_any_changed_figure_is_caught(figure: dict[str, str], value: int, brief: Brief, draft: Draft) -> None:
    """Whatever number takes a figure's place, the check objects."""
    if value != mutate.value_of(mutate.marked(figure["context"])):
        assert check(mutate.figure_changed(draft, figure["at"], figure["context"], value), brief).objections
