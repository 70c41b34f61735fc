"""Every line of every kind, filled with the facts of the detector's own cases: proven, kind, and fit to be read aloud."""

from __future__ import annotations

from itertools import chain

import pytest
from rendered import FLAWS, Filled, cases_of, faults, filled, flaws, too_long, twisted

from bot.brief import Heat
from bot.detectors import BY_KIND
from bot.exhibit import Stance
from bot.writers.images import images_of
from bot.writers.wording import Line, Wording, wording_of

KINDS = sorted(kind for kind, detector in BY_KIND.items() if detector.stance is not Stance.CONTEXT)


@pytest.mark.parametrize("kind", KINDS)
def test_every_line_holds_over_every_case_of_its_kind(kind) -> None:
    """Whatever it is filled with, the receipts prove it, nobody is hurt by it, and it reads like a sentence."""
    wording = wording_of(kind)
    assert cases_of(kind)
    said: dict[str, list[Filled]] = {}
    found: list[str] = []
    images = [part for image in images_of(kind) for part in (*image.offences.values(), *image.bridges.values())]
    for item in chain.from_iterable(
        filled(one, kind) for one in (wording, wording_of("_hot"), wording_of("_stakes"), *images)
    ):
        said.setdefault(item.line.key, []).append(item)
        found += [f"{item.case} [{item.line.slot}] {item.text}\n    {fault}" for fault in faults(item)]
    assert found == [], "\n".join(found)
    never = [items[0].text for items in said.values() if all(map(too_long, items))]
    assert never == [], "longer than their place wherever they fit: " + "\n".join(never)


@pytest.mark.parametrize("kind", KINDS)
def test_each_heat_has_something_to_say_of_each_case(kind) -> None:
    """For each exhibit of its cases, each heat has a body and a punchline that fit and are short enough."""
    heard: dict[tuple[str, str], set[tuple[str, Heat]]] = {}
    for item in filled(wording_of(kind), kind):
        place = (item.case, item.exhibit.summary)
        if not too_long(item):
            heard.setdefault(place, set()).add((item.line.slot, item.line.heat))
    wanted = {(slot, heat) for slot in ("body", "punchline") for heat in Heat}
    missing = {place: sorted(wanted - said) for place, said in heard.items() if wanted - said}
    assert missing == {}


@pytest.mark.parametrize("kind", KINDS)
def test_no_line_stumbles_over_odd_facts(kind) -> None:
    """A fact that is missing, a name with a space and a backtick, a very long text: the line stands whole or not at all."""
    found = [f"{done}: {text}\n    {flaw}" for done, text in twisted(kind) for flaw in flaws(text)]
    assert found == [], "\n".join(found)


def _said(text: str) -> list[str]:
    kind = "god_function"
    line = Line("x", "body", Heat.MILD, text)
    return [fault for item in filled(Wording(kind, {"body": (line,)}), kind) for fault in faults(item)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("It has one lines.", "one of many"),
        ("It has two line of code.", "many of one"),
        ("A 8 there.", "a for an"),
        ("An two there.", "an for a"),
        ("It stands , as it were.", "a gap"),
        ("It is is there.", "a word twice"),
        ("Some went and no came.", "no count that can be said"),
        ("It says ('x',) there.", "a missing figure"),
        ("It says `x there.", "half a code span"),
        ("It says “run” It does.", "no full stop after a quotation"),
        ("It is {{ lines|num }} lines long", "no full stop at the end"),
        ("It has 4,711 lines.", "not proven"),
        ("The author is lazy.", "not proven"),
    ],
)
def test_what_is_wrong_is_noticed(text, fault) -> None:
    """Each flaw that a line can have is found in a line that has it."""
    assert any(found.startswith(fault) for found in _said(text)), (text, _said(text))


def test_what_is_right_passes() -> None:
    """A plain true sentence has no faults, and each pattern of flaws has its own name."""
    assert _said("{{ function|code }} has {{ lines|num }} lines.") == []
    assert len({name for name, _ in FLAWS}) == len(FLAWS)
