"""The desk: where people ask for roasts, whatever platform they are on.

An ask is checked, written down, acknowledged, and worked off by the queue. Consent is asked before anything of a
pull request is read beyond itself. Whatever happens, the asker is told, and nothing is said twice: an answer has
a key in the store, taken before anything is visible and confirmed after it.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import structlog

from bot import guard, memory
from bot.aftercare import Aftercare
from bot.answers import in_words
from bot.brief import Heat
from bot.budget import paid_by
from bot.card import Card, card_of
from bot.case import PriorOffence
from bot.errors import BusyError, MessengerError, NotFoundError, RefusedError, RoastBotError, StoreError
from bot.fence import TakenOverError, behind, still_ours
from bot.meters import Meters, Silent
from bot.ports import Progress, Queue, Writer
from bot.ports_messenger import Ask, Messenger
from bot.publisher import Publisher
from bot.pull_request import PullRequest
from bot.records import EffectState, Job, JobId, Message, NewJob, StoredVerdict, VerdictId
from bot.repository_rules import RepositoryRules
from bot.settings_sections import Privacy, Roast
from bot.structural_rules import Rule
from bot.target import GitHubTarget, LocalTarget, Target, needs_repository, parse_target
from bot.taste import favourite
from bot.turnstile import Wish
from bot.verdict import Verdict

if TYPE_CHECKING:
    from bot.bench import Bench

log = structlog.get_logger(__name__)

ROAST = "roast"
SHARED_FOR = timedelta(minutes=10)
MOST_ATTEMPTS = 5

Draw = Callable[[Card, Verdict], bytes]
Fits = Callable[[PullRequest], None]
"""Raises ``RefusedError`` where a pull request is not what is wanted, before more of it is read."""
ReadRules = Callable[[str], Awaitable[RepositoryRules]]
"""Reads ``.roast.toml`` from a repository's (``owner/repo``) default branch."""


def all_fit(pull_request: PullRequest) -> None:
    """Let every pull request pass."""


async def no_rules(repository: str) -> RepositoryRules:  # noqa: ARG001
    """Return the defaults: for a source that cannot read the file."""
    return RepositoryRules()


