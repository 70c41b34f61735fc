"""Evidence: a checked fact (``Exhibit``) and where anyone can check it (``Receipt``)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, model_validator

from bot.pull_request import Frozen

Scalar = str | int | float | bool | None
Fact = Scalar | tuple[Scalar, ...] | tuple[dict[str, Scalar], ...]


class Stance(StrEnum):
    """What an exhibit speaks for."""

    CHARGE = "charge"
    CREDIT = "credit"
    CONTEXT = "context"


class StandsIn(StrEnum):
    """Where the fact stands (law 4): in what was merged, in what is still proposed, or in a commit on the way.

    ``AFTERWARDS`` is for what was merged later; ``CONVERSATION`` for what somebody said.
    """

    MERGED = "merged"
    PROPOSED = "proposed"
    ON_THE_WAY = "on_the_way"
    AFTERWARDS = "afterwards"
    CONVERSATION = "conversation"


class Where(StrEnum):
    """The kind of place that a receipt points to."""

    FILE = "file"
    BASE_FILE = "base_file"
    COMMIT = "commit"
    COMMIT_FILE = "commit_file"
    TITLE = "title"
    DESCRIPTION = "description"
    REVIEW = "review"
    REVIEW_COMMENT = "review_comment"
    COMMENT = "comment"
    FOLLOW_UP = "follow_up"
    HOUSE_RULE = "house_rule"
    FIGURES = "figures"
    RECORD = "record"


class Receipt(Frozen):
    """One place where the fact can be checked. ``quote`` is letter by letter what stands there.

    ===============  ==========================================================================
    ``where``        what ``quote``, ``path``, ``line`` and ``sha`` mean
    ===============  ==========================================================================
    file             one or more whole lines (or a part of one) of ``path`` from ``line`` at ``sha``, the head
    base_file        the same at the base: for what was removed or replaced
    commit           text of the message of commit ``sha``
    commit_file      a line of ``path`` that commit ``sha`` added or removed
    title            the title, description  its text
    review, review_comment, comment   text of that remark; ``id`` names it
    follow_up        text of its title, body or a changed line; ``id`` is its number, ``sha`` its commit
    house_rule       a sentence of ``path`` at the base
    figures          ``name=value`` pairs that recount from the pull request, e.g. ``additions=7 deletions=0``
    record           an earlier verdict here
    ===============  ==========================================================================
    """

    where: Where
    quote: str
    path: str | None = None
    line: int | None = None
    sha: str | None = None
    id: int | None = None
    url: str = ""


class Exhibit(Frozen):
    """One checked fact about the pull request, with at least one receipt (law 3).

    ``weight`` (0 to 10) is how much the fact matters and amuses; ``confidence`` (0 to 1) how sure
    the detector is. ``facts`` are the figures and names that a sentence may use, by names which the
    wording in ``writers/lines/<kind>.toml`` knows. A ``sensitive`` exhibit is never shown in public.
    """

    id: str = ""
    kind: str
    stance: Stance
    weight: float = Field(ge=0, le=10)
    confidence: float = Field(default=1.0, ge=0, le=1)
    summary: str
    facts: dict[str, Fact] = {}
    stands_in: StandsIn
    came_in: str | None = None
    gone_in: str | None = None
    receipts: tuple[Receipt, ...]
    sensitive: bool = False

    @model_validator(mode="after")
    def _has_receipt(self) -> Exhibit:
        if not self.receipts:
            msg = f"an exhibit without a receipt: {self.kind}"
            raise ValueError(msg)
        return self

    @property
    def is_charge(self) -> bool:
        """Whether it speaks against the pull request."""
        return self.stance is Stance.CHARGE

    @property
    def is_credit(self) -> bool:
        """Whether it speaks for the pull request."""
        return self.stance is Stance.CREDIT

    @property
    def force(self) -> float:
        """Weight times confidence: what casting and doneness count."""
        return self.weight * self.confidence
