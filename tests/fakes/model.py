"""A language model on loopback: speaks OpenAI's chat completions and Anthropic's messages, and says what a test wants.

https://platform.openai.com/docs/api-reference/chat, https://docs.anthropic.com/en/api/messages
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

Reply = str | Callable[[dict[str, Any]], str]


class FakeModel:
    """A server that answers each request with the next of its replies (the last one for ever)."""

    def __init__(self, *replies: Reply, status: int = 200, delay: float = 0.0, cut: bool = False) -> None:
        """Keep what will be said; ``status``, ``delay`` (seconds) and ``cut`` are faults."""
        self.replies, self.status, self.delay, self.cut = list(replies), status, delay, cut
        self.requests: list[dict[str, Any]] = []
        self.url = self.root = ""
        self.most_at_once = self._now = 0
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> FakeModel:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._answer)
        app.router.add_post("/v1/messages", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.root = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"
        self.url = f"{self.root}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def prompts(self) -> list[str]:
        """Everything that was sent, as text."""
        return [
            "\n".join([str(request.get("system", "")), *(str(message["content"]) for message in request["messages"])])
            for request in self.requests
        ]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            await asyncio.sleep(self.delay)
        finally:
            self._now -= 1
        messages = request.path.endswith("/messages")
        if self.status != 200:
            error = {"message": "out of order", "type": "server_error"}
            return web.json_response({"type": "error", "error": error}, status=self.status)
        reply = self.replies[min(len(self.requests), len(self.replies)) - 1]
        text = reply(body) if callable(reply) else reply
        answer = (_message if messages else _completion)(text, body.get("model", ""))
        if self.cut:
            response = web.StreamResponse(headers={"Content-Length": "100000", "Content-Type": "application/json"})
            await response.prepare(request)
            await response.write(json.dumps(answer).encode()[:200])
            request.transport.close()
            return response
        return web.json_response(answer)


def _completion(text: str, model: str) -> dict[str, Any]:
    return {
        "id": "c1", "object": "chat.completion", "created": 1, "model": model,
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 1200, "completion_tokens": 400, "total_tokens": 1600},
    }  # fmt: skip


def _message(text: str, model: str) -> dict[str, Any]:
    return {
        "id": "m1", "type": "message", "role": "assistant", "model": model, "stop_reason": "end_turn",
        "stop_sequence": None, "content": [{"type": "text", "text": text}] if text else [],
        "usage": {"input_tokens": 1200, "output_tokens": 400},
    }  # fmt: skip
