"""What the memory keeps, as frozen records: the nouns of ``bot.ports_store``."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from pydantic import JsonValue

from bot.brief import Heat
from bot.feedback import Meaning, Tally
from bot.pull_request import Frozen
from bot.verdict import Verdict

VerdictId = NewType("VerdictId", int)
JobId = NewType("JobId", int)
AppealId = NewType("AppealId", int)
SubscriptionId = NewType("SubscriptionId", int)


class Place(Frozen):
    """Where people talk: ``slack``/``discord``/``terminal``, its workspace (team, guild) and channel."""

    platform: str
    workspace: str = ""
    channel: str = ""

    @property
    def whole(self) -> Place:
        """The workspace as a place of its own."""
        return Place(platform=self.platform, workspace=self.workspace)

    def __str__(self) -> str:
        """Return ``platform/workspace/channel``."""
        return "/".join(part for part in (self.platform, self.workspace, self.channel) if part)


class Person(Frozen):
    """Somebody on a platform by that platform's own id; not a GitHub login."""

    platform: str
    workspace: str = ""
    user: str

    def __str__(self) -> str:
        """Return ``platform/workspace/user``."""
        return f"{self.platform}/{self.workspace}/{self.user}"


class Message(Frozen):
    """One message: its place and the platform's id of it (Slack's ``ts``, Discord's snowflake)."""

    place: Place
    id: str


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


class NewSubscription(Frozen):
    """A wish for a regular digest: what ``/roast subscribe`` or ``config/roast.toml`` says.

    ``schedule`` is cron with days by name; ``timezone`` an IANA name. ``options`` are filters (labels,
    authors, paths, silence). ``person`` and ``feed`` are for accountability subscriptions.
    """

    place: Place
    repository: str
    schedule: str
    timezone: str = "UTC"
    top: int = 3
    min_doneness: str = ""
    person: str = ""
    feed: str = ""
    options: dict[str, JsonValue] = {}
    created_by: Person | None = None
    from_config: bool = False


class Subscription(NewSubscription):
    """A kept subscription. ``paused`` says why it rests; ``failures`` counts failed runs in a row."""

    id: SubscriptionId
    created_at: datetime
    paused: str = ""
    failures: int = 0
    ended_at: datetime | None = None
    last_ran_at: datetime | None = None
    last_decision: str = ""


class RunState(StrEnum):
    """How far a digest run came."""

    CLAIMED = "claimed"
    POSTED = "posted"
    SKIPPED = "skipped"
    FAILED = "failed"


class DigestRun(Frozen):
    """One run of a subscription for one period, claimed by one process.

    ``run_id`` travels in the message. ``taken_over`` is true where an earlier holder died: look at the
    platform for ``run_id`` before posting. ``progress`` is what the run wants to remember between steps.
    """

    run_id: str
    subscription: SubscriptionId
    period: str
    state: RunState = RunState.CLAIMED
    holder: str = ""
    claimed_at: datetime
    lease_until: datetime
    attempts: int = 1
    taken_over: bool = False
    decision: str = ""
    progress: dict[str, JsonValue] = {}
    finished_at: datetime | None = None


class NewJob(Frozen):
    """Work to be done. ``key`` makes it unique while it waits or runs; lower ``priority`` goes first."""

    kind: str
    payload: dict[str, JsonValue] = {}
    place: Place | None = None
    key: str = ""
    priority: int = 0


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(NewJob):
    """A kept job. ``error`` is the sentence that its asker was told."""

    id: JobId
    state: JobState = JobState.WAITING
    holder: str = ""
    attempts: int = 0
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error: str = ""


class Backlog(Frozen):
    """How much work there is: how many jobs wait and run, and since when the oldest one waits."""

    waiting: int = 0
    running: int = 0
    oldest: datetime | None = None


class EffectState(StrEnum):
    """What ``claim_effect`` found."""

    MINE = "mine"
    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"


class Effect(Frozen):
    """Something people see, done at most once. ``MINE``: nobody did it yet, go on, then confirm.

    ``UNCONFIRMED``: somebody began and may have died: look first. ``CONFIRMED``: done; ``result`` was kept of it.
    """

    key: str
    state: EffectState
    holder: str = ""
    taken_at: datetime
    result: dict[str, JsonValue] = {}


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
    """An earlier verdict on an author: what ``/roast me`` and ``repeat_offence`` need."""

    id: VerdictId
    pull_request: str
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
