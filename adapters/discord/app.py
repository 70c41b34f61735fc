"""The Discord app as ``roast-bot serve`` runs it: one client over the gateway, sharded as Discord says.

It asks for no privileged intent, pings nobody, and tells Discord of its commands only when they changed. See
``adapters.discord.listeners`` for what is done with what comes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

import discord
import structlog
import yarl
from discord.ext import commands as library
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord import check, tree
from adapters.discord.completion import Completion
from adapters.discord.faults import CALLS, Fault, code_of, fault_of
from adapters.discord.listeners import Listeners
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.parts import Choose, Client, Press
from adapters.discord.shards import Shards
from adapters.discord.translation import Tables
from adapters.discord.wire import Wire
from bot.commands import Commands
from bot.desk import Desk
from bot.errors import MessengerError, SettingsError, StoreError
from bot.ports_messenger import AsgiApp, Check, Platform
from bot.settings import Settings

log = structlog.get_logger(__name__)

USUAL_BASE = "https://discord.com/api/v10"
_READY_WITHIN = 30.0
_LONGEST_WAIT = 60.0
"""Seconds that a rate limit is waited for; what takes longer is told of as a fault."""


class RoastClient(Client):
    """The library's client with our listeners; made anew for each connection."""

    def __init__(self, app: DiscordApp, listeners: Listeners, hears: Completion, **options: Any) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_reactions = intents.dm_reactions = True
        super().__init__(
            command_prefix=library.when_mentioned,
            help_command=None,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=_LONGEST_WAIT,
            chunk_guilds_at_startup=False,
            **options,
        )
        self._app = app
        self.listeners_ = self._heard = listeners
        tree.plant(self.tree, hears)
        self.tree.error(listeners.failed)

    async def setup_hook(self) -> None:
        """Make buttons of earlier lives work, and tell Discord of commands that changed."""
        self.add_dynamic_items(Press, Choose)
        await self.tree.set_translator(Tables())
        await self._app.sync(self)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """See ``Listeners.interacted``."""
        await self._heard.interacted(interaction)

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """See ``Listeners.reacted``."""
        await self._heard.reacted(event)

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """See ``Listeners.reacted``."""
        await self._heard.reacted(event)

    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        """See ``Listeners.cleared``."""
        await self._heard.cleared(event.guild_id, event.channel_id, event.message_id)

    async def on_raw_reaction_clear_emoji(self, event: discord.RawReactionClearEmojiEvent) -> None:
        """See ``Listeners.cleared``."""
        await self._heard.cleared(event.guild_id, event.channel_id, event.message_id, str(event.emoji))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """See ``Listeners.guild_joined``."""
        await self._heard.guild_joined(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """See ``Listeners.guild_left``."""
        await self._heard.guild_left(guild)


class DiscordApp(Platform):
    """See ``bot.ports_messenger.Platform``. ``options`` go to the library's client."""

    name = "discord"

    def __init__(self, settings: Settings, desk: Desk, commands: Commands, **options: Any) -> None:
        discord_ = settings.discord
        self._token = discord_.token.get_secret_value() if discord_.token else ""
        self._base, self._options = discord_.base_url, options
        self._store = desk.store
        self.wire = Wire(desk.store)
        self.messenger = DiscordMessenger(self.wire, desk.store)
        self.listeners = Listeners(commands, self.messenger, self.wire)
        self._hears = Completion(commands, self.listeners)
        self._shards = Shards(desk.store) if settings.queue.engine == "procrastinate" else None
        self._running: asyncio.Task[Any] | None = None
        self._open: RoastClient | None = None
        self._stopped = False

    def make_client(self) -> RoastClient:
        """Return a client that is not connected yet, and speak through it from now on."""
        self.wire.client = client = RoastClient(self, self.listeners, self._hears, **self._options)
        return client

    async def start(self) -> None:
        """See ``bot.ports_messenger``."""
        if not self._token:
            raise SettingsError("Discord has no token.", "Set DISCORD_TOKEN to the bot's token.")
        self._stopped = False
        Route.BASE = self._base
        client = self._open = self.make_client()
        try:
            await client.login(self._token)
            if self.hears:
                self.listeners.inbox.start()
                await self._find_gateway(client)
                await self._listen(client)
            else:
                self._running = asyncio.create_task(asyncio.Event().wait(), name="discord by REST alone")
        except CALLS as error:
            await self.stop()
            raise _lost(error) from error
        except BaseException:
            await self.stop()
            raise

    async def _listen(self, client: RoastClient) -> None:
        """Connect; where processes share the shards, on this one's part, or stand by until there is one."""
        if self._shards is None:
            await self._connect(client)
            return
        many, _, _ = await client.http.get_bot_gateway()
        held = await self._shards.claim(many)
        if held:
            client.shard_count, client.shard_ids = many, list(held)
            await self._connect(client)
        self._running = asyncio.create_task(self._while_shared(self._shards, self._running), name="discord shards")

    @staticmethod
    async def _while_shared(shards: Shards, connected: asyncio.Task[Any] | None) -> None:
        """Run for as long as the part of this process stays the same and its gateway is open."""
        changed = asyncio.create_task(shards.until_changed(), name="discord leases")
        both = {changed, *([connected] if connected else [])}
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
        finally:
            for one in both:
                one.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    async def _connect(self, client: RoastClient) -> None:
        self._running = asyncio.create_task(client.connect(reconnect=True), name="discord gateway")
        ready = asyncio.ensure_future(client.wait_until_ready())
        await asyncio.wait({ready, self._running}, timeout=_READY_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._running.done():
            self._running.result()
        if not client.is_ready():
            raise MessengerError("Discord's gateway did not let me in in time.", "It is tried again.")

    async def _find_gateway(self, client: RoastClient) -> None:
        """Let a stand-in name its own gateway: the library asks for it only the first time it connects."""
        if self._base != USUAL_BASE:
            _, address, _ = await client.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)

    async def sync(self, client: RoastClient) -> None:
        """Tell Discord of the commands when their definition changed since it was last told."""
        key = f"discord:commands:{client.application_id}"
        wanted = await tree.fingerprint(client.tree)
        try:
            if await self._store.meta(key) == wanted:
                return
            await client.tree.sync()
            await self._store.set_meta(key, wanted)
        except StoreError:
            log.exception("the commands' definition could not be kept: they are told of at the next start again")
        log.info("commands were synced", commands=len(client.tree.get_commands()))

    async def wait(self) -> None:
        """See ``bot.ports_messenger``."""
        running = self._running
        if running is None:
            return
        try:
            await asyncio.shield(running)
        except asyncio.CancelledError:
            if not self._stopped:
                raise
        except CALLS as error:
            raise _lost(error) from error
        if not self._stopped:
            raise MessengerError("Discord closed the connection.", "It is opened again.")

    async def stop(self) -> None:
        """See ``bot.ports_messenger``."""
        self._stopped = True
        await self.listeners.stop()
        running, self._running = self._running, None
        client, self._open = self._open, None
        if client is not None:
            with contextlib.suppress(*CALLS):
                await client.close()
        if running is not None:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        if self._shards is not None and self._shards.many:
            await self._shards.let_go()

    @property
    def connected(self) -> bool:
        """Whether people are heard at this moment."""
        client = getattr(self.wire, "client", None)
        if self._running is None or client is None or client.is_closed():
            return False
        if not self.hears or self._stands_by:
            return True
        if not client.is_ready():
            return False
        return any(not shard.is_closed() for shard in client.shards.values())

    @property
    def _stands_by(self) -> bool:
        return self._shards is not None and bool(self._shards.many) and not self._shards.held

    def describe(self) -> str:
        """See ``bot.ports_messenger``."""
        client = getattr(self.wire, "client", None)
        if client is None or client.user is None:
            return "gateway" if self.hears else "REST"
        if not self.hears:
            return f"REST as {client.user}"
        if self._stands_by:
            return f"stands by as {client.user}: other processes hold all shards"
        servers = len(client.guilds)
        return f"gateway as {client.user} in {servers} server{'' if servers == 1 else 's'}"

    def mounts(self) -> Mapping[str, AsgiApp]:
        """Return nothing: everything comes by the gateway."""
        return {}

    async def check(self) -> tuple[Check, ...]:
        """Look at the token and the permissions; give the invite. Never raises."""
        Route.BASE = self._base
        return await check.checks(self._token, self._store)


def _lost(error: BaseException) -> MessengerError:
    if fault_of(error) is Fault.CREDENTIAL or getattr(error, "code", None) == 4004:
        return MessengerError("Discord does not accept the token.", "Set DISCORD_TOKEN to the bot's token.")
    return MessengerError(f"Discord cannot be reached ({code_of(error)}).", "It is tried again.")
