"""Slack's figures, under Slack's names, and what is wrong with a message that breaks them.

``slack_sdk``'s own validation misses the number of blocks, long buttons, repeated ids and empty texts, so all of it is
looked at here. https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

BLOCKS_PER_MESSAGE = 50
BLOCKS_PER_VIEW = 100
SECTION_TEXT = 3000
SECTION_FIELDS = 10
SECTION_FIELD_TEXT = 2000
HEADER_TEXT = 150
CONTEXT_ELEMENTS = 10
CONTEXT_TEXT = 2000
ACTIONS_ELEMENTS = 25
BLOCK_ID = 255
ACTION_ID = 255
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
BUTTON_URL = 3000
ALT_TEXT = 2000
OPTION_TEXT = 75
OPTION_VALUE = 150
OVERFLOW_OPTIONS = 5
SELECT_OPTIONS = 100
RADIO_OPTIONS = 10
LABEL_TEXT = 2000
VIEW_TITLE = 24
PRIVATE_METADATA = 3000
TEXT_WANTED = 4000
TEXT_CUT = 40_000

RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 30 * 60
ACK_SECONDS = 3
POST_EVERY_SECONDS = 1.0

_TEXTS = {"header": HEADER_TEXT, "section": SECTION_TEXT, "button": BUTTON_TEXT, "input": LABEL_TEXT}
_OPTIONS = {"overflow": OVERFLOW_OPTIONS, "static_select": SELECT_OPTIONS, "radio_buttons": RADIO_OPTIONS}

Block = Mapping[str, Any]


def broken(blocks: Sequence[Block], text: str = "fallback", *, most: int = BLOCKS_PER_MESSAGE) -> list[str]:
    """Return every rule that a message's blocks and its fallback text break, in words; an empty list is a clean one."""
    faults = [f"{len(blocks)} blocks"] if len(blocks) > most else []
    faults += _length("fallback text", text, TEXT_WANTED)
    ids = [one["block_id"] for one in blocks if "block_id" in one]
    faults += ["a block_id twice"] if len(ids) != len(set(ids)) else []
    for block in blocks:
        faults += [*_length("block_id", block.get("block_id", "x"), BLOCK_ID), *_block(block)]
    return faults


def broken_view(view: Mapping[str, Any]) -> list[str]:
    """Return every rule that a modal or a home tab breaks."""
    faults = broken(view["blocks"], most=BLOCKS_PER_VIEW)
    if view["type"] == "modal":
        for name in ("title", "submit", "close"):
            if name in view:
                faults += _length(name, view[name]["text"], VIEW_TITLE)
    if len(view.get("private_metadata", "")) > PRIVATE_METADATA:
        faults.append("private_metadata too long")
    return faults


def _block(block: Block) -> Iterator[str]:
    kind = block["type"]
    if kind == "section":
        yield from _section(block)
    elif kind == "context":
        yield from _many("context elements", block["elements"], CONTEXT_ELEMENTS)
        for element in block["elements"]:
            yield from _length("context text", element["text"], CONTEXT_TEXT)
    elif kind == "actions":
        yield from _many("actions elements", block["elements"], ACTIONS_ELEMENTS)
        ids = [element["action_id"] for element in block["elements"]]
        if len(ids) != len(set(ids)):
            yield "an action_id twice"
        for element in block["elements"]:
            yield from _element(element)
    elif kind in {"header", "input"}:
        yield from _length(kind, block["text" if kind == "header" else "label"]["text"], _TEXTS[kind])
        if kind == "input":
            yield from _element(block["element"])
    elif kind == "image":
        yield from _length("alt text", block["alt_text"], ALT_TEXT)


def _section(block: Block) -> Iterator[str]:
    if "text" not in block and not block.get("fields"):
        yield "a section without text"
    if "text" in block:
        yield from _length("section text", block["text"]["text"], SECTION_TEXT)
    if "fields" in block:
        yield from _many("section fields", block["fields"], SECTION_FIELDS)
        for field in block["fields"]:
            yield from _length("field text", field["text"], SECTION_FIELD_TEXT)
    if "accessory" in block:
        yield from _element(block["accessory"])


def _element(element: Block) -> Iterator[str]:
    yield from _length("action_id", element.get("action_id", "x"), ACTION_ID)
    if element["type"] == "button":
        yield from _length("button text", element["text"]["text"], BUTTON_TEXT)
        yield from _length("button value", element.get("value", "x"), BUTTON_VALUE)
        yield from _length("button url", element.get("url", "x"), BUTTON_URL)
    if element["type"] in _OPTIONS:
        yield from _many("options", element["options"], _OPTIONS[element["type"]])
        for option in element["options"]:
            yield from _length("option text", option["text"]["text"], OPTION_TEXT)
            yield from _length("option value", option["value"], OPTION_VALUE)


def _length(name: str, text: str, most: int) -> list[str]:
    if not text.strip():
        return [f"{name}: empty"]
    return [f"{name}: {len(text)} of {most} characters"] if len(text) > most else []


def _many(name: str, items: Sequence[Any], most: int) -> list[str]:
    if not items:
        return [f"{name}: none"]
    return [f"{name}: {len(items)} of {most}"] if len(items) > most else []
