"""What a place likes, learnt from voices: Thompson sampling over fading counts. Pure and seeded.

Each verdict tells a handful of *features*: the offences it cites, its motif, angle, heat and length.
Voices give it one outcome (``Tally.outcome``: at most one verdict's worth), which counts for each of
its features in the channel, its workspace and everywhere. A feature's weight is a draw from
Beta(hit, miss) in the channel, whose prior is what the workspace thinks, whose prior is what everybody
thinks (shrinkage), over the average of its kind. Draws, not means, so that the little-known gets its turn
(https://web.stanford.edu/~bvr/pubs/TS_Tutorial.pdf).

Weights change which true things are told, and how: never what is true, nor the score.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.brief import Taste
from bot.verdict import Verdict

HALF_LIFE = timedelta(days=60)
FLOOR = 0.3
CEILING = 2.5
SHARPNESS = 6.0
CALM = 4.0
"""How much surer draws are than the bare counts: with few verdicts, exploring by pure luck costs laughs."""
SHRINKAGE = 3.0
"""How many verdicts' worth a prior from the level above weighs."""
CONDEMNED_TWICE = 2
UNFAIR_PEOPLE = 3
MOST_RETIRED_BY_VOTE = 0.25

OFFENCE, CREDIT, MOTIF, ANGLE, HEAT, LENGTH = "offence", "credit", "motif", "angle", "heat", "length"
LEARNT = (OFFENCE, MOTIF, ANGLE, HEAT, LENGTH)

_SCALE_BEGINS = datetime(2025, 1, 1, tzinfo=UTC)


