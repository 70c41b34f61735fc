"""What a place likes, learnt from voices: Thompson sampling over what each thing told adds to the liking. Seeded.

Each verdict tells a handful of *features*: the offences it cites, its motif, angle, heat and length. How a verdict
was liked is taken as the sum of what its features add, so that a good motif is not blamed for a dull charge beside
it. What each adds has a normal posterior, conjugate to the voices on the channel's latest verdicts; its prior is what
the rest of the workspace thinks, whose prior is what everybody thinks (shrinkage over fading counts). A feature's
weight is a calm draw from it, so that the little-known gets its turn
(https://web.stanford.edu/~bvr/pubs/TS_Tutorial.pdf).

Voices are weighed by person (``bot.trust``), so that a crowd of spoilers is bounded, and learning starts slowly.
Weights change which true things are told, and how: never what is true, nor the score.
"""

from __future__ import annotations

import math
import operator
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.brief import Taste
from bot.trust import trust_of
from bot.verdict import Verdict

HALF_LIFE = timedelta(days=60)
FLOOR = 0.2
CEILING = 5.0
SHARPNESS = 80.0
"""How strongly a weight follows what its feature adds: +0.01 of liking makes it 2.2 times as heavy."""
CALM = 0.05
"""How much of its uncertainty a draw shows: luck costs laughs, and pull requests vary by themselves."""
SPREAD = 0.06
"""How much a feature usually adds or takes (standard deviation), before anything is known."""
NOISE, REST = 0.24, 0.02
"""The variance of one voice, and of what makes a verdict funny beside its features."""
USUAL_LIKING, USUAL_SPREAD = 0.58, 0.15
SLOWLY = 6.0
"""After so many judged verdicts half of what was learnt is trusted: nobody is known before that."""
SHRINKAGE = 10.0
"""How many verdicts' worth it takes until a level above is believed half."""
MOST_FROM_ABOVE = 0.01
"""What other channels can make of a feature here, at most."""
CLEARLY = 1.5
REMEMBERED = 80
"""How many judged verdicts of a channel are looked at."""
_SWEEPS = 12

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


class Count(NamedTuple):
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
class Judged:
    """A verdict with voices on it: its features, what each person said (liking less disliking, -1 to 1), its freshness.

    ``fresh`` is 1 for one of today and halves with the half-life.
    """

    features: frozenset[Feature]
    voices: Mapping[str, float]
    fresh: float = 1.0


class Added(NamedTuple):
    """What a feature adds to the liking of a verdict, and how sure that is (standard deviation)."""

    mean: float
    spread: float


@dataclass(frozen=True, slots=True)
class TasteCounts:
    """All that ``weights`` needs: the channel's latest judged verdicts (oldest first), and counts at three levels.

    ``unfair`` says how many people called an offence unfair here.
    """

    channel: Level = field(default_factory=dict)
    workspace: Level = field(default_factory=dict)
    everywhere: Level = field(default_factory=dict)
    recent: tuple[Judged, ...] = ()
    unfair: Mapping[str, int] = field(default_factory=dict)
    revived: frozenset[str] = frozenset()


def scale(at: datetime) -> float:
    """Return the factor by which an outcome of this moment is stored.

    Newer outcomes are stored larger instead of older ones being shrunk: sums stay sums, in any order,
    and a half-life of 60 days stays inside a double for more than a century.
    """
    return float(2.0 ** ((at - _SCALE_BEGINS) / HALF_LIFE))


def fading(now: datetime) -> float:
    """Return what a stored sum is to be multiplied by, to be what it is worth now."""
    return 1 / scale(now)


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
    found = effects(counts, known)
    drawn: dict[str, dict[str, float]] = {kind: {} for kind in LEARNT}
    for one, added in sorted(found.items()):
        drawn[one.kind][one.name] = _drawn(one, added, seed)
    offences = drawn[OFFENCE] | dict.fromkeys(retired(counts), 0.0)
    return Taste(
        offences=offences,
        motifs=drawn[MOTIF],
        angles=drawn[ANGLE],
        heats=drawn[HEAT],
        lengths=drawn[LENGTH],
        sentence=_sentence(found),
    )


def _drawn(one: Feature, added: Added, seed: str) -> float:
    # Not for secrets: the same seed must cast the same roast again.
    dice = random.Random(f"{seed}\0{one.kind}\0{one.name}")  # noqa: S311
    draw = added.mean + CALM * added.spread * dice.gauss(0, 1)
    return min(CEILING, max(FLOOR, math.exp(min(5.0, SHARPNESS * draw))))


