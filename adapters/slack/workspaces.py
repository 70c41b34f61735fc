"""Which workspaces the app is in, and the one token for each: nothing of one is ever said with another's."""

from __future__ import annotations

from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.hearing import PLATFORM
from adapters.slack.identity import Identity
from adapters.slack.render import Drawn
from adapters.slack.wire import Wire
from bot.ports_store import Store


class Wires(Protocol):
    """What a messenger speaks through. A ``Wire`` is one too: that of the only workspace there is."""

    async def of(self, workspace: str) -> Wire:
        """Return the wire with a workspace's token. Raises ``faults.CALLS`` where the app is not in it."""
        ...

    async def respond(self, url: str, drawn: Drawn, *, in_channel: bool = False, replace: bool = False) -> None:
        """Use an answer's own address, which needs no token. See ``Wire.respond``."""
        ...


class Workspaces(Wires, Protocol):
    """The workspaces that the app is in, from ``start`` to ``stop``."""

    @property
    def client(self) -> AsyncWebClient:
        """A client for what is no workspace's business: Socket Mode."""
        ...

    async def start(self) -> None:
        """Get ready to speak. Raises ``MessengerError``."""
        ...

    async def stop(self) -> None:
        """Let go of connections."""
        ...

    async def identity(self, workspace: str) -> Identity:
        """Return who the app is in a workspace. Raises ``faults.CALLS`` where it is not in it."""
        ...

    async def all(self) -> tuple[Identity, ...]:
        """Return who the app is everywhere, for ``doctor``. Raises ``RoastBotError``."""
        ...

    async def lose(self, workspace: str) -> bool:
        """Forget a workspace that removed the app; return whether none is left to work for."""
        ...

    def describe(self) -> str:
        """Return in whose name the app speaks, in words."""
        ...


class OneWorkspace(Workspaces):
    """The workspace of a fixed token. Whatever Slack sends to this app is its business."""

    def __init__(self, wire: Wire, store: Store) -> None:
        self._wire, self._store = wire, store
        self._identity = Identity(wire)

    @property
    def client(self) -> AsyncWebClient:
        """See ``Workspaces``."""
        return self._wire.client

    async def start(self) -> None:
        """See ``Workspaces``."""
        self._wire.open()
        await self._identity.ask()
        await self._store.installed(PLATFORM, self._identity.team, self._identity.team_name)

    async def stop(self) -> None:
        """See ``Workspaces``."""
        await self._wire.close()

    async def of(self, workspace: str) -> Wire:
        """See ``Wires``."""
        return await self._wire.of(workspace)

    async def respond(self, url: str, drawn: Drawn, *, in_channel: bool = False, replace: bool = False) -> None:
        """See ``Wires``."""
        await self._wire.respond(url, drawn, in_channel=in_channel, replace=replace)

    async def identity(self, workspace: str) -> Identity:  # noqa: ARG002 - there is but one
        """See ``Workspaces``."""
        return self._identity

    async def all(self) -> tuple[Identity, ...]:
        """See ``Workspaces``."""
        return (self._identity,)

    async def lose(self, workspace: str) -> bool:
        """See ``Workspaces``."""
        return workspace == self._identity.team

    def describe(self) -> str:
        """See ``Workspaces``."""
        name = self._identity.bot_name
        return f" as @{name} in {self._identity.team_name}" if name else ""
