"""What the memory keeps, as frozen records: the nouns of ``bot.ports_store``.

Places, digests and work have modules of their own; all of them can be had from here.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from pydantic import JsonValue

from bot.brief import Heat
from bot.feedback import Meaning, Tally
from bot.pull_request import Frozen
from bot.records_digests import DigestRun, NewSubscription, RunState, Subscription, SubscriptionId
from bot.records_places import Message, Person, Place
from bot.records_work import Backlog, Effect, EffectState, Job, JobId, JobState, NewJob
from bot.verdict import Verdict

__all__ = [
    "Appeal",
    "AppealId",
    "Backlog",
    "DigestRun",
    "Effect",
    "EffectState",
    "Forgotten",
    "Ground",
    "Heard",
    "Job",
    "JobId",
    "JobState",
    "Limit",
    "Message",
    "NewJob",
    "NewSubscription",
    "OptOut",
    "OptOutKind",
    "Outcome",
    "Person",
    "Place",
    "PlaceSettings",
    "Policy",
    "Post",
    "PostKind",
    "PriorVerdict",
    "Reaction",
    "ReactionAnswer",
    "RunState",
    "StoredVerdict",
    "Subscription",
    "SubscriptionId",
    "Usage",
    "UserSettings",
    "VerdictId",
    "Wait",
]

VerdictId = NewType("VerdictId", int)
AppealId = NewType("AppealId", int)


class PostKind(StrEnum):
    """What a post shows of its verdict."""

    CARD = "card"
    FULL = "full"
    DIGEST = "digest"
    COMMENT = "comment"
    PAGE = "page"


class Post(Frozen):
    """A message that shows a verdict. ``asker`` asked for this post and may not vote it funny."""

    message: Message
    verdict: VerdictId
    kind: PostKind = PostKind.CARD
    asker: Person | None = None
    posted_at: datetime
    gone: bool = False


class StoredVerdict(Frozen):
    """A verdict with what the memory knows about it. ``withdrawn`` says why it is not shown, or is empty.

    ``read_from`` is the clone that it was read from (``PATH#7``), empty for GitHub; ``private`` is of its repository.
    """

    id: VerdictId
    verdict: Verdict
    place: Place
    asker: Person | None = None
    created_at: datetime
    withdrawn: str = ""
    withdrawn_at: datetime | None = None
    voices: dict[Meaning, int] = {}
    read_from: str = ""
    private: bool = False

    @property
    def tally(self) -> Tally:
        """The voices as a tally."""
        return Tally(self.voices)


class Reaction(Frozen):
    """A reaction event. ``on`` is false for a removal; ``at`` is the platform's time, or ours where it sends none."""

    message: Message
    person: Person
    emoji: str
    on: bool = True
    at: datetime
    by_bot: bool = False


class Heard(StrEnum):
    """What became of a reaction event."""

    COUNTED = "counted"
    TAKEN_BACK = "taken back"
    KEPT_QUIET = "kept, but it does not count: askers do not vote their own roast funny"
    REPEATED = "already known"
    BOT = "ignored: a bot's"
    UNKNOWN_MESSAGE = "ignored: that message shows no verdict"
    UNKNOWN_EMOJI = "ignored: that emoji means nothing here"
    GONE = "ignored: that verdict was withdrawn or its message deleted"
    UNINSTALLED = "ignored: the bot was removed from that workspace"


class ReactionAnswer(Frozen):
    """The answer to a reaction: what became of it, on which verdict, and the voices now."""

    heard: Heard
    verdict: VerdictId | None = None
    voices: dict[Meaning, int] = {}


class OptOutKind(StrEnum):
    """Who or what wants no part of it."""

    LOGIN = "login"
    REPOSITORY = "repository"


class OptOut(Frozen):
    """A standing no. ``subject`` is a login or ``owner/repo``, lower case. Undone ones are kept as history."""

    kind: OptOutKind
    subject: str
    by: str
    at: datetime
    undone_by: str = ""
    undone_at: datetime | None = None


class Policy(StrEnum):
    """Whose pull requests may be roasted in a workspace: the ladder, strictest first."""

    OWN = "own"
    OPTED_IN = "opted_in"
    EVERYONE = "everyone"


class PlaceSettings(Frozen):
    """The settings of a channel or (channel empty) a workspace. ``None`` means: as the level above has it.

    ``per_person``, ``per_channel`` and ``per_workspace`` are roasts an hour. ``more`` holds what an
    adapter wants to keep for itself.
    """

    policy: Policy | None = None
    hottest: Heat | None = None
    mildest: Heat | None = None
    publish: str | None = None
    seed_reactions: bool | None = None
    per_person: int | None = None
    per_channel: int | None = None
    per_workspace: int | None = None
    revived: tuple[str, ...] = ()
    more: dict[str, JsonValue] = {}


class UserSettings(Frozen):
    """What a person set for themself. ``login`` counts only once ``confirmed_by`` names who vouched for it."""

    hottest: Heat | None = None
    opted_in: bool = False
    may_be_mentioned: bool = False
    login: str = ""
    confirmed_by: str = ""
    more: dict[str, JsonValue] = {}

    @property
    def confirmed_login(self) -> str:
        """The login if somebody vouched for it, else nothing."""
        return self.login if self.confirmed_by else ""


class Ground(StrEnum):
    """What an appeal says of an exhibit."""

    WRONG = "wrong"
    UNFAIR = "unfair"
    FIXED = "fixed"


class Outcome(StrEnum):
    """What became of an appeal. ``NOTED`` is for "unfair": it counts towards retiring, the line stays."""

    PENDING = "pending"
    STRUCK = "struck"
    UPHELD = "upheld"
    NOTED = "noted"


class Appeal(Frozen):
    """An appeal against one exhibit of a verdict, with its decision and the reason that was told."""

    id: AppealId
    verdict: VerdictId
    exhibit: str
    offence: str
    ground: Ground
    by: Person
    at: datetime
    outcome: Outcome = Outcome.PENDING
    reason: str = ""
    decided_at: datetime | None = None


class Usage(Frozen):
    """Model usage of one day, workspace and model."""

    day: date
    place: Place
    model: str
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0


class Limit(Frozen):
    """At most ``most`` roasts in ``seconds``, for a ``person``, a ``channel`` or a ``workspace``."""

    scope: str
    most: int
    seconds: int = 3600


class Wait(Frozen):
    """A limit that was met, and when the next one is possible."""

    limit: Limit
    until: datetime


class PriorVerdict(Frozen):
    """An earlier verdict on an author. ``private``: so is its repository, or nobody knows that it is not."""

    id: VerdictId
    pull_request: str
    private: bool = True
    url: str
    title: str
    doneness: str
    acquitted: bool
    created_at: datetime
    offences: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    funny: int = 0


class Forgotten(Frozen):
    """What ``forget`` removed: rows by table; the posts that still stand; those of others, now without the name."""

    login: str
    removed: dict[str, int] = {}
    posts: tuple[Post, ...] = ()
    changed: tuple[Post, ...] = ()
    opted_out: bool = False
