"""Digests as the rest of the bot sees them: what is due, the queue's jobs, ``preview``, ``now``, ``cancel``.

``sweep`` is asked often and does nothing twice: what is due and not done becomes a job, what another process holds is
left to it, what was missed for too long is said so. A clock only has to call it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.digest_consent import may_afford
from bot.digest_held import Held, StoppedError, TakenOverError, cancel_key, due_of, is_manual, period_of
from bot.digest_mending import Mender
from bot.digest_run import MISSED, DigestRunner, Done
from bot.errors import (
    BusyError,
    MessengerError,
    RateLimitedError,
    RoastBotError,
    StoreError,
    UnavailableError,
    UsageError,
)
from bot.ports_messenger import Answer, Said, Tone
from bot.records import DigestRun, EffectState, Job, NewJob, RunState, Subscription, SubscriptionId
from bot.schedules import last_time, next_times, read_schedule, told

log = structlog.get_logger(__name__)

DIGEST = "digest"
AFTER_PEOPLE = 5
"""The priority of its jobs: people who wait go first."""

MOST_FAILURES = 3
_PAUSES = tuple(timedelta(minutes=one) for one in (1, 5, 15, 30, 60, 60, 120))
_LOOKED_BACK = 6
_BY_HAND = "hand"
"""Who cancelled it: a platform's id of somebody says nothing to those who read the list of digests."""


