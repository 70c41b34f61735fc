"""The score: how well done a pull request is, computed from its exhibits and never set by a writer."""

from __future__ import annotations

import math
from collections.abc import Iterable

from bot.exhibit import Exhibit
from bot.verdict import Doneness

_NEXT_COUNTS = 0.78  # each further charge counts a little less: ten trifles are no catastrophe
_CREDIT_COUNTS = 0.3
_MOST_CREDITS = 4
_SCALE = 16.0
_FIRM = 3.6  # below this force a charge alone is no case


def score(exhibits: Iterable[Exhibit]) -> float:
    """Return 0 (raw) to 10 (ash): charges with diminishing returns, less a share of the best credits."""
    items = list(exhibits)
    charges = sorted((item.force for item in items if item.is_charge), reverse=True)
    credits_ = sorted((item.force for item in items if item.is_credit), reverse=True)[:_MOST_CREDITS]
    raw = sum(force * _NEXT_COUNTS**rank for rank, force in enumerate(charges)) - _CREDIT_COUNTS * sum(credits_)
    return round(10 * (1 - math.exp(-max(raw, 0.0) / _SCALE)), 1)


def is_acquitted(exhibits: Iterable[Exhibit]) -> bool:
    """Return whether nothing firm was found: no charge with force, and not many small ones."""
    items = list(exhibits)
    strongest = max((item.force for item in items if item.is_charge), default=0.0)
    return strongest < _FIRM and score(items) < 4.0


def doneness(points: float) -> Doneness:
    """Return the word for a score."""
    if points < 3.0:
        return Doneness.RARE
    if points < 5.5:
        return Doneness.MEDIUM
    return Doneness.WELL_DONE if points < 7.8 else Doneness.CHARCOAL
