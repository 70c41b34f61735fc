"""Which figure of the evidence a number means: those with its noun, weighed by how much their surroundings resemble."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.receipts.counted import BLAND, DIRECTIONS, LARGEST_IMAGE, LINE, NARROWING
from bot.receipts.ledger import Quantity
from bot.receipts.nouns import COUNTED, canonical
from bot.receipts.numbers import Form, agrees
from bot.receipts.placed import Placed
from bot.receipts.report import Proof
from bot.receipts.scene import TECHNICAL
from bot.receipts.text import Kind, stem, stemmed, stems_of

SUBJECTS = stemmed("commit subject message title time line others")
_NO_IMAGE = frozenset("them it this that these those the a an its all which new more not also in".split())
_IN_TOTAL = canonical(stemmed("add remove new total altogether change all grow gain of"))
_SHIPS = stemmed("code production ships shipped")


_TELLING = canonical(
    stemmed(
        "test production generated doc comment blank vendor main new removed deletions added edge merge renamed"
        " unchanged longest largest word character assertion class function file line own base reason without"
    )
)
_TOTAL = canonical(stemmed("altogether total whole overall"))


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
                or (self.copula and not antecedent and LINE in item.heads and item.traits & {*self.phrase} & NARROWING)
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
        theirs_said = theirs <= context or (DIRECTIONS[1] not in theirs - context and self._is_dressed())
        return item.heads >= self.nouns and theirs_said and ours <= item.traits | item.heads | item.near

    def _is_dressed(self) -> bool:
        """Whether an image stands where the kind would: "fifty lines of buckets", "64 of the new lines are pipe"."""
        items = self.scene.items
        noun = next(
            (at for at in range(self.number.last + 1, self.end) if canonical({items[at].stem}) & self.nouns), -1
        )
        after = items[noun + 1 : noun + 3] if noun > 0 else ()
        if len(after) < 2 or after[0].lower not in {"of", "are", "is", "were"} or after[1].kind is not Kind.WORD:
            return False
        return after[1].lower not in _NO_IMAGE and not canonical({after[1].stem}) & (TECHNICAL | NARROWING)

    def is_outdone(self, item: Quantity) -> bool:
        """Whether another figure of the same exhibit is the one described: tests, where this one counts all lines.

        It must share every telling word that this one shares with what is said of the number, lack no more, and be
        better in one of the two.
        """
        if self.is_whole() or not (item.fact or item.source.startswith("summary")):
            return False
        words = self._said_of_it(item)
        told, missed = self._described(item, words)
        total = bool(set(self.ways())) or bool(self.clause & _TOTAL)
        for other in self.scene.evidence.quantities:
            rival = other.exhibit == item.exhibit and other.value != item.value and other.fact
            if not rival or not other.heads & item.heads or agrees(self.number, other.value):
                continue
            more, less = self._described(other, words)
            if more >= told and less <= missed and (more > told or (total and less < missed)):
                return True
        return False

    def _said_of_it(self, item: Quantity) -> frozenset[str]:
        """Return the words that describe what the number counts: its clause's, but none that another number has."""
        items, number = self.scene.items, self.number
        if LINE not in item.heads:
            noun = next((at for at in range(number.last + 1, self.end) if items[at].stem in item.heads), number.last)
            is_so = noun + 1 < self.end and items[noun + 1].lower in {"is", "are", "was", "were"}
            return canonical(stems_of(items[number.last + 1 : noun + (4 if is_so else 1)])) | item.heads
        others = [other for other in self.scene.numbers if self.begin <= other.first < self.end and other is not number]
        begin = number.first if any(other.last < number.first for other in others) else self.begin
        end = min((other.first for other in others if other.first > number.last), default=self.end)
        words = canonical(stems_of(items[begin:end])) | set(self.ways())
        return words | (self.antecedent() if self.copula or not self.nouns else frozenset())

    @staticmethod
    def _described(item: Quantity, words: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Return the telling words of a figure that are said, and those that are not."""
        telling = (item.heads | item.traits | canonical(item.fact)) & _TELLING
        if LINE in item.heads:
            telling -= {DIRECTIONS[0]}
        return telling & frozenset(words), telling - frozenset(words)

    def _own_facts(self) -> Iterator[Proof]:
        """Yield the facts that agree and have a noun of their own, or are told with the name that they belong to."""
        loose = self.copula or self.nouns.isdisjoint(COUNTED)
        for item in self.scene.evidence.quantities:
            if not agrees(self.number, item.value) or self._elsewhere(item) or not item.fact:
                continue
            if (loose and item.is_of_its_own) or self.scene.evidence.is_told_with(item, self.scene.text):
                yield Proof(exhibit=item.exhibit, source=item.source)
