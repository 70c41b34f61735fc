"""Front matter: written as the other log's format likes it, and read as data (never as objects)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import tomli_w
import yaml

MARK = "roast_bot"
"""The field that says whose file it is, and of which roast."""


@dataclass(frozen=True, slots=True)
class Format:
    """Where a generator keeps its posts, what it calls a date, and what else its posts need."""

    folder: str
    kinds: tuple[str, ...]
    date: str
    more: tuple[tuple[str, Any], ...] = ()


FORMATS = {
    "hugo": Format("content/posts", ("toml", "yaml"), "date"),
    "jekyll": Format("_posts", ("yaml",), "date", (("layout", "post"), ("render_with_liquid", False))),
    "astro": Format("src/content/blog", ("yaml", "toml"), "pubDate"),
    "mkdocs": Format("docs/blog/posts", ("yaml",), "date"),
}


def write(kind: str, fields: dict[str, Any]) -> str:
    """Return the head of a file, its fences included."""
    if kind == "toml":
        return f"+++\n{tomli_w.dumps(fields)}+++\n"
    body = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=1_000_000)
    return f"---\n{body}---\n"


def read(text: str) -> dict[str, Any]:
    """Return the fields of a file's head; nothing where it has none or nobody can read it."""
    text = text.lstrip("\ufeff")
    for fence, load in (("+++", tomllib.loads), ("---", yaml.safe_load)):
        if text.startswith((f"{fence}\n", f"{fence}\r\n")):
            body, found, _ = text[len(fence) :].partition(f"\n{fence}")
            if not found or len(body) > 100_000:
                return {}
            try:
                kept = load(body)
            except (tomllib.TOMLDecodeError, yaml.YAMLError, ValueError, RecursionError):
                return {}
            return kept if isinstance(kept, dict) else {}
    return {}


def fields_of(form: Format, *, when: datetime, **known: Any) -> dict[str, Any]:
    """Return the fields in the order in which people like to read them."""
    known_ = {name: value for name, value in known.items() if value not in ("", [])}
    return {"title": known_.pop("title"), form.date: when.replace(microsecond=0), **known_, **dict(form.more)}
