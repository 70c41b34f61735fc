"""Offering roasts to the dev log: what the desk and the digests call. Nothing here raises for a mere "no"."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import structlog

from bot import guard
from bot.display import plain
from bot.errors import RefusedError, RoastBotError, SourceError, UnavailableError, UsageError
from bot.ports import Clock
from bot.ports_store import Store
from bot.publishing import Choice, Listed, Shelf, against, allows, barred, choice_of, due, is_named, path_of, shelf
from bot.pull_request import Frozen
from bot.records import Person, Place, StoredVerdict, VerdictId
from bot.repository_rules import RepositoryRules
from bot.settings_sections import Devlog, Privacy

log = structlog.get_logger(__name__)

BY_PEOPLE = "taken out of the dev log"
"""The reason that is kept of a veto: no name stands in it."""


_ENOUGH = 3
"""Repositories in a row that the host gave no answer on: then the others are not asked in this round either."""


class Asked(NamedTuple):
    """What came of asking again: how many roasts were taken out, and which repositories could not be asked."""

    taken: int
    unasked: tuple[str, ...] = ()


class Published(Frozen):
    """What was let into the dev log, from when on it is public, and where to look: at the log until it is."""

    verdict: VerdictId
    headline: bool
    url: str
    due_at: datetime

    def in_words(self) -> str:
        """Return the sentence that tells an author what will happen, and how to say no."""
        when = f"{self.due_at.day} {self.due_at:%B, %H:%M} UTC"
        return f"in the dev log from {when} on; its author can say no: unpublish {self.verdict}"


async def _no_rules(_: str) -> RepositoryRules:
    return RepositoryRules()


@dataclass(kw_only=True)
class Publisher:
    """Decides what becomes public. ``address`` is where readers reach the dev log, without a slash at its end."""

    store: Store
    clock: Clock
    settings: Devlog = field(default_factory=Devlog)
    privacy: Privacy = field(default_factory=Privacy)
    read_rules: Callable[[str], Awaitable[RepositoryRules]] = _no_rules
    address: str = ""
    is_private: Callable[[str], Awaitable[bool]] | None = None

    async def offer(self, stored: StoredVerdict, headline: bool = False) -> Published | None:
        """Offer a verdict; return where and when it is public, or nothing where it never is. Idempotent.

        ``headline`` is for what a digest leads with. What a place did not choose to publish, what is private, and
        what was vetoed or withdrawn before (for the same pull request) is left out. Raises ``StoreError``.
        """
        choice = await self.choice(stored.place)
        if stored.withdrawn or stored.private or not allows(choice, headline=headline):
            return None
        if why := await self._barred(stored):
            log.info("not published", verdict=stored.id, why=why)
            return None
        kept = await self.store.publication(stored.id)
        if kept is None and await self.store.objected(stored.verdict.pull_request):
            return None
        due_at = due(self.clock.now(), self.settings.delay_hours)
        kept = await self.store.offer_publication(stored.id, headline=headline, due_at=due_at)
        if kept.vetoed:
            return None
        page = path_of(stored.id, stored.verdict.title) if kept.due_at <= self.clock.now() else ""
        url = f"{self.address}/{page}" if self.address else ""
        return Published(verdict=stored.id, headline=kept.headline, url=url, due_at=kept.due_at)

    async def _barred(self, stored: StoredVerdict) -> str:
        known, silent = self.settings.known_public, self.privacy.opted_out
        repository = stored.verdict.pull_request.partition("#")[0]
        why = barred(stored.verdict, known_public=known, opted_out=silent)
        if why:
            return why
        try:
            rules = await self.read_rules(repository)
        except RoastBotError as error:
            return f"its wishes could not be read: {error}"
        return barred(stored.verdict, known_public=known, opted_out=silent, rules=rules)

    async def choice(self, place: Place) -> Choice:
        """Return how much of a place is published."""
        channel, workspace = await self.store.place_settings(place), await self.store.place_settings(place.whole)
        return choice_of(channel, workspace, Choice(self.settings.publish))

    async def veto(self, stored: StoredVerdict, who: Person, *, is_admin: bool = False) -> str:
        """Keep a roast out of the dev log, before or after it is public. Raises ``RefusedError``, ``UsageError``."""
        await self._may_decide(stored, who, is_admin=is_admin)
        if not await self.store.veto_publication(stored.id, BY_PEOPLE):
            raise UsageError(f"“{plain(stored.verdict.title)}” is not meant for the dev log.", "Nothing needs doing.")
        return "It stays out of the dev log, and so does every later roast of that pull request."

    async def allow(self, stored: StoredVerdict, who: Person, *, is_admin: bool = False) -> str:
        """Take a veto back, or put forward by hand what no digest led with. Raises ``RefusedError``."""
        await self._may_decide(stored, who, is_admin=is_admin)
        repository = stored.verdict.pull_request.partition("#")[0]
        may = not (await self._wishes(repository))(stored.verdict.subject.author)
        if may and await self.store.veto_publication(stored.id, ""):
            return "It may stand in the dev log again."
        if not may or await self.offer(stored, headline=True) is None:
            raise RefusedError(
                "That one cannot go into the dev log.",
                "Private repositories never do, and nothing does where `settings publish` says nothing.",
            )
        return "It goes into the dev log."

    async def _may_decide(self, stored: StoredVerdict, who: Person, *, is_admin: bool) -> None:
        login = (await self.store.user_settings(who)).confirmed_login
        guard.may_withdraw(stored, who, login, is_admin=is_admin)

    async def shelf(self) -> Shelf:
        """Return everything that is public now. Raises ``StoreError``."""
        found = await self.store.listed()
        choices = {place: await self.choice(place) for place in {one.place for one in found if one.standing}}
        silent = {name.lower().removeprefix("@") for name in self.privacy.opted_out}
        silent |= {one.subject for one in await self.store.opt_outs()}
        return shelf(found, choices, frozenset(silent), self.clock.now())

    async def ask_again(self) -> Asked:
        """Take out what its repository wants out by now: one that has gone private, or says no of it or its author.

        Where a repository cannot be asked nothing changes: it is asked again the next time. Raises ``StoreError``.
        """
        standing: dict[str, list[Listed]] = {}
        for one in await self.store.listed():
            if one.standing and not one.publication.vetoed:
                standing.setdefault(one.repository.lower(), []).append(one)
        taken, unasked, in_a_row = 0, list[str](), 0
        for repository, posts in standing.items():
            try:
                if in_a_row >= _ENOUGH:
                    raise UnavailableError("The host did not answer for others, so this one was not asked.")
                wishes = await self._wishes(repository)
                in_a_row = 0
            except SourceError as error:
                log.warning("a repository could not be asked again", repository=repository, words=str(error))
                unasked.append(repository)
                in_a_row += 1
                continue
            for post in posts:
                if why := wishes(post.author):
                    taken += await self.store.veto_publication(post.id, why)
                    log.info("taken out of the dev log", verdict=post.id, why=why)
        return Asked(taken, tuple(unasked))

    async def _wishes(self, repository: str) -> Callable[[str], str]:
        """Return what tells why nothing of a repository and an author may be public now. Raises ``SourceError``."""
        if "/" not in repository:
            return lambda _: ""  # a clone's folder: there is nobody to ask
        vouched_for = is_named(repository, self.settings.known_public)
        if self.is_private is not None and not vouched_for and await self.is_private(repository):
            return lambda _: "its repository is private, or gone"
        rules = await self.read_rules(repository)
        return lambda author: against(rules, author)

    async def offer_quietly(self, stored: StoredVerdict, headline: bool = False) -> Published | None:
        """Offer, and let a fault cost a log line: what is shown already must not fail because of the dev log."""
        try:
            return await self.offer(stored, headline)
        except RoastBotError:
            log.exception("could not be offered to the dev log", verdict=stored.id)
            return None
