"""What Slack sends: commands, events, presses, shortcuts, forms, and the signature over HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

TEAM, BOT, CHANNEL, ASKER = "T1", "UBOT", "C1", "U1"
SECRET = "a-signing-secret"

Args = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One call of the Web API as it came, query and body merged."""

    method: str
    args: Args
    token: str


@dataclass
class Fault:
    """What goes wrong with a method (``response_url`` is one too): ``times`` times, or for ever.

    ``after`` does what was asked first, and fails then. ``when`` looks at the arguments.
    """

    method: str
    error: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    times: int | None = None
    after: bool = False
    cut: bool = False
    when: Callable[[Args], bool] = lambda _: True


@dataclass
class Hook:
    """A response URL: its conversation and person, how often it was used, what stands there."""

    channel: str
    user: str
    uses: int = 0
    expired: bool = False
    sent: list[Args] = field(default_factory=list)


class Payloads:
    """Payloads with ids of their own; ``hook`` makes response URLs."""

    _numbers: Iterator[int]

    def hook(self, channel: str, user: str, standing: Args | None = None) -> str:
        """Return a new response URL; the stand-in keeps it."""
        raise NotImplementedError

    def command(self, text: str, *, user: str = ASKER, channel: str = CHANNEL, trigger: str = "", **more: Any) -> Args:
        """Return the payload of a slash command."""
        return {
            "command": "/roast",
            "text": text,
            "team_id": TEAM,
            "team_domain": "acme",
            "channel_id": channel,
            "channel_name": "general",
            "user_id": user,
            "user_name": "bob",
            "api_app_id": "A1",
            "response_url": self.hook(channel, user),
            "trigger_id": trigger or f"trigger.{next(self._numbers)}",
            **more,
        }

    def event(self, kind: str, *, event_id: str = "", team: str = TEAM, **fields: Any) -> Args:
        """Return the payload of an event."""
        number = next(self._numbers)
        ts = f"{1_700_000_000 + number}.000100"
        inner = {"type": kind, "event_ts": ts, **fields}
        if kind == "app_mention":
            inner = {"ts": ts, "user": ASKER, "channel": CHANNEL, **inner}
        return {
            "type": "event_callback",
            "team_id": team,
            "api_app_id": "A1",
            "event_id": event_id or f"Ev{number}",
            "event_time": 1_700_000_000,
            "authorizations": [{"team_id": team, "user_id": BOT, "is_bot": True}],
            "event": inner,
        }

    def press(self, message: Args, label: str, *, user: str = ASKER, trigger: str = "", **more: Any) -> Args:
        """Return the payload of a press on the button (or the choice) with a label, under a message or whisper."""
        action = _action(message["blocks"], label)
        channel = message.get("channel", CHANNEL)
        ephemeral = "ts" not in message
        container = {"type": "message", "channel_id": channel, "is_ephemeral": ephemeral}
        container["message_ts"] = message.get("ts", "1.9")
        return {
            "type": "block_actions",
            "team": {"id": TEAM, "domain": "acme"},
            "user": {"id": user, "team_id": TEAM},
            "api_app_id": "A1",
            "channel": {"id": channel},
            "container": container,
            "message": {key: value for key, value in message.items() if key in {"ts", "thread_ts", "blocks", "text"}},
            "response_url": self.hook(channel, user, standing=message if ephemeral else None),
            "trigger_id": trigger or f"trigger.{next(self._numbers)}",
            "actions": [action],
            **more,
        }

    def shortcut(self, message: Args, *, user: str = ASKER) -> Args:
        """Return the payload of the message shortcut."""
        return {
            "type": "message_action",
            "callback_id": "roast_message",
            "team": {"id": TEAM},
            "user": {"id": user, "team_id": TEAM},
            "channel": {"id": CHANNEL},
            "message": {"ts": "1700000000.000500", **message},
            "response_url": self.hook(CHANNEL, user),
            "trigger_id": f"trigger.{next(self._numbers)}",
        }

    def submit(self, view: Args, *, user: str = ASKER, **chosen: str) -> Args:
        """Return the payload of a submitted form."""
        values = {name: {name: {"selected_option": {"value": value}}} for name, value in chosen.items()}
        return {
            "type": "view_submission",
            "team": {"id": TEAM},
            "user": {"id": user, "team_id": TEAM},
            "trigger_id": f"trigger.{next(self._numbers)}",
            "view": {**view, "id": f"V{next(self._numbers)}", "state": {"values": values}},
        }


def signed(payload: Args, *, secret: str = SECRET, at: float | None = None) -> tuple[bytes, dict[str, str]]:
    """Return a payload as Slack posts it over HTTP: a body and its signed headers."""
    if payload.get("type") == "event_callback":
        body, kind = json.dumps(payload).encode(), "application/json"
    else:
        fields = payload if "command" in payload or "ssl_check" in payload else {"payload": json.dumps(payload)}
        body, kind = urlencode(fields).encode(), "application/x-www-form-urlencoded"
    stamp = str(int(time.time() if at is None else at))
    base = b"v0:" + stamp.encode() + b":" + body
    signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return body, {"content-type": kind, "x-slack-request-timestamp": stamp, "x-slack-signature": signature}


def _action(blocks: list[Args], label: str) -> Args:
    for block in blocks:
        for element in block.get("elements", []) if block["type"] == "actions" else []:
            if element["type"] == "button" and element["text"]["text"] == label:
                return {**element, "block_id": block.get("block_id", "b")}
            for option in element.get("options", []):
                if option["text"]["text"] == label:
                    return {"type": "overflow", "action_id": element["action_id"], "selected_option": option}
    raise AssertionError(f"there is no button “{label}”")
