"""Which figure of the evidence a number means: those with its noun, weighed by how much their surroundings resemble."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.receipts.counted import BLAND, DIRECTIONS, LARGEST_IMAGE, LINE, NARROWING
from bot.receipts.ledger import Quantity
from bot.receipts.nouns import COUNTED, canonical
from bot.receipts.numbers import Form, agrees, is_number
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


_BY_NAME = frozenset(("names it", "shows it"))
"""How "one" is proven of what an exhibit names."""
_LEAVING = frozenset("out went go goes gone left away lost cleared fewer lighter".split())
_BARE = canonical(stemmed("count number total line addition time n"))
_COPULAS = frozenset("is are was were".split())
_PLACES = frozenset("before after by for from when until since at".split())
_NOUN_PHRASE = 6
_DENIALS = frozenset("no not none never without nor n't".split())
_OPPOSITES = tuple(
    (frozenset(ours.split()), frozenset(theirs.split()))
    for one, two in (
        ("first before came added", "last after gone"),
        ("without no", "with"),
        ("with", "without"),
        ("new", "existed existing old"),
        ("written", "out undone unwritten"),
        ("longest largest", "shortest smallest"),
    )
    for ours, theirs in ((one, two), (two, one))
    if ours
)
"""(in a fact's name, in a clause): what is called the one is no proof of the other."""


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
            and not self._is_opposite(item)
            and (
                item.heads & wanted
                or (item.heads & shared and (item.traits & {*self.phrase} or not self.nouns & COUNTED))
                or self._is_group(item, wanted)
                or (self.copula and item.heads & {*self.phrase})
                or (self.copula and not antecedent and LINE in item.heads and item.traits & {*self.phrase} & NARROWING)
            )
        ]
        if self.number.value == 1 and self._is_shown():
            ranked.append((9.0, Quantity(1, self.nouns, self._exists(), "shows it")))
        elif self.number.value == 1 and self._exists() and not self.is_plural() and not self.is_exact():
            ranked.append((1.0, Quantity(1, self.nouns, self._exists(), "names it")))
        return sorted(ranked, key=lambda pair: -pair[0])

    def _is_of_them(self) -> bool:
        """Whether it is the 289 of "497 added lines, 289 of them tests"."""
        following = [item.lower for item in self.scene.items[self.number.last + 1 : self.number.last + 3]]
        return following in (["of", "them"], ["of", "those"], ["of", "these"])

    def _is_opposite(self, item: Quantity) -> bool:
        """Whether the clause removes what the figure adds, or the other way round."""
        clause = self.clause | set(self.ways())
        others = [other.first for other in self.scene.numbers if other.first > self.number.last]
        words = {other.lower for other in self.scene.items[self.begin : min([self.end, *others])]}
        if "out" in words and words & {"went", "go", "goes", "taken", "took"}:
            clause |= {DIRECTIONS[1]}
        for said, other in (DIRECTIONS, DIRECTIONS[::-1]):
            if said in clause and other not in clause and other in item.traits and said not in item.traits | item.near:
                return True
        return False

    def may_stand_for(self, item: Quantity, *, loosely: bool = False) -> bool:
        """Whether a figure may prove this number: it counts no other thing, and no other is described."""
        if item.source in _BY_NAME:
            return True
        counted, theirs = self.nouns & COUNTED, item.heads & COUNTED
        said = self.clause | {*self.phrase}
        if self.copula:  # "of eleven changed files, ten are renames"
            counted |= self.antecedent()
        if stem("subject") in counted:  # a commit has one
            counted |= {stem("commit")}
        lines = frozenset({LINE}) if self.nouns & frozenset(DIRECTIONS) else frozenset()
        meant = said | self.all_antecedents() | self.nouns | lines
        if self.is_part and self.nouns and theirs and not theirs & meant and not self._is_of_them():
            return False
        if (
            not loosely
            and counted
            and theirs
            and not counted & theirs
            and not theirs & said
            and not item.traits & counted
        ):
            return False
        return not self._is_turned(item) and self._described_rival(item) is None

    def is_named_otherwise(self) -> bool:
        """Whether a figure has the very name that the words spell out, and disagrees: then nothing is worked out."""
        nothing = Quantity(-1.0, frozenset(), "", "")
        return self.before not in {"other", "remaining"} and self._described_rival(nothing) is not None

    def _is_turned(self, item: Quantity) -> bool:
        """Whether the clause says the opposite of the figure's name: "with a reason" of those without one."""
        words = {other.lower for other in self.scene.items[self.begin : self.end]}
        if stem("without") in item.near and "with" in words and not words & _DENIALS:
            return True
        name = frozenset(item.source.partition("=")[0].split("_")) if item.fact else frozenset()
        return any(name & ours and words & theirs and not words & (ours | _DENIALS) for ours, theirs in _OPPOSITES)

    def _described_rival(self, item: Quantity) -> Quantity | None:
        """Return the figure whose name the words beside the number spell out, and which disagrees."""
        beside, subject = self._beside(), self._subject()
        own = canonical(item.fact | item.heads | item.traits | item.near)
        for other in self.scene.evidence.quantities:
            if not other.fact or other.value == item.value or other.form is not Form.CARDINAL:
                continue
            name = canonical(other.fact) - _BARE
            unsaid = item.source.startswith("new_") and not {"new"} & {one.lower for one in self.scene.items}
            finer = name <= own and not unsaid
            told = name <= beside or (other.heads & self.nouns and name <= beside | subject)
            if name and told and not finer and not agrees(self.number, other.value):
                if self.number.value < other.value and self.is_part:
                    continue
                return other
        return None

    def _subject(self) -> frozenset[str]:
        """Return the words of what is so long: "the docstring is 388 lines long"."""
        following = {item.lower for item in self.scene.items[self.number.last + 1 : self.number.last + 4]}
        if self.before not in _COPULAS or "long" not in following:
            return frozenset()
        return canonical(stems_of(self.scene.items[self.begin : self.number.first - 1]))

    def _beside(self) -> frozenset[str]:
        """Return the words that say what the number counts: its noun phrase, and what it is said to be."""
        if self.is_whole():
            return frozenset()
        heads = [at for at, word in enumerate(self.phrase) if word in COUNTED]
        words = {*self.phrase[: heads[0] + 1]} if heads else {*self.phrase[:2]}
        words |= self.narrowing
        if self.is_part:  # "six of the seven explain": what they do is what is counted
            words |= {*self.phrase[:3]}
        items, at = self.scene.items, self.number.last + 1
        while at < self.end and items[at].lower not in _COPULAS:
            at += 1
        if at < self.end and at - self.number.last <= _NOUN_PHRASE:
            last = min(self.end, at + _NOUN_PHRASE)
            ends = (place for place in range(at + 1, last) if items[place].lower in _PLACES or is_number(items[place]))
            words |= canonical(stems_of(items[at + 1 : next(ends, last)])) - {stem("merge")}
        return frozenset(words)

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

    def _is_shown(self) -> bool:
        """Whether it is one of several, and the sentence shows it: "one commit of the 23: "Fix it""."""
        names = [item.inner for item in self.scene.items if item.kind in {Kind.CODE, Kind.QUOTE}]
        if self.number.in_digits or not names or not self._exists() or self.is_plural():
            return False
        return all(self.scene.evidence.letter_by_letter(name) for name in names) and not self.is_exact()

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
        if {other.lower for other in self.scene.items[self.begin : self.end]} & _LEAVING:
            context |= {DIRECTIONS[1]}
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
            if not self.may_stand_for(item):
                continue
            if (loose and item.is_of_its_own) or self.scene.evidence.is_told_with(item, self.scene.text):
                yield Proof(exhibit=item.exhibit, source=item.source)
