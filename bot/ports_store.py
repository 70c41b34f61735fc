"""The memory as the core sees it: one ``Store``, made of small protocols, one for each concern.

Every method raises ``StoreError`` and nothing else of its own. A method that returns has been
acknowledged: what it wrote outlives a crash. Logins and repositories are compared without case.
``adapters.store.open_store(url)`` gives one. The records are in ``bot.records``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from pydantic import JsonValue

from bot.brief import Heat, History
from bot.leaderboard import FunnyVerdict, RepositoryRecord
from bot.ports_care import AppealStore, CareStore, KnowsEmoji, LedgerStore, PrivacyStore
from bot.ports_publishing import PublishingStore
from bot.records import (
    Backlog,
    DigestRun,
    Effect,
    Job,
    JobId,
    Limit,
    Message,
    NewJob,
    NewSubscription,
    OptOut,
    OptOutKind,
    Person,
    Place,
    PlaceSettings,
    Post,
    PostKind,
    PriorVerdict,
    Reaction,
    ReactionAnswer,
    RunState,
    StoredVerdict,
    Subscription,
    SubscriptionId,
    UserSettings,
    VerdictId,
    Wait,
)
from bot.sharing import SharedStore
from bot.sight import SightStore
from bot.taste import TasteCounts
from bot.tickets import Announce, Ticket, nobody
from bot.turnstile import LimitsOf, Taken, Wish
from bot.verdict import Verdict


class VerdictStore(Protocol):
    """Verdicts, what was said in them, and where they are shown."""

    async def save_verdict(
        self, verdict: Verdict, place: Place, asker: Person | None = None, *, read_from: str = ""
    ) -> VerdictId:
        """Keep a verdict for a place, with its lines and features; return its number.

        ``read_from`` is the clone that it was read from, for whoever must look again.
        """
        ...

    async def verdict(self, verdict_id: VerdictId) -> StoredVerdict | None:
        """Return a verdict with its voices, ``None`` where it is unknown or forgotten."""
        ...

    async def find_verdict(
        self, pull_request: str, *, since: datetime, place: Place | None = None, heat: Heat | None = None
    ) -> StoredVerdict | None:
        """Return the newest standing verdict on ``owner/repo#7`` (in ``place``, at ``heat``), to share it."""
        ...

    async def verdicts(
        self,
        *,
        place: Place | None = None,
        repository: str = "",
        author: str = "",
        offence: str = "",
        since: datetime | None = None,
        before: VerdictId | None = None,
        limit: int = 50,
    ) -> tuple[StoredVerdict, ...]:
        """Return standing verdicts, newest first. A place without a channel means its whole workspace."""
        ...

    async def amend_verdict(self, verdict_id: VerdictId, verdict: Verdict, *, was: Verdict) -> bool:
        """Put an appealed verdict in place of the one that ``was``. Nothing else ever changes a verdict.

        False: it is another one by now, or gone; nothing was changed.
        """
        ...

    async def withdraw_verdict(self, verdict_id: VerdictId, reason: str) -> tuple[Post, ...]:
        """Take a verdict out of sight; return the posts that must be edited. It can be restored."""
        ...

    async def restore_verdict(self, verdict_id: VerdictId) -> tuple[Post, ...]:
        """Undo a withdrawal; return the posts that must be edited again."""
        ...

    async def record_post(
        self, verdict_id: VerdictId, message: Message, kind: PostKind = PostKind.CARD, asker: Person | None = None
    ) -> None:
        """Note that a message shows a verdict. A message edited to another verdict is recorded again."""
        ...

    async def posts(self, verdict_id: VerdictId) -> tuple[Post, ...]:
        """Return the messages that still show a verdict, oldest first."""
        ...

    async def verdict_of_message(self, message: Message) -> StoredVerdict | None:
        """Return the verdict that a message shows, ``None`` for any other message."""
        ...

    async def message_deleted(self, message: Message) -> None:
        """Note that a message is gone; unknown messages are no matter."""
        ...

    async def history(self, place: Place) -> History:
        """Return what was said in a channel lately and must not be said again."""
        ...

    async def record(
        self, author: str, *, limit: int = 50, place: Place | None = None, reader: Place | None = None
    ) -> tuple[PriorVerdict, ...]:
        """Return earlier standing verdicts on an author, newest first: for ``repeat_offence`` and ``/roast me``.

        With a ``place`` only those of its workspace; with a ``reader`` none on private repositories that are not bound
        to that channel.
        """
        ...

    async def last_roasted(self, place: Place, logins: Sequence[str]) -> dict[str, datetime]:
        """Return when these authors were last roasted in a place (or workspace); those who never were are left out."""
        ...


