"""GitHub's webhook as a web path: a body within bounds, handed to the core, answered at once."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse

from bot.ports_messenger import AsgiApp
from bot.webhooks import Hear

MOST_BYTES = 25 * 1024 * 1024
"""GitHub delivers nothing larger: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap"""


def webhook_app(hear: Hear) -> AsgiApp:
    """Return the app; ``hear`` takes headers (names in lower case) and the body, and returns a status and a word."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        status, words = await _heard(request, hear)
        await PlainTextResponse(f"{words}\n", status_code=status)(scope, receive, send)

    return app


async def _heard(request: Request, hear: Hear) -> tuple[int, str]:
    if request.method != "POST":
        return 405, "GitHub posts here."
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            return 413, "That is too large."
    return await hear({name.lower(): value for name, value in request.headers.items()}, bytes(body))
