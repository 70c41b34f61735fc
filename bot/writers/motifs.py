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

from bot.brief import Brief, Role
from bot.vocabulary import split
from bot.writers.wording import Wording, parse_wording

_SPEAKS = 14  # what an exhibit that the motif has words for is worth, beside the vocabulary
_THRESHOLD = 60  # below this the image would be forced: a plain voice beats it
_TITLED, _SPOKEN = 50, 75  # of vocabulary: with a word in the title, and without
_TOLD_LATELY = 0.35
_STRONGEST = 4
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
    born_of: str = ""
    """The offence that a small image belongs to (``bot.writers.images``)."""

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
    fitting = [motif for motif in all_motifs() if _fits(motif, brief)]
    ranked = sorted(((_points(motif, brief), motif.name, motif) for motif in fitting), key=lambda item: item[:2])
    return ranked[-1][2] if ranked and ranked[-1][0] >= _THRESHOLD else None


def _fits(motif: Motif, brief: Brief) -> bool:
    """Whether the pull request itself speaks of the image, so that it is not forced.

    An offence of its all but asks for it, or its title has a telling word of it, or its code has several.
    """
    words = brief.subject.words
    if not _speaks(motif, brief):
        return False
    if any(part.exhibit.kind in motif.home for part in brief.cast):
        return True
    known = {word: weight for word, weight in motif.triggers.items() if word in words and weight > 1}
    titled = max((known.get(word, 0) for word in split(brief.subject.title)), default=0)
    vocabulary = _vocabulary(motif, brief)
    return titled > 2 or (titled > 1 and vocabulary >= _TITLED) or (len(known) > 2 and vocabulary >= _SPOKEN)


def _speaks(motif: Motif, brief: Brief) -> bool:
    """Whether it has words for the headline, or for two of the strongest charges: an image needs something to do."""
    charges = sorted((part for part in brief.cast if part.exhibit.is_charge), key=lambda part: -part.exhibit.force)
    spoken = [part for part in charges[:_STRONGEST] if part.exhibit.kind in motif.offences]
    headline = any(part.role is Role.HEADLINE and part.exhibit.kind in motif.offences for part in charges)
    return headline or len(spoken) > 1 or brief.acquitted


def _vocabulary(motif: Motif, brief: Brief) -> int:
    words = brief.subject.words
    return sum(min(words.get(word, 0), 30) * weight for word, weight in motif.triggers.items())


def _points(motif: Motif, brief: Brief) -> float:
    vocabulary = _vocabulary(motif, brief)
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
