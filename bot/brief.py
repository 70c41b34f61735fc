"""What a writer is given: a handful of exhibits in telling order, an angle, and nothing else."""

from __future__ import annotations

from enum import StrEnum

from bot.exhibit import Exhibit
from bot.pull_request import Frozen


class Heat(StrEnum):
    """How hot a roast may get: an upper bound, chosen by the asker within the bounds of place and person."""

    MILD = "mild"
    MEDIUM = "medium"
    SPICY = "spicy"

    @property
    def rank(self) -> int:
        """0 for mild to 2 for spicy."""
        return list(Heat).index(self)


class Role(StrEnum):
    """What a paragraph does in the story."""

    LEDE = "lede"
    HEADLINE = "headline"
    CHARGE = "charge"
    LOG = "log"
    SEQUEL = "sequel"
    CREDIT = "credit"
    CLOSING = "closing"


class Cast(Frozen):
    """One exhibit in the part it plays."""

    exhibit: Exhibit
    role: Role


class History(Frozen):
    """What was said in this channel before and must not be said again: whole lines and line keys, oldest first."""

    titles: tuple[str, ...] = ()
    epithets: tuple[str, ...] = ()
    punchlines: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    motifs: tuple[str, ...] = ()


class Taste(Frozen):
    """What this place likes, as weights around 1 (0: retired here), and as a sentence for a model."""

    offences: dict[str, float] = {}
    motifs: dict[str, float] = {}
    angles: dict[str, float] = {}
    heats: dict[str, float] = {}
    lengths: dict[str, float] = {}
    sentence: str = ""


class Subject(Frozen):
    """The pull request as a writer may name it: already display text, nothing to follow.

    ``author`` is a login or "a deleted account"; ``took`` is a duration in words, empty where unknown.
    ``words`` are telling words of the pull request's own vocabulary with how often they came.
    """

    slug: str
    number: int
    title: str
    url: str
    author: str
    author_is_bot: bool = False
    first_timer: bool = False
    state: str = "merged"
    opened_on: str = ""
    merged_on: str = ""
    took: str = ""
    words: dict[str, int] = {}


class Brief(Frozen):
    """All that a writer is given. ``context`` holds the exhibits on size and purpose that any paragraph may use.

    ``cast`` is the story as we would tell it; ``more`` are the next strongest exhibits, for a writer who finds a
    better one in them.
    """

    subject: Subject
    context: tuple[Exhibit, ...]
    cast: tuple[Cast, ...]
    more: tuple[Exhibit, ...] = ()
    angle: str = ""
    motif: str = ""
    heat: Heat = Heat.MEDIUM
    acquitted: bool = False
    history: History = History()
    taste: Taste = Taste()
    seed: str = ""

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """Everything that may be cited, context first."""
        return self.context + tuple(part.exhibit for part in self.cast) + self.more

    def exhibit(self, key: str) -> Exhibit | None:
        """Return the exhibit with this id."""
        return next((item for item in self.exhibits if item.id == key), None)
