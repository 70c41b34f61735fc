"""The form for an appeal, and answers shown as a window where there is no conversation to show them in. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.slack import limits, render
from adapters.slack.blocks import Block, fitted, option, plain_text
from bot.card import CardExhibit
from bot.display import cut
from bot.ports_messenger import Answer
from bot.records import Ground

APPEAL = "appeal_form"
_GROUNDS = {
    Ground.WRONG: "It is wrong: it does not say what is there",
    Ground.UNFAIR: "It is unfair: true, but it should not be held against anybody",
    Ground.FIXED: "It is fixed by now",
}


def appeal(number: int, exhibits: Sequence[CardExhibit], channel: str, thread: str) -> Block:
    """Return the form: which line, and why. It carries the roast's number and the conversation it is about."""
    kept = json.dumps({"verdict": number, "channel": channel, "thread": thread})
    if not exhibits:
        return answer(Answer(text="There is no line left in it to appeal against."))
    lines = [option(f"{one.id}: {one.text}", one.id) for one in exhibits[: limits.SELECT_OPTIONS]]
    grounds = [option(words, ground.value) for ground, words in _GROUNDS.items()]
    return {
        "type": "modal",
        "callback_id": APPEAL,
        "private_metadata": kept,
        "title": plain_text("Appeal", limits.VIEW_TITLE),
        "submit": plain_text("Look again", limits.VIEW_TITLE),
        "close": plain_text("Never mind", limits.VIEW_TITLE),
        "blocks": [
            {
                "type": "input",
                "block_id": "exhibit",
                "label": plain_text("Which line?", limits.LABEL_TEXT),
                "element": {"type": "static_select", "action_id": "exhibit", "options": lines},
            },
            {
                "type": "input",
                "block_id": "ground",
                "label": plain_text("What is the matter with it?", limits.LABEL_TEXT),
                "element": {"type": "radio_buttons", "action_id": "ground", "options": grounds},
            },
        ],
    }


def appealed(view: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return what a submitted form says: the words of the command, the channel, the thread."""
    kept = json.loads(view["private_metadata"])
    chosen = {
        name: (view["state"]["values"].get(name, {}).get(name, {}).get("selected_option") or {}).get("value", "")
        for name in ("exhibit", "ground")
    }
    return f"appeal {int(kept['verdict'])} {chosen['exhibit']} {chosen['ground']}", kept["channel"], kept["thread"]


def answer(said: Answer) -> Block:
    """Return an answer as a window."""
    drawn = render.answer(said.model_copy(update={"title": ""}))
    return {
        "type": "modal",
        "title": plain_text(cut(said.title, limits.VIEW_TITLE) or "Roast", limits.VIEW_TITLE),
        "close": plain_text("Close", limits.VIEW_TITLE),
        "blocks": fitted(drawn.blocks, limits.BLOCKS_PER_VIEW),
    }
