"""Colours and consoles of the terminal: one palette, and when not to use it."""

from __future__ import annotations

import re
import sys
from typing import TextIO

from rich.console import Console, RenderableType
from rich.style import Style
from rich.text import Text

from bot.display import plain, web_address
from bot.verdict import Doneness

WIDTH = 88
_SPAN = re.compile(r"`([^`\n]+)`|(?<![\w*])\*([^*\n]+)\*(?![\w*])")

TITLE = "bold #ffd9a0"
QUIET = "#8a8178"
CODE = "#7fc8c2"
CHARGE = "#f08c4a"
CREDIT = "#8fbf6a"
EMBER = {
    Doneness.RARE: "#e5737b",
    Doneness.MEDIUM: "#ee9a4d",
    Doneness.WELL_DONE: "#d9662b",
    Doneness.CHARCOAL: "#8c8c8c",
}


def console_for(stream: TextIO | None = None) -> Console:
    """Return a console on ``stream`` (standard output by default): plain when piped or NO_COLOR is set."""
    file = sys.stdout if stream is None else stream
    console = Console(file=file, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = WIDTH
        console.soft_wrap = False
    return console


def has_colour(console: Console) -> bool:
    """Return whether colours and links may be used."""
    return console.is_terminal and not console.no_color and console.color_system is not None


def say(console: Console, renderable: RenderableType = "", *, width: int | None = None, whole: bool = False) -> None:
    """Print; where it is piped, without the blanks that wrapping and tables leave at the ends of lines.

    ``whole`` keeps a line in one piece, for addresses.
    """
    if has_colour(console):
        console.print(renderable, width=width, soft_wrap=whole)
        return
    with console.capture() as held:
        console.print(renderable, width=width, soft_wrap=whole)
    console.file.write("\n".join(line.rstrip(" ") for line in held.get().split("\n")))


def linked(text: str, url: str, style: str = "") -> Text:
    """Return harmless text that leads to ``url`` where that is an address for readers."""
    address = web_address(url)
    base = Style.parse(style) if style else Style()
    return Text(plain(text), style=base + Style(link=address) if address else base)


def prose(text: str, *, colour: bool) -> Text:
    """Return a paragraph with its code spans and its emphasis drawn in colour, or left as they were typed."""
    line = plain(text)
    if not colour:
        return Text(line)
    drawn, end = Text(), 0
    for found in _SPAN.finditer(line):
        drawn.append(line[end : found.start()])
        drawn.append(found[1] or found[2], style=CODE if found[1] else "italic")
        end = found.end()
    drawn.append(line[end:])
    return drawn
