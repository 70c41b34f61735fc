"""The server of the stand-in: routes, pages, ETags, faults and counts over real HTTP on loopback."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

from aiohttp import web
from fakes.github.graphql import answer_graphql
from fakes.github.made_up import PullRequestData


@dataclass(frozen=True)
class Seen:
    """One request as it came: header names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    round: int

    @property
    def token(self) -> str:
        """The bearer token, or nothing."""
        return self.headers.get("authorization", "").removeprefix("Bearer ")


@dataclass
class Fault:
    """What goes wrong where the path matches ``path`` (a regular expression), ``times`` times or for ever."""

    path: str
    status: int = 0
    body: bytes | str | Mapping[str, Any] = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int | None = None
    cut: bool = False
    delay: float = 0.0
    held: threading.Event | None = None
    """Where it is given, nothing is answered before it is set."""
    waiting: int = 0
    """How many requests wait for that at this moment."""


class FakeGitHub:
    """GitHub on loopback, for as long as the ``with`` block lasts.

    ``recordings``  a folder that mirrors the REST API's paths (``repos/o/r/pulls/7.json``, ``.diff``, ``search_*.json``)
    ``prefix``      put before all paths, such as ``/api/v3``; GraphQL then answers at ``/api/graphql``
    ``graphql``     whether made-up pull requests are told by GraphQL too; 404 otherwise
    ``lockstep``    seconds without a new request after which all that wait are answered at once, so that
                    ``rounds`` counts sequential round trips whatever the machine's speed; 0 answers at once
    ``routes``      path → payload: JSON data (lists are paged), ``bytes``, or a function of ``Seen`` that returns either
    """

    def __init__(
        self, recordings: Path | None = None, *, prefix: str = "", graphql: bool = False, lockstep: float = 0.0
    ) -> None:
        self.routes: dict[str, Any] = {}
        self.requests: list[Seen] = []
        self.rounds = 0
        self.etags = True
        self.headers: dict[str, str] = {}
        self._recordings, self._prefix, self._graphql, self._lockstep = recordings, prefix, graphql, lockstep
        self._faults: list[Fault] = []
        self._loop = asyncio.new_event_loop()
        self._gate: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._port = 0

    def __enter__(self) -> Self:
        """Listen on a free port."""
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10), "the stand-in did not come up"
        return self

    def __exit__(self, *exc: object) -> None:
        """Stop listening and wait for the thread."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    @property
    def url(self) -> str:
        """The REST base: what ``ROAST_GITHUB__API_URL`` is set to."""
        return f"http://127.0.0.1:{self._port}{self._prefix}"

    def add(self, data: PullRequestData) -> None:
        """Serve a made-up pull request and whatever belongs to it."""
        self.routes.update(data.routes())

    def fault(self, path: str, status: int = 0, **more: Any) -> Fault:
        """Let requests go wrong whose path matches; the newest fault comes first."""
        fault = Fault(path, status, **more)
        self._faults.insert(0, fault)
        return fault

    def forget(self) -> None:
        """Begin to count anew."""
        self.requests.clear()
        self.rounds = 0

    def asked(self, path: str) -> list[Seen]:
        """Return the requests whose path matches."""
        return [seen for seen in self.requests if re.search(path, seen.path)]

    def _serve(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._run(ready))
        self._loop.close()

    async def _run(self, ready: threading.Event) -> None:
        self._stop = asyncio.Event()
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{rest:.*}", self._handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self._port = runner.addresses[0][1]
        ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        await self._keep_step()
        headers = {name.lower(): value for name, value in request.headers.items()}
        seen = Seen(request.method, request.path, dict(request.query), headers, body, self.rounds)
        self.requests.append(seen)
        for fault in self._faults:
            if fault.times != 0 and re.search(fault.path, request.path):
                if fault.times is not None:
                    fault.times -= 1
                return await self._misbehave(request, seen, fault)
        return self._good(seen)

    async def _keep_step(self) -> None:
        """Wait until nobody else comes, so that requests sent side by side are answered side by side."""
        if not self._lockstep:
            return
        if self._gate is None or self._gate.done():
            self._gate = self._loop.create_future()
            self.rounds += 1
        if self._timer is not None:
            self._timer.cancel()
        gate = self._gate
        self._timer = self._loop.call_later(self._lockstep, lambda: gate.done() or gate.set_result(None))
        await gate

    async def _misbehave(self, request: web.Request, seen: Seen, fault: Fault) -> web.StreamResponse:
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.held is not None:
            fault.waiting += 1
            try:
                while not fault.held.is_set():
                    await asyncio.sleep(0.01)
            finally:
                fault.waiting -= 1
        if fault.cut:
            response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
            await response.prepare(request)
            await response.write(b'[{"half":')
            assert request.transport is not None
            request.transport.abort()
            return response
        if not fault.status:
            return self._good(seen)
        payload = fault.body
        raw = payload.encode() if isinstance(payload, str) else payload
        if isinstance(raw, Mapping):
            raw = json.dumps(raw).encode()
        return web.Response(
            status=fault.status,
            body=raw,
            headers={"Content-Type": "application/json; charset=utf-8", **self.headers, **fault.headers},
        )

    def _good(self, seen: Seen) -> web.Response:
        if seen.path.endswith("/graphql"):
            return self._graphql_answer(seen)
        if not seen.path.startswith(self._prefix + "/"):
            return self._missing()
        path = seen.path.removeprefix(self._prefix)
        payload = self._payload(path, seen)
        if isinstance(payload, Callable):  # type: ignore[arg-type]
            payload = payload(seen)
        if payload is None:
            return self._missing()
        headers = {**self.headers}
        if isinstance(payload, list):
            payload = self._page(payload, seen, headers)
        raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        headers["Content-Type"] = "application/octet-stream" if isinstance(payload, bytes) else "application/json"
        etag = f'W/"{hashlib.sha256(raw).hexdigest()[:16]}"'
        if self.etags:
            headers["ETag"] = etag
            if seen.headers.get("if-none-match") == etag:
                return web.Response(status=304, headers=headers)
        return web.Response(body=raw, headers=headers)

    def _payload(self, path: str, seen: Seen) -> Any:
        if "diff" in seen.headers.get("accept", ""):
            path += ".diff"
        if path in self.routes:
            return self.routes[path]
        if self._recordings is None or ".." in path:
            return None
        if path == "/search/issues":
            found = sorted(self._recordings.glob("search_*.json"))
        else:
            found = [self._recordings / (path.lstrip("/") + ("" if path.endswith(".diff") else ".json"))]
        if not found or not found[0].is_file():
            return None
        raw = found[0].read_bytes()
        return raw if path.endswith(".diff") else json.loads(raw)

    def _page(self, items: list[Any], seen: Seen, headers: dict[str, str]) -> list[Any]:
        size, page = int(seen.query.get("per_page", 30)), int(seen.query.get("page", 1))
        last = max(1, -(-len(items) // size))
        links = {"next": page + 1, "last": last} if page < last else {}
        if links:
            base = f"{self.url}{seen.path.removeprefix(self._prefix)}"
            headers["Link"] = ", ".join(
                f'<{base}?{urlencode({**seen.query, "page": number})}>; rel="{rel}"' for rel, number in links.items()
            )
        return items[(page - 1) * size : page * size]

    def _graphql_answer(self, seen: Seen) -> web.Response:
        if not self._graphql:
            return self._missing()
        asked = json.loads(seen.body)
        return web.json_response(answer_graphql(asked["query"], asked["variables"], self.routes))

    def _missing(self) -> web.Response:
        return web.json_response({"message": "Not Found", "status": "404"}, status=404, headers=self.headers)
