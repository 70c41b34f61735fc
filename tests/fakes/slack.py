"""Slack on loopback: the Web API with what it keeps, response URLs, uploads, Socket Mode, and whatever goes wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any, Self

from aiohttp import BasicAuth, WSMsgType, web
from fakes.slack_files import Files
from fakes.slack_payloads import ASKER, BOT, CHANNEL, SECRET, TEAM, Args, Call, Fault, Hook, Payloads, signed
from fakes.slack_teams import Teams

from adapters.slack import limits

__all__ = ["ASKER", "BOT", "CHANNEL", "SECRET", "TEAM", "Call", "FakeSlack", "Fault", "Hook", "signed", "text_of"]


class FakeSlack(Payloads, Files):
    """A workspace with one bot in it, for as long as the ``async with`` block lasts."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.messages: dict[tuple[str, str], Args] = {}
        self.whispers: list[Args] = []
        self.hooks: dict[str, Hook] = {}
        self.faults: list[Fault] = []
        self.channels: dict[str, str] = {}
        self.members: set[str] = set()
        self.admins: set[str] = set()
        self.people: dict[str, Args] = {}
        self.views: list[Args] = []
        self.homes: dict[str, Args] = {}
        self.files: list[Args] = []
        self.shows_files = True
        self.reactions: list[Args] = []
        self.acked: dict[str, Any] = {}
        self.refused: list[str] = []
        self.teams = Teams()
        self.before: Callable[[Call], Any] = lambda _: None
        self._sockets: list[web.WebSocketResponse] = []
        self._numbers = count(1)
        self._acks: dict[str, asyncio.Event] = {}
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=50_000_000)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/hook/{name}", self._hook)
        app.router.add_post("/upload/{name}", self._upload)
        app.router.add_get("/socket", self._socket)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.drop_sockets()
        await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        """The Web API's address."""
        return f"{self.url}/api"

    # what people see

    @property
    def posts(self) -> list[Args]:
        """The messages that stand, oldest first."""
        return [one for one in self.messages.values() if not one.get("deleted")]

    def in_channel(self, channel: str = CHANNEL) -> list[Args]:
        """The messages that stand in a conversation outside of threads, with those of response URLs."""
        mine = [one for one in self.posts if one["channel"] == channel and not one.get("thread_ts")]
        return mine + [
            sent
            for hook in self.hooks.values()
            if hook.channel == channel
            for sent in hook.sent
            if sent.get("response_type") == "in_channel"
        ]

    def private(self, user: str = ASKER) -> list[Args]:
        """What one person alone was shown in conversations, oldest first; what was replaced is gone."""
        found = [one for one in self.whispers if one["user"] == user]
        for hook in self.hooks.values():
            if hook.user != user:
                continue
            standing: list[Args] = []
            for sent in hook.sent:
                if sent.get("response_type") == "in_channel":
                    continue
                if sent.get("replace_original"):
                    standing = standing[:-1]
                standing.append(sent)
            found += standing
        return found

    def direct(self, user: str = ASKER) -> list[Args]:
        """The direct messages to somebody."""
        return self.in_channel(f"D{user}")

    def asked(self, method: str) -> list[Args]:
        """The arguments of every call of a method."""
        return [call.args for call in self.calls if call.method == method]

    async def until(self, condition: Callable[[], Any], seconds: float = 30) -> Any:
        """Wait until something holds; return it."""
        async with asyncio.timeout(seconds):
            while not (found := condition()):
                self._changed.clear()
                try:
                    await asyncio.wait_for(self._changed.wait(), 0.05)
                except TimeoutError:
                    continue
        return found

    async def until_async(self, condition: Callable[[], Awaitable[Any]], seconds: float = 30) -> None:
        """Wait until something that has to be waited for holds."""
        async with asyncio.timeout(seconds):
            while not await condition():
                await asyncio.sleep(0.01)

    # what comes from Slack

    def hook(self, channel: str, user: str, standing: Args | None = None) -> str:
        """Return a new response URL."""
        name = f"h{next(self._numbers)}"
        self.hooks[name] = Hook(channel, user)
        if standing is not None:
            for other in self.hooks.values():
                if any(one is standing for one in other.sent):
                    self.hooks[name] = Hook(channel, user, sent=other.sent)
        return f"{self.url}/hook/{name}"

    @property
    def connected(self) -> int:
        """How many sockets are open."""
        return len([one for one in self._sockets if not one.closed])

    async def send(self, payload: Args, *, seconds: float = 5, **envelope: Any) -> Any:
        """Send a payload by Socket Mode and wait for its acknowledgement; return what came with it."""
        await self.until(lambda: self.connected)
        name = f"e{next(self._numbers)}"
        self._acks[name] = asyncio.Event()
        kind = _envelope(payload)
        socket = next(one for one in self._sockets if not one.closed)
        await socket.send_json({"envelope_id": name, "type": kind, "payload": payload, **envelope})
        await asyncio.wait_for(self._acks[name].wait(), seconds)
        return self.acked[name]

    async def drop_sockets(self) -> None:
        """Close every socket, as Slack does from time to time."""
        for socket in self._sockets:
            await socket.close()
        self._sockets.clear()

    # the Web API

    async def _api(self, request: web.Request) -> web.StreamResponse:
        call = Call(request.match_info["method"], await _args(request), _token(request))
        self.calls.append(call)
        self.before(call)
        fault = self._fault(call.method, call.args)
        if fault is not None and not fault.after:
            return await self._fail(request, fault)
        answer = self._answer(call)
        self._changed.set()
        if fault is not None:
            return await self._fail(request, fault)
        return web.json_response({"ok": "error" not in answer, **answer}, headers={"X-OAuth-Scopes": _SCOPES})

    def _fault(self, method: str, args: Args) -> Fault | None:
        for fault in self.faults:
            if fault.method == method and fault.times != 0 and fault.when(args):
                fault.times = None if fault.times is None else fault.times - 1
                return fault
        return None

    async def _fail(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        await asyncio.sleep(fault.delay)
        if fault.cut:
            request.transport.close()
        if fault.error:
            return web.json_response({"ok": False, "error": fault.error}, status=fault.status, headers=fault.headers)
        return web.Response(
            status=fault.status, text="<html>oops</html>", content_type="text/html", headers=fault.headers
        )

    def _answer(self, call: Call) -> Args:
        method, args = call.method, call.args
        handler = getattr(self, "_" + method.replace(".", "_"), None)
        if handler is None:
            return {"error": "unknown_method"}
        reason = self.teams.refused(call)
        if reason:
            return {"error": reason}
        if method == "auth.test":
            return self.teams.who(call.token)
        if "channel" in args and not method.startswith(("conversations.join", "users")):
            reason = self.channels.get(str(args["channel"]))
            if reason and (method, reason) != ("conversations.info", "method_not_supported_for_channel_type"):
                return {"error": reason}
        shape = limits.broken(args.get("blocks") or [], args.get("text") or "…")
        self.refused += shape
        if shape or not self.may_show(args.get("blocks") or []):
            return {"error": "invalid_blocks"}
        return handler(args)

    def _auth_test(self, _: Args) -> Args:
        return {}

    def _oauth_v2_access(self, args: Args) -> Args:
        return self.teams.access(args)

    def _api_test(self, _: Args) -> Args:
        return {}

    def _apps_connections_open(self, _: Args) -> Args:
        return {"url": self.url.replace("http://", "ws://") + "/socket"}

    def _chat_postMessage(self, args: Args) -> Args:  # noqa: N802 - Slack's name
        channel = f"D{args['channel']}" if args["channel"].startswith("U") else args["channel"]
        ts = f"{1_800_000_000 + next(self._numbers)}.000200"
        self.messages[channel, ts] = {**args, "channel": channel, "ts": ts, "edits": []}
        return {"channel": channel, "ts": ts}

    def _chat_update(self, args: Args) -> Args:
        found = self.messages.get((args["channel"], args["ts"]))
        if found is None or found.get("deleted"):
            return {"error": "message_not_found"}
        found["edits"].append({key: found.get(key) for key in ("text", "blocks")})
        found.update({key: args[key] for key in ("text", "blocks", "metadata") if key in args})
        return {"channel": args["channel"], "ts": args["ts"]}

    def _chat_delete(self, args: Args) -> Args:
        found = self.messages.get((args["channel"], args["ts"]))
        if found is None or found.get("deleted"):
            return {"error": "message_not_found"}
        found["deleted"] = True
        return {}

    def _chat_postEphemeral(self, args: Args) -> Args:  # noqa: N802 - Slack's name
        self.whispers.append(args)
        return {"message_ts": f"{1_800_000_000 + next(self._numbers)}.000300"}

    def _conversations_history(self, args: Args) -> Args:
        return {"messages": [one for one in reversed(self.posts) if one["channel"] == args["channel"]]}

    def _conversations_replies(self, args: Args) -> Args:
        return {"messages": [one for one in self.posts if args["ts"] in {one["ts"], one.get("thread_ts")}]}

    def _conversations_join(self, args: Args) -> Args:
        reason = self.channels.get(str(args["channel"]))
        if reason and reason != "not_in_channel":
            return {"error": reason}
        self.channels.pop(str(args["channel"]), None)
        return {}

    def _conversations_info(self, args: Args) -> Args:
        private = self.channels.get(str(args["channel"])) == "method_not_supported_for_channel_type"
        return {"channel": {"id": args["channel"], "is_member": not private or args["channel"] in self.members}}

    def _users_info(self, args: Args) -> Args:
        known = self.people.get(args["user"], {})
        return {"user": {"id": args["user"], "is_admin": args["user"] in self.admins, **known}}

    def _views_open(self, args: Args) -> Args:
        faults = limits.broken_view(args["view"])
        if faults:
            self.refused += faults
            return {"error": "invalid_arguments"}
        self.views.append(args["view"])
        return {"view": {"id": "V1"}}

    def _views_publish(self, args: Args) -> Args:
        faults = limits.broken_view(args["view"])
        if faults:
            self.refused += faults
            return {"error": "invalid_arguments"}
        self.homes[args["user_id"]] = args["view"]
        return {}

    def _reactions_add(self, args: Args) -> Args:
        self.reactions.append(args)
        return {}

    async def _hook(self, request: web.Request) -> web.StreamResponse:
        hook = self.hooks[request.match_info["name"]]
        args = await request.json()
        self.calls.append(Call("response_url", args, ""))
        self.before(self.calls[-1])
        fault = self._fault("response_url", args)
        if fault is not None and not fault.after:
            return await self._fail(request, fault)
        if hook.expired or hook.uses >= limits.RESPONSE_URL_USES:
            return web.Response(status=404, text="used_url" if not hook.expired else "expired_url")
        shape = limits.broken(args.get("blocks") or [], args.get("text") or "…")
        if shape:
            self.refused += shape
            return web.Response(status=400, text="invalid_blocks")
        hook.uses += 1
        hook.sent.append(args)
        self._changed.set()
        return await self._fail(request, fault) if fault is not None else web.Response(text="ok")

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self._changed.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                answer = json.loads(message.data)
                self.acked[answer["envelope_id"]] = answer.get("payload")
                self._acks[answer["envelope_id"]].set()
        return socket


_SCOPES = "commands,chat:write,chat:write.public,app_mentions:read,reactions:read,reactions:write,files:write"


async def _args(request: web.Request) -> Args:
    """Merge query and body, for the SDK sends most arguments in either; JSON in them is read."""
    args: Args = dict(request.query)
    if request.content_type == "application/json":
        args |= await request.json()
    elif request.method == "POST":
        args |= dict(await request.post())
    if request.headers.get("Authorization", "").startswith("Basic "):
        known = BasicAuth.decode(request.headers["Authorization"])
        args |= {"client_id": known.login, "client_secret": known.password}
    for name in ("blocks", "metadata", "view", "files"):
        if isinstance(args.get(name), str):
            args[name] = json.loads(args[name])
    return args


def _token(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _envelope(payload: Args) -> str:
    if payload.get("type") == "event_callback":
        return "events_api"
    return "slash_commands" if "command" in payload else "interactive"


def text_of(message: Args) -> str:
    """Return all words of a message as people see them."""
    parts: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if value.get("type") in {"mrkdwn", "plain_text"}:
                parts.append(value["text"])
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(message.get("blocks") or [])
    return "\n".join(parts or [message.get("text", "")])