@dataclass(kw_only=True)
class Desk(Aftercare):
    """All that answering needs. ``queue`` takes what was acknowledged; ``hosts`` are the web hosts served.

    Without a ``writer`` the embedded one writes.
    """

    queue: Queue
    writer: Writer | None = None
    privacy: Privacy = field(default_factory=Privacy)
    read_rules: ReadRules = no_rules
    bounded: Callable[[Heat | None], Heat] = field(default_factory=lambda: Roast().bounded)
    bench: Bench = asyncio.to_thread
    draw: Draw | None = None
    rules: tuple[Rule, ...] = ()
    meters: Meters = field(default_factory=Silent)
    holder: str = "desk"
    publisher: Publisher | None = None
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    # asking

    async def ask(self, ask: Ask) -> JobId | None:
        """Write an ask down; return its job, or nothing where this very event was handled before.

        Raises ``RoastBotError`` with the words for the asker: not a pull request, refused, or too much to do.
        Reads the store alone, so that a platform's three seconds are enough.
        """
        repository = _repository(await self._target(ask))
        job = NewJob(kind=ROAST, payload={"ask": ask.model_dump(mode="json")}, place=ask.place)
        taken = await self.queue.take(Wish(job, ask.place, ask.person, repository, ask.event))
        if taken.opted_out:
            guard.admit(repository, guard.Standing(repository_opted_out=True))
        if taken.full:
            raise BusyError("The grill is full.", "Ask again in a minute.")
        guard.wait(taken.wait, self.clock.now())
        return taken.job

    async def again(self, verdict_id: VerdictId, ask: Ask, steps: int) -> JobId | None:
        """Ask for the same pull request, hotter (1) or milder (-1): the author or the asker may, within the bounds.

        ``ask.shown`` is the message to edit, by default the one that shows the verdict here.
        """
        stored = await self.known_here(verdict_id, ask.place, ask.person)
        login = (await self.store.user_settings(ask.person)).confirmed_login.lower()
        if ask.person != stored.asker and login != stored.verdict.subject.author.lower():
            raise RefusedError("Only its author and whoever asked can turn the heat.", "Ask for one of your own.")
        heat = await self._turned(stored, ask, steps)
        changes = {"typed": stored.verdict.url, "heat": heat, "again": verdict_id}
        shown = ask.shown or await self._shown_here(stored, ask)
        return await self.ask(ask.model_copy(update={**changes, "shown": shown}))

    async def _turned(self, stored: StoredVerdict, ask: Ask, steps: int) -> Heat:
        """Return the next heat, where operator, place, author and asker let it be. Raises ``RefusedError``."""
        repository, author = stored.verdict.pull_request.partition("#")[0], stored.verdict.subject.author
        standing = await memory.standing(self.store, ask.place, ask.person, repository, author=author)
        rank = stored.verdict.heat.rank + steps
        if 0 <= rank < len(Heat):
            wanted = list(Heat)[rank]
            if guard.bounds(standing).heat(self.bounded(wanted)) is wanted:
                return wanted
        turn = "hotter" if steps > 0 else "milder"
        raise RefusedError(f"It does not get {turn} than {stored.verdict.heat.value} here.")

    async def _shown_here(self, stored: StoredVerdict, ask: Ask) -> Message | None:
        posts = await self.store.posts(stored.id)
        return next((post.message for post in posts if post.message.place == ask.place), None)

    # working

    async def work(self, job: Job) -> str:
        """Work a roast off; return how it ended: nothing, or the sentence that the asker was told."""
        ask = Ask.model_validate(job.payload["ask"])
        return await self.answer_once(job, ask, self._roast)

    async def answer_once(self, job: Job, ask: Ask, do: Callable[[Ask, Messenger], Awaitable[Message | None]]) -> str:
        """Do what a job asks for and tell the asker, once, whatever died before: the skeleton of every slow answer.

        ``do`` shows its own answer and returns the message. Its errors are told in words.
        """
        known = self.messengers.get(ask.place.platform)
        if known is None:
            return f"{ask.place.platform or 'This platform'} is not connected any more."
        messenger = behind(known)
        self.meters.stage("waiting", max(0.0, (self.clock.now() - job.created_at).total_seconds()))
        effect = f"answer:{job.id}"
        ask = ask.model_copy(update={"key": _key(job)})
        try:
            taken = await self.store.claim_effect(effect, self.holder)
            if taken.state is EffectState.CONFIRMED:
                return ""
            if taken.state is EffectState.UNCONFIRMED:
                ask = ask.model_copy(update={"shown": await self._begun(messenger, ask) or ask.shown})
            _not_for_ever(job)
            message = await do(ask, messenger)
        except TakenOverError:
            raise
        except RoastBotError as error:
            self.meters.fault(type(error).__name__, ask.place.platform)
            log.info("answered with a fault", job=job.id, fault=type(error).__name__, words=str(error))
            await self._tell(messenger, ask, error)
            await self._confirm(effect)
            return str(error)
        except Exception:
            self.meters.fault("unforeseen", ask.place.platform)
            log.exception("job failed", job=job.id, kind=job.kind)
            unforeseen = RoastBotError("Something unforeseen went wrong here.", "It is in the log; try again.")
            await self._tell(messenger, ask, unforeseen)
            await self._confirm(effect)
            return str(unforeseen)
        await self._confirm(effect, message)
        return ""

    async def _confirm(self, effect: str, message: Message | None = None) -> None:
        """Note that the asker has an answer. What is visible stays visible, even where the store fails now."""
        try:
            await self.store.confirm_effect(effect, {"message": message.id} if message else {})
        except StoreError:
            log.exception("an answer could not be confirmed", effect=effect)

    async def _begun(self, messenger: Messenger, ask: Ask) -> Message | None:
        """Look for what was posted before a crash, so that it grows on instead of coming twice."""
        try:
            return await messenger.find_answer(ask)
        except MessengerError as error:
            log.warning("could not look for an earlier answer", place=str(ask.place), words=str(error))
            return None

    async def _roast(self, ask: Ask, messenger: Messenger) -> Message:
        target = await self._target(ask)
        stages = _Stages(self.meters, messenger, ask)
        turn = self._turns.setdefault(str(target).lower(), asyncio.Lock())
        async with turn:
            found = await self._shared(ask, target) or await self._new(ask, target, stages.tell)
        message = await self._show(ask, messenger, found)
        stages.end()
        return message

    async def _new(self, ask: Ask, target: Target, progress: Progress) -> StoredVerdict:
        """Judge, unless another process was just at the same for somebody else here: then that is shared."""
        async with self.alone(f"judging:{ask.place}:{target}:{ask.heat}".lower()) as waited:
            found = await self._shared(ask, target) if waited else None
            return found or await self.judge(ask, target, progress)

    async def judge(self, ask: Ask, target: Target, progress: Progress) -> StoredVerdict:
        """Judge, and keep the verdict. Raises ``RoastBotError``."""
        verdict = await self.judged(ask, target, progress)
        await still_ours()
        return await self._keep(ask, verdict, target)

    async def judged(self, ask: Ask, target: Target, progress: Progress, fits: Fits = all_fit) -> Verdict:
        """Read, ask for consent, write, check: a new verdict, not kept yet. Raises ``RoastBotError``."""
        from bot.trial import examine, gather, try_case  # noqa: PLC0415 - the whole pipeline; taking an ask needs none

        terms = guard.Terms()

        async def admit(pull_request: PullRequest) -> Sequence[PriorOffence]:
            nonlocal terms
            fits(pull_request)
            terms = await self.consent(ask, pull_request)
            repository = f"{pull_request.owner}/{pull_request.repo}"
            return await memory.record(self.store, pull_request.user.login, ask.place, repository)

        try:
            case = await gather(target, self.source_of(target), progress, admit=admit, rules=self.rules)
        except NotFoundError as error:
            raise await self._unseen(ask, target) or error from error
        exhibits = await self.bench(examine, case)
        await progress("exhibits", f"{len(exhibits)} exhibits found")
        liked = await memory.taste(self.store, ask.place, seed=case.pull_request.head_sha, now=self.clock.now())
        with paid_by(ask.place):
            return await try_case(
                case,
                exhibits,
                heat=terms.heat(self.bounded(ask.heat or Heat(favourite(liked.heats, self.bounded(None))))),
                writer=self.writer,
                history=await self.store.history(ask.place),
                taste=liked,
                progress=progress,
                bench=self.bench,
            )

    async def _unseen(self, ask: Ask, target: Target) -> RefusedError | None:
        """Return the words for a pull request that is not there, where one that is private would be denied."""
        homes = await self.store.bindings(repository=_repository(target))
        if guard.is_seen(ask.place, [where for where, _ in homes], self.privacy):
            return None
        return guard.unseen(f"The pull request {target}", ask.place, self.privacy)

    async def consent(self, ask: Ask, pull_request: PullRequest) -> guard.Terms:
        """Return the terms on which a pull request may be roasted where it was asked for. Raises ``RefusedError``."""
        guard.may_roast(pull_request, self.privacy)
        repository = f"{pull_request.owner}/{pull_request.repo}"
        if pull_request.private is not None:
            await self.store.note_privacy(repository, private=pull_request.private)
        standing = await memory.standing(
            self.store,
            ask.place,
            ask.person,
            repository,
            author=pull_request.user.login,
            rules=await self.read_rules(repository),
        )
        return guard.consent(pull_request, ask.place, standing, self.privacy)

    async def _shared(self, ask: Ask, target: Target) -> StoredVerdict | None:
        """Return a verdict of minutes ago on the same pull request here: two people who ask share one run."""
        if ask.again is not None:
            return None
        since = self.clock.now() - SHARED_FOR
        found = await self.store.find_verdict(str(target), since=since, place=ask.place, heat=ask.heat)
        if found is None or not await self.readable(found, ask.place):
            return None
        author = found.verdict.subject.author
        standing = await memory.standing(self.store, ask.place, ask.person, _repository(target), author=author)
        return found if guard.may_share(found, standing) else None

    async def _keep(self, ask: Ask, verdict: Verdict, target: Target) -> StoredVerdict:
        self.meters.wrote(verdict.writer)
        clone = str(replace(target, path=target.path.resolve())) if isinstance(target, LocalTarget) else ""
        number = await self.store.save_verdict(verdict, ask.place, ask.person, read_from=clone)
        return await memory.known(self.store, number)

    async def _show(self, ask: Ask, messenger: Messenger, stored: StoredVerdict) -> Message:
        card = await self._announced(card_of(stored.verdict), ask, stored)
        message = await messenger.show(ask, card, stored, await self._picture(card, stored))
        try:
            await self.store.record_post(stored.id, message, asker=ask.person)
        except StoreError:
            log.exception("a post could not be noted: its reactions will not count", verdict=stored.id)
        if not ask.quiet and ask.again is None and message.place == ask.place:
            await self._mention(ask, messenger, message, stored)
        return message

    async def _mention(self, ask: Ask, messenger: Messenger, message: Message, stored: StoredVerdict) -> None:
        """Mention its author below a roast, once, where they asked for that: an extra, whose faults cost a log line."""
        try:
            for person in await memory.to_mention(self.store, ask.place, stored.verdict.subject.author, ask.person):
                effect = f"mention:{stored.id}:{person}"
                if (await self.store.claim_effect(effect, self.holder)).state is EffectState.MINE:
                    await messenger.mention(ask, message, person, "this one is about your pull request.")
                    await self.store.confirm_effect(effect)
        except RoastBotError as error:
            log.warning("somebody was not mentioned", verdict=stored.id, words=str(error))

    async def _announced(self, card: Card, ask: Ask, stored: StoredVerdict) -> Card:
        """Offer what everybody here sees to the dev log, and say so on the card, with the way to say no."""
        if self.publisher is None or ask.quiet:
            return card
        published = await self.publisher.offer_quietly(stored)
        return card.model_copy(update={"notes": (*card.notes, published.in_words())}) if published else card

    async def _picture(self, card: Card, stored: StoredVerdict) -> bytes | None:
        """Draw the picture, an extra: what goes wrong with it costs a log line."""
        if self.draw is None:
            return None
        try:
            return await self.bench(self.draw, card, stored.verdict)
        except Exception:
            log.exception("the picture could not be drawn", verdict=stored.id)
            return None

    async def _tell(self, messenger: Messenger, ask: Ask, error: RoastBotError) -> None:
        try:
            await messenger.answer(ask, in_words(error))
        except RoastBotError as untold:
            self.meters.fault(type(untold).__name__, ask.place.platform)
            log.exception("the asker could not be told", place=str(ask.place), words=str(error))

    async def _target(self, ask: Ask) -> Target:
        home = ""
        if needs_repository(ask.typed):
            bound = await self.store.bindings(place=ask.place)
            home = bound[0][1] if len(bound) == 1 else ""
        return parse_target(ask.typed, bound_repository=home, hosts=self.hosts, local=False)


