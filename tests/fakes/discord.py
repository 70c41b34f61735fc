"""A Discord on loopback: as much of its REST and its gateway as the bot speaks to, and the faults of a bad day.

``async with FakeDiscord() as server``: ``server.base_url`` is ``ROAST_DISCORD__BASE_URL``. Messages are kept as people
see them; ``interact`` sends a command and waits for its deferral; ``cut`` closes the gateway with a code.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web
from fakes import discord_schema

APPLICATION, BOT, ASKER, GUILD, CHANNEL = "900", "900", "500", "100", "200"
_EPOCH = 1420070400000
EPHEMERAL = 64
SOUP = "https://github.com/acme/soup/pull/7"
TYPED = {"id": "1", "name": "roast", "type": 1, "options": [{"name": "pr", "type": 3, "value": SOUP}]}
"""A roast's command, as the gateway brings it."""


def snowflake(number: int) -> str:
    """Return an id of this moment."""
    return str((int(time.time() * 1000) - _EPOCH << 22) + number)


def text_of(message: dict[str, Any]) -> str:
    """Return all that a message says."""
    return json.dumps([message.get("content"), message.get("embeds")], ensure_ascii=False)


@dataclass
class FakeDiscord:
    """The server. ``refused`` are (method, part of a path) that are answered with 403 and code 50001.

    ``malformed`` is what was not as Discord describes it: a test that leaves some fails.
    ``down`` answers everything with that status, ``flapping`` closes the gateway with that code as soon as somebody
    is let in, ``unknown`` accepts no token. ``granted`` are the bot's permissions in its one server, which it hears of
    only where they are given.
    """

    shards: int = 1
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    originals: dict[str, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    gateway: list[web.WebSocketResponse] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    deferred: dict[str, float] = field(default_factory=dict)
    malformed: list[str] = field(default_factory=list)
    limited: int = 0
    limited_for: float = 0.05
    limited_everywhere: bool = False
    down: int = 0
    flapping: int = 0
    unknown: bool = False
    granted: int | None = None
    _answered: dict[str, asyncio.Event] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(1))
    _sequence: Any = field(default_factory=lambda: count(1))

    async def __aenter__(self) -> FakeDiscord:
        app = web.Application(client_max_size=32 * 2**20)
        app.router.add_get("/gateway", self._gateway)
        app.router.add_route("*", "/api/{path:.*}", self._rest)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024)  # as many as a crowd opens at once
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        for socket in self.gateway:
            await socket.close()
        await self._runner.cleanup()
        assert self.malformed == []

    @property
    def base_url(self) -> str:
        """Where the REST side is."""
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def socket_url(self) -> str:
        """Where the gateway is."""
        return f"ws://127.0.0.1:{self.port}/gateway"

    # what people see

    def seen(self, channel: str = CHANNEL, *, ephemeral: bool = False) -> list[dict[str, Any]]:
        """Return the messages of a channel, oldest first."""
        kept = [one for one in self.messages.values() if one["channel_id"] == channel]
        return [one for one in kept if bool(one["flags"] & EPHEMERAL) is ephemeral]

    def begin(self, token: str, *, ephemeral: bool = False, channel: str = CHANNEL) -> None:
        """Let an interaction be deferred."""
        self.originals[token] = self._keep(channel, {"flags": 128 | EPHEMERAL * ephemeral})["id"]

    async def interact(
        self,
        data: dict[str, Any],
        kind: int = 2,
        *,
        by: str = ASKER,
        channel: str = CHANNEL,
        to: int = -1,
        under: dict[str, Any] | None = None,
        brought: str = "",
    ) -> tuple[str, float]:
        """Send an interaction, of a thing ``under`` a message for kind 3, ``to`` one who listens, the last who came.

        ``brought``: by somebody who installed the app for themself, to a "server" without it or to a "group". Return
        its token and the seconds until it was answered.
        """
        number = snowflake(next(self._numbers))
        user = {"id": by, "username": "bob", "discriminator": "0", "avatar": None}
        member = {"user": user, "roles": [], "joined_at": "2026-01-01T00:00:00Z", "permissions": "0", "flags": 0}
        payload = {
            "id": number,
            "application_id": APPLICATION,
            "type": kind,
            "token": f"token-{number}",
            "version": 1,
            "guild_id": GUILD,
            "channel_id": channel,
            "channel": {"id": channel, "type": 0, "name": "general", "position": 0, "guild_id": GUILD},
            "member": {**member, "deaf": False, "mute": False},
            "app_permissions": "0",
            "locale": "en-US",
            "data": data,
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": 0,
            "attachment_size_limit": 10485760,
        } | ({"message": under} if under else {})
        if brought:
            payload["authorizing_integration_owners"] = {"1": by}
        if brought == "group":
            del payload["guild_id"], payload["member"]
            payload |= {"user": user, "context": 2, "channel": {"id": channel, "type": 3, "recipients": []}}
        since = asyncio.get_running_loop().time()
        answered = self._answered[payload["token"]] = asyncio.Event()
        await self.dispatch("INTERACTION_CREATE", payload, to)
        async with asyncio.timeout(30):
            await answered.wait()
        return payload["token"], self.deferred[payload["token"]] - since

    async def dispatch(self, kind: str, data: dict[str, Any], to: int = -1) -> None:
        """Send an event to whoever listens."""
        await self.gateway[to].send_json({"op": 0, "t": kind, "s": next(self._sequence), "d": data})

    async def cut(self, code: int) -> None:
        """Close the gateway."""
        await self.gateway[-1].close(code=code)

    # the gateway: https://discord.com/developers/docs/events/gateway

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 40000}})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            said = message.json()
            self.heard.append(said)
            if said["op"] == 1:
                await socket.send_json({"op": 11})
            elif said["op"] == 2:
                self.gateway.append(socket)
                await self._ready()
            elif said["op"] == 6:
                self.gateway.append(socket)
                await self.dispatch("RESUMED", {})
            if self.flapping and said["op"] in {2, 6}:
                await socket.close(code=self.flapping)
        return socket

    async def _ready(self) -> None:
        user = {"id": BOT, "username": "roast", "discriminator": "0", "avatar": None, "bot": True}
        ready = {
            "v": 10,
            "user": user,
            "guilds": [] if self.granted is None else [{"id": GUILD, "unavailable": True}],
            "session_id": "session",
            "resume_gateway_url": self.socket_url,
            "application": {"id": APPLICATION, "flags": 0},
            "shard": next((one["d"].get("shard") for one in reversed(self.heard) if one["op"] == 2), None) or [0, 1],
        }
        await self.dispatch("READY", ready)
        if self.granted is not None:
            await self.dispatch("GUILD_CREATE", self._guild())

    def _guild(self) -> dict[str, Any]:
        """Return the one server, in which everybody has the same permissions."""
        everyone = {"id": GUILD, "name": "@everyone", "permissions": str(self.granted), "position": 0, "color": 0}
        everyone |= {"hoist": False, "managed": False, "mentionable": False, "flags": 0, "colors": {"primary_color": 0}}
        named = {"id": GUILD, "name": "Acme", "owner_id": "1", "features": [], "emojis": [], "stickers": []}
        levels = ("verification_level", "default_message_notifications", "explicit_content_filter", "mfa_level")
        return {
            **named,
            **dict.fromkeys((*levels, "nsfw_level", "premium_tier", "system_channel_flags", "afk_timeout"), 0),
            "roles": [everyone],
            "channels": self._channels(),
            "members": [self._member()],
            "threads": [],
            "member_count": 2,
            "joined_at": "2026-01-01T00:00:00Z",
            "preferred_locale": "en-US",
        }

    def _channels(self) -> list[dict[str, Any]]:
        return [
            {"id": CHANNEL, "type": 0, "name": "general", "position": 0, "permission_overwrites": [], "guild_id": GUILD}
        ]

    def _member(self) -> dict[str, Any]:
        return {
            "user": _me(),
            "roles": [],
            "joined_at": "2026-01-01T00:00:00Z",
            "deaf": False,
            "mute": False,
            "flags": 0,
        }

    # REST: https://discord.com/developers/docs/reference

    async def _rest(self, request: web.Request) -> web.Response:  # noqa: PLR0911 - a table of routes
        path, body = request.match_info["path"], await _body(request)
        self.requests.append((request.method, path, body))
        self.malformed += discord_schema.faults_of(request.method, path, body)
        if self.down:
            return web.Response(status=self.down)
        if self.unknown:
            return _json({"code": 0, "message": "401: Unauthorized"}, status=401)
        if self.limited:
            self.limited -= 1
            wait = {"message": "slow down", "retry_after": self.limited_for, "global": self.limited_everywhere}
            more = {"X-RateLimit-Global": "true"} if self.limited_everywhere else {}
            return _json(wait, status=429, headers={"Via": "1.1 x", "Retry-After": "1", **more})
        if any(request.method == method and part in path for method, part in self.refused):
            return _fault(403, 50001)
        parts = path.split("/")
        if path == "gateway/bot":
            limit = {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": 1}
            return _json({"url": self.socket_url, "shards": self.shards, "session_start_limit": limit})
        if path in {"users/@me", "oauth2/applications/@me"}:
            return _json(_application() if "oauth2" in path else _me())
        if path == "users/@me/channels":
            return _json({"id": body["recipient_id"], "type": 1, "recipients": []})
        if parts[0] == "applications":
            return _json([])
        if parts[0] == "guilds":
            told = {"": self._guild, "channels": self._channels, "members": self._member}
            return _json(told[parts[2] if len(parts) > 2 else ""]()) if parts[1] == GUILD else _fault(404, 10004)
        if parts[0] == "interactions":
            return self._callback(parts[2], body)
        if parts[0] == "webhooks":
            return self._webhook(request.method, parts, body)
        if parts[0] == "channels" and parts[2:3] == ["messages"]:
            return self._channel(request, parts, body)
        return _fault(404, 0)

    def _callback(self, token: str, body: dict[str, Any]) -> web.Response:
        if token in self.deferred:
            return _fault(400, 40060)
        self.deferred[token] = asyncio.get_running_loop().time()
        if token in self._answered:
            self._answered.pop(token).set()
        if body["type"] == 5:
            self.begin(token, ephemeral=bool(body.get("data", {}).get("flags", 0) & EPHEMERAL))
        elif body["type"] == 4:
            self.originals[token] = self._keep(CHANNEL, {"flags": 0, **body["data"]})["id"]
        return _json({"interaction": {"id": token.removeprefix("token-"), "type": 2}})  # the library asks for it

    def _webhook(self, method: str, parts: list[str], body: Any) -> web.Response:
        token = parts[2]
        if len(parts) == 3:
            return _json(self._keep(CHANNEL, {"flags": 0, **body}))
        number = self.originals.get(token, "") if parts[4] == "@original" else parts[4]
        return self._message(method, number, body)

    def _channel(self, request: web.Request, parts: list[str], body: Any) -> web.Response:
        if len(parts) > 3:
            return self._message(request.method, parts[3], body)
        if request.method == "GET":
            return _json(self.seen(parts[1])[::-1])
        same = [one for one in self.seen(parts[1]) if body.get("nonce") and one.get("nonce") == body["nonce"]]
        return _json(same[0] if same else self._keep(parts[1], {"flags": 0, **body}))

    def _message(self, method: str, number: str, body: Any) -> web.Response:
        if number not in self.messages:
            return _fault(404, 10008)
        if method == "DELETE":
            del self.messages[number]
            return web.Response(status=204)
        if method == "PATCH":
            self.told.add(number)
            self.messages[number].update({**body, "flags": self.messages[number]["flags"], "attachments": []})
        return _json(self.messages[number])

    def _keep(self, channel: str, body: dict[str, Any]) -> dict[str, Any]:
        number = snowflake(next(self._numbers))
        made = {
            "id": number,
            "channel_id": channel,
            "content": "",
            "embeds": [],
            "components": [],
            "timestamp": "2026-01-01T00:00:00Z",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "pinned": False,
            "type": 0,
            "author": {"id": BOT, "username": "roast", "discriminator": "0", "avatar": None, "bot": True},
        }
        self.messages[number] = {**made, **body, "attachments": []}
        if body.get("embeds") or body.get("content"):
            self.told.add(number)
        return self.messages[number]


def _json(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Answer with JSON; with a charset beside its kind the library takes it for text."""
    body = json.dumps(data).encode()
    return web.Response(body=body, status=status, headers={"Content-Type": "application/json", **(headers or {})})


async def _body(request: web.Request) -> Any:
    if request.content_type.startswith("multipart/"):
        form = await request.post()
        return json.loads(str(form["payload_json"]))
    return await request.json() if request.can_read_body else {}


def _fault(status: int, code: int) -> web.Response:
    return _json({"code": code, "message": "made up"}, status=status)


def _me() -> dict[str, Any]:
    return {"id": BOT, "username": "roast", "discriminator": "0", "avatar": None, "bot": True}


def _application() -> dict[str, Any]:
    return {
        "id": APPLICATION,
        "name": "roast",
        "description": "",
        "icon": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "",
        "flags": 0,
        "team": None,
        "owner": {"id": "1", "username": "x", "discriminator": "0", "avatar": None},
    }
