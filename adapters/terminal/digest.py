"""A digest in a terminal: the headline in full, the others in short, the week as a row of bars."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from adapters.terminal.answer import show_answer
from adapters.terminal.card import meter_text
from adapters.terminal.progress import Progress
from adapters.terminal.style import QUIET, TITLE, WIDTH, console_for, has_colour, linked, prose, say
from bot import cli_digest, cli_roast
from bot.card import Card
from bot.cli_digest import Shown
from bot.digest_reader import ReadsWeeks
from bot.digest_week import Week
from bot.display import block, plain
from bot.ports import Writer
from bot.settings import Settings
from bot.target import Target

_BARS = " ▁▂▃▄▅▆▇█"


def run(
    arguments: argparse.Namespace,
    settings: Settings,
    writer: Writer | None,
    source_for: Callable[[Target, Settings], ReadsWeeks],
    paint: Callable[[Week, str], bytes],
) -> None:
    """Tell a week and show it; paint it where that was asked for. Raises ``RoastBotError``."""
    picture = cli_roast.picture_path(arguments.picture)
    source = source_for(cli_digest.target_of(arguments.repository, 1), settings)
    with Progress(console_for(sys.stderr)) as progress:
        now = datetime.now(UTC)
        shown = asyncio.run(cli_digest.tell(arguments, source, settings, progress, writer=writer, now=now))
    if picture:
        cli_roast.write_picture(picture, paint(shown.week, settings.roast.picture_theme))
    show_digest(console_for(), shown, why=arguments.why, whole=arguments.long)


def show_digest(console: Console, shown: Shown, *, why: bool, whole: bool) -> None:
    """Print a digest; ``why`` adds how it was chosen, ``whole`` what would stand in its thread."""
    colour, width = has_colour(console), min(console.width, WIDTH)
    answer = shown.answer
    say(console, Text(plain(answer.title), style=TITLE if colour else ""), width=width)
    for paragraph in filter(None, block(answer.text).split("\n\n")):
        say(console)
        say(console, prose(paragraph, colour=colour), width=width)
    for card in shown.cards:
        say(console)
        _in_short(console, card, colour=colour, width=width)
    say(console)
    show_answer(console, answer.model_copy(update={"title": "", "text": ""}))
    if shown.week.merged:
        say(console, _bars(shown.week), width=width)
    if whole:
        for one in shown.below:
            say(console)
            show_answer(console, one)
    if why:
        _why(console, shown, width)


def _in_short(console: Console, card: Card, *, colour: bool, width: int) -> None:
    say(console, Text(card.title, style=TITLE if colour else ""), width=width)
    head = linked(card.slug, card.url, QUIET) if colour else Text(card.slug)
    say(console, Text.assemble(head, " · ", meter_text(card.meter, colour=colour)), width=width)
    say(console, Padding(prose(card.gist, colour=colour), (0, 0, 0, 2)), width=width)


def _bars(week: Week) -> Text:
    """Return a bar for each day, with its first letter and its count."""
    most = max(day.merged for day in week.days) or 1
    cells = [f"{day.day:%a} {_BARS[-(-8 * day.merged // most)]} {day.merged}" for day in week.days]
    return Text("  ".join(cells))


def _why(console: Console, shown: Shown, width: int) -> None:
    say(console)
    say(console, Text("How it was chosen: read in full, by what the cheap signs promised"), width=width)
    found = {one.number: one for one in shown.readings}
    for sign in shown.dozen:
        reading = found.get(sign.pull.number)
        what = f"{reading.doneness}, roastable {reading.roastable:g}" if reading else "left out"
        why = ", ".join(sign.reasons) or "nothing special"
        say(console, Text(f"  #{sign.pull.number} {sign.points:g} ({plain(why)}) → {what}"), width=width)
