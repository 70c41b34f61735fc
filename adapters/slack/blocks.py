"""The few Block Kit shapes that are used here, each cut to Slack's limits. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from adapters.slack import limits
from adapters.slack.escape import inert
from bot.display import cut

Block = dict[str, Any]


def plain_text(text: str, most: int) -> Block:
    """Return a text that Slack shows as it is, emoji names included."""
    return {"type": "plain_text", "text": inert(cut(text, most))[:most] or "…", "emoji": False}


def mrkdwn(markup: str) -> Block:
    """Return marked-up text, already escaped; Slack looks for no bare links or names in it."""
    return {"type": "mrkdwn", "text": markup, "verbatim": True}


def header(text: str) -> Block:
    """Return a headline."""
    return {"type": "header", "text": plain_text(text, limits.HEADER_TEXT)}


def image(file: str, alt: str) -> Block:
    """Return a picture that was uploaded before."""
    return {"type": "image", "slack_file": {"id": file}, "alt_text": inert(cut(alt, limits.ALT_TEXT)) or "…"}


def context(*elements: Block) -> Block:
    """Return a line in small letters."""
    return {"type": "context", "elements": list(elements[: limits.CONTEXT_ELEMENTS])}


def small(markup: Iterable[str]) -> list[Block]:
    """Return pieces of markup in small letters, as few blocks as hold them."""
    return [context(mrkdwn(text)) for text in packed(markup, limits.CONTEXT_TEXT, " · ")]


def sections(markup: Iterable[str], between: str = "\n") -> list[Block]:
    """Return pieces of markup as sections, as few as hold them."""
    return [{"type": "section", "text": mrkdwn(text)} for text in packed(markup, limits.SECTION_TEXT, between)]


def packed(pieces: Iterable[str], most: int, between: str = "\n") -> list[str]:
    """Return pieces joined into as few texts of at most ``most`` characters as keep their order."""
    texts: list[str] = []
    for piece in (part for whole in pieces for part in _short_enough(whole, most)):
        if texts and len(texts[-1]) + len(between) + len(piece) <= most:
            texts[-1] += between + piece
        elif piece.strip():
            texts.append(piece)
    return texts


def _short_enough(markup: str, most: int) -> Iterable[str]:
    """Split markup that is too long between two words, and never inside an entity."""
    while len(markup) > most:
        at = max(markup.rfind(" ", most // 2, most), markup.rfind("\n", most // 2, most))
        if at < 0:
            entity = markup.rfind("&", most - 6, most)
            at = entity if entity > 0 else most
        yield markup[:at]
        markup = markup[at:].lstrip()
    yield markup


def button(label: str, command: str, *, number: int = 0, style: str = "") -> Block:
    """Return a button that says ``command``; ``number`` tells it from the others of its row."""
    made: Block = {
        "type": "button",
        "action_id": f"say_{number}",
        "text": plain_text(label, limits.BUTTON_TEXT),
        "value": command[: limits.BUTTON_VALUE],
    }
    return {**made, "style": style} if style else made


def buttons(pairs: Sequence[tuple[str, str]]) -> list[Block]:
    """Return rows of buttons, label and command each."""
    made = [button(label, command, number=number) for number, (label, command) in enumerate(pairs) if command.strip()]
    step = limits.ACTIONS_ELEMENTS
    return [{"type": "actions", "elements": made[at : at + step]} for at in range(0, len(made), step)]


def option(label: str, value: str) -> Block:
    """Return one choice."""
    return {"text": plain_text(label, limits.OPTION_TEXT), "value": value[: limits.OPTION_VALUE]}


def fitted(blocks: list[Block], most: int = limits.BLOCKS_PER_MESSAGE) -> list[Block]:
    """Return at most so many blocks; where some are left out, the last one says so, and actions are kept."""
    if len(blocks) <= most:
        return blocks
    last = [block for block in blocks if block["type"] == "actions"][-1:]
    kept = blocks[: most - 1 - len(last)]
    return [
        *kept,
        context(plain_text(f"{len(blocks) - len(kept) - len(last)} more parts are left out here.", 100)),
        *last,
    ]
