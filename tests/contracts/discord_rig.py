"""Discord on loopback for the messengers' contract: its ids are numbers, so the contract's names are translated.

Each ask comes with an interaction that was deferred, as every ask in Discord does; by its token the answer grows.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import discord
from discord.http import Route
from fakes.discord import APPLICATION, ASKER, CHANNEL, GUILD, FakeDiscord
from fakes.memory import NOON, PLACE

from adapters.discord.app import USUAL_BASE
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.wire import Wire
from adapters.store import open_store
from bot.card import Card
from bot.ports_messenger import Answer, Ask, Hurdle, Messenger
from bot.records import Message, Person, Place, Post, StoredVerdict

HERE = Place(platform="discord", workspace=GUILD, channel=CHANNEL)
SOMEBODY = Person(platform="discord", workspace=GUILD, user=ASKER)


class Translated(Messenger):
    """The messenger, spoken to in the contract's names."""

    platform = "discord"

    def __init__(self, server: FakeDiscord, messenger: DiscordMessenger) -> None:
        self._server, self._its = server, messenger

    def _ask(self, ask: Ask, *, begin: bool = True) -> Ask:
        token, update = f"token-{ask.key}", ask.again is not None
        if begin and token not in self._server.originals:
            if update and ask.shown:
                self._server.originals[token] = ask.shown.id
            else:
                self._server.begin(token, ephemeral=ask.quiet)
        reply: dict[str, Any] = {"token": token, "application": APPLICATION, "at": NOON.timestamp()}
        reply |= {"ephemeral": True} if ask.quiet else {}
        reply |= {"update": True} if update else {}
        shown = self._there(ask.shown) if ask.shown else None
        return ask.model_copy(update={"place": HERE, "person": SOMEBODY, "reply": reply, "shown": shown})

    def _there(self, message: Message) -> Message:
        return message.model_copy(update={"place": HERE})

    def _here(self, message: Message) -> Message:
        return message.model_copy(update={"place": PLACE})

    async def progress(self, ask: Ask, stage: str, phrase: str) -> None:
        """See ``Messenger``."""
        await self._its.progress(self._ask(ask), stage, phrase)

    async def show(self, ask: Ask, card: Card, stored: StoredVerdict, picture: bytes | None) -> Message:
        """See ``Messenger``."""
        return self._here(await self._its.show(self._ask(ask), card, stored, picture))

    async def answer(self, ask: Ask, answer: Answer) -> None:
        """See ``Messenger``."""
        await self._its.answer(self._ask(ask), answer)

    async def find_answer(self, ask: Ask) -> Message | None:
        """See ``Messenger``."""
        found = await self._its.find_answer(self._ask(ask, begin=False))
        return self._here(found) if found else None

    async def tell(self, person: Person, answer: Answer) -> None:
        """See ``Messenger``."""
        await self._its.tell(SOMEBODY, answer)

    async def settle_in(self, place: Place) -> Hurdle | None:
        """See ``Messenger``."""
        return await self._its.settle_in(HERE)

    async def redraw(self, post: Post, card: Card, stored: StoredVerdict) -> None:
        """See ``Messenger``."""
        await self._its.redraw(post.model_copy(update={"message": self._there(post.message)}), card, stored)

    async def take_down(self, post: Post, words: str) -> None:
        """See ``Messenger``."""
        await self._its.take_down(post.model_copy(update={"message": self._there(post.message)}), words)

    async def post_digest(self, place, digest, run_id, cards, picture=None) -> Message:
        """See ``Messenger``."""
        return self._here(await self._its.post_digest(HERE, digest, run_id, cards, picture))

    async def redraw_digest(self, message, digest, run_id, cards, picture=None) -> None:
        """See ``Messenger``."""
        await self._its.redraw_digest(self._there(message), digest, run_id, cards, picture)

    async def post_below(self, message: Message, answer: Answer, key: str) -> tuple[Message, ...]:
        """See ``Messenger``."""
        return tuple(map(self._here, await self._its.post_below(self._there(message), answer, key)))

    async def find_digest(self, place: Place, run_id: str) -> Message | None:
        """See ``Messenger``."""
        found = await self._its.find_digest(HERE, run_id)
        return self._here(found) if found else None


@asynccontextmanager
async def discord_on_loopback(folder: Path) -> AsyncIterator[tuple[FakeDiscord, Translated]]:
    """Yield the server and the messenger that speaks to it."""
    store = await open_store(f"sqlite+aiosqlite:///{folder / 'store.sqlite3'}")
    client = discord.Client(intents=discord.Intents.none(), allowed_mentions=discord.AllowedMentions.none())
    async with FakeDiscord() as server:
        Route.BASE = server.base_url
        try:
            await client.login("made.up")
            wire = Wire(store)
            wire.client = client
            yield server, Translated(server, DiscordMessenger(wire, store, every=0, now=NOON.timestamp))
        finally:
            await client.close()
            await store.aclose()
            Route.BASE = USUAL_BASE
