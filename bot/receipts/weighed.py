"""Which figure of the evidence a number means: those with its noun, weighed by how much their surroundings resemble."""

from __future__ import annotations

from collections.abc import Iterator

from bot.receipts.counted import BLAND, DIRECTIONS, LARGEST_IMAGE, LINE, NARROWING
from bot.receipts.ledger import Quantity
from bot.receipts.nouns import COUNTED, canonical
from bot.receipts.numbers import Form, agrees
from bot.receipts.placed import Placed
from bot.receipts.report import Proof
from bot.receipts.text import Kind, stem, stemmed

SUBJECTS = stemmed("commit subject message title time line others")
_IN_TOTAL = canonical(stemmed("add remove new total altogether change all grow gain of"))
_SHIPS = stemmed("code production ships shipped")


class Weighed(Placed):
    """One number against the figures that may be meant."""

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
        return bool(item.heads & named) or (bool(item.heads & self.clause) and bool(wanted & SUBJECTS))

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