def favourite(drawn: Mapping[str, float], usual: str) -> str:
    """Return what is clearly liked better than the usual (of heats, of lengths), or the usual itself.

    Only what was told here or nearby has a weight: nobody is roasted hotter for an experiment.
    """
    best = max(drawn, key=lambda name: (drawn[name], name), default=usual)
    return best if drawn.get(best, 1.0) > CLEARLY * drawn.get(usual, 1.0) else usual


def effects(counts: TasteCounts, known: Iterable[Feature] = ()) -> dict[Feature, Added]:
    """Return what each feature adds to the liking in this channel."""
    heard = _heard(counts.recent)
    told = {one for features, _, _ in heard for one in features}
    names = sorted({*told, *counts.channel, *counts.workspace, *counts.everywhere, *known})
    above = _from_above(counts)
    prior = {one: above.get(one, 0.0) for one in names if one.kind in LEARNT}
    found = _posterior(heard, prior)
    sure = len(heard) ** 2 / (len(heard) ** 2 + SLOWLY**2)
    return {one: Added(prior[one] + sure * (added.mean - prior[one]), added.spread) for one, added in found.items()}


_Heard = tuple[tuple[Feature, ...], float, float]
"""A verdict's features, how it was liked (0 to 1), and how much that is worth (a precision)."""


def _heard(recent: Sequence[Judged]) -> list[_Heard]:
    trust = trust_of([one.voices for one in recent])
    heard = []
    for one in recent:
        spoken = [(trust[who], voice) for who, voice in one.voices.items() if voice]
        liking = sum(weight * voice for weight, voice in spoken if voice > 0)
        voices = sum(weight * abs(voice) for weight, voice in spoken)
        if voices > 1e-6:
            told = tuple(sorted(feature for feature in one.features if feature.kind in LEARNT))
            heard.append((told, liking / voices, one.fresh / (NOISE / voices + REST)))
    return heard


def _posterior(heard: Sequence[_Heard], prior: Mapping[Feature, float]) -> dict[Feature, Added]:
    """Return the posterior of each feature, by sweeps that explain what the others leave unexplained (Gauss-Seidel)."""
    rows: dict[Feature, list[int]] = {one: [] for one in prior}
    for number, (features, _, _) in enumerate(heard):
        for one in features:
            rows[one].append(number)
    means, own = dict(prior), 1 / SPREAD**2
    worth = [precision for _, _, precision in heard]
    told = [(one, numbers, own + sum(worth[n] for n in numbers)) for one, numbers in rows.items() if numbers]
    left = [liked - USUAL_LIKING - sum(prior[one] for one in features) for features, liked, _ in heard]
    level, whole = 0.0, sum(worth) + 1 / USUAL_SPREAD**2
    for _ in range(_SWEEPS if heard else 0):
        step = (sum(map(operator.mul, worth, left)) - level / USUAL_SPREAD**2) / whole
        level += step
        left = [one - step for one in left]
        for one, numbers, weight in told:
            pull = sum([worth[number] * left[number] for number in numbers]) + own * (prior[one] - means[one])
            step = pull / weight
            means[one] += step
            for number in numbers:
                left[number] -= step
    spreads = {one: 1 / math.sqrt(weight) for one, _, weight in told}
    return {one: Added(mean, spreads.get(one, SPREAD)) for one, mean in means.items()}


def _from_above(counts: TasteCounts) -> dict[Feature, float]:
    """Return what the workspace thinks of each feature, and everybody behind it; nothing is counted twice."""
    nothing, added = Count(), dict[Feature, float]()
    for level, part in ((counts.everywhere, counts.workspace), (counts.workspace, counts.channel)):
        rest = {one: count.less(part.get(one, nothing)) for one, count in level.items() if one.kind in LEARNT}
        hits, voices = (
            sum(count.hit for count in rest.values()),
            sum(count.hit + count.miss for count in rest.values()),
        )
        for one, count in rest.items():
            weight = count.hit + count.miss
            if weight > 0:
                beyond = count.hit / weight - hits / voices
                before = added.get(one, 0.0)
                added[one] = before + weight / (weight + SHRINKAGE) * (beyond - before)
    return {one: min(MOST_FROM_ABOVE, max(-MOST_FROM_ABOVE, mean)) for one, mean in added.items()}


def sentence(counts: TasteCounts) -> str:
    """Return a short sentence for a model writer: what this channel likes and does not; empty if unknown."""
    return _sentence(effects(counts))


def _sentence(found: Mapping[Feature, Added]) -> str:
    clear = sorted((added.mean, one) for one, added in found.items() if abs(added.mean) > SPREAD / 4)
    likes = [one for mean, one in reversed(clear) if mean > 0][:3]
    dislikes = [one for mean, one in clear if mean < 0][:3]
    parts = [
        f"{opening} {', '.join(_phrase(one) for one in some)}"
        for opening, some in (("This channel enjoys", likes), ("It is tired of", dislikes))
        if some
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
