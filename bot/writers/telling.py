"""Which of the cast get a paragraph of their own: the headline, and the best of the rest."""

from __future__ import annotations

from bot.brief import Brief, Cast, Role
from bot.topics import Topic, topic_of
from bot.writers.motifs import Motif
from bot.writers.wording import wording_of

FEWEST_CHARGES = 3
_FIRM = 4.5  # of force: a story is made longer for this much, not for trifles
_NEW_TOPIC = 3.0  # of force: a story has more than one kind of trouble
_SPEAKS = 1.5  # of force: what an image can say itself is told before what it cannot
_STALE = 0.4  # of its worth: what an exhibit keeps whose bodies were all told here
_RIDES = {"pinned_bug": "sequel_fix", "bot_caught": "bot_caught"}
"""What is told in the other's paragraph, where that one is told."""


def told_parts(brief: Brief, motif: Motif | None, most: int) -> list[Cast]:
    """Return ``most`` charges in telling order and the best credit.

    An image that was born of the headline begins with it: what is heaviest is told while the reader is fresh.
    """
    credits_ = [part for part in brief.cast if part.role is Role.CREDIT]
    charges = [part for part in brief.cast if part.role is not Role.CREDIT]
    told = _chosen(brief, motif, charges, most)
    in_order = [part for part in charges if part in told]
    if motif is not None and motif.born_of:
        in_order.sort(key=lambda part: part.role is not Role.HEADLINE)
    return in_order + sorted(credits_, key=lambda part: _worth(brief, motif, part), reverse=True)[:1]


def is_firm(force: float) -> bool:
    """Whether a charge is worth making a story longer for."""
    return force >= _FIRM


def _chosen(brief: Brief, motif: Motif | None, charges: list[Cast], most: int) -> list[Cast]:
    """Return the headline and the best of the rest, a new topic and the code itself before more of the same."""
    told: list[Cast] = []
    while len(told) < min(most, len(charges)):
        topics = {topic_of(part.exhibit) for part in told}

        def worth(part: Cast, topics: set[Topic] = topics) -> float:
            topic = topic_of(part.exhibit)
            return _worth(brief, motif, part) + _NEW_TOPIC * (topic not in topics) + (topic is Topic.CODE)

        kinds = {part.exhibit.kind for part in told}
        least = 0 if len(told) < FEWEST_CHARGES else _FIRM
        rest = [
            part
            for part in charges
            if part not in told
            and part.exhibit.force >= least
            and _RIDES.get(part.exhibit.kind) not in kinds
            and not _told_already(part, told)
        ]
        if not rest:
            break
        told.append(max(rest, key=worth))
    return told


def _told_already(part: Cast, told: list[Cast]) -> bool:
    """Whether all the follow-ups that a part tells of are told of by another."""
    own = _follow_ups(part)
    return bool(own) and own <= {number for other in told for number in _follow_ups(other)}


def _follow_ups(part: Cast) -> set[object]:
    if topic_of(part.exhibit) is not Topic.AFTERMATH:
        return set()
    facts = part.exhibit.facts
    numbers = facts.get("numbers")
    return {*(numbers if isinstance(numbers, tuple) else ()), facts.get("number")} - {None, 0}


def _worth(brief: Brief, motif: Motif | None, part: Cast) -> float:
    """Return how much a part should be told: the headline always, then by force, and what can be said freshly."""
    if part.role is Role.HEADLINE:
        return 100.0
    kind = part.exhibit.kind
    speaks = motif is not None and kind in motif.offences
    bodies = [line.key for line in wording_of(kind).slot("body")]
    stale = not speaks and bodies and set(bodies) <= set(brief.history.lines)
    return part.exhibit.force * (_STALE if stale else 1) + (_SPEAKS if speaks else 0)
