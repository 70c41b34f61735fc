"""The dev log over HTTP: an ASGI app that answers from memory, with an ETag; GET and HEAD for everybody.

``POST admin/veto/12`` and ``POST admin/rebuild`` are for whoever has the token of the settings.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import hmac
import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import structlog

from adapters.devlog.live import Live
from adapters.devlog.look import CSP
from adapters.devlog.site import Page
from bot.errors import StoreError
from bot.publisher import BY_PEOPLE
from bot.records import VerdictId

log = structlog.get_logger(__name__)

MOST_KEPT = 48 * 1024 * 1024
_PER_ENTRY = 4096
"""What a kept answer is counted for beside its body, so that empty ones are not endless."""
_LONGEST_PATH = 400
_WORTH_PACKING = 900
_ALWAYS = (
    (b"content-security-policy", f"{CSP}; frame-ancestors 'none'".encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"vary", b"accept-encoding"),
)
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer as it goes out."""

    status: int
    headers: Headers
    body: bytes
    etag: bytes

    @classmethod
    def of(cls, page: Page, base: str, *, packed: bool) -> Ready:
        """Make a page ready, packed for those who can unpack it."""
        body = gzip.compress(page.body, 6, mtime=0) if packed else page.body
        etag = b'"%s%s"' % (hashlib.sha256(page.body).hexdigest()[:20].encode(), b"-gz" if packed else b"")
        age = b"public, max-age=31536000, immutable" if page.lasting else b"no-cache"
        headers = [*_ALWAYS, (b"content-type", page.media.encode()), (b"cache-control", age)]
        headers += [(b"content-length", str(len(body)).encode()), (b"etag", etag)]
        headers += [(b"content-encoding", b"gzip")] if packed else []
        headers += [(b"location", f"{base}{page.location}".encode())] if page.location else []
        return cls(page.status, headers, body, etag)


class DevlogApp:
    """The app. ``token`` opens the admin's two doors; without one they are not there."""

    def __init__(self, live: Live, token: str = "") -> None:
        self._live, self._token = live, token
        self._kept: OrderedDict[tuple[str, bool], Ready] = OrderedDict()
        self._size = 0
        live.changed = self._forget

    def _forget(self) -> None:
        self._kept.clear()
        self._size = 0

    @property
    def kept(self) -> int:
        """How many answers are at hand."""
        return len(self._kept)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG002 - ASGI's own
        """Answer one request."""
        if scope["type"] != "http":
            return
        path = scope["path"][1:]
        if scope["method"] not in {"GET", "HEAD"}:
            await _send(send, await self._other(scope, path))
            return
        packed, seen = False, b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                packed = b"gzip" in value
            elif name == b"if-none-match":
                seen = value
        ready = self._kept.get((path, packed)) if self._live.at_hand() else None
        ready = ready or await self._ready(path, packed=packed)
        if seen and ready.status == 200 and ready.etag in seen:
            await _send(send, Ready(304, _without_body(ready.headers), b"", ready.etag))
        else:
            await _send(send, ready, head=scope["method"] == "HEAD")

    async def _ready(self, path: str, *, packed: bool) -> Ready:
        try:
            site = await self._live.site()
            kept = self._kept.get((path, packed))
            if kept is not None:
                self._kept.move_to_end((path, packed))
                return kept
            page = await site.page(path) if len(path) <= _LONGEST_PATH else None
            if page is None and path and not path.endswith("/") and await site.page(f"{path}/"):
                page = Page(b"", status=301, location=f"{path}/")
        except StoreError as error:
            log.exception("the dev log cannot be read", words=str(error))
            page = Page(b"The dev log cannot be read right now. Try again in a minute.\n", "text/plain", 503)
            return Ready.of(page, "/", packed=False)
        page = page or site.missing(path)
        worth = packed and len(page.body) > _WORTH_PACKING and not page.media.startswith(("image/", "font/"))
        ready = await asyncio.to_thread(Ready.of, page, self._live.look.base, packed=worth)
        # A 301 is there for every spelling that somebody thinks of; and what changed meanwhile must not come back.
        if page.status == 200 and self._live.shows(site):
            self._keep((path, packed), ready)
        return ready

    def _keep(self, key: tuple[str, bool], ready: Ready) -> None:
        before = self._kept.pop(key, None)
        self._kept[key] = ready
        self._size += _weight(ready) - (_weight(before) if before else 0)
        while self._size > MOST_KEPT:
            _, gone = self._kept.popitem(last=False)
            self._size -= _weight(gone)

    # whoever has the token

    async def _other(self, scope: Any, path: str) -> Ready:
        given = dict(scope["headers"]).get(b"authorization", b"")
        if scope["method"] != "POST" or not path.startswith("admin/") or not self._token:
            return _told(405, "Only GET and HEAD are answered here.", (b"allow", b"GET, HEAD"))
        if not hmac.compare_digest(given, f"Bearer {self._token}".encode()):
            return _told(401, "The token is missing or wrong.", (b"www-authenticate", b"Bearer"))
        if path == "admin/rebuild":
            self._live.forget()
            return _told(200, "Made anew at the next look.")
        number = path.removeprefix("admin/veto/")
        if not (number.isdecimal() and len(number) < 18):
            return _told(404, "There are admin/rebuild and admin/veto/NUMBER.")
        done = await self._live.publisher.store.veto_publication(VerdictId(int(number)), BY_PEOPLE)
        self._live.forget()
        log.info("vetoed by an operator", verdict=int(number), found=done)
        return _told(200, "It is out.") if done else _told(404, "That was never offered to the dev log.")


def _weight(ready: Ready) -> int:
    return len(ready.body) + _PER_ENTRY


def _told(status: int, words: str, *headers: tuple[bytes, bytes]) -> Ready:
    ready = Ready.of(Page(json.dumps({"said": words}).encode() + b"\n", "application/json", status), "/", packed=False)
    return Ready(status, [*ready.headers, *headers], ready.body, ready.etag)


def _without_body(headers: Headers) -> Headers:
    return [one for one in headers if one[0] not in {b"content-length", b"content-encoding", b"content-type"}]


async def _send(send: Any, ready: Ready, *, head: bool = False) -> None:
    await send({"type": "http.response.start", "status": ready.status, "headers": ready.headers})
    await send({"type": "http.response.body", "body": b"" if head else ready.body})
