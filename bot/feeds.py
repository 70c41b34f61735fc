"""What somebody published: the port to feeds of posts, for subscriptions that spare whoever wrote something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.errors import NotFoundError
from bot.pull_request import Frozen


class Published(Frozen):
    """A post, as far as its feed tells it."""

    title: str
    at: datetime
    url: str = ""


class Feeds(Protocol):
    """Reads feeds by address: RSS and Atom, a folder of Markdown posts in a git repository."""

    def reads(self, address: str) -> bool:
        """Whether this one reads such an address."""
        ...

    async def latest(self, address: str, since: datetime, until: datetime) -> Published | None:
        """Return the newest post from ``since`` up to ``until``. Raises ``SourceError`` where that cannot be told."""
        ...

    async def private_home(self, address: str) -> str:
        """Return the private repository (``owner/repo``) that an address lies in, or nothing. Raises ``SourceError``.

        It is read with the operator's own token, so that not everybody who gives an address may be told what is there.
        """
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class HasPosts(Protocol):
    """A source that reads folders of posts, too."""

    def posts(self) -> Feeds:
        """Return what reads them."""
        ...


class ManyFeeds:
    """Several readers of feeds as one: the first that reads an address is asked."""

    def __init__(self, readers: Sequence[Feeds]) -> None:
        self._readers = tuple(readers)

    def reads(self, address: str) -> bool:
        """Whether any of them reads it."""
        return any(one.reads(address) for one in self._readers)

    async def latest(self, address: str, since: datetime, until: datetime) -> Published | None:
        """See ``Feeds``."""
        for one in self._readers:
            if one.reads(address):
                return await one.latest(address, since, until)
        raise NotFoundError("That feed cannot be read here.", "Give the https address of an RSS or Atom feed.")

    async def private_home(self, address: str) -> str:
        """See ``Feeds``."""
        reader = next((one for one in self._readers if one.reads(address)), None)
        return await reader.private_home(address) if reader else ""

    async def aclose(self) -> None:
        """See ``Feeds``."""
        for one in self._readers:
            await one.aclose()
