"""RSS and Atom by address: fetched with bounds, read without obeying anything in them.

feedparser reads what there is in the wild. It is given bytes, never an address: it would fetch by itself, without
bounds. An address comes from people in chat, so it must not lead into this machine's own network: a name is looked up
once, and the connection goes to the very address that was checked. Behind a proxy the proxy looks names up, and its
operator bounds them.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from calendar import timegm
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import feedparser
import httpx

from bot import __version__
from bot.display import cut, web_address
from bot.errors import AccessError, NotFoundError, SourceError, UnavailableError
from bot.feeds import Published

_MOST_BYTES = 4 * 1024 * 1024
_MOST_REDIRECTS = 5
_MOST_ENTRIES = 200
_MOST_ADDRESSES = 4
_LEADING_IN = tuple(
    map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "192.88.99.0/24", "fec0::/10"))
)
"""NAT64 and 6to4: an IPv4 address stands within these, also a private one. Site-local: Python calls it global."""

_STEP = "Check the feed's address in the subscription."


class HttpFeeds:
    """A ``bot.feeds.Feeds``. ``inside`` lets addresses of this machine's own network pass, for tests on loopback."""

    def __init__(self, *, timeout: float = 20.0, inside: bool = False) -> None:
        self._timeout, self._inside = timeout, inside
        self._tls = httpx.create_ssl_context()
        self._direct = self._client()
        proxies = {} if inside else getproxies()
        named = {scheme: proxies.get(scheme) or proxies.get("all") for scheme in ("http", "https")}
        self._by_proxy = {scheme: self._client(proxy) for scheme, proxy in named.items() if proxy}

    def _client(self, proxy: str | None = None) -> httpx.AsyncClient:
        """Return a client that goes where it is told: by this proxy or directly, whatever the environment says.

        It keeps no connection: two names may share an address.
        """
        headers = {"User-Agent": f"roast-bot/{__version__}", "Accept": "application/atom+xml, application/rss+xml, */*"}
        limits = httpx.Limits(max_keepalive_connections=0)
        return httpx.AsyncClient(
            timeout=self._timeout, headers=headers, verify=self._tls, limits=limits, proxy=proxy, trust_env=False
        )

    def reads(self, address: str) -> bool:
        """Read any web address."""
        return urlsplit(address).scheme in {"http", "https"}

    async def latest(self, address: str, since: datetime, until: datetime) -> Published | None:
        """Return the newest post of the window. Raises ``SourceError`` in words."""
        body = await self._fetch(address)
        posts = await asyncio.to_thread(posts_of, body, address)
        inside = [post for post in posts if since <= post.at < until]
        return max(inside, key=lambda post: post.at, default=None)

    async def private_home(self, address: str) -> str:  # noqa: ARG002
        """Say that none is private: no credential is sent along."""
        return ""

    async def aclose(self) -> None:
        """Close the connections."""
        for client in (self._direct, *self._by_proxy.values()):
            await client.aclose()

    async def _fetch(self, address: str) -> bytes:
        url = address
        for _ in range(_MOST_REDIRECTS):
            answer = await self._once(url, await self._may_go(url))
            if isinstance(answer, bytes):
                return answer
            url = urljoin(url, answer)
        raise UnavailableError(f"{_host(address)} sends us round in circles (redirects).", _STEP)

    async def _once(self, url: str, addresses: Sequence[str]) -> bytes | str:
        """Return the body, or where to go on."""
        host = _host(url)
        try:
            async with asyncio.timeout(self._timeout):
                return await self._asked(httpx.URL(url), addresses)
        except (httpx.TimeoutException, TimeoutError):
            raise UnavailableError(f"{host} did not answer within {self._timeout:g} seconds.", "Try later.") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise UnavailableError(f"{host} cannot be reached.", _STEP) from error

    async def _asked(self, url: httpx.URL, addresses: Sequence[str]) -> bytes | str:
        """Ask the first of these addresses that can be reached. Raises ``httpx.HTTPError``."""
        by_proxy = self._by_proxy.get(url.scheme)
        if by_proxy is not None and not proxy_bypass(url.host):
            return await _answer(by_proxy, by_proxy.build_request("GET", url))
        # An address that never answers must leave time for the others.
        patience = httpx.Timeout(self._timeout, connect=self._timeout / (len(addresses) + 1))
        for rank, address in enumerate(addresses, 1):
            request = self._direct.build_request(
                "GET",
                url.copy_with(host=address),
                headers={"Host": url.netloc.decode("ascii")},
                timeout=patience,
                extensions={"sni_hostname": url.raw_host.decode("ascii")},
            )
            try:
                return await _answer(self._direct, request)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if rank == len(addresses):
                    raise
        raise httpx.ConnectError("no address")

    async def _may_go(self, address: str) -> tuple[str, ...]:
        """Return where a host is, and keep addresses from people out of this machine's own network."""
        try:
            url = httpx.URL(address)
        except httpx.InvalidURL:
            url = httpx.URL()
        if url.scheme not in {"http", "https"} or not url.host:
            raise NotFoundError(f"“{cut(address, 80)}” is no feed's address.", "It begins with https://.")
        host = url.raw_host.decode("ascii")
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise UnavailableError(f"{host} cannot be found.", _STEP) from None
        addresses = tuple(dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found))
        if not self._inside and not all(_is_public(one) for one in addresses):
            raise AccessError(f"{host} is inside this machine's own network, and not read.", _STEP)
        return addresses[:_MOST_ADDRESSES]


async def _answer(client: httpx.AsyncClient, request: httpx.Request) -> bytes | str:
    """Return the body, or where to go on. Raises ``SourceError`` and ``httpx.HTTPError``."""
    host = request.headers["Host"]
    response = await client.send(request, stream=True)
    try:
        if response.is_redirect:
            return str(response.headers.get("location", ""))
        _raise_for(response.status_code, host)
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > _MOST_BYTES:
                raise UnavailableError(f"The feed at {host} is larger than what is read here.", _STEP)
        return bytes(body)
    finally:
        await response.aclose()


def _is_public(address: str) -> bool:
    """Whether an address is out on the internet: neither private nor a way to an address within another one."""
    ip = ipaddress.ip_address(address)
    leads_in = any(ip.version == net.version and ip in net for net in _LEADING_IN)
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or leads_in)


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
