"""Counts: whether a figure in a sentence is the one that the evidence gives for the same thing.

A figure is not proven by standing somewhere in the evidence. It is bound to what it counts: among the evidence's
figures with the same noun, those win whose surroundings resemble the sentence most, and one of the winners must
agree. Sums and differences are tried only where the sentence says that it adds or subtracts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from bot.receipts.counted import BLAND, DIRECTIONS, LARGEST_IMAGE, LINE, NARROWING, Counted
from bot.receipts.ledger import Quantity
from bot.receipts.nouns import COUNTED, canonical
from bot.receipts.numbers import Form, Number, agrees, in_figures
from bot.receipts.placed import Placed
from bot.receipts.report import Claim, ClaimKind, Proof
from bot.receipts.scene import TECHNICAL, Scene, Stated, proven, unproven
from bot.receipts.text import Kind, Token, stem, stemmed, stems, stems_of

_MARGIN = 2.0
_SUMMING = canonical(stemmed("together total altogether combined overall plus sum"))
_SUBTRACTING = canonical(
    stemmed(
        "other others rest remaining remainder more fewer less left net difference apart besides without excluding"
        " further else non only"
    )
)
_SUBJECTS = stemmed("commit subject message title time line others")
_IN_TOTAL = canonical(stemmed("add remove new total altogether change all grow gain of"))
_BEGINS = stemmed("begin start open end hold contain say carry")
_SHIPS = stemmed("code production ships shipped")


def count(scene: Scene, number: Number) -> Claim | None:
    """Return the claim that a cardinal makes, or nothing where it is a figure of speech."""
    return _Count(scene, number).claim()


def total(scene: Scene, number: Number) -> Claim | None:
    """Return the claim of a number that adds up those before it in the sentence, if it is one."""
    return _Count(scene, number).total()


class _Count(Placed):
    """One number against the evidence."""

    def claim(self) -> Claim | None:
        """Decide: an idiom, a sum in plain sight, a figure come back to, a count, or an image."""
        if self.is_idiom() or self.is_image():
            return None
        for attempt in (
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
        if any(_Count(scene, other).nouns for other in addends) and self.nouns and self._candidates():
            return None
        anchor = self._anchor(max(other.value for other in addends))
        if sum(other.value for other in addends) == number.value and anchor is not None:
            return proven(
                ClaimKind.COUNT, self.text, Proof(exhibit=anchor.exhibit, source=f"{anchor.source}, added up")
            )
        return self._object(f"the figures before it add up to {in_figures(sum(item.value for item in addends))}")

    def _same_kind(self, addends: list[Number]) -> bool:
        kinds = {_Count(self.scene, other).nouns for other in addends}
        return len(kinds) == 1

    def _anchor(self, value: float) -> Quantity | None:
        return next((item for item in self.scene.evidence.quantities if item.value == value), None)

    def _come_back(self) -> Claim | None:
        """Check "those 1,455 lines" and "all six" against what the draft has said."""
        scene = self.scene
        if self.before in {"those", "these"} and self.nouns:
            said = [item for item in scene.earlier if item.heads & self.nouns]
            if not said:
                return None
            if any(item.value == self.number.value for item in said):
                return proven(ClaimKind.COUNT, self.text, Proof(exhibit="", source="as said before"))
            return self._object(f"the draft has spoken of {_listed(item.value for item in said)} before")
        if self.before == "all" and not self.nouns and not self.is_part:
            return self._all()
        return None

    def _all(self) -> Claim | None:
        said = [item for item in (*self._said_here(), *self.scene.previous) if not item.is_part or not item.heads]
        if not said:
            return None if self.number.value <= LARGEST_IMAGE else self._object("nothing before it counts to that")
        groups: dict[frozenset[str], list[float]] = {}
        for item in said:
            groups.setdefault(item.heads, []).append(item.value)
        sums = {sum(values) for values in groups.values()}
        if self.number.value in sums:
            return proven(ClaimKind.COUNT, self.text, Proof(exhibit="", source="added up from the sentence before"))
        return self._object(f"what was counted before comes to {_listed(sums)}")

    def _said_here(self) -> Iterator[Stated]:
        for other in self.scene.numbers:
            if other.last < self.number.first and other.form is Form.CARDINAL:
                yield _Count(self.scene, other).stated()

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
            if item.in_code or not agrees(self.number, item.value):
                continue
            open_ = narrowing - item.traits - item.heads - item.near
            for other in quantities:
                same = other.exhibit == item.exhibit and other is not item and agrees(wholes[0], other.value)
                if same and not open_ - other.heads - other.traits:
                    return proven(ClaimKind.COUNT, self.text, Proof(exhibit=item.exhibit, source=item.source))
        return None

    def _quoted_key(self) -> Claim | None:
        """Check "three of the others start with "Fix"" by counting."""
        quotes = [item for item in self.scene.items[self.begin : self.end] if item.kind in {Kind.QUOTE, Kind.CODE}]
        if not quotes or self.number.value > 999 or self.is_whole():
            return None
        if self.nouns and not self.clause & _BEGINS and (claim := self._counted()).proven:
            return claim
        keyed = not self.nouns or bool(self.nouns & _SUBJECTS) or self.is_part
        return self._by_key(quotes) if keyed else None

    def _by_key(self, quotes: Sequence[Token]) -> Claim | None:
        exact = [found for quote in quotes for found in self._occurrences(quote.inner)]
        counts = exact or [found for quote in quotes for found in self._occurrences(quote.inner.strip(".,;:"))]
        if not counts:
            return None
        for value, proof in counts:
            if agrees(self.number, value):
                return proven(ClaimKind.COUNT, self.text, proof)
        if self.nouns and (claim := self._counted()).proven:
            return claim
        return self._object(f"the exhibits have {_listed(value for value, _ in counts)} of them")

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
            return self._bare() or self._object(_known(ranked))
        if (loose := self._loosely(ranked)) is not None:
            return loose
        best = max((score for score, _ in ranked), default=0.0)
        margin = 3 * _MARGIN if self.is_whole() else _MARGIN
        for score, item in ranked:
            if agrees(self.number, item.value) and (best - score < margin or self._is_beyond_chance(item)):
                return proven(ClaimKind.COUNT, self.text, Proof(exhibit=item.exhibit, source=item.source))
        for proof in (*self._derived(), *self._own_facts()):
            return proven(ClaimKind.COUNT, self.text, proof)
        return self._object(_known(ranked))

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
            if (not self.is_part and item.fact) or (self.is_part and item.exhibit not in context):
                return proven(ClaimKind.COUNT, self.text, Proof(exhibit=item.exhibit, source=item.source))
        return None

    def _is_beyond_chance(self, item: Quantity) -> bool:
        """Whether a large figure is this one's, whatever else is counted: nothing narrows the one and not the other."""
        if self.number.value <= LARGEST_IMAGE or self.number.hedge or self._elsewhere(item) or item.in_code:
            return False
        context = self.scene.stems | self.scene.before
        theirs = (item.traits | item.heads) & (NARROWING | {DIRECTIONS[1]})
        ours = self.narrowing | {*self.phrase} & NARROWING
        return item.heads >= self.nouns and theirs <= context and ours <= item.traits | item.heads | item.near

    def _own_facts(self) -> Iterator[Proof]:
        """Yield the facts that agree and have a noun of their own, or are told with the name that they belong to."""
        loose = self.copula or self.nouns.isdisjoint(COUNTED)
        for item in self.scene.evidence.quantities:
            if not agrees(self.number, item.value) or self._elsewhere(item) or not item.fact:
                continue
            if (loose and item.is_of_its_own) or self.scene.evidence.is_told_with(item, self.scene.text):
                yield Proof(exhibit=item.exhibit, source=item.source)

    def _candidates(self) -> list[tuple[float, Quantity]]:
        antecedent = self.antecedent() if self.copula else frozenset()
        wanted = antecedent or self.nouns
        shared = self.all_antecedents() if self._is_of_them() else frozenset()
        if LINE in wanted and self.narrowing:  # "six lines of comment" are comments
            wanted |= self.narrowing
        if stem("subject") in wanted:  # a commit has one subject
            wanted |= {stem("commit")}
        ranked = [
            (self._score(item), item)
            for item in self.scene.evidence.quantities
            if item.form is Form.CARDINAL
            and (item.exhibit or not item.source.endswith(" times"))
            and not self._is_opposite(item)
            and (
                item.heads & wanted
                or (item.heads & shared and (item.traits & {*self.phrase} or not self.nouns & COUNTED))
                or self._is_group(item, wanted)
                or (self.copula and item.heads & {*self.phrase})
            )
        ]
        if self.number.value == 1 and self._exists() and not self.is_plural() and not self.is_exact():
            ranked.append((1.0, Quantity(1, self.nouns, self._exists(), "names it")))
        return sorted(ranked, key=lambda pair: -pair[0])

    def _is_of_them(self) -> bool:
        """Whether it is the 289 of "497 added lines, 289 of them tests"."""
        following = [item.lower for item in self.scene.items[self.number.last + 1 : self.number.last + 3]]
        return following in (["of", "them"], ["of", "those"], ["of", "these"])

    def _is_opposite(self, item: Quantity) -> bool:
        """Whether the clause removes what the figure adds, or the other way round."""
        clause = self.clause | set(self.ways())
        for said, other in (DIRECTIONS, DIRECTIONS[::-1]):
            if said in clause and other not in clause and other in item.traits and said not in item.traits | item.near:
                return True
        return False

    def _is_group(self, item: Quantity, wanted: frozenset[str]) -> bool:
        if "begin with" not in item.source:
            return False
        after = self.scene.items[self.number.last + 1 : self.number.last + 4]
        named = {other.stem for other in after if other.kind is Kind.WORD and other.text[0].isupper()}
        return bool(item.heads & named) or (bool(item.heads & self.clause) and bool(wanted & _SUBJECTS))

    def _score(self, item: Quantity) -> float:
        context = self.scene.stems - BLAND
        own = self.nouns | set(self.phrase)
        score = float(len(own & (item.heads | item.traits)))
        score += min(3, len(((item.near | item.traits) & context) - own - item.heads))
        score += min(0.75, 0.25 * len((item.around & context) - item.near - own))
        score -= min(1.0, 0.5 * len(item.heads - own))
        if item.heads & context and not item.heads & own:
            score += 3
        if self.narrowing - item.traits - item.near - item.heads:
            score -= 2.0 if self.copula else 1.0
        narrowing = (item.traits | item.heads) & NARROWING
        if context & _SHIPS or not self.clause & _IN_TOTAL:
            narrowing -= _SHIPS
        if narrowing - context - own:
            score -= 1.0 if narrowing <= self.scene.before else 2.0
        return score - (6.0 if self._elsewhere(item) else 0.0)

    def _elsewhere(self, item: Quantity) -> bool:
        tells = self.scene.tells.value
        return (item.later and tells == "here") or (not item.later and tells == "later")

    def _exists(self) -> str:
        """Return an exhibit that names what "one test" counts: what is named exists."""
        first = next((word for word in self.phrase if word in self.nouns), "")
        for ledger in self.scene.evidence.ledgers:
            named = frozenset().union(*(names for names, value in ledger.named if value and not value.isdigit()))
            if first in canonical(ledger.vocabulary | named):
                return ledger.exhibit or "pull request"
        return ""

    def _derived(self) -> Iterator[Proof]:
        """Try sums and differences, where the sentence says so."""
        after = canonical(stems_of(self.scene.items[self.number.last + 1 : self.number.last + 5]))
        adds = self.clause & _SUMMING or after & {stem("change")}
        subtracts = self.clause & _SUBTRACTING
        if not adds and not subtracts and self.before not in {"all", "other", "remaining"}:
            return
        figures = [item for item in self.scene.evidence.quantities if item.form is Form.CARDINAL][:120]
        for one, other in combinations(figures, 2):
            if not self._may_join(one, other):
                continue
            large, small = max(one.value, other.value), min(one.value, other.value)
            source = f"{one.source} and {other.source}"
            exhibit = one.exhibit if one.exhibit == other.exhibit else f"{one.exhibit}+{other.exhibit}"
            if adds and agrees(self.number, large + small):
                yield Proof(exhibit=exhibit, source=f"{source}, added")
            if (subtracts or self.before in {"other", "remaining"}) and agrees(self.number, large - small):
                yield Proof(exhibit=exhibit, source=f"{source}, subtracted")

    def _may_join(self, one: Quantity, other: Quantity) -> bool:
        if one.exhibit != other.exhibit and not one.heads & other.heads:
            return False
        return not self.nouns or bool((one.heads | other.heads) & self.nouns)

    # What has no noun of the evidence.

    def _bare(self) -> Claim | None:
        number, scene = self.number, self.scene
        if self.is_part or self.is_whole() or (number.in_digits and not self.nouns) or number.value > LARGEST_IMAGE:
            for item in scene.evidence.quantities:
                related = item.heads | item.traits | item.near
                loose = (
                    not self.is_part
                    or (self._is_of_them() and item.heads & self.all_antecedents())
                    or self._shares_out_an_image()
                    or related & (self.clause - stemmed("other"))
                    or item.heads & set(self.phrase)
                )
                if loose and not item.in_code and agrees(number, item.value) and not self._elsewhere(item):
                    return proven(ClaimKind.COUNT, self.text, Proof(exhibit=item.exhibit, source=item.source))
            for proof in self._derived():
                return proven(ClaimKind.COUNT, self.text, proof)
            for said in scene.earlier:
                if said.value == number.value and not self.is_part:
                    return proven(ClaimKind.COUNT, self.text, Proof(exhibit="", source="as said before"))
            if self.is_part and scene.is_image(self.begin, self.end) and not scene.numbers[0].in_digits:
                return (
                    None
                    if number.value <= 3
                    and not any(self.begin <= one.first < self.end for one in scene.numbers if one is not number)
                    else self._object("no exhibit cited here counts that")
                )
            return self._object("no exhibit cited here has that figure")
        return None

    def _shares_out_an_image(self) -> bool:
        """Whether it is "715 of the stitches": the noun is an image's, the figure is not."""
        large = self.number.in_digits and self.number.value > LARGEST_IMAGE
        return large and bool(self.phrase) and not {*self.phrase[:1]} & TECHNICAL

    def _object(self, why: str) -> Claim:
        return unproven(ClaimKind.COUNT, self.text, why)


def _listed(values: Iterable[float]) -> str:
    told = list(dict.fromkeys(in_figures(value) for value in values))[:4]
    return ", ".join(told) if told else "nothing"


def _known(ranked: list[tuple[float, Quantity]]) -> str:
    if not ranked:
        return "no exhibit cited here counts that; cite the exhibit that does, or leave the figure out"
    told = [f"{item.source} ({item.exhibit})" if item.exhibit else item.source for _, item in ranked[:3]]
    return f"the exhibits cited here say otherwise: {'; '.join(dict.fromkeys(told))}"


def stated(scene: Scene) -> tuple[Stated, ...]:
    """Return the figures of a sentence, for the sentences after it."""
    return tuple(Counted(scene, number).stated() for number in scene.numbers if number.form is Form.CARDINAL)
