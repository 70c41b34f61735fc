"""A whole file from ``/contents/{path}`` in the raw media type. Pure.

https://docs.github.com/en/rest/repos/contents#get-repository-content
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from adapters.github import limits
from adapters.github.answer import Answer


def contents_path(owner: str, repo: str, path: str) -> str:
    """Return where the file is asked for; a path is hostile data and cannot leave its place."""
    safe = "/".join(quote(part, safe="") for part in path.split("/") if part not in {"", ".", ".."})
    return f"/repos/{owner}/{repo}/contents/{safe}"


def text_of(answer: Answer) -> str | None:
    """Return the text, or ``None`` for a folder, a submodule, a binary file or one that is too large.

    A folder is told in JSON whatever was asked for; some relays answer a file so, too.
    """
    body = answer.body
    if answer.headers.get("content-type", "").startswith(("application/json", "application/vnd.github+json")):
        told = _json(body)
        if isinstance(told, list) and any(isinstance(item, Mapping) and "sha" in item for item in told):
            return None
        if isinstance(told, Mapping) and "sha" in told and "type" in told:
            decoded = _decoded(told)
            if decoded is None:
                return None
            body = decoded
    if len(body) > limits.MAX_WHOLE_FILE_BYTES or b"\0" in body[:8000]:
        return None
    return body.decode("utf-8", "replace")


def _decoded(told: Mapping[str, Any]) -> bytes | None:
    if told.get("type") != "file" or told.get("encoding") != "base64":
        return None
    try:
        return base64.b64decode("".join(str(told.get("content")).split()), validate=True)
    except (ValueError, binascii.Error):
        return None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
