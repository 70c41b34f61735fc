"""The wording: every line is well-formed, fits its facts, and says nothing from the stock."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from bot.brief import Heat
from bot.detectors import DETECTORS
from bot.exhibit import Exhibit, Stance
from bot.verdict import LONGEST_EPITHET, LONGEST_PUNCHLINE, LONGEST_TITLE
from bot.writers.images import images_of
from bot.writers.motifs import all_motifs
from bot.writers.wording import ENVIRONMENT, SLOTS, Line, Wording, render, wording_of

LINES = sorted(
    item.name.removesuffix(".toml")
    for item in files("bot.writers").joinpath("lines").iterdir()
    if item.name.endswith(".toml")
)
KINDS = [detector for detector in DETECTORS if detector.stance is not Stance.CONTEXT]
STOCK = re.compile(
    r"tells the whole story|pièce de résistance|let that sink in|chef.s kiss|\bit.s not \w+, it.s\b|buckle up"
    r"|plot twist|spoiler|to be fair|love letter to",
    re.IGNORECASE,
)
BROKEN = re.compile(
    r"\bone (?:lines|commits|files|tests|asserts|hours|days|words|times|repairs)\b|\b1 (?:lines|commits|files|days|hours)\b"
    r"|  | ,|``|“”|\{|\}"
)
PR = {
    "slug": "o/r#7", "number": 7, "title": "Add a thing", "url": "", "author": "ada", "author_is_bot": False,
    "first_timer": False, "state": "merged", "opened_on": "1 May 2026", "merged_on": "2 May 2026", "took": "1 day", "words": {},
}  # fmt: skip
SIZE = {
    "additions": 1455, "deletions": 53, "files": 8, "commits": 13, "merges": 2, "production_additions": 526, "test_additions": 929,
    "generated_additions": 0, "hours_open": 24, "title": "Add a thing", "author": "ada", "main_file": "a.py", "main_path": "src/a.py",
    "main_additions": 400, "main_deletions": 9, "new_files": 1,
}  # fmt: skip


def _all_wordings() -> list[Wording]:
    wordings = [wording_of(name) for name in LINES]
    for motif in all_motifs():
        wordings += [motif.general, *motif.bridges.values(), *motif.landings.values(), *motif.offences.values()]
    for image in (image for detector in KINDS for image in images_of(detector.kind)):
        wordings += [*image.bridges.values(), *image.offences.values()]
    return wordings


ALL = [(wording, line) for wording in _all_wordings() for lines in wording.lines.values() for line in lines]


def _facts(exhibit: Exhibit) -> dict[str, object]:
    story = {
        "pr": PR,
        "size": SIZE,
        "purpose": {"title": "Add a thing", "goal": "Add a thing", "first_sentence": "It adds a thing."},
    }
    return {
        **story,
        "words": {},
        "kinds": set(),
        "heat": "medium",
        **exhibit.facts,
        "stands_in": exhibit.stands_in.value,
    }


def test_every_line_is_well_formed() -> None:
    """Each line belongs to a known slot and its template and condition can be read."""
    for _, line in ALL:
        assert line.slot in SLOTS, line
        ENVIRONMENT.from_string(line.text)
        if line.when:
            ENVIRONMENT.compile_expression(line.when)


def test_no_line_stands_twice() -> None:
    """No two lines say the same words."""
    texts = [(line.slot, line.text) for _, line in ALL]
    assert sorted({item for item in texts if texts.count(item) > 1}) == []


def test_no_joke_is_told_twice() -> None:
    """No sentence of some length that holds no fact stands in two lines of the kinds' own wording."""
    kinds = {detector.kind for detector in KINDS}
    places: dict[str, list[str]] = {}
    for wording, line in ALL:
        if wording.name in kinds:
            for sentence in re.split(r"(?<=[.?]) +", line.text):
                if len(sentence) > 30 and "{" not in sentence:
                    places.setdefault(sentence, []).append(line.key)
    assert {sentence: keys for sentence, keys in places.items() if len(set(keys)) > 1} == {}


def test_nothing_from_the_stock() -> None:
    """No stock phrase, and no exclamation mark outside a condition."""
    for _, line in ALL:
        spoken = re.sub(r"\{[{%].*?[}%]\}", "", line.text)
        assert not STOCK.search(spoken), line.text
        assert "!" not in spoken, line.text


