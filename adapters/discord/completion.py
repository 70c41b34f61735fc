"""What people are offered while they type: the server's subscribed repositories, and what was merged there lately.

Discord waits three seconds: all of it comes from the store and from ``bot.lately``, whose lists are read beforehand.
What cannot be offered is told in the list itself, as its last line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import discord
import structlog

from adapters.discord import hearing, limits
from adapters.discord.hearing import Interaction
from adapters.discord.listeners import Listeners
from bot import guard
from bot.commands import Commands
from bot.display import plain
from bot.errors import RoastBotError

log = structlog.get_logger(__name__)

OFFERED_WITHIN = 2.0
_LISTED_WITHIN = 1.2
_MOST_REPOSITORIES = 5
_HINT = "You can also type an address, or owner/repo#7."

Offer = tuple[str, str]
"""What is shown, and what is typed when it is chosen."""


@dataclass
class Completion:
    """The commands' other end: words go to the listeners, half-typed words are completed here."""

    commands: Commands
    listeners: Listeners

    async def typed(self, interaction: Interaction, words: str) -> None:
        """See ``Listeners``."""
        await self.listeners.typed(interaction, words)

    async def shortcut(self, interaction: Interaction, message: discord.Message) -> None:
        """See ``Listeners``."""
        await self.listeners.shortcut(interaction, message)

    async def repositories(self, interaction: Interaction, current: str) -> list[Offer]:
        """Return the repositories that are subscribed or bound here, and match what was typed so far."""

        async def find() -> list[Offer]:
            return [(one, one) for one in await self._names(interaction, current)]

        return await _in_time(find, current)

    async def targets(self, interaction: Interaction, current: str) -> list[Offer]:
        """Return what was merged there lately and what was roasted of it, then ``owner/repo#`` to go on from."""

        async def find() -> list[Offer]:
            if "://" in current:
                return []
            every = await self._names(interaction, "")
            if not every:
                return [] if current.strip() else [_hint("Nothing is subscribed in this server yet.", current)]
            names = [one for one in every if _begins(one, current)]
            asked = (names or every)[:_MOST_REPOSITORIES]
            listed = await asyncio.gather(
                *(self._merged(interaction, one) for one in asked), self._roasted(interaction, asked)
            )
            found: dict[str, str] = {}
            for offers, _ in listed:
                for shown, slug in offers:
                    found.setdefault(slug, shown)
            wanted = current.strip().casefold()
            fit = [(shown, slug) for slug, shown in found.items() if wanted in shown.casefold()]
            troubles = [_hint(words, current) for _, words in listed if words][:1]
            fit += [(f"{one}#…", f"{one}#") for one in names]
            return [*fit[: limits.CHOICES - len(troubles)], *troubles]

        return await _in_time(find, current)

    async def _names(self, interaction: Interaction, current: str) -> list[str]:
        place, _ = hearing.place_of(interaction)
        store, wanted = self.commands.desk.store, current.strip().casefold()
        bound = [(where, name) for where, name in await store.bindings() if where.whole == place.whole]
        elsewhere = {name.lower() for where, name in bound if where != place}
        here = {name for where, name in bound if where == place}
        names = {one.repository for one in await store.subscriptions(place.whole)} | here
        mine = {name.lower() for name in here}
        elsewhere |= await store.private_among(sorted(names))
        fit = [one for one in names if one.lower() in mine or one.lower() not in elsewhere]
        return sorted(one for one in fit if wanted in one.casefold())

    async def _merged(self, interaction: Interaction, repository: str) -> tuple[list[Offer], str]:
        lately = self.commands.lately
        if lately is None:
            return [], ""
        pulls, trouble = await lately.merged(repository, _LISTED_WITHIN)
        if pulls and lately.is_private(repository) and not await self._at_home(interaction, repository):
            return [], ""
        offers = [(plain(f"{repository}#{one.number} {one.title}"), f"{repository}#{one.number}") for one in pulls]
        return offers, trouble and f"{repository}: {trouble}"

    async def _at_home(self, interaction: Interaction, repository: str) -> bool:
        """Whether a private repository may appear here: anybody may subscribe one, but not see what is in it."""
        place, _ = hearing.place_of(interaction)
        desk = self.commands.desk
        homes = [where for where, _ in await desk.store.bindings(repository=repository)]
        return place in homes and guard.trusts(place, desk.privacy)

    async def _roasted(self, interaction: Interaction, names: list[str]) -> tuple[list[Offer], str]:
        place, _ = hearing.place_of(interaction)
        found = []
        for name in names:
            for one in await self.commands.desk.store.verdicts(place=place.whole, repository=name, limit=10):
                if not await self.commands.desk.readable(one, place):
                    continue
                slug = one.verdict.pull_request
                found.append((plain(f"{slug} {one.verdict.subject.title}"), slug))
        return found, ""


def _begins(repository: str, current: str) -> bool:
    """Whether what is typed so far may become this repository's pull request, and not words of a title."""
    return current.partition("#")[0].strip().casefold() in repository.casefold()


def _hint(words: str, current: str) -> Offer:
    return f"⚠️ {plain(words)} {_HINT}", current.strip()[: limits.CHOICE_VALUE] or "owner/repo#7"


async def _in_time(find: Callable[[], Awaitable[list[Offer]]], current: str) -> list[Offer]:
    """Return what is found, or a line that says why nothing is: an offer that fails in silence looks like none."""
    try:
        async with asyncio.timeout(OFFERED_WITHIN):
            return await find()
    except TimeoutError:
        log.warning("nothing could be offered in time", seconds=OFFERED_WITHIN)
        return [_hint("My memory takes its time.", current)]
    except RoastBotError as error:
        log.warning("nothing could be offered", words=str(error))
        return [_hint(str(error), current)]
    except Exception:
        log.exception("nothing could be offered")
        return [_hint("Something unforeseen went wrong; it is in the log.", current)]
