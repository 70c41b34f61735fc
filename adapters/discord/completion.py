"""What people are offered while they type: the server's subscribed repositories, and what was roasted of them lately.

Discord waits three seconds, so all of it comes from the store.
"""

from __future__ import annotations

from dataclasses import dataclass

import discord
import structlog

from adapters.discord import hearing, limits
from adapters.discord.hearing import Interaction
from adapters.discord.listeners import Listeners
from bot.commands import Commands
from bot.display import plain
from bot.errors import RoastBotError

log = structlog.get_logger(__name__)


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

    async def repositories(self, interaction: Interaction, current: str) -> list[str]:
        """Return the repositories that are subscribed or bound here, and match what was typed so far."""
        place, _ = hearing.place_of(interaction)
        store, wanted = self.commands.desk.store, current.strip().casefold()
        try:
            bound = [(where, name) for where, name in await store.bindings() if where.whole == place.whole]
            elsewhere = {name.lower() for where, name in bound if where != place}
            here = {name for where, name in bound if where == place}
            names = {one.repository for one in await store.subscriptions(place.whole)} | here
        except RoastBotError as error:
            log.warning("nothing could be offered", words=str(error))
            return []
        mine = {name.lower() for name in here}
        fit = [one for one in names if one.lower() in mine or one.lower() not in elsewhere]
        return sorted(one for one in fit if wanted in one.casefold())

    async def targets(self, interaction: Interaction, current: str) -> list[tuple[str, str]]:
        """Return their pull requests that are known here, newest first, and ``owner/repo#`` to go on from."""
        place, _ = hearing.place_of(interaction)
        wanted = current.strip().casefold()
        names = await self.repositories(interaction, current.partition("#")[0])
        found: dict[str, str] = {}
        try:
            for name in names[:5]:
                for one in await self.commands.desk.store.verdicts(place=place.whole, repository=name, limit=10):
                    slug = one.verdict.pull_request
                    found.setdefault(slug, plain(f"{slug} {one.verdict.subject.title}"))
        except RoastBotError as error:
            log.warning("nothing could be offered", words=str(error))
        fit = [(shown, slug) for slug, shown in found.items() if wanted in shown.casefold()]
        return [*fit, *((f"{one}#…", f"{one}#") for one in names)][: limits.CHOICES]
