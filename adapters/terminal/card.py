"""The card in a terminal: in colour for people, plain when piped."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from adapters.terminal.style import CHARGE, CREDIT, EMBER, QUIET, TITLE, WIDTH, has_colour, linked, prose, say
from bot.card import Card, CardExhibit, Meter
from bot.display import plain
from bot.verdict import Doneness, Paragraph, Verdict


def show_card(console: Console, card: Card) -> None:
    """Print the card: framed in colour, or as plain lines that carry their addresses."""
    if has_colour(console):
        _framed(console, card)
    else:
        _plain(console, card)


def show_story(console: Console, verdict: Verdict) -> None:
    """Print the long form below the card, wrapped for reading."""
    colour = has_colour(console)
    width = min(console.width, WIDTH)
    for paragraph in verdict.paragraphs:
        say(console)
        text = prose(paragraph.text, colour=colour)
        if colour and paragraph.exhibits:
            text.append(f"  {_receipts(paragraph)}", style=QUIET)
        say(console, text, width=width)
    say(console)
    closing = Text()
    closing.append("Final verdict: ", style=QUIET if colour else "")
    closing.append(plain(verdict.epithet), style="bold" if colour else "")
    closing.append(f" — {plain(verdict.punchline)}")
    say(console, closing, width=width)


def show_proofs(console: Console, verdict: Verdict) -> None:
    """Print each sentence with what proves its claims, or that it claims none; what fell; what a model took."""
    colour = has_colour(console)
    width = min(console.width, WIDTH)
    say(console)
    for sentence in verdict.proofs:
        say(console, prose(sentence.text, colour=colour), width=width)
        by = "; ".join(plain(proof) for proof in sentence.by) or "claims nothing"
        say(console, Text(f"    {by}", style=QUIET if colour else ""), width=width)
    for fallen in verdict.dropped:
        say(console, prose(fallen, colour=colour), width=width)
        say(console, Text("    left out: nothing proves it", style=CHARGE if colour else ""), width=width)
    writer = verdict.writer
    if writer.calls:
        took = f"{writer.input_tokens:,} tokens in and {writer.output_tokens:,} out by the provider's"
        told = f"{plain(writer.model)}: a prompt of {writer.prompt_tokens:,} tokens by our count; {took}"
        say(console, Text(told, style=QUIET if colour else ""), width=width)


def meter_text(meter: Meter, *, colour: bool) -> Text:
    """Return the row of cells with its word."""
    if not colour:
        return Text(f"[{'#' * meter.filled}{'.' * (meter.cells - meter.filled)}] {meter.word}")
    shade = CREDIT if meter.acquitted else EMBER[meter.level]
    row = Text()
    for cell in range(meter.cells):
        row.append("█" if cell < meter.filled else "░", style=_glow(cell, meter) if cell < meter.filled else QUIET)
    row.append(f"  {meter.word}", style=f"bold {shade}")
    return row


def _glow(cell: int, meter: Meter) -> str:
    """Return a cell's colour: from rare on the left to charcoal on the right."""
    levels = list(Doneness)
    return EMBER[levels[min(cell * len(levels) // meter.cells, len(levels) - 1)]]


def _receipts(paragraph: Paragraph) -> str:
    return " ".join(plain(key) for key in paragraph.exhibits)


def _framed(console: Console, card: Card) -> None:
    border = CREDIT if card.meter.acquitted else EMBER[card.meter.level]
    width = min(console.width, WIDTH + 4)
    say(console, Panel(Group(*_parts(card)), border_style=border, padding=(1, 2), width=width))


def _parts(card: Card) -> Iterator[RenderableType]:
    yield Text(card.title, style=TITLE)
    yield Text.assemble(linked(card.slug, card.url, f"underline {QUIET}"), (f" {card.byline}", QUIET))
    yield Text()
    yield prose(card.gist, colour=True)
    if card.charges:
        yield Text()
        for exhibit in card.charges:
            yield _line(exhibit, "▪", CHARGE)
    if card.credit:
        yield Text()
        yield _line(card.credit, "✓", CREDIT)
    yield Text()
    yield Text.assemble((card.epithet, "bold"), f" — {card.punchline}" if card.punchline else "")
    yield meter_text(card.meter, colour=True)
    yield Text()
    yield Text(card.coverage, style=QUIET)
    for note in card.notes:
        yield Text(note, style=QUIET)
    yield Text(card.footer, style=QUIET)


def _line(exhibit: CardExhibit, mark: str, style: str) -> RenderableType:
    """Return a line of evidence whose further lines stand below its first word."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=1)
    grid.add_column()
    place = linked(exhibit.place, exhibit.url, QUIET)
    grid.add_row(Text(mark, style=style), Text.assemble(prose(exhibit.text, colour=True), "  ", place))
    return grid


def _plain(console: Console, card: Card) -> None:
    width = min(console.width, WIDTH)
    address = f"\n{card.url}" if card.url else ""
    say(console, Text(f"{card.title}\n{card.slug} {card.byline}{address}"), width=width)
    say(console, Text(f"\n{card.gist}\n"), width=width)
    for mark, exhibits in (("-", card.charges), ("+", (card.credit,) if card.credit else ())):
        for exhibit in exhibits:
            say(console, Text(f"{mark} {exhibit.text} [{exhibit.place}]"), width=width)
            if exhibit.url:
                say(console, Text(f"  {exhibit.url}"), whole=True)
    say(console, Text(f"\n{card.final_verdict}"), width=width)
    say(console, meter_text(card.meter, colour=False), width=width)
    for line in (card.coverage, *card.notes, card.footer):
        say(console, Text(line), width=width)
