"""Slack's requests over HTTP, and those of browsers that install the app, handed to Bolt. ASGI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.door import Door
from bot.ports_messenger import AsgiApp

log = structlog.get_logger(__name__)

PATH = "/slack/events"
_MOST_BYTES = 1_000_000


Answering = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]


def mounted(app: AsyncApp, door: Door | None = None) -> AsgiApp:
    """Return what answers commands, events and interactions alike. Bolt checks the signature."""
    answer = answering("POST", app.async_dispatch)
    if door is None:
        return answer

    async def at_the_door(scope: Any, receive: Any, send: Any) -> None:
        with door.standing():
            await answer(scope, receive, send)

    return at_the_door


def answering(method: str, handle: Answering) -> AsgiApp:
    """Return what hands requests of one method to Bolt."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        if scope["method"] != method:
            await _send(send, BoltResponse(status=405, body=f"{method} only.", headers={"Allow": method}))
            return
        body = await _read(receive)
        if body is None:
            await _send(send, BoltResponse(status=413, body="That is more than Slack sends."))
            return
        try:
            request = AsyncBoltRequest(
                body=body, query=scope.get("query_string", b"").decode(), headers=_headers(scope)
            )
        except (ValueError, TypeError, AttributeError):  # Bolt reads the body before it checks the signature
            await _send(send, BoltResponse(status=400, body="That is nothing that Slack sends."))
            return
        response = await handle(request)
        if response.status >= 400:
            log.warning("a request was turned away", path=scope.get("path", ""), status=response.status)
        await _send(send, response)

    return answer


async def _read(receive: Any) -> str | None:
    """Return the whole body; nothing where it is too large or was cut off."""
    parts: bytes = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts += message.get("body", b"")
        if len(parts) > _MOST_BYTES:
            return None
        if not message.get("more_body"):
            return parts.decode("utf-8", errors="replace")


def _headers(scope: Any) -> dict[str, str | Sequence[str]]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


async def _send(send: Any, response: BoltResponse) -> None:
    raw = (response.body or "").encode()
    headers = {"content-type": "text/plain", **response.first_headers_without_set_cookie()}
    pairs = [(name.lower(), value) for name, value in headers.items() if name.lower() != "content-length"]
    pairs += [("content-length", str(len(raw)))]
    pairs += [("set-cookie", cookie) for cookie in response.headers.get("set-cookie", ())]
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs]
    await send({"type": "http.response.start", "status": response.status, "headers": encoded})
    await send({"type": "http.response.body", "body": raw})