@dataclass
class Digests:
    """Implements ``bot.ports_messenger.Digests``, and more.

    ``grace`` is how long after its time a missed digest is still caught up; ``patience`` how long a run that is
    hindered (GitHub limits, platform down) goes on trying; ``lease`` how long a silent holder keeps a run;
    ``most_a_day`` what one workspace may have within a day (0: no bound).
    """

    runner: DigestRunner
    grace: timedelta = timedelta(hours=12)
    patience: timedelta = timedelta(hours=24)
    lease: timedelta = timedelta(minutes=2)
    most_a_day: int = 0
    _settled: dict[SubscriptionId, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take the desk's parts as its own."""
        self.desk = self.runner.desk
        self.desk.mend = Mender(self.desk, self.runner.painted)
        self._store, self._clock, self._queue = self.desk.store, self.desk.clock, self.desk.queue

    # what is due

    async def sweep(self) -> int:
        """Put what is due and not done on the queue; return how much. Raises ``StoreError``."""
        put, now = 0, self._clock.now()
        left = [run for run in await self._store.open_runs() if run.lease_until <= now]
        for one in await self._store.subscriptions():
            if one.place.platform not in self.desk.messengers:
                continue
            for run in left:
                if run.subscription == one.id and (is_manual(run.period) or not one.paused):
                    put += await self._put(one, run.period)
            if not one.paused:
                put += await self._look(one)
        return put

    async def _look(self, one: Subscription) -> int:
        """Put the period that is due on the queue where nobody began it yet."""
        now = self._clock.now()
        due = last_time(read_schedule(one.schedule), one.timezone, now)
        period = period_of(due) if due is not None and due > one.created_at else ""
        if self._settled.get(one.id) == period:
            return 0
        if period and period not in {run.period for run in await self._store.runs(one.id, limit=_LOOKED_BACK)}:
            if due is None or now - due <= self.grace:
                return await self._put(one, period)
            await self._missed(one, period, due)
        self._settled[one.id] = period
        return 0

    async def _put(self, one: Subscription, period: str) -> bool:
        payload = {"subscription": one.id, "period": period, "repository": one.repository}
        job = NewJob(
            kind=DIGEST, payload=payload, place=one.place, key=f"digest:{one.id}:{period}", priority=AFTER_PEOPLE
        )
        return await self._queue.put(job) is not None

    async def _missed(self, one: Subscription, period: str, due: datetime) -> None:
        """Note that a digest fell out: the next one says so."""
        run = await self._store.claim_run(one.id, period, self.desk.holder, self.lease)
        if run is None:
            return
        words = f"{MISSED}: it was due {told(due, one.timezone)}, and was looked at too late."
        await self._store.finish_run(run, RunState.SKIPPED, words)
        await self._mark(one, words)
        log.warning("digest missed", subscription=one.id, repository=one.repository, period=period)

    async def moments(self) -> dict[str, datetime]:
        """Return when each subscription is due next, by a name for its job."""
        now = self._clock.now()
        found: dict[str, datetime] = {}
        for one in await self._store.subscriptions():
            if not one.paused and one.place.platform in self.desk.messengers:
                due = next_times(read_schedule(one.schedule), one.timezone, now, 1)
                found |= {f"digest {one.id}": at for at in due}
        return found

    # working

    async def work(self, job: Job) -> str:
        """Work a digest off; return how it ended where it ended badly."""
        number, period = job.payload.get("subscription"), str(job.payload.get("period"))
        one = await self._store.subscription(SubscriptionId(int(str(number))))
        if one is None or one.ended_at is not None or (one.paused and not is_manual(period)):
            return ""
        full = await self._full(one)
        run = await self._store.claim_run(one.id, period, self.desk.holder, self.lease)
        if run is None:
            return ""
        if full and not run.taken_over:
            await self._mark(one, f"Left out: {full}", failures=one.failures)
            await self._store.finish_run(run, RunState.SKIPPED, f"Left out: {full}")
            log.warning("digest left out", run=run.run_id, repository=one.repository, words=full)
            return full
        held = Held(self._store, self._clock, run, self.lease)
        try:
            return await self._worked(one, held)
        except TakenOverError:
            log.warning("digest was taken over", run=run.run_id)
            return ""

    async def _full(self, one: Subscription) -> str:
        """Return in words that a workspace has had what it may have within a day, or nothing."""
        try:
            await may_afford(self._store, one.place, self._clock.now(), self.most_a_day)
        except BusyError as full:
            return str(full)
        return ""

    async def _worked(self, one: Subscription, held: Held) -> str:
        since = self._clock.now()
        try:
            async with held.beating():
                done = await self.runner.run(one, held)
        except StoppedError as stopped:
            done = Done(RunState.SKIPPED, f"Cancelled by {stopped}.")
        except RateLimitedError as error:
            return await self._hindered(one, held, error, error.until)
        except (UnavailableError, MessengerError, StoreError, BusyError) as error:
            return await self._hindered(one, held, error, None)
        except RoastBotError as error:
            return await self._failed(one, held, error)
        except TakenOverError:
            raise
        except Exception:
            log.exception("digest failed unforeseen", run=held.run.run_id, repository=one.repository)
            unforeseen = RoastBotError("Something unforeseen went wrong here.", "It is in the log.")
            return await self._hindered(one, held, unforeseen, None)
        await self._mark(one, done.decision, pause=done.pause)
        await held.finish(done.state, done.decision)
        self.desk.meters.stage("digest", max(0.0, (self._clock.now() - since).total_seconds()))
        log.info("digest done", run=held.run.run_id, state=done.state, decision=done.decision)
        return ""

    async def _hindered(self, one: Subscription, held: Held, error: RoastBotError, until: datetime | None) -> str:
        """Try again later, and say on the post that it is late; give up when patience ends."""
        self.desk.meters.fault(type(error).__name__, one.place.platform)
        now, tries = self._clock.now(), held.kept.tries + 1
        again = max(until or now, now + _PAUSES[min(tries, len(_PAUSES)) - 1])
        if again > due_of(held.run.period) + self.patience or tries > 4 * len(_PAUSES):
            return await self._failed(one, held, error)
        log.info("digest waits", run=held.run.run_id, until=again.isoformat(), words=str(error))
        step = f"waits until {again:%H:%M} UTC: {error.sentence}"
        await held.rest(again, step=step, tries=tries, why_late=_why_late(error))
        return ""

    async def _failed(self, one: Subscription, held: Held, error: RoastBotError) -> str:
        """End the week in words; after three in a row the subscription rests, and its owner is told once."""
        self.desk.meters.fault(type(error).__name__, one.place.platform)
        log.error("digest failed", run=held.run.run_id, repository=one.repository, words=str(error))
        words = f"Failed: {error}"
        runs = await self._store.runs(one.id, limit=MOST_FAILURES * 4)
        before = [run for run in runs if not is_manual(run.period) and run.period < held.run.period]
        failures = 1 + _failed_in_a_row(before) if not is_manual(held.run.period) else one.failures
        pause = f"after {failures} failures in a row, the last: {error.sentence}" if failures >= MOST_FAILURES else ""
        await self._mark(one, words, failures=failures, pause=pause)
        if pause:
            await self._tell_owner(one, held, error)
        await held.finish(RunState.FAILED, words)
        return str(error)

    async def _tell_owner(self, one: Subscription, held: Held, error: RoastBotError) -> None:
        """Tell whoever subscribed; where they left, the channel itself; where that is gone, the log."""
        effect = f"digest:paused:{held.run.run_id}"
        if (await self._store.claim_effect(effect, self.desk.holder)).state is not EffectState.MINE:
            return
        answer = Answer(
            title=f"The digests of {one.repository} rest",
            text=f"They failed {MOST_FAILURES} times in a row. {error}"
            f"\n\nSay “digest resume {one.repository}” in the channel when that is mended.",
            tone=Tone.FAILED,
        )
        if not (await self._told(one, answer) or await self._told_in_channel(one, answer, held.run.run_id)):
            log.warning("nobody could be told that digests rest", subscription=one.id, repository=one.repository)
        await self._store.confirm_effect(effect)

    async def _told(self, one: Subscription, answer: Answer) -> bool:
        messenger = self.desk.messengers.get(one.place.platform)
        if messenger is None or one.created_by is None:
            return False
        try:
            await messenger.tell(one.created_by, answer)
        except MessengerError as gone:
            log.info("the owner of a subscription could not be told", words=str(gone))
            return False
        return True

    async def _told_in_channel(self, one: Subscription, answer: Answer, run_id: str) -> bool:
        messenger = self.desk.messengers.get(one.place.platform)
        if messenger is None:
            return False
        try:
            public = answer.model_copy(update={"private": False})
            await messenger.post_digest(one.place, public, f"{run_id[:20]}rest", ())
        except MessengerError as gone:
            log.info("a channel could not be told that its digests rest", words=str(gone))
            return False
        return True

    async def _mark(self, one: Subscription, words: str, *, failures: int = 0, pause: str = "") -> None:
        """Keep the public mark: when it last ran, and what was decided and why."""
        fresh = await self._store.subscription(one.id)
        if fresh is None or fresh.ended_at is not None:
            return
        changes = {"last_ran_at": self._clock.now(), "last_decision": words, "failures": failures}
        await self._store.save_subscription(fresh.model_copy(update={**changes, "paused": pause or fresh.paused}))

    # by hand

    async def preview(self, subscription: Subscription, said: Said) -> Answer:
        """Return what a digest would say now, for the asker alone. Nothing is kept but what was read of GitHub."""
        del said
        one, runner = subscription, self.runner
        await may_afford(self._store, one.place, self._clock.now(), self.most_a_day)
        period = period_of(self._clock.now(), manual=True)
        run = DigestRun(
            run_id="preview", subscription=one.id, period=period, claimed_at=self._clock.now(),
            lease_until=self._clock.now() + self.lease,
        )  # fmt: skip
        answer, cards = await runner.preview(one, run)
        also = tuple((card.title, f"{card.slug}, {card.meter.word}. {card.gist}") for card in cards)
        return answer.model_copy(
            update={"title": f"Preview: {answer.title}", "rows": (*also, *answer.rows), "actions": (), "private": True}
        )

    async def now(self, subscription: Subscription, said: Said) -> Answer:
        """Have it posted at once; return a word about it."""
        del said
        await may_afford(self._store, subscription.place, self._clock.now(), self.most_a_day)
        period = period_of(self._clock.now(), manual=True)
        if not await self._put(subscription, period):
            return Answer(text="It is being made already.")
        return Answer(text=f"A digest of {subscription.repository} is being made, and comes here.", tone=Tone.DONE)

    async def cancel(self, subscription: Subscription, said: Said) -> Answer:
        """Have a run that goes on end at its next step."""
        del said
        open_runs = [
            run for run in await self._store.runs(subscription.id, limit=_LOOKED_BACK) if run.state is RunState.CLAIMED
        ]
        if not open_runs:
            raise UsageError(f"No digest of {subscription.repository} is being made.", "digest pause stops the next.")
        for run in open_runs:
            await self._store.set_meta(cancel_key(run.run_id), _BY_HAND)
        return Answer(text="It ends at its next step, and nothing is posted.", tone=Tone.DONE)


def _failed_in_a_row(runs: list[DigestRun]) -> int:
    """Return how many of the newest runs failed one after the other; what was skipped is no matter."""
    count = 0
    for run in runs:
        if run.state is RunState.POSTED:
            break
        count += run.state is RunState.FAILED
    return count


def _why_late(error: RoastBotError) -> str:
    if isinstance(error, RateLimitedError):
        return "GitHub had asked me to wait."
    return f"{error.sentence}"