class ReactionStore(Protocol):
    """Voices, and what they taught."""

    async def record_reaction(self, reaction: Reaction) -> ReactionAnswer:
        """Take a reaction event, in any order and any number of times; say what became of it."""
        ...

    async def clear_reactions(self, message: Message, *, at: datetime, emoji: str = "") -> int:
        """Take back all marks on a message (with one emoji) up to ``at``; return how many (Discord's bulk clears)."""
        ...

    async def taste_counts(self, place: Place, now: datetime) -> TasteCounts:
        """Return what is known of a channel's taste, for ``bot.taste.weights``."""
        ...

    async def funniest(
        self, place: Place, *, since: datetime | None = None, limit: int = 5, reader: Place | None = None
    ) -> tuple[FunnyVerdict, ...]:
        """Return a workspace's (or channel's) standing verdicts with most "funny"; nobody who opted out is in it.

        With a ``reader`` neither is what is private or bound elsewhere, unless that channel is its home.
        """
        ...

    async def repository_records(
        self, place: Place, *, since: datetime | None = None, reader: Place | None = None
    ) -> tuple[RepositoryRecord, ...]:
        """Return how a workspace's repositories fared month by month; none that opted out (``reader``: as above)."""
        ...


class ConsentStore(Protocol):
    """Who wants no part of it, what places and people set, and how often somebody may ask."""

    async def opt_out(self, kind: OptOutKind, subject: str, by: str) -> bool:
        """Keep a standing no by a person in words; return whether it is new. Every workspace's own is kept."""
        ...

    async def undo_opt_out(self, kind: OptOutKind, subject: str, by: str, *, said_in: Place | None = None) -> bool:
        """End a standing no (see ``guard.may_opt_in``), or just what was ``said_in`` a workspace; was there any?"""
        ...

    async def opted_out(self, kind: OptOutKind, subjects: Sequence[str]) -> frozenset[str]:
        """Return those of the subjects, in lower case, that opted out."""
        ...

    async def opt_outs(self) -> tuple[OptOut, ...]:
        """Return all standing opt-outs."""
        ...

    async def bind(self, place: Place, repository: str, by: str) -> None:
        """Let a repository appear in a channel."""
        ...

    async def unbind(self, place: Place, repository: str) -> bool:
        """End that; return whether it was bound."""
        ...

    async def bindings(self, *, repository: str = "", place: Place | None = None) -> tuple[tuple[Place, str], ...]:
        """Return (channel, ``owner/repo``) pairs of a repository, of a place, or all."""
        ...

    async def place_settings(self, place: Place) -> PlaceSettings:
        """Return what was set for exactly this channel or workspace."""
        ...

    async def set_place_settings(self, place: Place, settings: PlaceSettings) -> None:
        """Put settings in place of the old ones."""
        ...

    async def user_settings(self, person: Person) -> UserSettings:
        """Return what a person set, the defaults if nothing."""
        ...

    async def set_user_settings(self, person: Person, settings: UserSettings) -> None:
        """Put settings in place of the old ones."""
        ...

    async def people_of(self, login: str) -> tuple[Person, ...]:
        """Return the chat users with a confirmed link to a login."""
        ...

    async def claim_ask(self, place: Place, person: Person, limits: Sequence[Limit]) -> Wait | None:
        """Count a roast asked for now against the limits; return the limit that stands in its way, and until when."""
        ...


class DigestStore(Protocol):
    """Subscriptions and their runs (issue 8)."""

    async def subscribe(self, wish: NewSubscription) -> Subscription:
        """Keep a subscription; one for the same channel, repository and person is changed instead of doubled."""
        ...

    async def subscription(self, subscription_id: SubscriptionId) -> Subscription | None:
        """Return a subscription, ended ones too."""
        ...

    async def subscriptions(self, place: Place | None = None) -> tuple[Subscription, ...]:
        """Return the standing subscriptions (of a channel, of a workspace), paused ones too."""
        ...

    async def save_subscription(self, subscription: Subscription) -> None:
        """Write back a changed subscription (``model_copy(update=…)``): paused, failures, last ran, schedule, end."""
        ...

    async def claim_run(
        self, subscription_id: SubscriptionId, period: str, holder: str, lease: timedelta
    ) -> DigestRun | None:
        """Take the run of a period. ``None``: somebody has it or it is finished. A lapsed lease is taken over."""
        ...

    async def save_run(self, run: DigestRun, lease: timedelta) -> bool:
        """Renew the lease and keep progress and decision; false where somebody else took it over: stop at once."""
        ...

    async def finish_run(self, run: DigestRun, state: RunState, decision: str) -> bool:
        """End a run in words; false where somebody else took it over."""
        ...

    async def runs(self, subscription_id: SubscriptionId, *, limit: int = 20) -> tuple[DigestRun, ...]:
        """Return a subscription's runs, newest first."""
        ...

    async def runs_telling(self, verdict_id: VerdictId, place: Place) -> tuple[tuple[DigestRun, Place], ...]:
        """Return the posted runs of a channel that told a verdict, newest first, and where their messages stand."""
        ...

    async def unasked(self, place: Place, since: datetime) -> int:
        """Return how many digests a workspace had since then, and verdicts of them and at merge, together."""
        ...

    async def open_runs(self) -> tuple[DigestRun, ...]:
        """Return the runs of all subscriptions that were claimed and have not ended, oldest first."""
        ...


