"""How much each person's voice counts for the taste of a channel: pure arithmetic over who said what of which verdict.

Nobody is judged by what they find funny. What is bounded is how loud anybody can be:

- *A budget.* Whoever speaks more often than people here usually do (the median) has the same whole, spread thinner.
- *Newcomers.* A voice grows with the verdicts told since its person first spoke.
- *Choirs.* People who say the same far beyond chance count together as little more than one of them: κ, Cohen's
  agreement beyond chance (https://doi.org/10.1177/001316446002000104), shrunk while little is known.
- *Against the rest.* A voice that runs against what everybody else thinks fades, down to a tenth; only once enough
  verdicts show it, and "the rest" is weighed by all of the above, so that a choir cannot pose as the rest.

The defence is against the shapes that spoiling takes. A dissenter who speaks seldom keeps nearly the whole voice.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from itertools import combinations
from statistics import median

Voices = Mapping[str, float]
"""What people said of one verdict: above 0 for it, below 0 against it."""

LEAST_BUDGET = 2
NEWCOMER = 2.0
CHANCE = 10.0
"""How many common verdicts' worth of "just by chance" every pair starts with."""
TOLERATED = 0.1
"""How much agreement beyond chance is what people of the same trade just have."""
MOST_COMPARED = 60
"""Pairs are compared among the most active only: the cost stays the same in a channel of thousands."""
USUAL = 0.3
"""How much a usual voice follows the rest; nobody is faded for following less before it was seen."""
SEEN = 1.0
LEAST = 0.1
"""What is left of a voice that runs against everybody else: nobody is silenced."""
_ROUNDS = 3


def trust_of(told: Sequence[Voices]) -> dict[str, float]:
    """Return the weight (0 to 1) of each person's voice, from what was said of verdicts, oldest first."""
    said = [{who: 1.0 if voice > 0 else -1.0 for who, voice in voices.items() if voice} for voices in told]
    voices = [voice for one in said for voice in one.values()]
    if not voices:
        return {}
    mean = sum(voices) / len(voices)
    weights = _budgets(said)
    for who, others in _choirs(said, mean).items():
        weights[who] /= 1 + others
    return _against_the_rest([{who: voice - mean for who, voice in one.items()} for one in said], weights)


def _budgets(said: Sequence[Voices]) -> dict[str, float]:
    count: dict[str, int] = {}
    first: dict[str, int] = {}
    for number, one in enumerate(said):
        for who in one:
            count[who] = count.get(who, 0) + 1
            first.setdefault(who, number)
    budget = max(LEAST_BUDGET, median(count.values()))
    age = {who: len(said) - number for who, number in first.items()}
    return {who: min(1.0, budget / many) * age[who] / (age[who] + NEWCOMER) for who, many in sorted(count.items())}


def _choirs(said: Sequence[Voices], mean: float) -> dict[str, float]:
    """Return how many others each person's voice repeats."""
    masks: dict[str, list[int]] = {}
    for number, one in enumerate(said):
        for who, voice in one.items():
            masks.setdefault(who, [0, 0])[voice < 0] |= 1 << number
    active = sorted(masks, key=lambda who: (-sum(mask.bit_count() for mask in masks[who]), who))[:MOST_COMPARED]
    liking, against, apart = (1 - mean) ** 2, (1 + mean) ** 2, 1 - mean * mean
    found = dict.fromkeys(active, 0.0)
    for first, second in combinations(active, 2):
        (liked, disliked), (also_liked, also_disliked) = masks[first], masks[second]
        if not (liked | disliked) & (also_liked | also_disliked):
            continue  # they never spoke of the same: mostly so, and nothing to repeat
        both, neither = (liked & also_liked).bit_count(), (disliked & also_disliked).bit_count()
        split = (liked & also_disliked).bit_count() + (disliked & also_liked).bit_count()
        shared = both * liking + neither * against - split * apart
        beyond = shared / max(apart, 0.1) / (both + neither + split + CHANCE) - TOLERATED
        if beyond > 0:
            found[first] += beyond
            found[second] += beyond
    return found


def _against_the_rest(said: Sequence[Voices], usual: dict[str, float]) -> dict[str, float]:
    """Return the weights with those faded whose voices run against everybody else's."""
    # Numbers for names, and what does not change taken out: this is what casting waits for.
    number = {who: at for at, who in enumerate(usual)}
    told = [([number[who] for who in one], list(one.values())) for one in said]
    first = list(usual.values())
    weights = list(first)
    for _ in range(_ROUNDS):
        along, seen = [SEEN * USUAL] * len(first), [SEEN] * len(first)
        for people, voices in told:
            own = [weights[who] for who in people]
            total, heard = sum(map(operator.mul, own, voices)), sum(own) + 0.7
            for who, voice, weight in zip(people, voices, own, strict=True):
                rest = (total - weight * voice) / (heard - weight)
                along[who] += voice * rest
                seen[who] += rest * rest
        weights = [
            weight * min(1.0, max(LEAST, follows / known / USUAL))
            for weight, follows, known in zip(first, along, seen, strict=True)
        ]
    return dict(zip(usual, weights, strict=True))
