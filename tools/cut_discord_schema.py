"""Cut Discord's OpenAPI description down to the requests that the bot makes: ``… openapi.json LICENSE COMMIT``.

The two files are those of https://github.com/discord/discord-api-spec at that commit. Kept is the schema of each
request's body, and what these schemas rest on; it goes to ``tests/fakes/discord_openapi.json``, with its licence.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

KEPT = Path(__file__).resolve().parent.parent / "tests" / "fakes" / "discord_openapi.json"
REF = "#/components/schemas/"
_MESSAGE, _HOOK = "/channels/{channel_id}/messages", "/webhooks/{webhook_id}/{webhook_token}"
REQUESTS = {
    "create_message": ("post", _MESSAGE),
    "update_message": ("patch", f"{_MESSAGE}/{{message_id}}"),
    "create_thread_from_message": ("post", f"{_MESSAGE}/{{message_id}}/threads"),
    "execute_webhook": ("post", _HOOK),
    "update_webhook_message": ("patch", f"{_HOOK}/messages/{{message_id}}"),
    "create_interaction_response": ("post", "/interactions/{interaction_id}/{interaction_token}/callback"),
    "bulk_set_application_commands": ("put", "/applications/{application_id}/commands"),
    "create_dm": ("post", "/users/@me/channels"),
    "update_channel": ("patch", "/channels/{channel_id}"),
}


def main(openapi: str, licence: str, commit: str) -> None:
    """Cut and keep."""
    whole = json.loads(Path(openapi).read_text(encoding="utf-8"))
    requests = {
        name: whole["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
        for name, (method, path) in REQUESTS.items()
    }
    every, wanted = whole["components"]["schemas"], set(refs(requests))
    while missing := {one for name in wanted for one in refs(every[name])} - wanted:
        wanted |= missing
    cut = {
        "source": f"https://github.com/discord/discord-api-spec, specs/openapi.json at {commit}, cut down",
        "licence": Path(licence).read_text(encoding="utf-8"),
        "requests": requests,
        "components": {"schemas": {name: every[name] for name in sorted(wanted)}},
    }
    KEPT.write_text(f"{json.dumps(cut, indent=1, ensure_ascii=False)}\n", encoding="utf-8")
    print(f"{len(wanted)} of {len(every)} schemas, {KEPT.stat().st_size // 1000} kB")


def refs(node: Any) -> Iterator[str]:
    """Return the names of the schemas that something refers to."""
    if isinstance(node, dict):
        if str(node.get("$ref", "")).startswith(REF):
            yield node["$ref"].removeprefix(REF)
        for value in node.values():
            yield from refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from refs(value)


if __name__ == "__main__":
    main(*sys.argv[1:])
