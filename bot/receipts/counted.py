"""A number in its sentence: what it counts, and how it is put."""

from __future__ import annotations

from collections.abc import Iterator

from bot.receipts.nouns import COUNTED, after_number, canonical, copula_after, noun_phrase
from bot.receipts.numbers import Number, is_number
from bot.receipts.scene import TECHNICAL, Scene, Stated
from bot.receipts.text import Kind, clause_around, stem, stemmed, stems_of

NARROWING = canonical(stemmed("test production doc generated removed comment blank vendor conflict smoke"))
BLAND = stemmed("the a an of it in on at to and or is are was were that this its as for with by from one")
LINE = stem("line")
WAYS = {
    "in": stem("add"),
    "out": stem("remove"),
    "added": stem("add"),
    "removed": stem("remove"),
    "deleted": stem("remove"),
}
_GOES = frozenset("came went come go were was got taken brought carried".split())
LARGEST_IMAGE = 12
"""The largest number word that a figure of speech may use without proof ("two guests reaching for one pen")."""
_AFTER_VERBS = frozenset("that whether how if what when the a an its it them this nothing only for to into".split())
_DETERMINERS = frozenset("the a an this that its his her their our such every each".split())
DIRECTIONS = (stem("add"), stem("remove"))


class Counted:
    """A number, the clause around it, and the nouns that it counts."""

    def __init__(self, scene: Scene, number: Number) -> None:
        self.scene, self.number = scene, number
        items = scene.items
        self.begin, self.end = clause_around(items, number.first, number.last)
        self.clause = canonical(stems_of(items[self.begin : self.end])) - BLAND
        self.phrase = [word for item in noun_phrase(items, number, self.end) for word in canonical({item})]
        self.text = scene.said(number.first, number.last + (2 if self.phrase else 0))
        after = items[number.last + 1].lower if number.last + 1 < len(items) else ""
        beyond = items[number.last + 2].lower if number.last + 2 < len(items) else ""
        self.is_part = after == "of" or (after == "out" and beyond == "of")
        self.copula = copula_after(items, number, self.end)
        before = items[number.first - 1].lower if number.first else ""
        self.before = before
        self.nouns = self._find_nouns()
        narrowing = set(self.phrase) if self.copula else after_number(items, number, self.end)[1]
        self.narrowing = canonical(narrowing) & NARROWING

    def _find_nouns(self) -> frozenset[str]:
        if set(self.ways()) and not set(self.phrase) & (COUNTED - {LINE, *DIRECTIONS}):
            return frozenset({LINE})
        first = self.scene.items[self.number.last + 1 : self.number.last + 2]
        if first and first[0].lower in {"additions", "deletions", "removals", "insertions"}:
            return frozenset({LINE})
        known = [word for word in self.phrase if word in COUNTED]
        if known:
            return frozenset(known)
        familiar = [word for word in self.phrase[:2] if len(word) > 2 and word in self.scene.vocabulary]
        return frozenset(familiar[:1])

    def ways(self) -> Iterator[str]:
        """Yield which way the lines go in "56 out", "20 removed", "three removed ones": they need no noun."""
        following = [item.lower for item in self.scene.items[self.number.last + 1 : self.number.last + 4]]
        if following[:1] and following[0] in _GOES:
            if following[1:2] in ([], ["."], [","], [";"]) and following[0] in {"came", "went"}:
                yield WAYS["in" if following[0] == "came" else "out"]
                return
            following = following[1:]
        following = following[:2]
        if not following or following[0] not in WAYS or following[1:] in (["the"], ["a"], ["its"]):
            return
        ends = not following[1:] or following[1] in {",", ".", ";", "and", "to"}
        if ends or following[0] not in {"in", "out"}:
            yield WAYS[following[0]]

    def stated(self) -> Stated:
        """Return the figure as later sentences may come back to it."""
        return Stated(self.number.value, self.nouns, self.is_part)

    def is_idiom(self) -> bool:
        """Whether "one" is a pronoun, or the phrase is set: "one by one", "one commit later"."""
        if self.number.value != 1 or self.number.in_digits:
            return False
        text = self.scene.text[self.scene.items[self.number.first].start :].lower()
        after = [item.lower for item in self.scene.items[self.number.last + 1 : self.number.last + 3]]
        verb = len(after) == 2 and after[0].endswith("s")
        if verb and (after[1] in _AFTER_VERBS or is_number(self.scene.items[self.number.last + 2])):
            return True  # "one checks that": a verb, for one check has no plural
        if self.before in {"this", "that", "which"} and not self.nouns:
            return True
        if self.is_part and not self.nouns & TECHNICAL and not self.is_exact():
            return True  # "in one of them"
        one_of_them = self.before in {"is", "was"} and self.is_part and not self.copula
        if one_of_them or self._is_pronoun() or self._is_placed():
            return True
        return self.before in {"no", "not", "any", "every", "each", "another"} or text.startswith(
            ("one by one", "one another", "one at a time", "one more time", "one commit later", "one commit earlier",
             "one and the same")
        )  # fmt: skip

    def _is_placed(self) -> bool:
        """Whether it is "one in `a.py` and one in `b.py`": the names say what is told."""
        following = self.scene.items[self.number.last + 1 : self.number.last + 3]
        names = {Kind.CODE, Kind.PATH}
        return len(following) > 1 and following[0].lower in {"in", "at", "for", "by"} and following[1].kind in names

    def is_loose(self) -> bool:
        """Whether it is "four or five", which nobody counted, a letter that is posted, or "the same two words"."""
        if not self.number.in_digits and self._is_posted():
            return True
        if self.number.in_digits or self.number.value > LARGEST_IMAGE:
            return False
        for other in self.scene.numbers:
            low, high = sorted((other, self.number), key=lambda one: one.first)
            between = self.scene.items[low.last + 1 : high.first]
            if other is not self.number and [item.lower for item in between] == ["or"] and high.value - low.value == 1:
                return True
        return False

    def _is_posted(self) -> bool:
        """Whether the letters are mail, or words and letters are shared: "takes one letter", "the same two words"."""
        items, number = self.scene.items, self.number
        following = items[number.last + 1 : number.last + 2]
        if not following or following[0].lower not in {"letter", "letters", "word", "words"}:
            return False
        named = any(item.kind in {Kind.CODE, Kind.QUOTE, Kind.IDENTIFIER} for item in items)
        measured = self.before in {"has", "have", "had", "is", "are", "of", "with", "in", ""} and number.first > 0
        mail = following[0].lower.startswith("letter") and not named and not measured
        return mail or self.before == "same"

    def _is_pronoun(self) -> bool:
        """Whether it stands for something told of before: "the last one adds a test", "a small one"."""
        items, at = self.scene.items, self.number.first
        led = at > 1 and items[at - 2].lower in _DETERMINERS and items[at - 1].kind is Kind.WORD
        following = items[self.number.last + 1 : self.number.last + 2]
        counts = bool(following) and bool(canonical({following[0].stem}) & (COUNTED - frozenset(WAYS.values())))
        return (led or self.before in {"the", "another"}) and not counts

    def is_image(self) -> bool:
        """Whether a small number word counts what no exhibit counts, in a clause that says nothing of the work."""
        if self.number.in_digits or self.number.value > LARGEST_IMAGE or self.is_part or self.copula:
            return False
        homely = self.nouns and not self.nouns & TECHNICAL
        known = any(item.heads & self.nouns and "without" not in item.fact for item in self.scene.evidence.quantities)
        return bool(homely) and not known and self.scene.is_figure(self.number.first, self.number.last)

    def is_whole(self) -> bool:
        """Whether it is the ten of "nine of the ten"."""
        before = [item.lower for item in self.scene.items[max(0, self.number.first - 2) : self.number.first]]
        return before in (["of", "the"], ["of", "these"], ["of", "those"], ["of", "its"], ["out", "of"])

    def antecedent(self) -> frozenset[str]:
        """Return what the sentence counted before: in "of those 1,455 lines, 929 are tests" it is lines."""
        for other in reversed([item for item in self.scene.numbers if item.last < self.number.first]):
            nouns = (
                Counted(self.scene, other).nouns
                if not copula_after(self.scene.items, other, len(self.scene.items))
                else None
            )
            if nouns:
                return nouns
        return self._led_by()

    def _led_by(self) -> frozenset[str]:
        """Return what a sentence shares out: "Of the added lines 273 were production"."""
        items = self.scene.items
        if not items or items[0].lower != "of":
            return frozenset()
        return canonical(stems_of(items[1 : min(6, self.number.first)])) & COUNTED - frozenset(DIRECTIONS)

    def all_antecedents(self) -> frozenset[str]:
        """Return everything that the sentence counted before."""
        before = [other for other in self.scene.numbers if other.last < self.number.first]
        return frozenset().union(*(Counted(self.scene, other).nouns for other in before))

    def is_exact(self) -> bool:
        """Whether "one" counts out: "one of them merges", "one are tests"."""
        return self.copula or (
            self.is_part and self.scene.items[self.number.last + 2].lower in {"them", "those", "these"}
        )

    def is_elided(self) -> bool:
        """Whether what it counts is left out: "and took out ten.", "and eight were carried down"."""
        following = self.scene.items[self.number.last + 1 : self.number.last + 2]
        return self.copula or not following or following[0].text in {".", ",", ";", ":", "!", "?", "—", ")"}

    def is_plural(self) -> bool:
        """Whether the noun right after the number is a plural."""
        after = self.scene.items[self.number.last + 1 : self.number.last + 2]
        return any(item.lower.endswith("s") and not item.lower.endswith(("ss", "us", "is")) and item.stem in self.nouns
                   and stem(item.lower) != item.lower for item in after)  # fmt: skip
