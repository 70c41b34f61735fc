"""The outcome: a draft as a writer returned it, and a verdict after every claim was checked."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bot.brief import Heat, Role, Subject
from bot.case import Coverage
from bot.exhibit import Exhibit
from bot.pull_request import Frozen

LONGEST_TITLE = 70
LONGEST_GIST = 280
LONGEST_EPITHET = 40
LONGEST_PUNCHLINE = 120


class Doneness(StrEnum):
    """The score, computed from the exhibits and never set by a writer."""

    RARE = "rare"
    MEDIUM = "medium"
    WELL_DONE = "well done"
    CHARCOAL = "charcoal"


class Paragraph(Frozen):
    """A paragraph and the ids of the exhibits on which it rests."""

    text: str
    role: Role = Role.CHARGE
    exhibits: tuple[str, ...] = ()


class Draft(Frozen):
    """What a writer returns. ``lines`` are the keys of embedded lines used, so that they are not used again here."""

    title: str
    gist: str
    paragraphs: tuple[Paragraph, ...]
    epithet: str
    punchline: str
    motif: str = ""
    lines: tuple[str, ...] = ()


class WriterInfo(Frozen):
    """Who wrote it and what it took, over all ``calls`` of a model: the rewrite and what failed included.

    ``prompt_tokens`` is the longest prompt by our own count, which errs high; ``input_tokens`` and
    ``output_tokens`` are the provider's. ``fallback`` says in words why the embedded writer took over, if it did.
    """

    name: str
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    seconds: float = 0.0
    calls: int = 0
    prompt_tokens: int = 0
    fallback: str = ""

    def plus(self, other: WriterInfo) -> WriterInfo:
        """Return both bills as one."""
        return self.model_copy(
            update={
                "model": other.model or self.model,
                "prompt_tokens": max(self.prompt_tokens, other.prompt_tokens),
                **{
                    name: getattr(self, name) + getattr(other, name)
                    for name in ("input_tokens", "output_tokens", "cost_usd", "seconds", "calls")
                },
            }
        )


class Struck(Frozen):
    """An exhibit that an appeal struck, and why."""

    exhibit: str
    reason: str


class Moment(Frozen):
    """When one commit was made, and whether it repaired what came before: the plot of the picture."""

    sha: str
    at: datetime
    is_merge: bool = False
    is_repair: bool = False


class Proven(Frozen):
    """A sentence of the verdict and what proves its claims ("E1 commits=13"); empty where it claims nothing."""

    text: str
    by: tuple[str, ...] = ()


class Verdict(Frozen):
    """A checked draft with the exhibits it rests on. Stored, and never changed but by an appeal.

    ``private`` is of its repository; ``None`` where the source cannot know (a local clone).
    """

    pull_request: str
    url: str
    subject: Subject
    title: str
    gist: str
    paragraphs: tuple[Paragraph, ...]
    epithet: str
    punchline: str
    doneness: Doneness
    score: float
    acquitted: bool
    heat: Heat
    exhibits: tuple[Exhibit, ...]
    coverage: Coverage
    writer: WriterInfo
    motif: str = ""
    angle: str = ""
    lines: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    proofs: tuple[Proven, ...] = ()
    struck: tuple[Struck, ...] = ()
    timeline: tuple[Moment, ...] = ()
    private: bool | None = None

    @property
    def public_exhibits(self) -> tuple[Exhibit, ...]:
        """The exhibits that may be shown to everyone."""
        return tuple(item for item in self.exhibits if not item.sensitive)

    @property
    def told(self) -> tuple[Paragraph, ...]:
        """The paragraphs without those of which every charge and credit was struck: figures alone carry none."""
        gone = {one.exhibit for one in self.struck}
        argued = {item.id for item in self.exhibits if item.is_charge or item.is_credit}
        grounds = [(one, argued & set(one.exhibits) or set(one.exhibits)) for one in self.paragraphs]
        return tuple(one for one, grounds_of in grounds if not grounds_of or grounds_of - gone)
