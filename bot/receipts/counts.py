"""Counts: whether a figure in a sentence is the one that the evidence gives for the same thing.

A figure is not proven by standing somewhere in the evidence. It is bound to what it counts: among the evidence's
figures with the same noun, those win whose surroundings resemble the sentence most, and one of the winners must
agree. Sums and differences are tried only where the sentence says that it adds or subtracts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from bot.receipts.counted import LARGEST_IMAGE, LINE, NARROWING, Counted
from bot.receipts.ledger import Quantity
from bot.receipts.nouns import COUNTED, canonical
from bot.receipts.numbers import Form, Number, agrees
from bot.receipts.reckoned import Reckoned, known, listed
from bot.receipts.report import Claim, ClaimKind, Proof
from bot.receipts.scene import TECHNICAL, Scene, Stated, proven
from bot.receipts.text import Kind, Token, stemmed, stems
from bot.receipts.weighed import SUBJECTS

_MARGIN = 2.0
_BEGINS = stemmed("begin start open end hold contain say carry")
_GAINS = stemmed("gain grow add lose drop remove shrink take")

_ACCUSED = canonical(
    stemmed(
        "bug fault error failure crash regression mistake leak race reviewer person people user approval objection"
        " complaint question"
    )
)
"""What says something against the code or of people: never proven by a figure that counts something else."""


def count(scene: Scene, number: Number) -> Claim | None:
    """Return the claim that a cardinal makes, or nothing where it is a figure of speech."""
    return _Count(scene, number).claim()


def total(scene: Scene, number: Number) -> Claim | None:
    """Return the claim of a number that adds up those before it in the sentence, if it is one."""
    return _Count(scene, number).total()


class _Count(Reckoned):
    """One number against the evidence."""

    def claim(self) -> Claim | None:
        """Decide: an idiom, a sum in plain sight, a figure come back to, a count, or an image."""
        if (
            self.is_idiom()
            or self.is_image()
            or self.is_loose()
            or (self.scene.is_to_the_reader and not self.number.in_digits)
        ):
            return None
        for attempt in (
            self._each,
            self.more_than_all,
            self._as_named,
            self.total,
            self.place,
            self.further,
            self._come_back,
            self.as_shown,
            self._part_of_whole,
            self._quoted_key,
        ):
            claim = attempt()
            if claim is not None:
                return claim
        if self.number.value == 1 and not self.number.in_digits and not self.nouns:
            return None
        if self.nouns and not (
            self.copula and not self.antecedent() and not self.is_part and not self.number.in_digits
        ):
            return self._counted()
        return self._bare()

    # What the sentence itself adds up.

    def _each(self) -> Claim | None:
        """Object to "two modules of 611 lines each", where the figure is of both together."""
        following = [
            item.lower for item in self.scene.items[self.number.last + 1 : min(self.end, self.number.last + 4)]
        ]
        if not {"each", "apiece"} & set(following) or "for" in following or not self.nouns & COUNTED:
            return None
        alike = [item for item in self.scene.evidence.quantities if item.value == self.number.value and item.fact]
        shared = any(
            re.search(r"\b(?:each|apiece|every|same|both)\b", one.text) for one in self.scene.evidence.passages
        )
        if shared or len({item.exhibit for item in alike}) > 1:
            return None
        return self.object("no exhibit cited here says that each of them has so many")

    def _as_named(self) -> Claim | None:
        """Check "a 404", which is a name and no count: it must stand in a text."""
        following = self.scene.items[self.number.last + 1 : self.number.last + 2]
        counts = bool(following) and following[0].kind in {Kind.WORD, Kind.CODE} and following[0].text != "or"
        if (
            self.before not in {"a", "an"}
            or not self.number.in_digits
            or counts
            or any(item.text == "-" for item in following)
        ):
            return None
        digits = self.scene.said(self.number.first, self.number.last)
        found = self.scene.evidence.letter_by_letter(digits)
        if found is None or digits == "1":
            return None if digits == "1" else self.object("that stands in no exhibit cited here")
        return proven(ClaimKind.COUNT, self.text, Proof(exhibit=found.exhibit, source=found.source))

    def _part_of_whole(self) -> Claim | None:
        """Check "nine of the ten calls are patched": one exhibit must hold both figures."""
        if not self.is_part:
            return None
        wholes = [item for item in self.scene.numbers if self.number.last < item.first <= self.number.last + 4]
        between = [item.lower for item in self.scene.items[self.number.last + 1 : wholes[0].first]] if wholes else []
        if between not in (["of", "the"], ["of", "its"], ["out", "of"], ["of", "those"], ["of"]):
            return None
        narrowing = (self.clause | {*self.phrase}) & NARROWING
        quantities = self.scene.evidence.quantities
        for item in quantities:
            if item.in_code or not agrees(self.number, item.value) or not self.may_stand_for(item):
                continue
            open_ = narrowing - item.traits - item.heads - item.near
            for other in quantities:
                same = other.exhibit == item.exhibit and other is not item and agrees(wholes[0], other.value)
                if same and not open_ - other.heads - other.traits:
                    return proven(ClaimKind.COUNT, self.text, Proof(exhibit=item.exhibit, source=item.source))
        return None

    def _quoted_key(self) -> Claim | None:
        """Check "three of the others start with "Fix"" by counting."""
        kinds = {Kind.QUOTE, Kind.CODE, Kind.IDENTIFIER} if self.is_part else {Kind.QUOTE, Kind.CODE}
        quotes = [item for item in self.scene.items[self.begin : self.end] if item.kind in kinds]
        if not quotes or self.number.value > 999 or self.is_whole():
            return None
        if self.nouns and not self.clause & _BEGINS and (claim := self._counted()).proven:
            return claim
        keyed = not self.nouns or bool(self.nouns & SUBJECTS) or self.is_part
        return self._by_key(quotes) if keyed else None

    def _by_key(self, quotes: Sequence[Token]) -> Claim | None:
        exact = [found for quote in quotes for found in self._occurrences(quote.inner)]
        counts = exact or [found for quote in quotes for found in self._occurrences(quote.inner.strip(".,;:"))]
        if not counts:
            return None
        for value, proof in counts:
            if agrees(self.number, value):
                return proven(ClaimKind.COUNT, self.text, proof)
        for item in self.scene.evidence.quantities:
            told = agrees(self.number, item.value) and self.scene.evidence.is_told_with(item, self.scene.text)
            if told and self.may_stand_for(item):
                return proven(ClaimKind.COUNT, self.text, Proof(exhibit=item.exhibit, source=item.source))
        if self.nouns and (claim := self._counted()).proven:
            return claim
        return self.object(f"the exhibits have {listed(value for value, _ in counts)} of them")

    def _occurrences(self, words: str) -> Iterator[tuple[float, Proof]]:
        for ledger in self.scene.evidence.ledgers:
            whole = [passage for passage in ledger.passages if passage.whole]
            for source in dict.fromkeys(passage.source for passage in whole):
                texts = [passage.text.lower() for passage in whole if passage.source == source]
                starting = sum(text.startswith(words.lower()) for text in texts)
                holding = sum(words.lower() in text for text in texts if text != words.lower())
                for value, how in ((starting, "begin with"), (holding, "hold")):
                    if value:
                        yield value, Proof(exhibit=ledger.exhibit, source=f"{value} {how} “{words}”")
            if any(text == words for _, text in ledger.named):
                for item in ledger.quantities:
                    if "count" in item.source:
                        yield item.value, Proof(exhibit=ledger.exhibit, source=item.source)
        for item in self.scene.evidence.quantities:
            if item.traits & stems(words) or item.heads & stems(words):
                yield item.value, Proof(exhibit=item.exhibit, source=item.source)

    # What the evidence counts.

    def _counted(self) -> Claim:
        ranked = self._candidates()
        if not ranked and self.is_whole():
            return self._bare() or self.object(known(ranked))
        if (loose := self._loosely(ranked)) is not None:
            return loose
        best = max((score for score, _ in ranked), default=0.0)
        margin = 3 * _MARGIN if self.is_whole() else _MARGIN
        for score, item in ranked:
            near = best - score < margin or self._is_beyond_chance(item)
            if agrees(self.number, item.value) and near and not self.is_outdone(item) and self.may_stand_for(item):
                return proven(ClaimKind.COUNT, self.text, Proof(exhibit=item.exhibit, source=item.source))
        for proof in (
            *self._derived(),
            *self._own_facts(),
            *self.a_part_of_them(),
            *self.worked_out(),
            *self.said_before(known_otherwise=bool(ranked)),
        ):
            return proven(ClaimKind.COUNT, self.text, proof)
        return self.object(known(ranked))

    def _loosely(self, ranked: list[tuple[float, Quantity]]) -> Claim | None:
        """Check "three answers for three kinds", "four of the tests": what no figure counts by that name.

        A cited exhibit must hold the figure; of a part, the exhibit must count what it is a part of.
        """
        if self.number.value > LARGEST_IMAGE or (ranked and not self.is_part):
            return None
        context = {ledger.exhibit for ledger in self.scene.evidence.ledgers if not ledger.mainly & self.nouns}
        for item in self.scene.evidence.quantities:
            if not agrees(self.number, item.value) or item.in_code or self._elsewhere(item) or not item.exhibit:
                continue
            if self.nouns & _ACCUSED and not self.is_part and item.heads & COUNTED and not item.heads & self.nouns:
                continue  # eight files are no eight bugs, and two merges no two reviewers
            told = (not self.is_part and item.fact) or (self.is_part and item.exhibit not in context)
            if item.source.endswith(" receipts") and self.nouns & COUNTED and not self.nouns & item.heads:
                continue
            pronoun = self.number.value == 1 and not self.number.in_digits
            loosely = not self.is_part and (pronoun or item.exhibit in self.scene.evidence.own)
            if told and self.may_stand_for(item, loosely=loosely):
                return proven(ClaimKind.COUNT, self.text, Proof(exhibit=item.exhibit, source=item.source))
        return None

    # What has no noun of the evidence.

    def _bare(self) -> Claim | None:
        if (left_out := self._left_out()) is not None:
            return left_out
        number = self.number
        if self.is_part or self.is_whole() or (number.in_digits and not self.nouns) or number.value > LARGEST_IMAGE:
            return self._nameless()
        return None

    def _nameless(self) -> Claim | None:
        number, scene = self.number, self.scene
        for item in scene.evidence.quantities:
            meant = self._is_related(item) and not item.in_code and not self._elsewhere(item)
            if meant and agrees(number, item.value) and self.may_stand_for(item, loosely=True):
                return proven(ClaimKind.COUNT, self.text, Proof(exhibit=item.exhibit, source=item.source))
        for proof in (*self._derived(), *self.a_part_of_them(), *self.worked_out()):
            return proven(ClaimKind.COUNT, self.text, proof)
        if number.in_digits and (pull := scene.evidence.letter_by_letter(f"#{number.value:.0f}")):
            return proven(ClaimKind.NUMBER, self.text, Proof(exhibit=pull.exhibit, source=pull.source))
        if not self.is_part and any(said.value == number.value for said in scene.earlier):
            return proven(ClaimKind.COUNT, self.text, Proof(exhibit="", source="as said before"))
        if self.is_part and scene.is_image(self.begin, self.end) and not scene.numbers[0].in_digits:
            alone = not any(self.begin <= one.first < self.end for one in scene.numbers if one is not number)
            return None if number.value <= 3 and alone else self.object("no exhibit cited here counts that")
        return self.object("no exhibit cited here has that figure")

    def _is_related(self, item: Quantity) -> bool:
        """Whether a figure may be that of a number without a noun: anything may, but for a part of something."""
        related = item.heads | item.traits | item.near
        return bool(
            not self.is_part
            or (self._is_of_them() and item.heads & self.all_antecedents())
            or self._shares_out_an_image()
            or related & (self.clause - stemmed("other"))
            or item.heads & set(self.phrase)
        )

    def _left_out(self) -> Claim | None:
        """Check "23 lines came and ten were taken out": a small number whose noun the sentence has given before."""
        counted = self.all_antecedents() & TECHNICAL
        small = not self.number.in_digits and self.number.value <= LARGEST_IMAGE
        if not small or self.is_part or self.is_whole() or self.before == "in" or not self.is_elided():
            return None
        if not counted and self.clause & _GAINS and not self.copula:
            counted = self.clause & TECHNICAL and frozenset({LINE})  # "production code gained eight"
        if self.before == "by" and self.scene.here:
            return self._by_how_many()
        if not counted:
            return None
        evidence = self.scene.evidence
        mainly = {ledger.exhibit for ledger in evidence.ledgers if ledger.mainly & counted} & evidence.own
        for item in evidence.quantities:
            alike = item.heads & counted or item.exhibit in mainly
            if alike and agrees(self.number, item.value) and not item.in_code and not self._elsewhere(item):
                return proven(ClaimKind.COUNT, self.text, Proof(exhibit=item.exhibit, source=item.source))
        for proof in (*self.worked_out(), *self.said_before()):
            return proven(ClaimKind.COUNT, self.text, proof)
        return self.object("no exhibit cited here counts that many of them")

    def _by_how_many(self) -> Claim:
        """Check "outnumbers it, though only by nine": the difference of two figures."""
        said = [item.value for item in self.scene.here]
        if any(agrees(self.number, abs(one - other)) for one, other in combinations(said, 2)):
            return proven(
                ClaimKind.COUNT, self.text, Proof(exhibit="", source="the difference of two figures said before")
            )
        return self.object("no two figures of this paragraph differ by that")

    def _shares_out_an_image(self) -> bool:
        """Whether it is "715 of the stitches": the noun is an image's, the figure is not."""
        large = self.number.in_digits and self.number.value > LARGEST_IMAGE
        return large and bool(self.phrase) and not {*self.phrase[:1]} & TECHNICAL


def stated(scene: Scene) -> tuple[Stated, ...]:
    """Return the figures of a sentence, for the sentences after it."""
    return tuple(Counted(scene, number).stated() for number in scene.numbers if number.form is Form.CARDINAL)
