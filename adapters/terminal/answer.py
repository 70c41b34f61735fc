"""Answers in a terminal: a title, paragraphs, rows, addresses; buttons as the commands that they stand for."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from adapters.terminal.style import CHARGE, CREDIT, QUIET, TITLE, WIDTH, has_colour, linked, say
from bot.display import block, plain
from bot.ports_messenger import Answer, Tone

_TONES = {Tone.DONE: CREDIT, Tone.REFUSED: CHARGE, Tone.FAILED: CHARGE, Tone.PLAIN: ""}


def show_answer(console: Console, answer: Answer, *, called: str = "roast-bot") -> None:
    """Print an answer: with colours for people, plain when piped."""
    colour, width = has_colour(console), min(console.width, WIDTH)
    if answer.title:
        say(console, Text(plain(answer.title), style=TITLE if colour else ""), width=width)
    for paragraph in filter(None, block(answer.text).split("\n\n")):
        say(console, Text(paragraph, style=_TONES[answer.tone] if colour else ""), width=width)
    for label, text in answer.rows:
        say(console, Text(plain(label), style="bold" if colour else ""), width=width)
        say(console, Padding(Text(plain(text)), (0, 0, 0, 2)), width=width)
    for label, url in answer.links:
        if colour:
            say(console, linked(plain(label), url, QUIET))
        else:
            say(console, Text(f"{plain(label)} {url}"), whole=True)
    for action in answer.actions:
        say(console, Text(f"{called} {plain(action.command)}", style=QUIET if colour else ""), whole=True)
