"""What Discord's own OpenAPI description says of a request: ``discord_openapi.json``, cut by ``tools/cut_discord_schema.py``.

Fields that the description does not name are faults here, so that a slip of the pen is one too.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

WHOLE = json.loads(Path(__file__).with_name("discord_openapi.json").read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = WHOLE["components"]["schemas"]
ROUTES = (
    ("POST", r"channels/\d+/messages", "create_message"),
    ("PATCH", r"channels/\d+/messages/\d+", "update_message"),
    ("POST", r"channels/\d+/messages/\d+/threads", "create_thread_from_message"),
    ("POST", r"webhooks/\d+/[^/]+", "execute_webhook"),
    ("PATCH", r"webhooks/\d+/[^/]+/messages/(?:@original|\d+)", "update_webhook_message"),
    ("POST", r"interactions/\d+/[^/]+/callback", "create_interaction_response"),
    ("PUT", r"applications/\d+/commands", "bulk_set_application_commands"),
    ("POST", r"users/@me/channels", "create_dm"),
    ("PATCH", r"channels/\d+", "update_channel"),
)
UNNAMED = {
    "ApplicationCommandUpdateRequest": {"nsfw": {"type": ["boolean", "null"]}},  # Discord's pages name it
    "RichEmbed": {"flags": {"type": "integer"}},  # the same
    "IncomingWebhookUpdateRequestPartial": {"tts": {"const": False}},  # discord.py sends it with every edit
    "MessageEditRequestPartial": {"tts": {"const": False}},  # the same
    "CreatePrivateChannelRequest": {"recipient_id": {"type": ["integer", "string"]}},  # ids may come as numbers
    "MessageAttachmentRequest": {"id": {"type": ["integer", "string"]}},  # the same
}
"""What is sent besides, or otherwise, and is taken by Discord all the same."""
BODILESS = r"(?:GET|DELETE) .*|PUT channels/\d+/messages/\d+/reactions/.*|POST .*/typing"


def operation(method: str, path: str) -> str:
    """Return what a request is called there, or nothing where it carries nothing that could be checked."""
    path = path.partition("?")[0].strip("/")
    found = next((name for verb, form, name in ROUTES if verb == method and re.fullmatch(form, path)), "")
    assert found or re.fullmatch(BODILESS, f"{method} {path}"), f"no schema is kept for {method} {path}"
    return found


def faults(name: str, body: Any) -> list[str]:
    """Return what is wrong with the body of a request, by the name that the description has for it."""
    return [
        f"{name}: {'/'.join(map(str, one.instance_path))}: {one.message[:300]}" for one in _of(name).iter_errors(body)
    ]


def faults_of(method: str, path: str, body: Any) -> list[str]:
    """Return what is wrong with a request."""
    name = operation(method, path)
    return faults(name, _ids_as_text(body)) if name else []


def _ids_as_text(body: Any) -> Any:
    """Return a body with the ids as text that Discord takes as numbers, too, and discord.py sends as such."""
    if not isinstance(body, dict):
        return body
    told = dict(body)
    if isinstance(told.get("message_reference"), dict):
        told["message_reference"] = {
            key: str(value) if key.endswith("_id") else value for key, value in told["message_reference"].items()
        }
    if isinstance(told.get("allowed_mentions"), dict) and "users" in told["allowed_mentions"]:
        told["allowed_mentions"] = told["allowed_mentions"] | {"users": [*map(str, told["allowed_mentions"]["users"])]}
    return told


@cache
def _of(name: str) -> Any:
    schemas = _closed(SCHEMAS)
    for one, fields in UNNAMED.items():
        schemas[one]["properties"] |= fields
    return jsonschema_rs.validator_for({**WHOLE["requests"][name], "components": {"schemas": schemas}})


def _closed(node: Any) -> Any:
    """Return a schema whose objects have the fields that they name and no others."""
    if isinstance(node, list):
        return [_closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(value) for key, value in node.items()}
    return {"additionalProperties": False, **closed} if isinstance(node.get("properties"), dict) else closed