@pytest.mark.parametrize("detector", KINDS, ids=lambda detector: detector.kind)
def test_every_offence_has_wording_in_every_heat(detector, exhibits_by_kind) -> None:
    """For each exhibit of the detector's own cases there is a body, and a title, an epithet, a punchline and a gist."""
    wording = wording_of(detector.kind)
    for slot, least in (("body", 4), ("punchline", 2), ("title", 2), ("epithet", 2), ("gist", 1)):
        mild = [line for line in wording.slot(slot) if line.heat is not Heat.SPICY]
        assert len(mild) >= least, f"{slot}: {len(mild)}"
    for exhibit in exhibits_by_kind[detector.kind]:
        for slot in ("body", "punchline", "title", "epithet", "gist"):
            mild = [line for line in wording.slot(slot) if line.heat is Heat.MILD]
            assert any(_fits(line, exhibit) for line in mild), (slot, exhibit.facts)


LIMITS = {"title": LONGEST_TITLE, "epithet": LONGEST_EPITHET, "punchline": LONGEST_PUNCHLINE}


def _fits(line: Line, exhibit: Exhibit) -> bool:
    text = render(line, _facts(exhibit))
    return text is not None and len(text) <= LIMITS.get(line.slot, 10_000)


@pytest.mark.parametrize("detector", KINDS, ids=lambda detector: detector.kind)
def test_filled_lines_read_like_prose(detector, exhibits_by_kind) -> None:
    """Filled with any facts, no line shows a gap, a wrong plural, an empty quotation or half a code span."""
    wordings = [
        wording_of(detector.kind),
        *(motif.offences[detector.kind] for motif in all_motifs() if detector.kind in motif.offences),
    ]
    for exhibit in exhibits_by_kind[detector.kind]:
        for wording in wordings:
            for lines in wording.lines.values():
                for line in lines:
                    text = render(line, _facts(exhibit))
                    if text is not None:
                        prose = re.sub(r"`[^`]*`|“[^”]*”", "X", text)
                        assert not BROKEN.search(prose), (line.text, text)
                        assert "None" not in prose or "None" in line.text, text
                        assert text.count("`") % 2 == 0, text
                        assert text.count("“") == text.count("”"), text


@pytest.mark.parametrize("motif", all_motifs(), ids=lambda motif: motif.name)
def test_every_motif_can_carry_a_roast(motif) -> None:
    """A motif plants itself, comes back for every topic and pays off, in words of its own."""
    assert motif.gloss
    assert len(motif.triggers) >= 12
    assert all(word == word.lower() and weight >= 0 for word, weight in motif.triggers.items())
    for slot, least in (("opening", 3), ("closing", 3), ("title", 3), ("epithet", 2), ("punchline", 2)):
        assert len(motif.general.slot(slot)) >= least, slot
    for topic in ("code", "tests", "log", "conversation", "aftermath", "credit"):
        assert motif.bridges[topic].slot("bridge"), topic
        assert motif.landings[topic].slot("landing"), topic


def test_there_are_twenty_motifs() -> None:
    """There are at least twenty running images."""
    assert len(all_motifs()) >= 20


PARTS = ("code", "tests", "log", "findings", "conversation", "aftermath", "credit")


def test_lines_by_kind_read_like_prose(exhibits_by_kind) -> None:
    """Lines that are written for a kind by name speak of a real kind, and read like prose over its own cases."""
    lines = [line for name in ("_also", "_hot") for lines in wording_of(name).lines.values() for line in lines]
    named = {found for line in lines for found in re.findall(r"\bkind == '(\w+)'", line.when)}
    assert named <= set(exhibits_by_kind)
    for kind in sorted(named):
        mine = [line for line in lines if f"kind == '{kind}'" in line.when]
        for exhibit in exhibits_by_kind[kind]:
            for part in PARTS:
                facts = {
                    **_facts(exhibit),
                    "kind": kind,
                    "behind": "sequel_fix" if part == "aftermath" else kind,
                    "part": part,
                }
                for text in filter(None, (render(line, facts) for line in mine)):
                    assert not BROKEN.search(re.sub(r"`[^`]*`|“[^”]*”", "X", text)), text
