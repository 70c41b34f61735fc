"""The recorded draft of #22004 passes whole, and no single change to it does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import draft_22004 as recorded
import figure_changes as mutate
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.brief import Brief
from bot.receipts import check
from bot.verdict import Draft

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


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(figure=st.sampled_from(FIGURES), value=st.integers(0, 100) | st.integers(0, 30_000))
def test_any_changed_figure_is_caught(figure: dict[str, str], value: int, brief: Brief, draft: Draft) -> None:
    """Whatever number takes a figure's place, the check objects."""
    if value != mutate.value_of(mutate.marked(figure["context"])):
        assert check(mutate.figure_changed(draft, figure["at"], figure["context"], value), brief).objections


SPANS = re.compile(r"`[^`]+`")
QUOTATIONS = re.compile(r'"[^"`]*(?:`[^`]*`)?[^"`]*"')


def places(draft: Draft, pattern: re.Pattern[str]) -> list[tuple[int, re.Match[str]]]:
    """Return every match of a pattern in the paragraphs of the draft."""
    return [(at, found) for at, item in enumerate(draft.paragraphs) for found in pattern.finditer(item.text)]


def with_text(draft: Draft, at: int, found: re.Match[str], new: str) -> Draft:
    """Return the draft with one match replaced."""
    paragraphs = list(draft.paragraphs)
    text = paragraphs[at].text
    paragraphs[at] = paragraphs[at].model_copy(update={"text": text[: found.start()] + new + text[found.end() :]})
    return draft.model_copy(update={"paragraphs": tuple(paragraphs)})


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_code_name_is_caught(data: st.DataObject, brief: Brief, draft: Draft) -> None:
    """One other letter in a code span, and the check objects."""
    at, found = data.draw(st.sampled_from(places(draft, SPANS)))
    letters = [place for place, char in enumerate(found.group()) if char.isalpha()]
    place = data.draw(st.sampled_from(letters))
    other = data.draw(
        st.sampled_from([char for char in "abcdefghijklmnopqrstuvwxyz" if char != found.group()[place].lower()])
    )
    assert check(
        with_text(draft, at, found, found.group()[:place] + other + found.group()[place + 1 :]), brief
    ).objections


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_quotation_is_caught(data: st.DataObject, brief: Brief, draft: Draft) -> None:
    """A word replaced or dropped inside quotation marks, and the check objects."""
    quotations = [(at, found) for at, found in places(draft, QUOTATIONS) if "worker_id" not in found.group()[:12]]
    at, found = data.draw(st.sampled_from(quotations))
    words = found.group()[1:-1].split()
    place = data.draw(st.integers(0, len(words) - 1))
    new = data.draw(st.sampled_from(["handle", "Repair", "pull", "cleanup"] + ([""] if len(words) > 1 else [])))
    said = " ".join(filter(None, [*words[:place], new, *words[place + 1 :]]))
    assert check(with_text(draft, at, found, f'"{said}"'), brief).objections


@pytest.mark.parametrize(
    ("at", "old", "new"),
    [
        ("3", "came #22067,", "came #22076,"),
        ("5", "#22067 picked", "#21877 picked"),
        ("3", "devin-ai-integration[bot]", "devin-ai[bot]"),
        ("3", "devin-ai-integration[bot]", "dependabot[bot]"),
        ("5", "On 8 May", "On 9 May"),
        ("5", "On 8 May", "On 8 June"),
        ("5", "On 8 May", "On 20 May"),
        ("4", "the same day", "the same hour"),
        ("2", "After 15 hours", "After 15 days"),
        ("2", "as merged, adds", "as merged, removes"),
        ("4", "can race", "will crash"),
        ("5", "the same author", "the same reviewer"),
    ],
)
def test_any_other_fact_changed_is_caught(at: str, old: str, new: str, brief: Brief, draft: Draft) -> None:
    """A number, an account, a date, a unit, a direction, an effect or a person changed, and the check objects."""
    assert check(mutate.replaced(draft, at, old, new), brief).objections
