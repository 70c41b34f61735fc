"""The records of what an exhibit can prove: figures with what they count, dates, durations, and text to quote."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from bot.exhibit import Exhibit, StandsIn
from bot.receipts.nouns import COUNTED
from bot.receipts.numbers import Form
from bot.receipts.text import stemmed, stems

NOTHING: frozenset[str] = frozenset()
_MEASURES = stemmed(
    "longest shortest largest smallest biggest most least max min first last start end line share percent"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure of the evidence.

    ``heads`` are stems of the nouns that it counts, ``traits`` stems that narrow them (tests, added), ``near``
    the stems of its clause and ``around`` those of its exhibit. ``later`` marks what belongs to a
    follow-up and not to this pull request.
    """

    value: float
    heads: frozenset[str]
    exhibit: str
    source: str
    traits: frozenset[str] = NOTHING
    near: frozenset[str] = NOTHING
    around: frozenset[str] = NOTHING
    later: bool = False
    form: Form = Form.CARDINAL
    fact: frozenset[str] = NOTHING

    @property
    def is_of_its_own(self) -> bool:
        """Whether it is a fact with a noun that only its detector knows (``edge_case_count``)."""
        return bool(self.fact) and not self.heads & COUNTED and not self.fact & _MEASURES

    @property
    def is_frequency(self) -> bool:
        """Whether it says how often a word comes: that counts no thing."""
        return self.source.startswith("word_count=") or (not self.exhibit and self.source.endswith(" times"))

    @property
    def in_code(self) -> bool:
        """Whether it only stands in a line of code: it is quotable, but it counts nothing."""
        return self.source.startswith(("receipt file", "receipt base_file", "receipt commit_file"))


@dataclass(frozen=True, slots=True)
class Lapse:
    """A duration of the evidence; ``grain`` is the precision in minutes to which it is known."""

    minutes: float
    grain: float
    exhibit: str
    source: str
    around: frozenset[str] = NOTHING
    derived: bool = False
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Instant:
    """A date or time of the evidence. ``event`` holds the stems beside it ("opened"), ``around`` the exhibit's."""

    when: datetime
    exact: bool
    exhibit: str
    source: str
    event: frozenset[str] = NOTHING
    around: frozenset[str] = NOTHING


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of the evidence. ``whole`` means that a quotation must not cut it in silence: a title, a subject."""

    text: str
    exhibit: str
    source: str
    whole: bool = False


@dataclass(eq=False)
class Ledger:
    """What one exhibit can prove.

    ``record`` is the exhibit itself, ``called`` are the stems of its facts' names, ``lines`` the places that it points
    to, ``mainly`` is what it counts first.
    """

    exhibit: str
    stands_in: StandsIn | None = None
    quantities: list[Quantity] = field(default_factory=list)
    lapses: list[Lapse] = field(default_factory=list)
    instants: list[Instant] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    stated: set[str] = field(default_factory=set)
    lines: set[int] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    mainly: frozenset[str] = NOTHING
    named: list[tuple[frozenset[str], str]] = field(default_factory=list)
    tells_of_commits: bool = False
    record: Exhibit | None = None

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The stems of every word of the exhibit."""
        return frozenset().union(*(stems(passage.text) for passage in self.passages)) | self.stated

    @property
    def later(self) -> bool:
        """Whether the exhibit tells of something merged afterwards."""
        return self.stands_in is StandsIn.AFTERWARDS
