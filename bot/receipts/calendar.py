"""Dates and durations: whether a day or a span of time in a sentence is the one that the evidence gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.receipts.ledger import Instant, Lapse
from bot.receipts.nouns import canonical
from bot.receipts.report import Claim, ClaimKind, Proof
from bot.receipts.scene import Scene, proven, unproven
from bot.receipts.text import Kind, clause_around, stemmed, stems_of
from bot.receipts.times import MINUTES, WEEKDAYS, Day, Span, day_at, says

_EVENTS = stemmed("open merge review approve commit after answer revert fix follow took")
"""What a lapse must tell of for "the same day": a test that sleeps for a second says nothing of the day."""
_BOUNDS = stemmed("open merge review approve")
_BLAND = frozenset("the a an of it in on at to and or is are was were that this".split())


_OF_THE_WORK = frozenset(
    "it its they this that"
    " later after gone open opened took takes lasted lived within before passed between spent".split()
)


def duration(scene: Scene, span: Span) -> Claim | None:
    """Return the claim that a duration makes; nothing in a figure of speech ("back in five minutes")."""
    begin, end = clause_around(scene.items, span.first, span.last)
    in_words = not any(item.kind is Kind.NUMBER for item in scene.items[span.first : span.last + 1])
    spoken = {item.lower for item in scene.items[begin:end]}
    if (
        in_words
        and begin
        and len(scene.numbers) == 1
        and scene.is_figure(span.first, span.last)
        and not spoken & _OF_THE_WORK
    ):
        return None
    if in_words and spoken & {"will", "would"} and scene.items[span.first - 1].lower in {"in", "for", "within"}:
        return None  # "whoever reads this in two years will know"
    text = scene.said(span.first, span.last)
    context = stems_of(scene.items[begin:end]) - _BLAND
    if not span.well_formed:
        return unproven(ClaimKind.DURATION, text, "that is no way to write a duration")
    days = [day for at in range(len(scene.items)) if (day := day_at(scene.items, at))]
    ranked = sorted(((_closeness(lapse, context), lapse) for lapse in scene.evidence.lapses), key=lambda pair: -pair[0])
    known = [
        (score, lapse)
        for score, lapse in ranked
        if lapse.grain <= span.unit and _may_tell(scene, lapse, days) and not _is_of_the_other(lapse, spoken)
    ]
    best = max((score for score, _ in known), default=0.0)
    best_derived = max((score for score, lapse in known if lapse.derived), default=0.0)
    very = (lapse for _, lapse in known if _is_that_very(span, lapse) or _is_of_the_cited(scene, span, lapse))
    if (lapse := next(very, None)) is not None:
        return proven(ClaimKind.DURATION, text, Proof(exhibit=lapse.exhibit, source=lapse.source))
    for score, lapse in known:
        near = best - score < 2.0 and not (lapse.derived and best_derived - score >= 1.0)
        if near and says(span, lapse.minutes):
            return proven(ClaimKind.DURATION, text, Proof(exhibit=lapse.exhibit, source=lapse.source))
    told = "; ".join(dict.fromkeys(lapse.source for _, lapse in ranked[:3])) or "no duration at all"
    return unproven(ClaimKind.DURATION, text, f"the exhibits cited here give {told}")


def _is_that_very(span: Span, lapse: Lapse) -> bool:
    """Whether it says a stated lapse to the hour or minute: "nine days and eight hours" is no coincidence."""
    composite = span.minutes % MINUTES["day"] > 0 and span.minutes > MINUTES["day"]
    return composite and not lapse.derived and not span.hedge and says(span, lapse.minutes)


def _is_of_the_cited(scene: Scene, span: Span, lapse: Lapse) -> bool:
    """Whether an exhibit that the text rests on states that very lapse, and no merge or opening is spoken of."""
    speaks = stems_of(scene.items) & _BOUNDS
    told = not lapse.derived and lapse.exhibit in scene.evidence.own and lapse.exhibit
    return bool(told) and speaks <= lapse.around and abs(lapse.minutes - span.minutes) < span.unit / 60


_ENDS = (("first", "last"), ("last", "first"))


def _is_of_the_other(lapse: Lapse, spoken: set[str]) -> bool:
    """Whether a fact of the last one would have to tell of the first: "the first repair came 19 days later"."""
    name = lapse.source.partition(":")[0].partition("=")[0].split("_")
    return any(one in name and other in spoken and one not in spoken for one, other in _ENDS)


def _may_tell(scene: Scene, lapse: Lapse, days: list[Day]) -> bool:
    """Whether the lapse begins or ends on a date that the sentence names, where it names one."""
    ends = lapse.days or tuple(
        instant.when.date() for instant in scene.evidence.instants if instant.exhibit == lapse.exhibit
    )
    return not days or any(day.fits(end) for day in days for end in ends)


def _closeness(lapse: Lapse, context: frozenset[str]) -> float:
    return float(min(6, len(lapse.around & context)))


_WITHIN = re.compile(r"\bwithin (?:an?|the|one|the same) (minute|hour|day|week|month)\b", re.IGNORECASE)
_SPAN_OF_ONE = re.compile(
    r"\b(?:an?|the next|the following|next|same)[ -](second|minute|hour|day|week|month|year)\b"
    r"(?: (?:later|after|before|earlier|ago|afterwards))?",
    re.IGNORECASE,
)


def loose_spans(scene: Scene) -> Iterator[Claim]:
    """Yield the claims of "a day later", "the next day" and "the same day"."""
    for found in _WITHIN.finditer(scene.text):
        unit = found.group(1).lower()
        took = [lapse.minutes for lapse in scene.evidence.lapses if stemmed("open merge") <= lapse.around]
        if took and min(took) > MINUTES[unit] and stems_of(scene.items) & _BOUNDS:
            yield unproven(ClaimKind.DURATION, found.group(), "the exhibits cited here give a longer time")
    for found in _SPAN_OF_ONE.finditer(scene.text):
        words, unit = found.group().lower(), found.group(1).lower()
        if words.startswith("same"):
            yield _same(scene, found.group(), unit)
        elif words.startswith(("the next", "next", "the following")) and unit in {"day", "week"}:
            yield _one(scene, found.group(), unit, calendar=True)
        elif _is_in_a_picture(scene, found.start()):
            continue
        elif words.rsplit(" ", 1)[-1] in {"later", "after", "before", "earlier", "ago", "afterwards"}:
            yield _one(scene, found.group(), unit)


def _is_in_a_picture(scene: Scene, start: int) -> bool:
    """Whether "a minute later" is said of somebody in an image, and not of "it"."""
    at = next(at for at, item in enumerate(scene.items) if item.end > start)
    begin, end = clause_around(scene.items, at, at)
    spoken = {item.lower for item in scene.items[begin:end]}
    return scene.is_image(begin, end) and not spoken & {"it", "this", "that", "they", "later,"} and end - begin > 4


def _same(scene: Scene, text: str, unit: str) -> Claim:
    for passage in scene.evidence.passages:
        if f"same {unit}" in passage.text.lower():
            return proven(ClaimKind.SAMENESS, text, Proof(exhibit=passage.exhibit, source=passage.source))
    lapses = [
        lapse
        for lapse in scene.evidence.lapses
        if lapse.minutes < MINUTES[unit] and lapse.grain <= MINUTES[unit] and (lapse.derived or lapse.around & _EVENTS)
    ]
    if lapses:
        return proven(ClaimKind.SAMENESS, text, Proof(exhibit=lapses[0].exhibit, source=lapses[0].source))
    return unproven(ClaimKind.SAMENESS, text, f"no exhibit cited here says that it was the same {unit}")


def _one(scene: Scene, text: str, unit: str, *, calendar: bool = False) -> Claim:
    told = Span(MINUTES[unit], MINUTES[unit], 0, 0)
    for lapse in scene.evidence.lapses:
        if lapse.grain <= told.unit and says(told, lapse.minutes):
            return proven(ClaimKind.DURATION, text, Proof(exhibit=lapse.exhibit, source=lapse.source))
    days = sorted({item.when.date() for item in scene.evidence.instants})
    gaps = {(later - earlier).days for earlier in days for later in days}
    if calendar and (1 if unit == "day" else 7) in gaps:
        return proven(ClaimKind.DURATION, text, Proof(exhibit=scene.evidence.instants[0].exhibit, source="dates"))
    return unproven(ClaimKind.DURATION, text, "no exhibit cited here gives that time")


def date(scene: Scene, day: Day) -> Claim:
    """Return the claim that a date makes: the evidence must have it, and for the same event."""
    text = scene.said(day.first, day.last)
    ranked = sorted(((_fit(instant, scene), instant) for instant in scene.evidence.instants), key=lambda pair: -pair[0])
    best = ranked[0][0] if ranked else 0.0
    for score, instant in ranked:
        if day.fits(instant.when.date()) and best - score < 2.0:
            return proven(ClaimKind.DATE, text, Proof(exhibit=instant.exhibit, source=instant.source))
    told = "; ".join(dict.fromkeys(instant.source for _, instant in ranked[:3])) or "no date"
    return unproven(ClaimKind.DATE, text, f"the exhibits cited here give {told}")


def _fit(instant: Instant, scene: Scene) -> float:
    words = scene.stems - _BLAND
    return float(len(canonical(instant.around | instant.event) & words))


def weekdays(scene: Scene) -> Iterator[Claim]:
    """Yield the claims of "on Tuesday" and of clock times."""
    for at, item in enumerate(scene.items):
        if _is_a_manner_of_speaking(scene, at):
            continue
        if item.kind is Kind.WORD and item.lower.removesuffix("s") in WEEKDAYS and item.text[0].isupper():
            wanted = WEEKDAYS[item.lower.removesuffix("s")]
            on = [instant for instant in scene.evidence.instants if instant.when.weekday() == wanted]
            if on:
                yield proven(ClaimKind.DATE, item.text, Proof(exhibit=on[0].exhibit, source=on[0].source))
            else:
                yield unproven(ClaimKind.DATE, item.text, "no date of the exhibits cited here falls on that day")
        elif item.kind is Kind.CLOCK:
            found = scene.evidence.letter_by_letter(item.text)
            if found:
                yield proven(ClaimKind.DATE, item.text, Proof(exhibit=found.exhibit, source=found.source))
            else:
                yield unproven(ClaimKind.DATE, item.text, "that time stands in no exhibit cited here")


def _is_a_manner_of_speaking(scene: Scene, at: int) -> bool:
    """Whether it is "on Sundays" or "the 10:15", said of no commit."""
    item, before = scene.items[at], scene.items[at - 1].lower if at else ""
    habit = item.kind is Kind.WORD and item.lower.endswith("days")
    train = item.kind is Kind.CLOCK and before in {"the", "a"}
    return (habit or train) and scene.is_figure(at, at)