class Feature(NamedTuple):
    """Something about a verdict that a place can like."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Count:
    """What is known of one feature at one level. ``hit`` and ``miss`` have faded, the others are whole verdicts.

    ``judged`` verdicts had any voice; of these ``condemned`` had mostly voices for "wrong".
    """

    hit: float = 0.0
    miss: float = 0.0
    judged: int = 0
    condemned: int = 0

    def less(self, other: Count) -> Count:
        """Return what is left without a part of it (a workspace without this channel)."""
        return Count(max(0.0, self.hit - other.hit), max(0.0, self.miss - other.miss))


Level = Mapping[Feature, Count]


@dataclass(frozen=True, slots=True)
class TasteCounts:
    """All that ``weights`` needs: counts at three levels, and how many people called an offence unfair here."""

    channel: Level = field(default_factory=dict)
    workspace: Level = field(default_factory=dict)
    everywhere: Level = field(default_factory=dict)
    unfair: Mapping[str, int] = field(default_factory=dict)
    revived: frozenset[str] = frozenset()


def scale(at: datetime) -> float:
    """Return the factor by which an outcome of this moment is stored.

    Newer outcomes are stored larger instead of older ones being shrunk: sums stay sums, in any order,
    and a half-life of 60 days stays inside a double for more than a century.
    """
    return float(2.0 ** ((at - _SCALE_BEGINS) / HALF_LIFE))


def faded(stored: float, now: datetime) -> float:
    """Return what a stored sum is worth now; rounding never makes it negative."""
    return max(0.0, stored / scale(now))


def features(verdict: Verdict) -> frozenset[Feature]:
    """Return what a place may like or dislike about a verdict; struck exhibits no longer count."""
    struck = {one.exhibit for one in verdict.struck}
    cited = {key for paragraph in verdict.paragraphs for key in paragraph.exhibits} - struck
    told = [item for item in verdict.exhibits if item.id in cited]
    found = {Feature(OFFENCE, item.kind) for item in told if item.is_charge}
    found |= {Feature(CREDIT, item.kind) for item in told if item.is_credit}
    found |= {Feature(HEAT, verdict.heat), Feature(LENGTH, length_of(verdict))}
    found |= {Feature(kind, name) for kind, name in ((MOTIF, verdict.motif), (ANGLE, verdict.angle)) if name}
    return frozenset(found)


def length_of(verdict: Verdict) -> str:
    """Return ``short`` (below 200 words), ``medium`` (below 400) or ``long``."""
    words = sum(len(paragraph.text.split()) for paragraph in verdict.paragraphs)
    return "short" if words < 200 else "medium" if words < 400 else "long"


def retired(counts: TasteCounts) -> frozenset[str]:
    """Return the offences that are not told in this channel any more.

    Unfair to at least three people; or at least two verdicts with it, and most of those judged, were
    voted wrong. Voices alone never retire more than a quarter of what was told here, so that a crowd
    cannot silence the bot. An admin can revive one.
    """
    by_people = {name for name, people in counts.unfair.items() if people >= UNFAIR_PEOPLE}
    told = {feature.name: count for feature, count in counts.channel.items() if feature.kind == OFFENCE}
    wrong = [
        (count.condemned / max(1, count.judged), name)
        for name, count in told.items()
        if count.condemned >= CONDEMNED_TWICE and count.condemned * 2 > count.judged
    ]
    room = int(len(told) * MOST_RETIRED_BY_VOTE)
    by_vote = {name for _, name in sorted(wrong, key=lambda one: (-one[0], one[1]))[:room]}
    return frozenset((by_people | by_vote) - counts.revived)


def weights(counts: TasteCounts, *, seed: str, known: Iterable[Feature] = ()) -> Taste:
    """Return the taste of a place: a draw for this seed.

    ``known`` are features that casting can choose from; those never told yet get a draw as well, so
    that they are tried. Every weight lies between ``FLOOR`` and ``CEILING``, but 0 for what is retired.
    """
    names = sorted({*counts.channel, *counts.workspace, *counts.everywhere, *known})
    drawn = {kind: _draws(kind, [one for one in names if one.kind == kind], counts, seed) for kind in LEARNT}
    offences = drawn[OFFENCE] | dict.fromkeys(retired(counts), 0.0)
    return Taste(
        offences=offences,
        motifs=drawn[MOTIF],
        angles=drawn[ANGLE],
        heats=drawn[HEAT],
        lengths=drawn[LENGTH],
        sentence=sentence(counts),
    )


def _draws(kind: str, names: list[Feature], counts: TasteCounts, seed: str) -> dict[str, float]:
    posteriors = {one: _posterior(one, counts) for one in names}
    means = [hit / (hit + miss) for hit, miss in posteriors.values()]
    average = sum(means) / len(means) if means else 0.5
    weights_of = {}
    for one, (hit, miss) in posteriors.items():
        # Not for secrets: the same seed must cast the same roast again.
        dice = random.Random(f"{seed}\0{kind}\0{one.name}")  # noqa: S311
        draw = dice.betavariate(CALM * hit, CALM * miss)
        weights_of[one.name] = min(CEILING, max(FLOOR, (draw / average) ** SHARPNESS))
    return weights_of


def _posterior(one: Feature, counts: TasteCounts) -> tuple[float, float]:
    """Return the Beta's two parameters in the channel, each level a prior for the one below, nothing counted twice."""
    nothing = Count()
    here, near, all_over = (level.get(one, nothing) for level in (counts.channel, counts.workspace, counts.everywhere))
    mean = 0.5
    for count in (all_over.less(near), near.less(here)):
        mean = (count.hit + SHRINKAGE * mean) / (count.hit + count.miss + SHRINKAGE)
    return here.hit + SHRINKAGE * mean, here.miss + SHRINKAGE * (1 - mean)


def sentence(counts: TasteCounts) -> str:
    """Return a short sentence for a model writer: what this channel likes and does not, by means; empty if unknown."""
    likes: list[tuple[float, Feature]] = []
    dislikes: list[tuple[float, Feature]] = []
    for one, count in sorted(counts.channel.items()):
        if one.kind not in LEARNT or count.hit + count.miss < 1:
            continue
        hit, miss = _posterior(one, counts)
        (likes if hit > 1.5 * miss else dislikes if miss > 1.5 * hit else []).append((abs(hit - miss), one))
    parts = [
        f"{opening} {', '.join(_phrase(one) for _, one in sorted(found, reverse=True)[:3])}"
        for opening, found in (("This channel enjoys", likes), ("It is tired of", dislikes))
        if found
    ]
    return ". ".join(parts) + ("." if parts else "")


def _phrase(one: Feature) -> str:
    name = one.name.replace("_", " ")
    return {
        OFFENCE: f"jokes on the {name}",
        MOTIF: f"the image of the {name}",
        ANGLE: f"the angle “{name}”",
        HEAT: f"a {name} heat",
        LENGTH: f"{name} roasts",
    }[one.kind]
