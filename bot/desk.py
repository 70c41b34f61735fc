"""The desk: where people ask for roasts, whatever platform they are on.

An ask is checked, written down, acknowledged, and worked off by the queue. Consent is asked before anything of a
pull request is read beyond itself. Whatever happens, the asker is told, and nothing is said twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot import guard, memory
from bot.brief import Heat
from bot.card import Card, card_of
from bot.case import Case, PriorOffence
from bot.errors import BusyError, RefusedError, RoastBotError
from bot.ports import Clock, Progress, Source, Writer
from bot.ports_messenger import Answer, Ask, Messenger, Tone
from bot.ports_store import Store
from bot.pull_request import PullRequest
from bot.records import Job, JobId, NewJob, Post, StoredVerdict, VerdictId
from bot.repository_rules import RepositoryRules
from bot.settings_sections import Privacy
from bot.target import GitHubTarget, Target, parse_target
from bot.verdict import Verdict

log = structlog.get_logger(__name__)

ROAST = "roast"
SHARED_FOR = timedelta(minutes=10)

Draw = Callable[[Card, Verdict], bytes]
ReadRules = Callable[[str], Awaitable[RepositoryRules]]
"""Reads ``.roast.toml`` from a repository's (``owner/repo``) default branch."""


async def no_rules(repository: str) -> RepositoryRules:  # noqa: ARG001
    """Return the defaults: for a source that cannot read the file."""
    return RepositoryRules()


