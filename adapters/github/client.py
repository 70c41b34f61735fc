"""A thin client of GitHub's API: one place for credentials, retries, limits, ETags and pages.

Plain httpx instead of githubkit: what is needed here is a handful of GETs and one POST, and githubkit's
models reject the nulls and gaps that this source must live with; its HTTP cache is shared by default.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from adapters.github import limits
from adapters.github.answer import Answer, error_of, rate_limited, wait_of
from adapters.github.cache import EtagCache
from bot import __version__
from bot.errors import NotFoundError, SettingsError, SourceError, UnavailableError
from bot.sharing import Allowance

JSON = "application/vnd.github+json"
RAW = "application/vnd.github.raw+json"
DIFF = "application/vnd.github.diff"

_TRIES = 3
_MOST_REDIRECTS = 3
_BACK_OFF = 0.5
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_OF_A_COMMIT = re.compile(r"/commits/[0-9a-f]{40}$|[?&]ref=[0-9a-f]{40}(?:&|$)")
"""Addresses by a commit's full name: what they answer once they answer for ever."""
_NETWORK_STEP = "Check the network, the proxy settings and ROAST_GITHUB__API_URL, then try again."


@dataclass(frozen=True)
class Page:
    """A list, whole or with pages still to come. ``complete`` is false where pages were left out.

    ``more`` are the numbers of the pages that the ``Link`` header promises; ``cursor`` is the query of the next
    one where it promises no number.
    """

    items: tuple[Any, ...]
    complete: bool = True
    more: tuple[int, ...] = ()
    cursor: Mapping[str, str] = field(default_factory=dict)


