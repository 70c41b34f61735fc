"""RSS and Atom by address: fetched with bounds, read without obeying anything in them.

feedparser reads what there is in the wild. It is given bytes, never an address: it would fetch by itself, without
bounds. An address comes from people in chat, so it must not lead into this machine's own network.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from calendar import timegm
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser
import httpx

from bot import __version__
from bot.display import cut, web_address
from bot.errors import AccessError, NotFoundError, SourceError, UnavailableError
from bot.feeds import Published

_MOST_BYTES = 4 * 1024 * 1024
_MOST_REDIRECTS = 5
_MOST_ENTRIES = 200
_STEP = "Check the feed's address in the subscription."


class HttpFeeds:
    """A ``bot.feeds.Feeds``. ``inside`` lets addresses of this machine's own network pass, for tests on loopback."""

    def __init__(self, *, timeout: float = 20.0, inside: bool = False) -> None:
        self._timeout, self._inside = timeout, inside
        headers = {"User-Agent": f"roast-bot/{__version__}", "Accept": "application/atom+xml, application/rss+xml, */*"}
        self._http = httpx.AsyncClient(timeout=timeout, headers=headers, trust_env=not inside)

    def reads(self, address: str) -> bool:
        """Read any web address."""
        return urlsplit(address).scheme in {"http", "https"}

    async def latest(self, address: str, since: datetime, until: datetime) -> Published | None:
        """Return the newest post of the window. Raises ``SourceError`` in words."""
        body = await self._fetch(address)
        posts = await asyncio.to_thread(posts_of, body, address)
        inside = [post for post in posts if since <= post.at < until]
        return max(inside, key=lambda post: post.at, default=None)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _fetch(self, address: str) -> bytes:
        url = address
        for _ in range(_MOST_REDIRECTS):
            await self._may_go(url)
            answer = await self._once(url)
            if isinstance(answer, bytes):
                return answer
            url = urljoin(url, answer)
        raise UnavailableError(f"{_host(address)} sends us round in circles (redirects).", _STEP)

    async def _once(self, url: str) -> bytes | str:
        """Return the body, or where to go on."""
        host = _host(url)
        try:
            async with asyncio.timeout(self._timeout), self._http.stream("GET", url) as response:
                if response.is_redirect:
                    return str(response.headers.get("location", ""))
                _raise_for(response.status_code, host)
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > _MOST_BYTES:
                        raise UnavailableError(f"The feed at {host} is larger than what is read here.", _STEP)
                return bytes(body)
        except (httpx.TimeoutException, TimeoutError):
            raise UnavailableError(f"{host} did not answer within {self._timeout:g} seconds.", "Try later.") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise UnavailableError(f"{host} cannot be reached.", _STEP) from error

    async def _may_go(self, url: str) -> None:
        """Keep addresses from people out of this machine's own network."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise NotFoundError(f"“{cut(url, 80)}” is no feed's address.", "It begins with https://.")
        if self._inside:
            return
        try:
            found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, None, type=socket.SOCK_STREAM)
        except OSError:
            raise UnavailableError(f"{parts.hostname} cannot be found.", _STEP) from None
        if not all(ipaddress.ip_address(str(one[4][0]).partition("%")[0]).is_global for one in found):
            raise AccessError(f"{parts.hostname} is inside this machine's own network, and not read.", _STEP)


def posts_of(body: bytes, address: str) -> tuple[Published, ...]:
    """Return the posts of a feed. Pure. Raises ``SourceError`` where it is no feed."""
    read = feedparser.parse(body, response_headers={"content-location": address}, sanitize_html=True)
    if not read.get("version"):
        raise SourceError(f"What stands at {_host(address)} is no feed (RSS or Atom).", _STEP)
    return tuple(_posts(read.entries[:_MOST_ENTRIES]))


def _posts(entries: Iterable[Any]) -> Iterable[Published]:
    for entry in entries:
        # When it was written counts, not when a typo in it was mended.
        at = entry.get("published_parsed") or entry.get("created_parsed") or entry.get("updated_parsed")
        if at is not None:
            moment = datetime.fromtimestamp(timegm(at), UTC)
            yield Published(title=cut(entry.get("title", ""), 120), at=moment, url=web_address(entry.get("link", "")))


def _raise_for(status: int, host: str) -> None:
    if status in {401, 403, 407}:
        raise AccessError(f"{host} does not let us read the feed (HTTP {status}).", _STEP)
    if status in {404, 410}:
        raise NotFoundError(f"There is no feed at that address of {host} any more (HTTP {status}).", _STEP)
    if status != httpx.codes.OK:
        raise UnavailableError(f"{host} answered with HTTP {status}.", "Try later.")


def _host(url: str) -> str:
    return urlsplit(url).hostname or cut(url, 60)