@dataclass
class Desk:
    """All that answering needs. ``hosts`` are the web hosts served; ``most_waiting`` bounds the queue."""

    store: Store
    source_of: Callable[[Target], Source]
    writer: Writer
    messengers: Mapping[str, Messenger]
    clock: Clock
    privacy: Privacy = field(default_factory=Privacy)
    read_rules: ReadRules = no_rules
    heat: Heat = Heat.MEDIUM
    hosts: frozenset[str] = frozenset({"github.com"})
    most_waiting: int = 100
    draw: Draw | None = None
    _turns: dict[str, asyncio.Lock] = field(default_factory=dict)

    # asking

    async def ask(self, ask: Ask) -> JobId | None:
        """Write an ask down; return its job, or nothing where this very event was handled before.

        Raises ``RoastBotError`` with the words for the asker: not a pull request, refused, or too much to do.
        Reads the store alone, so that a platform's three seconds are enough.
        """
        target = await self._target(ask)
        repository = _repository(target)
        guard.admit(repository, await memory.standing(self.store, ask.place, ask.person, repository))
        if len(await self.store.jobs(limit=self.most_waiting)) >= self.most_waiting:
            raise BusyError("The grill is full.", "Ask again in a minute.")
        await memory.count_ask(self.store, ask.place, ask.person, self.clock.now())
        job = NewJob(kind=ROAST, payload={"ask": ask.model_dump(mode="json")}, place=ask.place)
        return await self.store.enqueue(job, event=ask.event)

    async def again(self, verdict_id: VerdictId, ask: Ask, steps: int) -> JobId | None:
        """Ask for the same pull request, hotter (1) or milder (-1): the author or the asker may, within the bounds."""
        stored = await memory.known(self.store, verdict_id)
        login = (await self.store.user_settings(ask.person)).confirmed_login.lower()
        if ask.person != stored.asker and login != stored.verdict.subject.author.lower():
            raise RefusedError("Only its author and whoever asked can turn the heat.", "Ask for one of your own.")
        rank = stored.verdict.heat.rank + steps
        if not 0 <= rank < len(Heat):
            raise RefusedError(
                f"It does not get {'hotter' if steps > 0 else 'milder'} than {stored.verdict.heat.value}."
            )
        heat = list(Heat)[rank]
        return await self.ask(ask.model_copy(update={"typed": stored.verdict.url, "heat": heat, "again": verdict_id}))

    # working

    async def work(self, job: Job) -> None:
        """Work a job off. Whatever happens ends in an answer and in the job's own record."""
        ask = Ask.model_validate(job.payload["ask"])
        messenger = self.messengers[ask.place.platform]
        try:
            await self._roast(ask, messenger)
        except RoastBotError as error:
            await self._tell(messenger, ask, error)
            await self.store.finish_job(job.id, str(error))
        except Exception:
            log.exception("roast failed", job=job.id, typed=ask.typed)
            unforeseen = RoastBotError(
                "Something unforeseen went wrong with this roast.", "It is in the log; try again."
            )
            await self._tell(messenger, ask, unforeseen)
            await self.store.finish_job(job.id, str(unforeseen))
        else:
            await self.store.finish_job(job.id)

    async def _roast(self, ask: Ask, messenger: Messenger) -> None:
        target = await self._target(ask)
        async with self._turns.setdefault(str(target).lower(), asyncio.Lock()):
            found = await self._shared(ask, target) or await self._fresh(ask, target, messenger)
        await self._show(ask, messenger, found)

    async def _fresh(self, ask: Ask, target: Target, messenger: Messenger) -> StoredVerdict:
        from bot.trial import examine, gather, try_case  # noqa: PLC0415 - the whole pipeline; taking an ask needs none

        terms = guard.Terms()
        progress = self._progress(messenger, ask)

        async def admit(pull_request: PullRequest) -> Sequence[PriorOffence]:
            nonlocal terms
            terms = await self._consent(ask, pull_request)
            return await memory.record(self.store, pull_request.user.login)

        case = await gather(target, self.source_of(target), progress, admit=admit)
        exhibits = await asyncio.to_thread(examine, case)
        await progress("exhibits", f"{len(exhibits)} exhibits found")
        verdict = await try_case(
            case,
            exhibits,
            heat=terms.heat(ask.heat or self.heat),
            writer=self.writer,
            history=await self.store.history(ask.place),
            taste=await memory.taste(self.store, ask.place, seed=case.pull_request.head_sha, now=self.clock.now()),
            progress=progress,
        )
        return await self._keep(ask, verdict)

    async def _consent(self, ask: Ask, pull_request: PullRequest) -> guard.Terms:
        guard.may_roast(pull_request, self.privacy)
        repository = f"{pull_request.owner}/{pull_request.repo}"
        standing = await memory.standing(
            self.store,
            ask.place,
            ask.person,
            repository,
            author=pull_request.user.login,
            rules=await self.read_rules(repository),
        )
        return guard.consent(pull_request, ask.place, standing)

    async def _shared(self, ask: Ask, target: Target) -> StoredVerdict | None:
        """Return a verdict of minutes ago on the same pull request here: two people who ask share one run."""
        if ask.again is not None:
            return None
        since = self.clock.now() - SHARED_FOR
        return await self.store.find_verdict(str(target), since=since, place=ask.place, heat=ask.heat)

    async def _keep(self, ask: Ask, verdict: Verdict) -> StoredVerdict:
        usage = verdict.writer
        if usage.model:
            tokens = (usage.input_tokens, usage.output_tokens)
            await self.store.record_usage(ask.place.whole, usage.model, tokens, usage.cost_usd)
        return await memory.known(self.store, await self.store.save_verdict(verdict, ask.place, ask.person))

    async def _show(self, ask: Ask, messenger: Messenger, stored: StoredVerdict) -> None:
        card = card_of(stored.verdict)
        picture = await asyncio.to_thread(self.draw, card, stored.verdict) if self.draw else None
        message = await messenger.show(ask, card, stored, picture)
        await self.store.record_post(stored.id, message, asker=ask.person)

    def _progress(self, messenger: Messenger, ask: Ask) -> Progress:
        async def tell(stage: str, phrase: str) -> None:
            await messenger.progress(ask, stage, phrase)

        return tell

    async def _tell(self, messenger: Messenger, ask: Ask, error: RoastBotError) -> None:
        tone = Tone.REFUSED if isinstance(error, RefusedError) else Tone.FAILED
        try:
            await messenger.answer(ask, Answer(text=str(error), tone=tone))
        except RoastBotError:
            log.exception("the asker could not be told", typed=ask.typed, place=str(ask.place))

    async def _target(self, ask: Ask) -> Target:
        bound = await self.store.bindings(place=ask.place)
        return parse_target(
            ask.typed, bound_repository=bound[0][1] if len(bound) == 1 else "", hosts=self.hosts, local=False
        )

    # afterwards

    async def read_again(self, stored: StoredVerdict) -> Case:
        """Read the pull request of a verdict as it stands now, for an appeal. Raises ``SourceError``."""
        from bot.trial import gather  # noqa: PLC0415 - as above

        target = parse_target(stored.verdict.url, hosts=self.hosts, local=False)
        return await gather(target, self.source_of(target))

    async def redraw(self, posts: Sequence[Post]) -> None:
        """Bring posts up to date with what the store says of their verdicts: amended, withdrawn or restored.

        A post that cannot be edited any more costs a log line, not the others.
        """
        for post in posts:
            stored = await self.store.verdict(post.verdict)
            messenger = self.messengers.get(post.message.place.platform)
            if stored is None or messenger is None:
                continue
            try:
                if stored.withdrawn:
                    await messenger.take_down(post, f"This roast was taken down: {stored.withdrawn}.")
                else:
                    await messenger.redraw(post, card_of(stored.verdict), stored)
            except RoastBotError:
                log.exception("a post could not be edited", verdict=post.verdict, place=str(post.message.place))


def _repository(target: Target) -> str:
    return f"{target.owner}/{target.repo}" if isinstance(target, GitHubTarget) else str(target)
