"""Lengths that anyone can count: "41 characters", "four letters", "a five-digit number"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from bot.receipts.counts import count
from bot.receipts.nouns import noun_phrase
from bot.receipts.numbers import Number, agrees
from bot.receipts.report import Claim, ClaimKind, Proof
from bot.receipts.scene import Scene, proven, unproven
from bot.receipts.text import Kind, stem, stemmed, tokens

_UNITS = stemmed("letter character char word digit")
_SHORT_UNITS = stemmed("word digit")
"""What a fact called "length" does not count: that one is in characters."""
_SMALL_UNITS = stemmed("letter word")
_MEASURING = frozenset(
    "has have had is are was were long longer takes took needs in of with count counts runs only exactly holds after"
    " comes name".split()
)
_NAMED = frozenset((Kind.CODE, Kind.QUOTE, Kind.IDENTIFIER, Kind.PATH))
_SYNTAX = frozenset("is not in and or if for as def class return import from with".split())


def length(scene: Scene, number: Number) -> Claim | None:
    """Return the claim that a name or number has so many letters, characters, words or digits; else nothing."""
    phrase = noun_phrase(scene.items, number, len(scene.items))
    unit = next((word for word in phrase[:2] if word in _UNITS), "")
    same = number.first > 0 and scene.items[number.first - 1].lower == "same"
    if (
        not unit
        or (same and not number.in_digits)
        or (unit in _SMALL_UNITS and not number.in_digits and not _measures(scene, number))
    ):
        return None
    text = scene.said(number.first, number.last + 1)
    named = any(item.kind in _NAMED for item in scene.items)
    if not named and not number.in_digits and not _refrain(scene):
        return None if scene.is_figure(number.first, number.last) else count(scene, number)
    for name, told in (*_lengths(scene, unit), *_apart(scene, number, unit)):
        if agrees(number, told):
            return proven(ClaimKind.COUNT, text, Proof(exhibit="", source=f"{name} has {told}"))
    for item in scene.evidence.quantities:
        if (
            item.fact & ({unit} if unit in _SHORT_UNITS else {unit, stem("length")})
            and agrees(number, item.value)
            and "count" not in item.source
        ):
            return proven(ClaimKind.COUNT, text, Proof(exhibit=item.exhibit, source=item.source))
    claim = count(scene, number) if unit != stem("letter") else None
    if claim is not None and claim.proven:
        return claim
    return unproven(ClaimKind.COUNT, text, f"no name told of here has that many {unit}s")


def _measures(scene: Scene, number: Number) -> bool:
    """Whether the sentence says how long a name is: "has four letters", "is eleven words long", "in 49 characters"."""
    around = {item.lower for item in scene.items[max(0, number.first - 3) : number.last + 3]}
    return bool(around & _MEASURING)


def _apart(scene: Scene, number: Number, unit: str) -> Iterator[tuple[str, int]]:
    """Yield by how much two names of the paragraph differ, where the sentence says "four characters shorter"."""
    following = scene.items[number.last + 2 : number.last + 3]
    if not following or following[0].lower not in {"shorter", "longer", "more", "fewer", "less"}:
        return
    told = dict(_lengths(scene, unit))
    if unit == stem("letter") or following[0].lower in {"shorter", "longer"}:
        spoken = [item.inner for item in tokens(scene.paragraph_text) if item.kind in _NAMED]
        told |= {name: sum(char.isalpha() for char in name) for name in spoken if unit != stem("word")}
    for (one, length_of_one), (other, length_of_other) in combinations(told.items(), 2):
        yield f"{one} and {other} differ, and", abs(length_of_one - length_of_other)


def _lengths(scene: Scene, unit: str) -> list[tuple[str, int]]:
    named = [item.inner for item in scene.items if item.kind in _NAMED]
    if unit == "digit":
        return [(f"{item.value:g}", len(str(int(item.value)))) for item in scene.evidence.quantities]
    if unit in {stem("word"), stem("character")}:  # "its name is eleven words long", said of the sentence before
        named += [item.inner for item in tokens(scene.paragraph_text) if item.kind in _NAMED]
    if unit == stem("word"):
        return [(name, len(re.findall(r"[^\W_]+", name))) for name in named]
    if not named:
        named = _refrain(scene)
    lengths = [(name, len(name)) for name in named]
    if unit == "letter":
        lengths = [(name, sum(char.isalpha() for char in name)) for name in named]
    return lengths


def _refrain(scene: Scene) -> list[str]:
    """Return the code names that the title or punchline turns on: "the worker's name has four letters" is None."""
    spoken = [item.inner for item in tokens(scene.paragraph_text) if item.kind in {Kind.CODE, Kind.QUOTE}]
    names = {item.text for text in spoken for item in tokens(text) if item.kind in {Kind.WORD, Kind.IDENTIFIER}}
    return sorted(names & scene.refrain - _SYNTAX)
