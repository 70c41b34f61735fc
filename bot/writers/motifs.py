"""Running images: each motif is a file ``motifs/<name>.toml``, cast from the pull request's own vocabulary.

Its parts: ``gloss`` (what the image is), ``home`` (offences that all but ask for it, with points), ``triggers`` (words
of the code, with how telling each is), ``lexicon`` (code word → a clause that says what it is in the image), and
wording: opening, bridge.<topic>, landing.<topic>, closing, title, epithet, punchline, and under ``offence.<kind>``
bodies of its own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bot.brief import Brief
from bot.writers.wording import Wording, parse_wording

_SPEAKS = 14  # what an exhibit that the motif has words for is worth, beside the vocabulary
_THRESHOLD = 60  # below this the image would be forced: a plain voice beats it
_TOLD_LATELY = 0.35
_OWN = frozenset({"name", "gloss", "triggers", "lexicon", "offence", "bridge", "landing", "home"})


@dataclass(frozen=True)
class Motif:
    """One running image."""

    name: str
    gloss: str
    triggers: Mapping[str, int]
    lexicon: Mapping[str, str]
    home: Mapping[str, int]
    general: Wording
    bridges: Mapping[str, Wording]
    landings: Mapping[str, Wording]
    offences: Mapping[str, Wording]

    def clauses(self, words: Mapping[str, int], most: int = 2) -> list[str]:
        """Return what this pull request's own words are in the image, the weightiest first."""
        known = sorted((word for word in self.lexicon if word in words), key=lambda word: (-words[word], word))
        return list(dict.fromkeys(self.lexicon[word] for word in known))[:most]


@cache
def all_motifs() -> tuple[Motif, ...]:
    """Return every motif, by name."""
    folder = files("bot.writers").joinpath("motifs")
    found = [item for item in folder.iterdir() if item.name.endswith(".toml")]
    return tuple(
        _parse(item.name.removesuffix(".toml"), tomllib.loads(item.read_text(encoding="utf-8")))
        for item in sorted(found, key=lambda item: item.name)
    )


def _parse(name: str, table: Mapping[str, Any]) -> Motif:
    where = f"motifs/{name}.toml"

    def parts(section: str) -> dict[str, Wording]:
        """Read one wording for each topic or offence; bridges and landings hold their heats directly."""
        return {
            key: parse_wording(f"{name}.{section}.{key}", value if section == "offence" else {section: value}, where)
            for key, value in table.get(section, {}).items()
        }

    general = parse_wording(name, {key: value for key, value in table.items() if key not in _OWN}, where)
    return Motif(
        name, table["gloss"], table["triggers"], table.get("lexicon", {}), table.get("home", {}), general,
        parts("bridge"), parts("landing"), parts("offence"),
    )  # fmt: skip


def cast_motif(brief: Brief) -> Motif | None:
    """Return the image that this pull request asks for, or nothing where none fits.

    The vocabulary weighs most, then the exhibits in which the motif can speak; an image that this channel saw
    lately counts for less, and its taste multiplies.
    """
    best: tuple[float, str, Motif] | None = None
    for motif in all_motifs():
        points = _points(motif, brief)
        if points >= _THRESHOLD and (best is None or (points, motif.name) > best[:2]):
            best = (points, motif.name, motif)
    return best[2] if best else None


def _points(motif: Motif, brief: Brief) -> float:
    words = brief.subject.words
    vocabulary = sum(min(words.get(word, 0), 30) * weight for word, weight in motif.triggers.items())
    if not vocabulary:
        return 0.0
    at_home = sum(motif.home.get(part.exhibit.kind, 0) for part in brief.cast)
    speaks = sum(_SPEAKS for part in brief.cast if part.exhibit.kind in motif.offences)
    lately = brief.history.motifs[-8:].count(motif.name)
    # What it can speak of counts for no more than what it was cast for: wording alone casts no image.
    return (
        (vocabulary + min(speaks, vocabulary) + at_home)
        * _TOLD_LATELY**lately
        * brief.taste.motifs.get(motif.name, 1.0)
    )