class GitHubClient:
    """Asks one GitHub host with one credential. Raises only ``SourceError`` and its children.

    ``timeout`` is for one whole answer, in seconds. ``patience`` is how long a rate limit is waited for;
    a longer one is an error that says until when. ``allowance`` is shared with other processes of this credential.
    ``transport``, ``sleep`` and ``now`` are for tests.
    """

    def __init__(
        self,
        *,
        api_url: str = "https://api.github.com",
        token: str = "",
        timeout: float = 30.0,
        patience: float = 8.0,
        cache: EtagCache | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        allowance: Allowance | None = None,
    ) -> None:
        self.api_url = _checked_url(api_url)
        self._token = _checked_token(token)
        self._timeout = timeout
        self._patience = patience
        self._cache = cache or EtagCache()
        self._sleep = sleep
        self.now = now
        self._closed_until: dict[str, datetime] = {}
        self._allowance = allowance
        self._room = asyncio.Semaphore(limits.MAX_CONCURRENT_REQUESTS)
        self.remaining: int | None = None
        self.graphql_works: bool | None = None
        self._http = _http_client(self.api_url, timeout, transport)

    @property
    def authenticated(self) -> bool:
        """Whether a token is sent."""
        return bool(self._token)

    @property
    def graphql_url(self) -> str:
        """Where GraphQL lives: ``/graphql``, or ``/api/graphql`` beside Enterprise's ``/api/v3``."""
        return f"{self.api_url.removesuffix('/v3') if self.api_url.endswith('/api/v3') else self.api_url}/graphql"

    async def get(
        self, path: str, *, accept: str = JSON, params: Mapping[str, str] | None = None, keep: bool = True
    ) -> Answer:
        """Return a good answer of ``path``; a kept one where GitHub says that nothing changed, or nothing can.

        Without ``keep`` the answer is fresh and passes by the cache.
        """
        url = str(httpx.URL(self.api_url + path, params=dict(params))) if params else self.api_url + path
        if not keep:
            return await self._ask("GET", url, {"Accept": accept})
        key = EtagCache.key(self._token, url, accept)
        kept = self._cache.get(key)
        if kept is not None and _OF_A_COMMIT.search(url):
            return kept
        headers = {"Accept": accept}
        if kept is not None:
            headers["If-None-Match"] = kept.headers["etag"]
        answer = await self._ask("GET", url, headers)
        if answer.status == 304 and kept is not None:
            if self._allowance is not None:
                self._allowance.give_back(_resource(url))  # an answer that nothing changed is free
            return kept
        self._cache.put(key, answer)
        return answer

    async def get_json(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """Return the decoded JSON of ``path``."""
        return (await self.get(path, params=params)).json()

    async def post_json(self, path: str, body: Mapping[str, Any]) -> Any:
        """Send something, once: what may have come through must not come twice."""
        answer = await self._ask("POST", self.api_url + path, {"Accept": JSON}, json=dict(body), most_tries=1)
        return answer.json()

    async def patch_json(self, path: str, body: Mapping[str, Any]) -> Any:
        """Change something; saying it twice changes nothing more."""
        return (await self._ask("PATCH", self.api_url + path, {"Accept": JSON}, json=dict(body))).json()

    async def first_page(self, path: str, *, most_pages: int) -> Page:
        """Return the first hundred of a list, and which pages are still to come."""
        first = await self.get(path, params={"per_page": str(limits.PER_PAGE)})
        items = _list_of(first.json())
        last = first.linked_page("last").get("page", "")
        if not last.isdecimal():
            return Page(tuple(items), cursor=first.linked_page("next"))
        return Page(
            tuple(items), complete=int(last) <= most_pages, more=tuple(range(2, min(int(last), most_pages) + 1))
        )

    async def rest(self, path: str, first: Page, *, most_pages: int) -> Page:
        """Return the list with its other pages, which come at once. One that fails costs only itself."""
        if first.cursor:
            return await self._by_cursor(path, first, most_pages)
        query = {"per_page": str(limits.PER_PAGE)}
        pages = await asyncio.gather(
            *(self.get_json(path, {**query, "page": str(number)}) for number in first.more), return_exceptions=True
        )
        items, complete = list(first.items), first.complete
        for page in pages:
            if isinstance(page, list):
                items.extend(page)
            elif isinstance(page, BaseException) and not isinstance(page, SourceError):
                raise page
            else:
                complete = False
        return Page(tuple(items), complete)

    async def pages(self, path: str, *, most_pages: int) -> Page:
        """Return a list over its pages; raises where the first one cannot be read."""
        return await self.rest(path, await self.first_page(path, most_pages=most_pages), most_pages=most_pages)

    async def _by_cursor(self, path: str, first: Page, most_pages: int) -> Page:
        """Follow ``next``, one after another, where GitHub names no ``last``."""
        items, query = list(first.items), first.cursor
        for _ in range(most_pages - 1):
            if not query:
                break
            try:
                answer = await self.get(path, params=query)
                items.extend(_list_of(answer.json()))
            except SourceError:
                return Page(tuple(items), complete=False)
            query = answer.linked_page("next")
        return Page(tuple(items), complete=not query)

    async def graphql(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return the ``data`` of a query. Errors come under HTTP 200 and raise where they leave no data."""
        body = {"query": query, "variables": dict(variables)}
        try:
            # Asked once: a 502 here mostly means that the query took too long, and REST stands ready.
            answer = await self._ask("POST", self.graphql_url, {"Accept": JSON}, json=body, most_tries=1)
        except NotFoundError:
            # No such thing on this host: not asked again as long as this client lives.
            self.graphql_works = False
            raise
        decoded = answer.json()
        data = decoded.get("data") if isinstance(decoded, dict) else None
        if isinstance(data, dict) and any(value is not None for value in data.values()):
            self.graphql_works = True
            return data
        errors = decoded.get("errors") if isinstance(decoded, dict) else None
        kinds = [str(error.get("type", "")) for error in errors or () if isinstance(error, dict)]
        if "RATE_LIMITED" in kinds:
            reset = wait_of(Answer(403, {"x-ratelimit-remaining": "0", **answer.headers}), self.now())
            raise rate_limited(self.now(), reset or limits.SECONDARY_RATE_LIMIT_WAIT, authenticated=self.authenticated)
        raise UnavailableError(
            f"GitHub's GraphQL gave no data ({', '.join(kinds) or 'no reason'}).", "Try again later."
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _ask(
        self, method: str, url: str, headers: Mapping[str, str], *, json: Any = None, most_tries: int = _TRIES
    ) -> Answer:
        """Ask until the answer is final: short waits for limits and faults that pass, redirects on this host."""
        resource = _resource(url)
        redirects = 0
        tries = 0
        while True:
            await self._check_open(resource)
            tries += 1
            try:
                answer = await self._once(method, url, headers, json)
            except UnavailableError as fault:
                if tries >= most_tries or not isinstance(fault.__cause__, httpx.TransportError):
                    raise
                await self._sleep(_BACK_OFF * 2 ** (tries - 1))
                continue
            if answer.status in {301, 302, 307, 308}:
                redirects += 1
                url = self._redirected(url, answer, redirects)
                tries -= 1
                continue
            back_off = _BACK_OFF * 2.0 ** (tries - 1)
            pause = await self._pause(answer, resource, tries_left=most_tries - tries, pause=back_off)
            if pause is None:
                break
            await self._sleep(pause)
        error = error_of(answer, authenticated=self.authenticated, now=self.now())
        if error is not None:
            raise error
        return answer

    async def _pause(self, answer: Answer, resource: str, *, tries_left: int, pause: float) -> float | None:
        """Return how long to wait before asking again (``pause`` at a fault), or ``None`` at the last word."""
        wait = wait_of(answer, self.now())
        if wait is not None:
            if wait <= self._patience and tries_left > 0:
                return wait
            # Asking on while limited can get an integration banned: remember, and do not ask.
            self._closed_until[resource] = until = self.now() + timedelta(seconds=wait)
            if self._allowance is not None:
                await self._allowance.shut(resource, until)
            return None
        return pause if answer.status in {502, 503, 504} and tries_left > 0 else None

    async def _check_open(self, resource: str) -> None:
        until = self._closed_until.get(resource, self.now())
        left = (until - self.now()).total_seconds()
        if left <= 0:
            self._closed_until.pop(resource, None)
            left = await self._allowance.take(resource) if self._allowance is not None else 0.0
        if left > 0:
            raise rate_limited(self.now(), left, authenticated=self.authenticated)

    def _redirected(self, url: str, answer: Answer, redirects: int) -> str:
        """Return where to go on; never another host, which would be given the token."""
        target = urljoin(url, answer.headers.get("location", ""))
        if redirects > _MOST_REDIRECTS or target == url:
            raise UnavailableError("GitHub sends us round in circles (redirects).", "Check the repository's address.")
        if urlsplit(target)[:2] != urlsplit(url)[:2]:
            raise UnavailableError(
                "GitHub's API redirects to another host, and the token is not sent there.",
                "Check ROAST_GITHUB__API_URL.",
            )
        return target

    async def _once(self, method: str, url: str, headers: Mapping[str, str], json: Any) -> Answer:
        sent = {
            "User-Agent": f"roast-bot/{__version__}",
            "X-GitHub-Api-Version": "2022-11-28",
            **({"Authorization": f"Bearer {self._token}"} if self._token else {}),
            **headers,
        }
        async with (
            self._room,
            self._faults_in_words(url),
            self._http.stream(method, url, headers=sent, json=json) as response,
        ):
            body = await _bounded_body(response)
            answer = Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, body)
        self._note_remaining(url, answer)
        return answer

    @asynccontextmanager
    async def _faults_in_words(self, url: str) -> AsyncIterator[None]:
        host = urlsplit(url).hostname or url
        try:
            async with asyncio.timeout(self._timeout):
                yield
        except (httpx.TimeoutException, TimeoutError):
            raise UnavailableError(
                f"{host} did not answer within {self._timeout:g} seconds.",
                "Try again; the host or the network is slow.",
            ) from None
        except (httpx.RemoteProtocolError, httpx.ReadError) as error:
            raise UnavailableError(f"{host} cut its answer off, more than once.", "Try again in a minute.") from error
        except httpx.DecodingError as error:
            raise UnavailableError(f"{host} sent an answer that cannot be unpacked.", _NETWORK_STEP) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise UnavailableError(
                f"{host} cannot be reached: there is no network, or the name or port is wrong.", _NETWORK_STEP
            ) from error

    def _note_remaining(self, url: str, answer: Answer) -> None:
        left = answer.headers.get("x-ratelimit-remaining", "")
        if not left.isdecimal():
            return
        resource, reset = _resource(url), answer.headers.get("x-ratelimit-reset", "")
        if resource == "core":
            self.remaining = int(left)
        if self._allowance is not None and reset.isdecimal():
            self._allowance.heard(resource, int(left), datetime.fromtimestamp(int(reset), UTC))


def _http_client(api_url: str, timeout: float, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    try:
        return httpx.AsyncClient(
            transport=transport,
            timeout=timeout,
            follow_redirects=False,
            # A stand-in on loopback is not to be looked for behind the machine's proxy.
            trust_env=urlsplit(api_url).hostname not in _LOOPBACK,
            limits=httpx.Limits(max_connections=limits.MAX_CONCURRENT_REQUESTS, max_keepalive_connections=20),
        )
    except (ImportError, ValueError, OSError) as error:
        raise SettingsError(
            "The proxy or certificate settings of this machine cannot be used.",
            "Look at HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR.",
        ) from error


async def _bounded_body(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > limits.MAX_ANSWER_BYTES:
            raise UnavailableError("GitHub's answer is larger than what is read here.", "Clone it and type PATH#7.")
    return bytes(body)


def _resource(url: str) -> str:
    """Return which of GitHub's limits counts a URL: each is used up by itself."""
    path = urlsplit(url).path
    if path.endswith("/graphql"):
        return "graphql"
    return "search" if path.endswith("/search/issues") else "core"


def _list_of(decoded: Any) -> list[Any]:
    if not isinstance(decoded, list):
        raise UnavailableError("GitHub answered with something that is no list.", "Try again in a minute.")
    return list(decoded)


def _checked_url(api_url: str) -> str:
    try:
        parts = urlsplit(api_url.strip())
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise SettingsError(
            f"github.api_url is not an address: “{api_url[:80]}”.",
            "It looks like https://api.github.com, or https://HOST/api/v3 on an Enterprise server.",
        )
    return api_url.strip().rstrip("/")


def _checked_token(token: str) -> str:
    clean = token.strip()
    if not clean.isascii() or any(not char.isprintable() or char == " " for char in clean):
        raise SettingsError("The GitHub token holds characters that no token has.", "Copy it again into GITHUB_TOKEN.")
    return clean
