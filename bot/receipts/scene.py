"""A sentence in its place: what was said before it, and what may prove it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from bot.receipts.evidence import Evidence
from bot.receipts.nouns import COUNTED, canonical
from bot.receipts.numbers import Number, numbers
from bot.receipts.report import Claim, ClaimKind, Proof
from bot.receipts.text import Kind, Token, clause_around, stemmed, stems_of, tokens


class Tells(Enum):
    """What a sentence tells of: this pull request, what was merged afterwards, or both."""

    HERE = "here"
    LATER = "later"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure that the draft has given. ``is_part`` marks "two of them"."""

    value: float
    heads: frozenset[str]
    is_part: bool = False


@dataclass(frozen=True)
class Scene:
    """A sentence, the evidence for it, and what went before.

    ``earlier`` are the figures of the draft so far, ``previous`` those of the sentence before, ``before`` its stems;
    ``refrain`` are the words of the title and the punchline, which a draft may come back to; ``here`` are the figures
    of the paragraph so far, ``told`` the names that the draft has proven before.
    """

    text: str
    evidence: Evidence
    earlier: tuple[Stated, ...] = ()
    previous: tuple[Stated, ...] = ()
    before: frozenset[str] = frozenset()
    paragraph_text: str = ""
    refrain: frozenset[str] = frozenset()
    tells: Tells = Tells.BOTH
    here: tuple[Stated, ...] = ()
    told: frozenset[str] = frozenset()

    @cached_property
    def items(self) -> tuple[Token, ...]:
        """The sentence's tokens."""
        return tokens(self.text)

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """The sentence's numbers."""
        return numbers(self.items)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of the sentence's words, synonyms made one."""
        return canonical(stems_of(self.items))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The stems of the evidence, synonyms made one."""
        return canonical(self.evidence.vocabulary)

    @cached_property
    def is_to_the_reader(self) -> bool:
        """Whether the sentence supposes something of its reader: "if you have ever opened forty files"."""
        return (
            re.search(
                r"\b(?:if|when|suppose|imagine|have) you(?:'ve| have)? ever\b|^(?:imagine|picture|suppose)\b",
                self.text,
                re.IGNORECASE,
            )
            is not None
        )

    def said(self, first: int, last: int) -> str:
        """Return the words from one token to another."""
        return self.text[self.items[first].start : self.items[min(last, len(self.items) - 1)].end]

    def is_ours(self, begin: int, end: int) -> bool:
        """Whether a clause tells of what the narrator does: "we read the message twice"."""
        return any(item.lower in {"we", "us", "i"} for item in self.items[begin:end])

    def is_image(self, begin: int, end: int) -> bool:
        """Whether a clause is a figure of speech: it names nothing of code or process, and quotes nothing."""
        piece = self.items[begin:end]
        if any(item.kind not in _PLAIN and not is_aside(item) for item in piece):
            return False
        return not (canonical(stems_of(piece)) & TECHNICAL)

    def is_figure(self, first: int, last: int) -> bool:
        """Whether the clause around some tokens is a figure of speech, or the part after "like a …" is."""
        begin, end = clause_around(self.items, first, last)
        if self.is_image(begin, end):
            return True
        similes = [at for at in range(begin, first) if self._compares(at)]
        return bool(similes) and self.is_image(similes[-1] + 1, end)

    def _compares(self, at: int) -> bool:
        word = self.items[at].lower
        following = self.items[at + 1].lower if at + 1 < len(self.items) else ""
        return (word == "like" and following not in {"this", "it", "that"}) or (word == "as" and following in _AS)


_PLAIN = frozenset((Kind.WORD, Kind.MARK, Kind.NUMBER, Kind.CLOCK))


def is_aside(item: Token) -> bool:
    """Whether it is one or two plain words in quotation marks: somebody in a picture may say "no"."""
    return item.kind is Kind.QUOTE and re.fullmatch(r"[a-z]+(?: [a-z]+)?[,.]?", item.inner.strip()) is not None


_AS = frozenset("if though a an somebody someone people in on".split())
_TECHNICAL = """
    code repository branch diff schema server client worker thread process socket request response database
    production shipped deployed deploys fixed patched reviewed approved tested merged committed pushed refactored
    documented compiled imported patch api url json yaml python javascript typescript rust
    coverage ci lint linter type typing mypy async await exception traceback log logger logging timeout
""".split()  # fmt: skip
_HOMELY = """
    name week day hour minute year month second star dollar person author word image link character step job level
    answer reply reader title head parent fix pull request pass setting handle block change call caller space
    condition
""".split()  # fmt: skip
TECHNICAL = (COUNTED - canonical(stemmed(" ".join(_HOMELY)))) | canonical(stemmed(" ".join(_TECHNICAL)))
"""Stems that make a clause a statement about the work and not a figure of speech."""


def in_span(scene: Scene, at: int) -> bool:
    """Whether a place of the text is inside code, a quotation or a file name."""
    return any(item.start <= at < item.end for item in scene.items if item.kind in {Kind.CODE, Kind.QUOTE, Kind.PATH})


def proven(kind: ClaimKind, text: str, *proofs: Proof) -> Claim:
    """Return a claim that stands."""
    return Claim(kind=kind, text=text, proofs=proofs)


def unproven(kind: ClaimKind, text: str, reason: str) -> Claim:
    """Return a claim that does not."""
    return Claim(kind=kind, text=text, reason=reason)
