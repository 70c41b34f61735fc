"""The home tab: what I am, what is subscribed here, your record and settings, what is kept of you. Pure."""

from __future__ import annotations

from adapters.slack import limits
from adapters.slack.blocks import Block, buttons, fitted, header, sections
from adapters.slack.escape import escape, line
from bot.ports_messenger import Answer

_FAIR = "Every line of a roast carries a receipt, and a good pull request is acquitted."
_PRIVACY = (
    "I read a pull request only when somebody asks for a roast of it, and keep the roast, its exhibits and the"
    " reactions to it. Messages of this workspace I do not read, but those that mention me. Whoever does not want to"
    " be roasted is not: one click, and nobody asks why."
)


def view(command: str, digests: Answer, record: Answer, settings: Answer) -> Block:
    """Return the tab. ``command`` is what people type here; the answers are those to digest, me and settings."""
    parts = [
        header("I roast pull requests"),
        *sections([f"Type `{line(command)} https://github.com/owner/repo/pull/7`, or mention me in a thread. {_FAIR}"]),
        *buttons([("How it works", "help"), ("Leaderboard", "leaderboard"), ("Status", "status")]),
        *_part("Digests in this workspace", digests, [("Digests", "digest")]),
        *_part("Your record", record, [("My record", "me")]),
        *_part(
            "Your settings and this workspace's",
            settings,
            [("Settings", "settings"), ("Heat", "heat"), ("Mentions", "ping")],
        ),
        {"type": "divider"},
        header("Privacy"),
        *sections([_PRIVACY]),
        *buttons([("Never roast me", "optout"), ("Roast me again", "optin")]),
    ]
    return {"type": "home", "blocks": _distinct(fitted(parts, limits.BLOCKS_PER_VIEW))}


def _part(title: str, said: Answer, pairs: list[tuple[str, str]]) -> list[Block]:
    rows = [f"*{line(label.replace('`', ''))}*\n{escape(text)}" for label, text in said.rows if label.strip()]
    text = [escape(said.text)] if said.text.strip() else []
    return [
        {"type": "divider"},
        header(title),
        *(sections([*text, *rows]) or sections(["Nothing yet."])),
        *buttons(pairs),
    ]


def _distinct(blocks: list[Block]) -> list[Block]:
    """Name each row of buttons, for action ids repeat from row to row."""
    return [
        {**block, "block_id": f"row_{at}"} if block["type"] == "actions" else block for at, block in enumerate(blocks)
    ]
