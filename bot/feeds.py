"""What somebody published: the port to feeds of posts, for subscriptions that spare whoever wrote something."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.pull_request import Frozen


class Published(Frozen):
    """A post, as far as its feed tells it."""

    title: str
    at: datetime
    url: str = ""


class Feeds(Protocol):
    """Reads feeds by address: RSS and Atom, a folder of Markdown posts in a git repository."""

    async def latest(self, address: str, since: datetime, until: datetime) -> Published | None:
        """Return the newest post from ``since`` up to ``until``. Raises ``SourceError`` where that cannot be told."""
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...
