"""The head of a Markdown post (front matter), read as data. Pure.

::

    ---
    title: On soup
    date: 2026-05-20
    draft: false
    ---
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import yaml

from bot.display import cut
from bot.feeds import Published

_LONGEST = 8_000
_YAML = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"\A\ufeff?\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*$", re.DOTALL | re.MULTILINE)
_DATES = ("date", "published", "publishdate", "pubdate", "created")


def post_of(text: str, path: str) -> Published | None:
    """Return the post in a file; nothing for a draft, for a file without a date, or for what cannot be read."""
    head = _head(text[:_LONGEST].replace("\r\n", "\n"))
    if head is None or head.get("draft") is True or head.get("published") is False:
        return None
    at = next((moment for name in _DATES if (moment := _moment(head.get(name)))), None)
    name = path.rsplit("/", 1)[-1]
    at = at or _moment(name[:10])
    return Published(title=cut(str(head.get("title") or name), 120), at=at) if at else None


def _head(text: str) -> Mapping[str, Any] | None:
    try:
        if found := _YAML.match(text):
            read = yaml.safe_load(found[1])
        elif found := _TOML.match(text):
            read = tomllib.loads(found[1])
        else:
            return None
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError):
        return None
    return {str(name).casefold(): value for name, value in read.items()} if isinstance(read, dict) else None


def _moment(value: Any) -> datetime | None:
    """Return a time; a day alone is its noon in UTC, so that no time zone moves it out of its week."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(12), UTC)
    if not isinstance(value, str):
        return None
    try:
        if len(value.strip()) == 10:
            return _moment(date.fromisoformat(value.strip()))
        return _moment(datetime.fromisoformat(value.strip()))
    except ValueError:
        return None
