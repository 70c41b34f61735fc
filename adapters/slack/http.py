"""Slack's requests over HTTP, handed to Bolt: the one thing that HTTP mode has and Socket Mode has not. ASGI."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot.ports_messenger import AsgiApp

PATH = "/slack/events"
_MOST_BYTES = 1_000_000


def mounted(app: AsyncApp) -> AsgiApp:
    """Return what answers commands, events and interactions alike. Bolt checks the signature."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        if scope["method"] != "POST":
            await _send(send, 405, "Slack posts here.", {"allow": "POST"})
            return
        body = await _read(receive)
        if body is None:
            await _send(send, 413, "That is more than Slack sends.")
            return
        try:
            request = AsyncBoltRequest(
                body=body, query=scope.get("query_string", b"").decode(), headers=_headers(scope)
            )
        except (ValueError, TypeError, AttributeError):  # Bolt reads the body before it checks the signature
            await _send(send, 400, "That is nothing that Slack sends.")
            return
        response = await app.async_dispatch(request)
        await _send(send, response.status, response.body or "", response.first_headers_without_set_cookie())

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


async def _send(send: Any, status: int, body: str, headers: dict[str, str] | None = None) -> None:
    raw = body.encode()
    sent = {"content-type": "text/plain", **{name.lower(): value for name, value in (headers or {}).items()}}
    sent["content-length"] = str(len(raw))
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": raw})
