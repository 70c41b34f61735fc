"""The picture itself: title, epithet, meter, plot, figures."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

from adapters.picture.plot import draw_plot
from adapters.picture.shapes import rounded
from adapters.picture.themes import THEMES, Colour, Theme
from adapters.picture.typeset import draw_line, fit, shorten, width_of
from bot.card import Card, Meter
from bot.verdict import Verdict

SIZE = (1200, 630)
_MARGIN = 64
_RIGHT = SIZE[0] - _MARGIN
_BAND = 412
_COLUMN = 470


def render(card: Card, verdict: Verdict, theme: str = "dark") -> bytes:
    """Return the card as a PNG. ``theme`` is "dark" or "light"; another word is taken for dark."""
    look = THEMES.get(theme, THEMES["dark"])
    image = Image.new("RGB", SIZE, look.paper)
    draw = ImageDraw.Draw(image)
    shade = look.credit if card.meter.acquitted else look.ember(card.meter.level)
    rounded(image, (0, 0, 14, SIZE[1]), 0, shade)
    _head(draw, card, look)
    _words(draw, card, look)
    image.paste(look.panel, (14, _BAND, SIZE[0], SIZE[1]))
    _meter(image, draw, card.meter, look)
    _figures(image, draw, card, verdict, look)
    draw_plot(image, (_COLUMN + 60, _BAND + 40, _RIGHT, SIZE[1] - 40), verdict.timeline, look)
    file = BytesIO()
    image.save(file, "PNG", compress_level=5)
    return file.getvalue()


def _head(draw: ImageDraw.ImageDraw, card: Card, look: Theme) -> None:
    sign = "roast-bot"
    edge = _RIGHT - width_of(sign, "display", 28)
    draw_line(draw, (edge, 78), sign, ("display", 28), look.accent)
    by = card.byline.split(",", 1)[0]
    room = edge - _MARGIN - 40
    name, mark, number = card.slug.rpartition("#")
    tail = f"{mark}{number}" if name else ""
    slug = shorten(name or card.slug, "bold", 26, room - width_of(tail, "bold", 26)) + tail
    x = draw_line(draw, (_MARGIN, 78), slug, ("bold", 26), look.text)
    if room - (x - _MARGIN) > 80:
        draw_line(draw, (x + 12, 78), shorten(by, "text", 26, room - (x - _MARGIN) - 12), ("text", 26), look.quiet)


def _words(draw: ImageDraw.ImageDraw, card: Card, look: Theme) -> None:
    """Set the title as large as it goes, and below it the epithet and the punchline."""
    width = _RIGHT - _MARGIN
    lines, size = fit(_bare(card.title), "title", range(88, 42, -4), width, 2)
    step = round(size * 1.08)
    epithet, epithet_size = fit(_bare(card.epithet), "display", range(40, 26, -2), width, 1)
    said = _bare(card.punchline[:1].upper() + card.punchline[1:])
    punchline, _ = fit(said, "text", range(27, 25, -2), width, 2)
    height = step * len(lines) + (66 if epithet else 0) + 36 * len(punchline)
    y = 104 + max((_BAND - 118 - height) // 2, 0)
    for line in lines:
        y += step
        draw_line(draw, (_MARGIN - 3, y - round(size * 0.2)), line, ("title", size), look.title)
    y += 50
    for line in epithet:
        draw_line(draw, (_MARGIN, y), line, ("display", epithet_size), look.accent)
        y += 44
    for line in punchline:
        draw_line(draw, (_MARGIN, y), line, ("text", 27), look.text)
        y += 36


def _bare(text: str) -> str:
    """Return a text without the marks of code spans: a picture has no second typeface for them."""
    return text.replace("`", "")


def _meter(image: Image.Image, draw: ImageDraw.ImageDraw, meter: Meter, look: Theme) -> None:
    top, gap = _BAND + 72, 7
    cell = (_COLUMN - _MARGIN - gap * (meter.cells - 1)) // meter.cells
    shade = look.credit if meter.acquitted else look.ember(meter.level)
    draw_line(draw, (_MARGIN, _BAND + 58), meter.word.capitalize(), ("display", 32), shade)
    for index in range(meter.cells):
        left = _MARGIN + index * (cell + gap)
        colour = _glow(index / (meter.cells - 1), look) if index < meter.filled else look.empty
        rounded(image, (left, top, left + cell, top + 26), 6, colour)


def _glow(share: float, look: Theme) -> Colour:
    """Return the colour at a share of the way from rare to charcoal."""
    place = share * (len(look.embers) - 1)
    index = min(int(place), len(look.embers) - 2)
    start, end, part = look.embers[index], look.embers[index + 1], place - index
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(start, end, strict=True))
    return red, green, blue


def _figures(image: Image.Image, draw: ImageDraw.ImageDraw, card: Card, verdict: Verdict, look: Theme) -> None:
    """Set the added and the removed lines with a bar of their shares, and what was read."""
    size = next((item.facts for item in verdict.exhibits if item.kind == "size"), {})
    added, removed = size.get("additions"), size.get("deletions")
    base = _BAND + 140
    if isinstance(added, int) and isinstance(removed, int):
        x = draw_line(draw, (_MARGIN, base), f"+{added:,}", ("bold", 24), look.credit)
        x = draw_line(draw, (x + 14, base), f"−{removed:,}", ("bold", 24), look.debit)
        bar = (round(x + 22), base - 14, _COLUMN, base - 4)
        rounded(image, bar, 5, look.debit if removed else look.credit if added else look.empty)
        share = added / (added + removed) if added + removed else 0
        rounded(image, (bar[0], bar[1], bar[0] + round((bar[2] - bar[0]) * share), bar[3]), 5, look.credit)
    words, points = fit(card.coverage, "text", range(18, 14, -1), _COLUMN - _MARGIN, 1)
    draw_line(draw, (_MARGIN, SIZE[1] - 40), words[0], ("text", points), look.quiet)
