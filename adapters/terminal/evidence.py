"""The exhibits in a terminal, as a table that a person can read."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from adapters.terminal.style import CHARGE, CREDIT, QUIET, TITLE, has_colour, linked, prose, say
from bot.card import STANDING_WORDS, coverage_line, place_of
from bot.case import Coverage
from bot.display import cut, plain, web_address
from bot.exhibit import Exhibit, Receipt, Stance
from bot.pull_request import PullRequest

MOST_RECEIPTS = 4
_LONGEST_QUOTE = 100
_HEADINGS = {Stance.CHARGE: "Charges", Stance.CREDIT: "Credits", Stance.CONTEXT: "For the record"}
_STYLES = {Stance.CHARGE: CHARGE, Stance.CREDIT: CREDIT, Stance.CONTEXT: QUIET}


def show_evidence(console: Console, pull_request: PullRequest, exhibits: Sequence[Exhibit], coverage: Coverage) -> None:
    """Print every exhibit with its receipts, the heaviest first, and what was read."""
    colour = has_colour(console)
    say(console, Text(plain(pull_request.title), style=TITLE if colour else ""))
    say(console, linked(pull_request.slug, pull_request.url, QUIET if colour else ""))
    show_exhibits(console, exhibits, coverage)


def show_exhibits(console: Console, exhibits: Sequence[Exhibit], coverage: Coverage) -> None:
    """Print the exhibits by what they speak for, and what was read."""
    colour = has_colour(console)
    for stance, heading in _HEADINGS.items():
        chosen = sorted((item for item in exhibits if item.stance is stance), key=lambda item: (-item.force, item.id))
        if chosen:
            say(console)
            say(console, Text(f"{heading} ({len(chosen)})", style=f"bold {_STYLES[stance]}" if colour else ""))
            say(console, _table(chosen, colour=colour))
    say(console)
    for line in (coverage_line(coverage), *coverage.notes):
        say(console, Text(plain(line), style=QUIET if colour else ""))


def _table(exhibits: Sequence[Exhibit], *, colour: bool) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, justify="right")
    table.add_column(ratio=1)
    for item in exhibits:
        name = Text(plain(item.id), style="bold" if colour else "")
        weight = Text(f"{item.weight:.1f}" if item.weight else "", style=_STYLES[item.stance] if colour else "")
        table.add_row(name, weight, _fact(item, colour=colour))
    return table


def _fact(item: Exhibit, *, colour: bool) -> RenderableType:
    head = Text()
    head.append(plain(item.kind), style="bold" if colour else "")
    sure = "" if item.confidence >= 1 else f", {item.confidence:.0%} sure"
    private = ", private" if item.sensitive else ""
    head.append(f"  {STANDING_WORDS[item.stands_in]}{sure}{private}", style=QUIET if colour else "")
    rows: list[RenderableType] = [head, prose(item.summary, colour=colour)]
    rows += [_receipt(receipt, colour=colour) for receipt in item.receipts[:MOST_RECEIPTS]]
    left = len(item.receipts) - MOST_RECEIPTS
    if left > 0:
        rows.append(Text(f"  and {left} more", style=QUIET if colour else ""))
    return Group(*rows, Text())


def _receipt(receipt: Receipt, *, colour: bool) -> Text:
    text = Text("  ")
    text.append_text(linked(place_of(receipt), receipt.url, f"underline {QUIET}" if colour else ""))
    text.append(f"  {cut(receipt.quote, _LONGEST_QUOTE)}", style=QUIET if colour else "")
    if not colour and web_address(receipt.url):
        text.append(f"\n    {receipt.url}")
    return text
