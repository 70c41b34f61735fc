"""Discord's figures, under Discord's names, what is wrong with a message that breaks them, and the rights it takes.

Lengths are counted in UTF-16 units, as Discord's own clients do: never fewer than the API counts.
https://discord.com/developers/docs/resources/message#embed-object-embed-limits
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

CONTENT = 2000
EMBEDS = 10
EMBEDS_TOTAL = 6000
EMBED_TITLE = 256
EMBED_DESCRIPTION = 4096
EMBED_FIELDS = 25
EMBED_FIELD_NAME = 256
EMBED_FIELD_VALUE = 1024
EMBED_FOOTER = 2048
EMBED_AUTHOR = 256
ACTION_ROWS = 5
BUTTONS_PER_ROW = 5
BUTTON_LABEL = 80
CUSTOM_ID = 100
SELECT_OPTIONS = 25
PLACEHOLDER = 150
OPTION_LABEL = 100
OPTION_VALUE = 100
OPTION_DESCRIPTION = 100
MODAL_TITLE = 45
MODAL_LABEL = 45
CHOICES = 25
CHOICE_NAME = 100
CHOICE_VALUE = 100
THREAD_NAME = 100
NONCE = 25
ATTACHMENT_BYTES = 10 * 1024 * 1024

INTERACTION_ANSWER_SECONDS = 3.0
INTERACTION_TOKEN_SECONDS = 15 * 60.0

PERMISSIONS: Mapping[str, str] = {
    "view_channel": "seeing the channels that it answers in",
    "send_messages": "digests, and answers that outlived Discord's fifteen minutes",
    "send_messages_in_threads": "the same in threads",
    "create_public_threads": "the full roast in a thread of its own",
    "embed_links": "cards",
    "attach_files": "the picture on a card",
    "read_message_history": "finding its own digest again after a crash",
    "add_reactions": "putting reactions under a card, where that is set",
}
"""The permissions that the invite asks for, and what each of them is for; there are no others."""

NEEDED = ("View Channel", "Send Messages", "Embed Links", "Read Message History")
"""Those without which no digest is posted, by the names that people know: the others make one poorer."""

Json = Mapping[str, Any]


def size(text: str) -> int:
    """Return how long Discord may find a text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def weight(embed: Json) -> int:
    """Return what an embed counts towards ``EMBEDS_TOTAL``."""
    texts = [embed.get("title", ""), embed.get("description", "")]
    texts += [embed.get("footer", {}).get("text", ""), embed.get("author", {}).get("name", "")]
    texts += [part for one in embed.get("fields", ()) for part in (one["name"], one["value"])]
    return sum(size(text) for text in texts)


def broken(content: str = "", embeds: Sequence[Json] = (), components: Sequence[Json] = ()) -> list[str]:
    """Return every rule that a message breaks, in words; an empty list is a clean one."""
    faults = [*_at_most("content", size(content), CONTENT), *_at_most("embeds", len(embeds), EMBEDS)]
    faults += _at_most("all embeds", sum(weight(one) for one in embeds), EMBEDS_TOTAL)
    if not (content.strip() or embeds):
        faults.append("an empty message")
    for embed in embeds:
        faults += _embed(embed)
    return [*faults, *_components(components)]


def _embed(embed: Json) -> Iterator[str]:
    for name, most in (("title", EMBED_TITLE), ("description", EMBED_DESCRIPTION)):
        yield from _at_most(name, size(embed.get(name, "")), most)
    yield from _at_most("footer", size(embed.get("footer", {}).get("text", "")), EMBED_FOOTER)
    yield from _at_most("author", size(embed.get("author", {}).get("name", "")), EMBED_AUTHOR)
    fields = embed.get("fields", ())
    yield from _at_most("fields", len(fields), EMBED_FIELDS)
    for one in fields:
        yield from _text("field name", one["name"], EMBED_FIELD_NAME)
        yield from _text("field value", one["value"], EMBED_FIELD_VALUE)
    if not weight(embed) and not embed.get("image"):
        yield "an empty embed"


def _components(rows: Sequence[Json]) -> Iterator[str]:
    yield from _at_most("action rows", len(rows), ACTION_ROWS)
    parts = [part for row in rows for part in row["components"]]
    ids = [part["custom_id"] for part in parts if "custom_id" in part]
    if len(ids) != len(set(ids)):
        yield "a custom_id twice"
    for row in rows:
        yield from _at_most("buttons in a row", len(row["components"]), BUTTONS_PER_ROW)
        if not row["components"]:
            yield "an empty row"
    for part in parts:
        yield from _text("custom_id", part.get("custom_id", "x"), CUSTOM_ID)
        yield from _text("button label", part.get("label", "x"), BUTTON_LABEL)
        options = part.get("options", ())
        yield from _at_most("options", len(options), SELECT_OPTIONS)
        for option in options:
            yield from _text("option label", option["label"], OPTION_LABEL)
            yield from _text("option value", option["value"], OPTION_VALUE)


def _text(name: str, text: str, most: int) -> list[str]:
    return _at_most(name, size(text), most) if text.strip() else [f"{name}: empty"]


def _at_most(name: str, count: int, most: int) -> list[str]:
    return [f"{name}: {count} of {most}"] if count > most else []
