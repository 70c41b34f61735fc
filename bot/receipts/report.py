"""What the check says: every sentence, its claims, what proves each, and what it objects to."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from bot.pull_request import Frozen


class Part(StrEnum):
    """A part of a draft."""

    TITLE = "title"
    GIST = "gist"
    PARAGRAPH = "paragraph"
    EPITHET = "epithet"
    PUNCHLINE = "punchline"


class ClaimKind(StrEnum):
    """What kind of statement must be proven."""

    CITATION = "citation"
    COUNT = "count"
    ORDINAL = "ordinal"
    SHARE = "share"
    DURATION = "duration"
    DATE = "date"
    NAME = "name"
    QUOTATION = "quotation"
    NUMBER = "number"
    HANDLE = "handle"
    ABSOLUTE = "absolute"
    SAMENESS = "sameness"
    RUN_TIME = "run time"
    PLACE = "place"
    ROLE = "role"
    DEED = "deed"
    PERSON = "person"


class Proof(Frozen):
    """What proves a claim: an exhibit (``""`` is the pull request's own fields) and what of it."""

    exhibit: str
    source: str

    def __str__(self) -> str:
        """Return it for a terminal: ``E1 commits=13``."""
        return f"{self.exhibit or 'pull request'} {self.source}".strip()


class Claim(Frozen):
    """One checkable statement: proven by ``proofs``, or not, for the ``reason`` given."""

    kind: ClaimKind
    text: str
    proofs: tuple[Proof, ...] = ()
    reason: str = ""

    @property
    def proven(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reason


class Objection(Frozen):
    """A claim that is not proven, in words fit to hand to a model. ``paragraph`` counts from 0."""

    part: Part
    paragraph: int | None = None
    sentence: str
    claim: str
    reason: str

    def __str__(self) -> str:
        """Return one line: where, what, why."""
        place = self.part.value if self.paragraph is None else f"paragraph {self.paragraph + 1}"
        return f'{place}: "{self.sentence}": {self.claim}: {self.reason}'


class CheckedSentence(Frozen):
    """A sentence with its claims."""

    part: Part
    paragraph: int | None = None
    text: str
    claims: tuple[Claim, ...] = ()

    @property
    def proven(self) -> bool:
        """Whether all of its claims are."""
        return all(claim.proven for claim in self.claims)

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """What proves it, each once, in the order of the claims."""
        return tuple(dict.fromkeys(proof for claim in self.claims for proof in claim.proofs))


class Report(Frozen):
    """The outcome of a check."""

    sentences: tuple[CheckedSentence, ...]

    @property
    def objections(self) -> tuple[Objection, ...]:
        """Everything that is not proven, in reading order."""
        return tuple(
            Objection(
                part=said.part, paragraph=said.paragraph, sentence=said.text, claim=claim.text, reason=claim.reason
            )
            for said in self.sentences
            for claim in said.claims
            if not claim.proven
        )

    @property
    def passed(self) -> bool:
        """Whether every claim is proven."""
        return all(said.proven for said in self.sentences)

    @property
    def unusable(self) -> frozenset[Part]:
        """The one-line parts (title, gist, epithet, punchline) that hold an unproven claim and must be replaced.

        A gist of which at least one sentence stands is usable: the others fall.
        """
        failing = {said.part for said in self.sentences if not said.proven and said.part is not Part.PARAGRAPH}
        if any(said.proven for said in self.sentences if said.part is Part.GIST):
            failing.discard(Part.GIST)
        return frozenset(failing)

    def of(self, part: Part, paragraph: int | None = None) -> Iterator[CheckedSentence]:
        """Yield the sentences of one part."""
        return (said for said in self.sentences if said.part is part and said.paragraph == paragraph)
