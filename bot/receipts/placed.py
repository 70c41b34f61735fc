"""Numbers that are no counts of the evidence's: where something stands, how far apart, how many the paragraph shows."""

from __future__ import annotations

from itertools import combinations

from bot.receipts.counted import LARGEST_IMAGE, LINE, Counted
from bot.receipts.nouns import COUNTED
from bot.receipts.numbers import agrees
from bot.receipts.report import Claim, ClaimKind, Proof
from bot.receipts.scene import proven, unproven
from bot.receipts.text import Kind, tokens

_DEFINITE = frozenset("the both these those".split())


class Placed(Counted):
    """A number against the places of the receipts, and against what stands in its own paragraph."""

    def place(self) -> Claim | None:
        """Check "line 586", "lines 12 and 640": where something stands, and no count."""
        items, at = self.scene.items, self.number.first
        led = [item.lower for item in items[max(0, at - 3) : at]]
        second = led[:1] == ["lines"] and led[2:] in (["and"], ["to"]) and led[1].isdigit()
        if (
            not self.number.in_digits
            or {*self.phrase[:1]} & COUNTED
            or self.copula
            or not (led[-1:] in (["line"], ["lines"]) or second)
        ):
            return None
        text = self.scene.said(max(0, at - 1), self.number.last)
        for ledger in self.scene.evidence.ledgers:
            if self.number.value in ledger.lines:
                return proven(ClaimKind.ORDINAL, text, Proof(exhibit=ledger.exhibit, source="the receipts' lines"))
        return unproven(ClaimKind.ORDINAL, text, "no receipt of the exhibits cited here points to that line")

    def further(self) -> Claim | None:
        """Check "a hundred lines further down" against the places of the receipts."""
        if LINE not in self.nouns:
            return None
        if (named := self._between_the_lines_named()) is not None:
            return named
        after = {item.lower for item in self.scene.items[self.number.last + 1 : self.number.last + 4]}
        if not after & {"further", "apart", "below", "above", "later", "down"}:
            return None
        for ledger in self.scene.evidence.ledgers:
            for one, other in combinations(sorted(ledger.lines), 2):
                if agrees(self.number, other - one):
                    source = f"lines {one} and {other}"
                    return proven(ClaimKind.COUNT, self.text, Proof(exhibit=ledger.exhibit, source=source))
        return None

    def _between_the_lines_named(self) -> Claim | None:
        """Check "at line 372 and again at line 417, a walk of 45 lines": the sentence itself says how far."""
        named = [
            other.value
            for other in self.scene.numbers
            if other.first and self.scene.items[other.first - 1].lower == "line" and other is not self.number
        ]
        if len(named) != 2 or not agrees(self.number, abs(named[1] - named[0])):
            return None
        source = f"from line {named[0]:g} to line {named[1]:g}"
        return proven(ClaimKind.COUNT, self.text, Proof(exhibit="", source=source))

    def as_shown(self) -> Claim | None:
        """Check "the two headings": the draft has just shown so many names or quotations."""
        if self.number.in_digits or self.number.value > LARGEST_IMAGE:
            return None
        listed = [item for item in self.scene.items[self.number.last + 1 :] if item.kind in {Kind.CODE, Kind.QUOTE}]
        colon = any(item.text == ":" for item in self.scene.items[self.number.last + 1 : self.number.last + 5])
        if colon and len(listed) == self.number.value > 1:
            return proven(ClaimKind.COUNT, self.text, Proof(exhibit="", source="as many as the sentence lists"))
        if self.before not in _DEFINITE:
            return None
        if any(item.heads & self.nouns and item.value for item in self.scene.evidence.quantities):
            return None
        shown = [item for item in tokens(self.scene.paragraph_text) if item.kind in {Kind.CODE, Kind.QUOTE}]
        if len({item.inner for item in shown}) != self.number.value:
            return None
        return proven(ClaimKind.COUNT, self.text, Proof(exhibit="", source="as many as the paragraph names"))
