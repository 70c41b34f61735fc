"""Runs one digest from list to post, in steps that each may be the last: whatever dies, it goes on where it stopped.

List and choose, read the dozen, judge the few, post, note. One period is one post: the run is claimed by a row of its
own, its id travels in the message, and whoever takes a run over looks before it posts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot import memory
from bot.card import Card
from bot.case import PriorOffence
from bot.desk import Desk
from bot.digest_choice import Told, Wanted, cleanest, told_in_order
from bot.digest_consent import ask_of, may_appear, may_be_read, refused_of
from bot.digest_held import Held, Kept, Unkept, due_of, is_manual
from bot.digest_reader import ReadsWeeks, WeekReader
from bot.digest_week import Week, week_of
from bot.digest_words import Findings, below, decision, digest, late
from bot.digest_words import Told as ToldVerdict
from bot.errors import MessengerError, NotFoundError, RefusedError, StoreError, UnavailableError
from bot.feeds import Feeds
from bot.merged import Merged, MergedPull
from bot.ports import Progress
from bot.ports_messenger import Answer, Messenger
from bot.pull_request import PullRequest
from bot.records import (
    DigestRun,
    EffectState,
    Message,
    PostKind,
    RunState,
    Subscription,
    VerdictId,
)
from bot.schedules import last_time, read_schedule
from bot.target import Target

log = structlog.get_logger(__name__)

_A_WEEK = timedelta(days=7)
_LOOKED_BACK = 12
_GIVEN_UP_READING = 3
MISSED = "Missed"
DrawWeek = Callable[[Week], bytes]


@dataclass(frozen=True)
class Done:
    """How a run ended: what to note, and whether the subscription shall rest from now on, and why."""

    state: RunState
    decision: str
    pause: str = ""
    message: Message | None = None


@dataclass
class DigestRunner:
    """What running takes. ``target_of`` names a pull request to the source; ``draw`` paints the week."""

    desk: Desk
    source: ReadsWeeks
    target_of: Callable[[str, int], Target]
    feeds: Feeds | None = None
    draw: DrawWeek | None = None

    # the steps

    async def run(self, one: Subscription, held: Held) -> Done:
        """Run to the end. Raises ``RoastBotError``, ``TakenOverError``, ``StoppedError``."""
        found = await self._posted_before(one, held)
        if found is None:
            if not await self._spared(one, held):
                await self._chosen(one, held)
                await self._read(one, held)
                await self._judged(one, held)
            return await self._tell(one, held)
        return await self._after(one, held, found)

    async def _posted_before(self, one: Subscription, held: Held) -> Message | None:
        """Look for the message where an earlier holder may have posted it and died."""
        if not (held.run.taken_over or held.kept.posting):
            return None
        return await self._messenger(one).find_digest(one.place, held.run.run_id)

    async def _spared(self, one: Subscription, held: Held) -> bool:
        """Whether the person of an accountability subscription wrote something: then they are spared."""
        if not one.person or not one.feed or held.kept.chosen:
            return False
        if not held.kept.spared:
            if self.feeds is None:
                raise UnavailableError("Feeds cannot be read in this process.", "Install roast-bot[serve].")
            if home := await self.feeds.private_home(one.feed):
                await may_be_read(self.desk, one, home)
            due = due_of(held.run.period)
            await held.keep(step=f"looking at {one.person}'s feed")
            post = await self.feeds.latest(one.feed, due - _A_WEEK, due)
            if post is None:
                return False
            title = post.title[:120] or "something"
            at = post.at.astimezone(ZoneInfo(one.timezone))
            await held.keep(spared=f"“{title}” on {at.day} {at:%B}")
        return True

    async def _chosen(self, one: Subscription, held: Held) -> None:
        """List what was merged and choose the dozen, from cheap records alone."""
        if held.kept.chosen:
            return
        await held.keep(step="listing what was merged")
        since, until = window(one, held.run.period)
        reader = self._reader(one)
        merged = await reader.merged(one.repository, since, until)
        notes = await self._renamed(one, merged)
        await may_appear(self.desk, one, merged)
        pulls = [pull for pull in merged.pulls if _is_persons(pull, one)]
        told = Told() if one.person else await self._told_before(one, held.run, pulls)
        dozen = await reader.choice(pulls, _wanted(one), told, until)
        await held.keep(
            step=f"chose {len(dozen)} of {len(merged.pulls)} to read",
            chosen=True,
            repository=merged.repository,
            week=week_of(merged, one.timezone, pulls),
            dozen=tuple(sign.pull for sign in dozen),
            archived=merged.archived,
            notes=(*notes, *(f"{note[:1].upper()}{note[1:]}." for note in merged.notes)),
        )
        log.info("digest chose", run=held.run.run_id, merged=len(merged.pulls), dozen=len(dozen))

    async def _read(self, one: Subscription, held: Held) -> None:
        """Read the dozen in full, one after the other, and keep what each gave."""
        reader, wanted, of = self._reader(one), _wanted(one), len(held.kept.dozen)
        for rank, pull in enumerate(held.kept.dozen, 1):
            if pull.number in held.kept.readings:
                continue
            await held.keep(step=f"reading #{pull.number}, {rank} of {of}")
            try:
                reading = await reader.read(held.kept.repository, pull, wanted, self._admit(one))
            except UnavailableError as error:
                if held.kept.tries < _GIVEN_UP_READING:
                    raise
                log.warning("left out of a digest after some tries", number=pull.number, words=str(error))
                reading = None
            await held.keep(readings={**held.kept.readings, pull.number: reading})

    async def _judged(self, one: Subscription, held: Held) -> None:
        """Decide what is told, and write about each: a verdict that a crash left behind is used again."""
        kept = held.kept
        if kept.told is None:
            readings = [reading for reading in kept.readings.values() if reading]
            before = Told() if one.person else await self._told_before(one, held.run, ())
            told = told_in_order(readings, before, _wanted(one), 1 if one.person else one.top)
            await held.keep(told=tuple(reading.number for reading in told))
        for number in held.kept.told or ():
            if number in held.kept.verdicts:
                continue
            await held.keep(step=f"writing about #{number}")
            verdict = await self._verdict(one, held, number)
            await held.keep(verdicts={**held.kept.verdicts, number: verdict})

    async def _verdict(self, one: Subscription, held: Held, number: int) -> int:
        """Return a verdict's number, 0 where it may not be told any more."""
        target = self.target_of(held.kept.repository, number)
        store = self.desk.store
        begun = held.run.claimed_at - timedelta(days=2) if held.run.taken_over else held.run.claimed_at
        found = await store.find_verdict(str(target), since=begun, place=one.place)
        if found is not None and found.asker is None and await self.desk.readable(found, one.place):
            return found.id
        try:
            verdict = await self.desk.judged(ask_of(one, str(target)), target, _progress(held))
        except (RefusedError, NotFoundError) as error:
            log.info("left out of a digest", number=number, words=str(error))
            return 0
        self.desk.meters.wrote(verdict.writer)
        held.sure()
        return await store.save_verdict(verdict, one.place)

    async def preview(self, one: Subscription, run: DigestRun) -> tuple[Answer, tuple[Card, ...]]:
        """Return what a digest would say, and keep nothing."""
        held = Unkept(self.desk.store, self.desk.clock, run, timedelta(hours=1))
        if await self._spared(one, held):
            return self._answer(one, held, await self.findings(one, held))
        await self._chosen(one, held)
        await self._read(one, held)
        readings = [reading for reading in held.kept.readings.values() if reading]
        before = Told() if one.person else await self._told_before(one, run, ())
        told = told_in_order(readings, before, _wanted(one), 1 if one.person else one.top)
        verdicts = []
        for reading in told:
            target = self.target_of(held.kept.repository, reading.number)
            try:
                verdicts.append(await self.desk.judged(ask_of(one, str(target)), target, _progress(held)))
            except (RefusedError, NotFoundError) as error:
                log.info("left out of a preview", number=reading.number, words=str(error))
        found = await self.findings(one, held)
        changes = {
            "told": tuple(ToldVerdict(verdict=verdict) for verdict in verdicts),
            "cleanest": None if one.person else cleanest(readings, told),
        }
        return digest(found.model_copy(update=changes))

    # telling

    async def _tell(self, one: Subscription, held: Held) -> Done:
        found = await self.findings(one, held)
        if not found.told and (one.options.get("silent") is True) and not held.kept.archived:
            return Done(RunState.SKIPPED, self._decision(held, found, "Kept quiet: "))
        answer, cards = self._answer(one, held, found)
        picture = await self.painted(found.week) if found.week.merged and not held.kept.spared else None
        told, first = tuple(one.id for one in found.told), "\n\n".join(found.notes)
        await held.keep(step="posting", posting=True, said=answer, cards=cards, shown=told, first=first)
        held.sure()
        message = await self._messenger(one).post_digest(one.place, answer, held.run.run_id, cards, picture)
        return await self._after(one, held, message, found)

    async def _after(self, one: Subscription, held: Held, message: Message, found: Findings | None = None) -> Done:
        """Note the post and say what belongs below it: all of it may be done twice without anybody seeing it."""
        await held.keep(step="posted", message=message.id)
        found = found or await self.findings(one, held)
        for rank, told in enumerate(found.told):
            await self._below(one, held, message, rank, told)
        pause = f"{one.repository} is archived: nothing is merged there any more" if held.kept.archived else ""
        return Done(RunState.POSTED, self._decision(held, found), pause, message)

    async def _below(self, one: Subscription, held: Held, message: Message, rank: int, told: ToldVerdict) -> None:
        """Say more in the thread, an extra: the headline's reactions come to the digest itself, the others' to it."""
        verdict = VerdictId(told.id)
        try:
            if rank == 0:
                await self.desk.store.record_post(verdict, message, PostKind.DIGEST)
            effect = f"digest:{held.run.run_id}:{rank}"
            if (await self.desk.store.claim_effect(effect, self.desk.holder)).state is EffectState.CONFIRMED:
                return
            answer, key = below(told, headline=rank == 0), f"{held.run.run_id[:20]}{rank:02}"
            posted = await self._messenger(one).post_below(message, answer, key)
            for page in posted:
                await self.desk.store.record_post(verdict, page, PostKind.FULL if rank else PostKind.COMMENT)
            await self.desk.store.confirm_effect(effect, {"message": posted[0].id if posted else ""})
        except (MessengerError, StoreError) as error:
            log.warning("something below a digest could not be said", run=held.run.run_id, words=str(error))

    async def findings(self, one: Subscription, held: Held) -> Findings:
        """Return all that the digest is made of, from what the run kept."""
        kept, store = held.kept, self.desk.store
        told = [
            ToldVerdict(id=stored.id, verdict=stored.verdict)
            for number in kept.told or ()
            if (verdict := kept.verdicts.get(number))
            and (stored := await store.verdict(VerdictId(verdict))) is not None
            and not stored.withdrawn
        ]
        since, until = window(one, held.run.period)
        week = kept.week or week_of(Merged(repository=one.repository, since=since, until=until), one.timezone)
        readings = [reading for reading in kept.readings.values() if reading]
        shown = [reading for reading in readings if reading.number in (kept.told or ())]
        loved = () if one.person else await store.funniest(one.place, since=since - _A_WEEK, limit=5, reader=one.place)
        mine = {one.id for one in told}
        return Findings(
            week=week,
            told=tuple(told),
            cleanest=None if one.person else cleanest(readings, shown),
            best_loved=next((loves for loves in loved if loves.funny > 0 and loves.id not in mine), None),
            looked_at=len(readings),
            able=len(kept.dozen),
            person=one.person,
            notes=await self._notes(one, held),
            devlog=await self._published(told),
        )

    async def _published(self, told: Sequence[ToldVerdict]) -> str:
        """Offer the headline to the dev log; return where to look for it, or nothing."""
        if not told or self.desk.publisher is None:
            return ""
        stored = await memory.known(self.desk.store, VerdictId(told[0].id))
        published = await self.desk.publisher.offer_quietly(stored, headline=True)
        return published.url if published else ""

    def _answer(self, one: Subscription, held: Held, found: Findings) -> tuple[Answer, tuple[Card, ...]]:
        if not held.kept.spared:
            return digest(found)
        text = f"{one.person} published {held.kept.spared}. Thank you; nobody is roasted this week."
        return Answer(title=f"{one.person} is spared", text=text, links=(("The feed", one.feed),), private=False), ()

    def _decision(self, held: Held, found: Findings, prefix: str = "") -> str:
        if held.kept.spared:
            return f"{prefix}Spared {found.person}: published {held.kept.spared}."
        nobody = f" {found.person} published nothing." if found.person else ""
        return f"{prefix}{decision(found)}{nobody}"

    async def _notes(self, one: Subscription, held: Held) -> tuple[str, ...]:
        """Return what has to be said first: that it is late, that one fell out, that the repository moved."""
        period, notes = held.run.period, list(held.kept.notes)
        runs = await self.desk.store.runs(one.id, limit=3)
        before = next((run for run in runs if run.period < period and not is_manual(run.period)), None)
        if before is not None and before.state is RunState.SKIPPED and before.decision.startswith(MISSED):
            fell = due_of(before.period).astimezone(ZoneInfo(one.timezone))
            notes.insert(0, f"The digest of {fell.day} {fell:%B} fell out.")
        if not is_manual(period):
            words = late(due_of(period), self.desk.clock.now(), held.kept.why_late, one.timezone)
            notes[:0] = [words] if words else []
        if held.kept.archived:
            notes.append(f"{one.repository} is archived. These digests end here; subscribing again begins anew.")
        return tuple(notes)

    async def painted(self, week: Week) -> bytes | None:
        """Return a week as a picture, an extra: what goes wrong with it costs a log line."""
        if self.draw is None:
            return None
        try:
            return await self.desk.bench(self.draw, week)
        except Exception:
            log.exception("the picture of a week could not be drawn")
            return None

    # whom and what

    def _messenger(self, one: Subscription) -> Messenger:
        messenger = self.desk.messengers.get(one.place.platform)
        if messenger is None:
            raise MessengerError(f"{one.place.platform or 'That platform'} is not connected.")
        return messenger

    def _reader(self, one: Subscription) -> WeekReader:
        async def refused(pulls: Sequence[MergedPull]) -> frozenset[int]:
            return await refused_of(self.desk, one, pulls)

        return WeekReader(self.source, self.target_of, self.desk.bench, self.desk.rules, refused)

    def _admit(self, one: Subscription) -> Callable[[PullRequest], Awaitable[Sequence[PriorOffence]]]:
        async def admit(pull: PullRequest) -> Sequence[PriorOffence]:
            await self.desk.consent(ask_of(one, pull.slug), pull)
            return await memory.record(self.desk.store, pull.user.login, one.place, f"{pull.owner}/{pull.repo}")

        return admit

    async def _renamed(self, one: Subscription, merged: Merged) -> tuple[str, ...]:
        """Follow a repository that was renamed."""
        if not merged.repository or merged.repository.casefold() == one.repository.casefold():
            return ()
        try:
            fresh = await self.desk.store.subscription(one.id)
            if fresh is not None:
                renamed = fresh.model_copy(update={"repository": merged.repository})
                await self.desk.store.save_subscription(renamed)
        except StoreError as error:
            log.warning("a subscription could not follow its repository", words=str(error), name=merged.repository)
        return (f"{one.repository} is called {merged.repository} now.",)

    async def _told_before(self, one: Subscription, run: DigestRun, pulls: Sequence[MergedPull]) -> Told:
        """Return what this channel was told: in the last digests, and of whom lately."""
        runs = [other for other in await self.desk.store.runs(one.id, limit=_LOOKED_BACK) if other.period != run.period]
        kept = [Kept.model_validate(other.progress) for other in runs if other.state is RunState.POSTED]
        last = next((one for one in kept if one.told), None)
        roasted = await self.desk.store.last_roasted(one.place, sorted({pull.user.login for pull in pulls}))
        return Told(
            pulls=frozenset(number for one in kept for number in one.told or ()),
            last_authors=last.authors if last else frozenset(),
            roasted_at={login.casefold(): at for login, at in roasted.items()},
        )


def window(one: Subscription, period: str) -> tuple[datetime, datetime]:
    """Return what a period is about: from the schedule's time before it up to its own; by hand, as much until now."""
    until = due_of(period)
    schedule = read_schedule(one.schedule)
    own = last_time(schedule, one.timezone, until) if is_manual(period) else until
    before = last_time(schedule, one.timezone, own - timedelta(seconds=1)) if own else None
    return until - (own - before if own and before else _A_WEEK), until


def _wanted(one: Subscription) -> Wanted:
    return Wanted.of(one.options, one.min_doneness)


def _is_persons(pull: MergedPull, one: Subscription) -> bool:
    return not one.person or pull.user.login.casefold() == one.person.casefold()


def _progress(held: Held) -> Progress:
    async def tell(stage: str, phrase: str) -> None:
        log.debug("digest", run=held.run.run_id, stage=stage, phrase=phrase)

    return tell
