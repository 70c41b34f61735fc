"""Slack's Web API with the right patience for each call: what may be repeated is, what may not is looked for first."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.faults import CALLS, Fault, code_of, fault_of
from adapters.slack.render import Drawn

log = structlog.get_logger(__name__)

METADATA = "roast_bot_message"
_QUIET = {"unfurl_links": False, "unfurl_media": False, "link_names": False, "parse": "none"}
_LOOKED_THROUGH = 100

Spot = tuple[str, str]
"""A message: its conversation's id and its ``ts``."""


class PatientRetry(AsyncRateLimitErrorRetryHandler):
    """Waits as long as Slack asks, where that is not longer than anybody would wait for an answer."""

    def __init__(self, patience: float) -> None:
        super().__init__(max_retry_count=3)
        self._patience = patience

    async def _can_retry_async(self, *, response: Any = None, **rest: Any) -> bool:
        if not await super()._can_retry_async(response=response, **rest):
            return False
        asked = next((value for name, value in response.headers.items() if name.lower() == "retry-after"), "1")
        asked = asked[0] if isinstance(asked, list) else asked
        log.warning("Slack asks to wait", code="ratelimited", seconds=str(asked)[:10])
        return str(asked).isdecimal() and int(asked) <= self._patience


class Wire:
    """The calls that a messenger makes. Every method raises ``faults.CALLS``, once its patience is over.

    ``pauses`` lie between attempts at what may be repeated; ``patience`` bounds a Retry-After in seconds.
    """

    def __init__(
        self,
        token: str,
        base_url: str,
        *,
        pauses: Sequence[float] = (0.5, 2.0),
        timeout: int = 10,
        patience: float = 60,
    ) -> None:
        self._token, self._base_url = token, base_url.rstrip("/") + "/"
        self._pauses, self._timeout, self._patience = pauses, timeout, patience
        self._waits: list[AsyncRetryHandler] = [PatientRetry(patience)]
        self._session: aiohttp.ClientSession | None = None
        self.takes_files = True
        self.client = self.a_client([*self._waits, AsyncConnectionErrorRetryHandler()])
        self._once = self.a_client(self._waits)
        self._hasty = self.a_client([])

    async def of(self, workspace: str) -> Wire:  # noqa: ARG002 - one token serves whatever Slack sends it
        """Return itself: see ``adapters.slack.workspaces.Wires``."""
        return self

    def a_client(self, handlers: list[AsyncRetryHandler]) -> AsyncWebClient:
        """Return a client that retries what these say."""
        return AsyncWebClient(
            token=self._token, base_url=self._base_url, timeout=self._timeout, retry_handlers=handlers
        )

    def for_token(self, token: str) -> Wire:
        """Return a wire with another token and the same patience, over the same connections."""
        made = Wire(token, self._base_url, pauses=self._pauses, timeout=self._timeout, patience=self._patience)
        made._use(self._session)
        return made

    def open(self) -> None:
        """Keep connections from now on. Needs a running loop."""
        self._use(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._timeout), trust_env=True))

    async def close(self) -> None:
        """Let go of them."""
        session = self._session
        self._use(None)
        if session is not None:
            await session.close()

    def _use(self, session: aiohttp.ClientSession | None) -> None:
        self._session = session
        for client in (self.client, self._once, self._hasty):
            client.session = session

    async def post(self, channel: str, drawn: Drawn, names: Mapping[str, str], thread: str = "") -> Spot:
        """Post a message that carries ``names``, once: where Slack did not say whether it took it, it is looked for.

        Where it cannot be looked for either it is not sent again.
        """
        try:
            return await self._post(channel, drawn, names, thread)
        except CALLS as error:
            if fault_of(error) is not Fault.DOWN or not self._pauses:
                raise
            log.warning("Slack did not say whether it took a message", code=code_of(error), channel=channel)
            await asyncio.sleep(self._pauses[-1])
            try:
                found = await self.find(channel, names, thread)
            except CALLS:
                raise error from None
            return found or await self._post(channel, drawn, names, thread)

    async def _post(self, channel: str, drawn: Drawn, names: Mapping[str, str], thread: str) -> Spot:
        more: dict[str, Any] = {"channel": channel, "metadata": _metadata(names), **_QUIET}
        if thread:
            more["thread_ts"] = thread

        async def send(content: dict[str, Any]) -> Any:
            return await self._once.chat_postMessage(**more, **content)

        sent = await _shaped(send, drawn)
        return str(sent["channel"]), str(sent["ts"])

    async def edit(self, spot: Spot, drawn: Drawn, names: Mapping[str, str] | None = None) -> None:
        """Put other content into a message; may be repeated, and is."""
        more: dict[str, Any] = {"channel": spot[0], "ts": spot[1], "link_names": False, "parse": "none"}
        if names:
            more["metadata"] = _metadata(names)

        async def send(content: dict[str, Any]) -> Any:
            return await self.client.chat_update(**more, **content)

        await self._repeated(lambda: _shaped(send, drawn))

    async def nudge(self, spot: Spot, drawn: Drawn) -> None:
        """Edit once, without waiting: for what is an extra."""
        await self._hasty.chat_update(channel=spot[0], ts=spot[1], parse="none", **drawn.arguments)

    async def delete(self, spot: Spot) -> None:
        """Delete a message of ours."""
        await self._repeated(lambda: self.client.chat_delete(channel=spot[0], ts=spot[1]))

    async def whisper(self, channel: str, user: str, drawn: Drawn, thread: str = "") -> None:
        """Tell one person something in a conversation that others read."""
        more: dict[str, Any] = {"channel": channel, "user": user, "link_names": False, "parse": "none"}
        if thread:
            more["thread_ts"] = thread

        async def send(content: dict[str, Any]) -> Any:
            return await self._once.chat_postEphemeral(**more, **content)

        await _shaped(send, drawn)

    async def respond(self, url: str, drawn: Drawn, *, in_channel: bool = False, replace: bool = False) -> None:
        """Use an answer's own address: five times within half an hour, without any token."""
        if not url:
            raise said_no("response_url_expired")
        webhook = AsyncWebhookClient(
            url, timeout=self._timeout, session=self._session, retry_handlers=self._waits, trust_env_in_session=True
        )
        more = {
            "response_type": "in_channel" if in_channel else "ephemeral",
            "replace_original": replace,
            "unfurl_links": False,
            "unfurl_media": False,
        }

        async def send(content: dict[str, Any]) -> Any:
            response = await webhook.send_dict({**content, **more})
            if response.status_code != 200 or _refusal(response.body):
                code = _refusal(response.body) or f"status {response.status_code}"
                raise said_no("response_url_expired" if response.status_code == 404 else code)
            return response

        await _shaped(send, drawn)

    async def find(self, channel: str, names: Mapping[str, str], thread: str = "") -> Spot | None:
        """Return our own message of a conversation (of a thread) that carries one of ``names``."""
        more: dict[str, Any] = {"channel": channel, "include_all_metadata": True, "limit": _LOOKED_THROUGH}
        if thread:
            found = await self.client.conversations_replies(ts=thread, **more)
        else:
            found = await self.client.conversations_history(**more)
        wanted = {name for name in names.values() if name}
        for message in found.get("messages") or []:
            metadata = message.get("metadata") or {}
            carried = metadata.get("event_payload") or {}
            if metadata.get("event_type") == METADATA and wanted & set(map(str, carried.values())):
                return channel, str(message["ts"])
        return None

    async def adorn(self, spot: Spot, drawn: Drawn, names: Mapping[str, str]) -> bool:
        """Edit for an extra; return whether Slack took the blocks. A message never loses its blocks for one."""
        try:
            await self.client.chat_update(
                channel=spot[0], ts=spot[1], parse="none", metadata=_metadata(names), **drawn.arguments
            )
        except SlackApiError as error:
            if fault_of(error) is not Fault.SHAPE:
                raise
            return False
        return True

    async def keep_file(self, content: bytes, name: str, alt: str) -> str:
        """Upload a file that is shown nowhere yet; return its id."""
        return _file_of(await self.client.files_upload_v2(content=content, filename=name, title=alt, alt_txt=alt))

    async def upload(self, spot: Spot, picture: bytes, name: str, alt: str) -> str:
        """Put a picture into the thread of a message; return the file's id."""
        sent = await self.client.files_upload_v2(
            channel=spot[0], thread_ts=spot[1], content=picture, filename=name, title=alt, alt_txt=alt
        )
        return _file_of(sent)

    async def react(self, spot: Spot, emoji: str) -> None:
        """Put a reaction of ours under a message."""
        with contextlib.suppress(*CALLS):
            await self.client.reactions_add(channel=spot[0], timestamp=spot[1], name=emoji)

    async def _repeated(self, call: Callable[[], Awaitable[Any]]) -> Any:
        for pause in self._pauses:
            try:
                return await call()
            except CALLS as error:
                if fault_of(error) is not Fault.DOWN:
                    raise
                log.warning("Slack is down or late", code=code_of(error))
                await asyncio.sleep(pause)
        return await call()


async def _shaped(send: Callable[[dict[str, Any]], Awaitable[Any]], drawn: Drawn) -> Any:
    """Send the blocks; send the bare words where Slack finds fault with them."""
    try:
        return await send(drawn.arguments)
    except SlackApiError as error:
        if fault_of(error) is not Fault.SHAPE:
            raise
        log.exception("Slack refused the blocks of a message", code=code_of(error), blocks=len(drawn.blocks))
        return await send(drawn.bare)


def _file_of(sent: Any) -> str:
    return str((sent.get("files") or [{}])[0].get("id") or "")


def said_no(code: str) -> SlackApiError:
    """Return an error as Slack would have given it."""
    return SlackApiError(code, {"error": code})  # type: ignore[no-untyped-call]


def _metadata(names: Mapping[str, str]) -> dict[str, Any]:
    return {"event_type": METADATA, "event_payload": dict(names)}


def _refusal(body: str) -> str:
    """Return the error in an answer that says "ok" or {"ok": true} when all is well."""
    words = body.strip()
    if words.startswith("{"):
        return words.partition('"error":"')[2].partition('"')[0]
    return "" if words in {"", "ok"} else words[:60]
