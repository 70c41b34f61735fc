"""Numbers that follow from others: sums in plain sight, figures come back to, sums and differences of the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from bot.receipts.counted import DIRECTIONS, LARGEST_IMAGE, LINE, NARROWING
from bot.receipts.ledger import Quantity
from bot.receipts.nouns import COUNTED, canonical
from bot.receipts.numbers import Form, Number, agrees, in_figures
from bot.receipts.report import Claim, ClaimKind, Proof
from bot.receipts.scene import Stated, proven, unproven
from bot.receipts.text import Kind, sentences, stem, stemmed, stems_of, tokens
from bot.receipts.weighed import Weighed

_SUMMING = canonical(stemmed("together total altogether combined overall plus sum"))
_SUBTRACTING = canonical(
    stemmed(
        "other others rest remaining remainder more fewer less left net difference apart besides without excluding"
        " further else non only"
    )
)
_NEAR_THE_START = 3
_MAIN = stem("main")
_ADDS_UP = _SUMMING | canonical(stemmed("make total all"))
_LEAVES = _SUBTRACTING | canonical(stemmed("make leave outnumber outweigh grow growth larger smaller ahead behind"))


class Reckoned(Weighed):
    """One number against what the draft and the evidence add up to."""

    def total(self) -> Claim | None:
        """Check "three at the desk and one in the tests: four times"."""
        scene, number = self.scene, self.number
        before = [other for other in scene.numbers if other.last < number.first and other.form is Form.CARDINAL]
        marks = [at for at in range(number.first) if scene.items[at].text in {":", "="}]
        if not marks or not before:
            return None
        addends = [other for other in before if other.last < marks[-1]]
        if len(addends) < 2 or any(other.first > marks[-1] for other in before):
            return None
        if not self._same_kind(addends):
            return None
        if any(Reckoned(scene, other).nouns for other in addends) and self.nouns and self._candidates():
            return None
        anchor = self._anchor(max(other.value for other in addends))
        if sum(other.value for other in addends) == number.value and anchor is not None:
            return proven(
                ClaimKind.COUNT, self.text, Proof(exhibit=anchor.exhibit, source=f"{anchor.source}, added up")
            )
        return self.object(f"the figures before it add up to {in_figures(sum(item.value for item in addends))}")

    def _same_kind(self, addends: list[Number]) -> bool:
        kinds = {Reckoned(self.scene, other).nouns for other in addends}
        return len(kinds) == 1

    def _anchor(self, value: float) -> Quantity | None:
        return next((item for item in self.scene.evidence.quantities if item.value == value), None)

    def _come_back(self) -> Claim | None:
        """Check "those 1,455 lines", "all six" and "the other two" against what the draft has said."""
        noun = self.nouns & COUNTED
        if self.before == "other" and not noun and self.number.value <= LARGEST_IMAGE:
            return self._the_others()
        if self.before in {"those", "these"} and noun:
            return self._of_those()
        if self.before in {"those", "these"} or (self.is_whole() and not noun):
            return self._known_here()
        return self._all() if self.before == "all" and not self.nouns and not self.is_part else None

    def _of_those(self) -> Claim | None:
        said = [item.value for item in self.scene.earlier if item.heads & self.nouns]
        pair = self.number.value == 2 and not self.number.in_digits and max(self._named_here(), default=0) > 1
        if not said:
            return None
        if self.number.value in said or pair:
            return proven(ClaimKind.COUNT, self.text, Proof(exhibit="", source="as said before"))
        return self.object(f"the draft has spoken of {listed(said)} before")

    def _all(self) -> Claim | None:
        if any(item.value == self.number.value for item in self._said_here()):
            return proven(ClaimKind.COUNT, self.text, Proof(exhibit="", source="as said before"))
        said = [item for item in (*self._said_here(), *self.scene.previous) if not item.is_part or not item.heads]
        if not said:
            return None if self.number.value <= LARGEST_IMAGE else self.object("nothing before it counts to that")
        groups: dict[frozenset[str], list[float]] = {}
        for item in said:
            groups.setdefault(item.heads, []).append(item.value)
        sums = {sum(values) for values in groups.values()}
        if self.number.value in sums:
            return proven(ClaimKind.COUNT, self.text, Proof(exhibit="", source="added up from the sentence before"))
        if self.number.value <= LARGEST_IMAGE < min(sums) and (main := next(self._main_counts(), None)):
            return proven(ClaimKind.COUNT, self.text, Proof(exhibit=main.exhibit, source=main.source))
        return self.object(f"what was counted before comes to {listed(sums)}")

    def _the_others(self) -> Claim | None:
        """Check "the other two keep it to themselves": what is left of what the paragraph has counted."""
        said = [item.value for item in (*self.scene.here, *self._said_here()) if item.value > 0]
        wholes = {*said, *(item.value for item in self._of_the_cited())}
        left = {whole - part for whole in wholes for part in said if whole > part}
        if not said:
            return None
        if self.number.value in left:
            return proven(ClaimKind.COUNT, self.text, Proof(exhibit="", source="what is left of the figures before"))
        return self.object(f"what is left of the figures before is {listed(sorted(left))}")

    def _of_the_cited(self) -> Iterator[Quantity]:
        """Yield what each cited exhibit counts first and foremost."""
        mainly = {ledger.exhibit: ledger.mainly for ledger in self.scene.evidence.ledgers}
        for item in self.scene.evidence.quantities:
            if item.exhibit in self.scene.evidence.own and item.heads & mainly.get(item.exhibit, frozenset()):
                yield item

    def more_than_all(self) -> Claim | None:
        """Object to "nine of the five" and "of the 15 files, eighteen": a part is no more than its whole."""
        items, number = self.scene.items, self.number
        led = items[0].lower == "of" and number.first > 1
        for other in self.scene.numbers:
            if other is number or other.form is not Form.CARDINAL or other.value >= number.value:
                continue
            between = [item.lower for item in items[number.last + 1 : other.first]]
            first = (
                led and other is self.scene.numbers[0] and other.first <= _NEAR_THE_START and not self.nouns & COUNTED
            )
            if between in (["of", "the"], ["of", "those"], ["of", "these"], ["of"]) or first:
                return self.object(f"that is more than the {in_figures(other.value)} it is a part of")
        return None

    def _main_counts(self) -> Iterator[Quantity]:
        """Yield the figures of this value that a cited exhibit counts first and foremost."""
        mainly = {ledger.exhibit: ledger.mainly for ledger in self.scene.evidence.ledgers}
        for item in self.scene.evidence.quantities:
            cited = item.exhibit in self.scene.evidence.own
            if cited and item.value == self.number.value and item.heads & mainly.get(item.exhibit, frozenset()):
                yield item

    def _known_here(self) -> Claim | None:
        """Check "none of those four", "two of the five silence it": the paragraph has counted or named so many."""
        if self.number.value > LARGEST_IMAGE:
            return None
        part = self.scene.items[self.number.first - 3].start if self.number.first > 2 else -1
        before = (item for item, at in self._placed_here() if at != part)
        said = {item.value for item in (*before, *self.scene.here)}
        if self.number.value in said | self._named_here():
            return proven(ClaimKind.COUNT, self.text, Proof(exhibit="", source="as said before"))
        own = (
            item
            for item in self.scene.evidence.quantities
            if item.exhibit in self.scene.evidence.own and item.value == self.number.value and not item.in_code
        )
        found = next((item for item in own if not said - {1.0} or item.near & (self.clause - NARROWING)), None)
        if found is not None:
            return proven(ClaimKind.COUNT, self.text, Proof(exhibit=found.exhibit, source=found.source))
        return self.object(f"the paragraph has spoken of {listed(sorted(said))} so far")

    def _named_here(self) -> set[float]:
        """Return how many names or quotations each sentence of the paragraph shows."""
        shown = [
            sum(item.kind in {Kind.CODE, Kind.QUOTE, Kind.PATH, Kind.PULL, Kind.IDENTIFIER} for item in tokens(said))
            for said in sentences(self.scene.paragraph_text)
        ]
        listed_before = 0
        for item in reversed(self.scene.items[: self.number.first]):
            if item.text in {":", ";"}:
                break
            listed_before += item.text == ","
        return {float(count) for count in (*shown, sum(shown), listed_before, listed_before + 1) if count > 1}

    def a_part_of_them(self) -> Iterator[Proof]:
        """Yield the figure of "36 of those tests": a part of what its exhibit mainly counts."""
        if not self.is_part or self.number.hedge:
            return
        if self.number.value <= LARGEST_IMAGE:
            yield from () if self.nouns & COUNTED else self._groups_of_them()
            own = (item for item in self.scene.evidence.quantities if item.exhibit in self.scene.evidence.own)
            told = (item for item in own if item.value == self.number.value and item.heads & {*self.phrase[:3]})
            yield from (
                Proof(exhibit=item.exhibit, source=item.source)
                for item in told
                if not item.in_code and self.may_stand_for(item)
            )
            return
        wanted = self.nouns | self.all_antecedents() | frozenset().union(*(item.heads for item in self.scene.here))
        for item in self.scene.evidence.quantities:
            if (
                item.value != self.number.value
                or item.exhibit not in self.scene.evidence.own
                or item.in_code
                or not self.may_stand_for(item)
            ):
                continue
            mainly = next(
                (one.mainly for one in self.scene.evidence.ledgers if one.exhibit == item.exhibit), frozenset()
            )
            if mainly & wanted:
                yield Proof(exhibit=item.exhibit, source=item.source)

    def _groups_of_them(self) -> Iterator[Proof]:
        """Yield the group of "two of them are small": so many of an exhibit's list are alike."""
        for item in self.scene.evidence.quantities:
            alike = " begin with " in item.source or " are " in item.source
            same = item.value == self.number.value and item.exhibit in self.scene.evidence.own
            if alike and same and self.may_stand_for(item):
                yield Proof(exhibit=item.exhibit, source=item.source)

    def worked_out(self) -> Iterator[Proof]:
        """Yield the sum or difference of two figures that the paragraph has given, where the sentence says so."""
        adds, leaves = self.clause & _ADDS_UP, self.clause & _LEAVES or self.before == "by"
        if not adds and not leaves:
            return
        said = [item for item in (*self.scene.here, *self._said_here()) if item.value > 0]
        for one, other in combinations(said, 2):
            kinds = (one.heads & COUNTED, other.heads & COUNTED)
            if all(kinds) and not kinds[0] & kinds[1] and not (one.is_part or other.is_part):
                continue
            told = f"{in_figures(one.value)} and {in_figures(other.value)}"
            if adds and agrees(self.number, one.value + other.value):
                yield Proof(exhibit="", source=f"{told}, added")
            if leaves and one.value != other.value and agrees(self.number, abs(one.value - other.value)):
                yield Proof(exhibit="", source=f"{told}, subtracted")

    def said_before(self, *, known_otherwise: bool = False) -> Iterator[Proof]:
        """Yield what the draft has proven before of the same thing.

        Where the cited exhibits count that thing as well, it must be a large figure, and nothing may narrow it now.
        """
        narrowed = self.narrowing or self.clause & frozenset(DIRECTIONS) or set(self.ways())
        if known_otherwise and (self.number.value <= LARGEST_IMAGE or narrowed or self.scene.tells.value == "later"):
            return
        for said in self.scene.earlier:
            if said.value == self.number.value and said.heads & self.nouns:
                yield Proof(exhibit="", source="as said before")

    def _placed_here(self) -> Iterator[tuple[Stated, int]]:
        """Yield what the sentence has counted so far, with where."""
        for other in self.scene.numbers:
            if other.last < self.number.first and other.form is Form.CARDINAL:
                yield Reckoned(self.scene, other).stated(), self.scene.items[other.first].start

    def _said_here(self) -> Iterator[Stated]:
        for other in self.scene.numbers:
            if other.last < self.number.first and other.form is Form.CARDINAL:
                yield Reckoned(self.scene, other).stated()

    def _derived(self) -> Iterator[Proof]:
        """Try sums and differences, where the sentence says so."""
        after = canonical(stems_of(self.scene.items[self.number.last + 1 : self.number.last + 5]))
        adds = self.clause & _SUMMING or after & {stem("change")}
        gain = [item.lower for item in self.scene.items[max(0, self.number.first - 2) : self.number.first]] == [
            "gain",
            "of",
        ]
        compares = after & canonical(stemmed("shorter longer lighter heavier"))
        subtracts = (self.clause & _SUBTRACTING and self.before != "than") or self.before == "by" or gain or compares
        if not adds and not subtracts and self.before not in {"all", "other", "remaining"}:
            return
        if self.is_named_otherwise():
            return
        figures = [item for item in self.scene.evidence.quantities if item.form is Form.CARDINAL][:120]
        for one, other in combinations(figures, 2):
            if not self._may_join(one, other):
                continue
            large, small = max(one.value, other.value), min(one.value, other.value)
            source = f"{one.source} and {other.source}"
            exhibit = one.exhibit if one.exhibit == other.exhibit else f"{one.exhibit}+{other.exhibit}"
            whole_and_part = one.traits < other.traits or other.traits < one.traits
            if adds and agrees(self.number, large + small) and not (whole_and_part and one.fact and other.fact):
                yield Proof(exhibit=exhibit, source=f"{source}, added")
            if (subtracts or self.before in {"other", "remaining"}) and agrees(self.number, large - small):
                yield Proof(exhibit=exhibit, source=f"{source}, subtracted")

    def _may_join(self, one: Quantity, other: Quantity) -> bool:
        if one.exhibit != other.exhibit and not one.heads & other.heads:
            return False
        if (_MAIN in one.traits) != (_MAIN in other.traits):  # the largest file's lines and everybody's do not mix
            return False
        if LINE in self.nouns and not one.heads & other.heads and one.heads & COUNTED and other.heads & COUNTED:
            return False  # lines less files are neither
        return not self.nouns or bool((one.heads | other.heads) & self.nouns)

    def object(self, why: str) -> Claim:
        """Return the claim that does not stand."""
        return unproven(ClaimKind.COUNT, self.text, why)


def listed(values: Iterable[float]) -> str:
    """Return a few figures in words."""
    told = list(dict.fromkeys(in_figures(value) for value in values))[:4]
    return ", ".join(told) if told else "nothing"


def known(ranked: list[tuple[float, Quantity]]) -> str:
    """Return what the exhibits say instead."""
    if not ranked:
        return "no exhibit cited here counts that; cite the exhibit that does, or leave the figure out"
    told = [f"{item.source} ({item.exhibit})" if item.exhibit else item.source for _, item in ranked[:3]]
    return f"the exhibits cited here say otherwise: {'; '.join(dict.fromkeys(told))}"