class WorkStore(Protocol):
    """The embedded queue, handled events, and effects that people see once (issue 10)."""

    async def enqueue(self, job: NewJob, *, event: str = "", announce: Announce = nobody) -> JobId | None:
        """Write a job down before it is acknowledged; ``announce`` is told of it in the same transaction.

        ``event`` is the platform's event id, claimed in the same breath. ``None``: that event was
        handled before, or a job with the same key waits or runs.
        """
        ...

    async def next_job(self, holder: str, kinds: Sequence[str] = ()) -> Job | None:
        """Take the next waiting job (of these kinds), each job for one holder only."""
        ...

    async def take_job(self, job_id: JobId, holder: str) -> Job | None:
        """Take this very job, whoever ran it before; ``None`` where it has ended."""
        ...

    async def hand_back(self, job_id: JobId, holder: str) -> None:
        """Put a job that this holder runs back to waiting."""
        ...

    async def waiting_tickets(self, kinds: Sequence[str], *, before: datetime, limit: int = 1000) -> tuple[Ticket, ...]:
        """Return the tickets of jobs of these kinds that have been waiting since before a moment, oldest first."""
        ...

    async def finish_job(self, job_id: JobId, error: str = "") -> None:
        """End a job: done, or failed with the sentence that its asker was told."""
        ...

    async def recover_jobs(self, *, holder: str = "") -> tuple[Job, ...]:
        """After a restart, put running jobs (of a holder) back to waiting; return them, oldest first."""
        ...

    async def running_holders(self) -> tuple[str, ...]:
        """Return who runs jobs at this moment."""
        ...

    async def jobs(
        self, *, unfinished: bool = True, limit: int = 1000, place: Place | None = None, newest: bool = False
    ) -> tuple[Job, ...]:
        """Return jobs (of a workspace) in the order in which they would be taken, or the newest first."""
        ...

    async def backlog(self) -> Backlog:
        """Return how much waits and runs."""
        ...

    async def handled(self, event: str) -> bool:
        """Return whether this event was claimed before, without claiming it."""
        ...

    async def claim_event(self, event: str) -> bool:
        """Return true for the first caller with this id (``slack:Ev…``, ``github:…``), false ever after."""
        ...

    async def claim_effect(self, key: str, holder: str) -> Effect:
        """Take the key of something visible before doing it; the state of the answer says whether to."""
        ...

    async def confirm_effect(self, key: str, result: Mapping[str, JsonValue] | None = None) -> None:
        """Note that it was done, with what is needed to find it again (a message id)."""
        ...

    async def note_effect(self, key: str, holder: str, result: Mapping[str, JsonValue]) -> None:
        """Note what was done already, in one write: for whoever looks for it later."""
        ...

    async def release_effect(self, key: str) -> bool:
        """Give back a key whose effect surely did not happen; a confirmed one stays."""
        ...

    async def unconfirmed_effects(self, *, before: datetime) -> tuple[Effect, ...]:
        """Return effects begun before a moment and never confirmed."""
        ...


class AskStore(Protocol):
    """Asks at the counter, many at once."""

    async def take_asks(
        self,
        wishes: Sequence[Wish],
        limits_of: LimitsOf,
        most_waiting: int,
        *,
        most_each: int = 0,
        announce: Announce = nobody,
    ) -> tuple[Taken, ...]:
        """Let each wish in, in order, or say why not: all or nothing is written.

        Let in, its event is handled, it counts against the limits of the hour, and its job waits; ``announce`` is
        told of it in the same transaction. ``most_each`` bounds what one workspace has of it (0: nothing does).
        """
        ...


class Store(
    VerdictStore,
    ReactionStore,
    KnowsEmoji,
    ConsentStore,
    AppealStore,
    DigestStore,
    WorkStore,
    AskStore,
    SharedStore,
    SightStore,
    PublishingStore,
    PrivacyStore,
    LedgerStore,
    CareStore,
    Protocol,
):
    """The whole memory. Ask for one of its parts where that is enough."""