class _Stages:
    """Tells the asker how far it is, and the meters how long each stage took."""

    def __init__(self, meters: Meters, messenger: Messenger, ask: Ask) -> None:
        self._meters, self._messenger, self._ask = meters, messenger, ask
        self._stage, self._since = "", time.monotonic()

    async def tell(self, stage: str, phrase: str) -> None:
        if stage != self._stage:
            self.end()
            self._stage = stage
        await self._messenger.progress(self._ask, stage, phrase)

    def end(self) -> None:
        now = time.monotonic()
        if self._stage:
            self._meters.stage(self._stage, now - self._since)
        self._since = now


def _not_for_ever(job: Job) -> None:
    """Give up what has brought down every process that touched it."""
    if job.attempts > MOST_ATTEMPTS:
        raise RoastBotError(
            f"This was tried {MOST_ATTEMPTS} times and never came to an end.",
            "Whoever runs the bot finds it in the log.",
        )


def _key(job: Job) -> str:
    """Return the name of a job's answer: the same after every crash, another one in every store."""
    return hashlib.sha256(f"{job.id}\0{job.created_at.isoformat()}".encode()).hexdigest()[:24]


def _repository(target: Target) -> str:
    return f"{target.owner}/{target.repo}" if isinstance(target, GitHubTarget) else str(target)
