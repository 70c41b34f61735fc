"""A week as a picture: a bar for each day, a machine's routine apart, the figures above it."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

from adapters.picture.shapes import rounded
from adapters.picture.themes import THEMES, Theme
from adapters.picture.typeset import draw_line, fit, shorten, width_of
from bot.digest_week import Day, Week

SIZE = (1000, 420)
_MARGIN = 48
_BASE = 350
_TOP = 176
_WIDEST = 84


def render_week(week: Week, theme: str = "dark") -> bytes:
    """Return the week as a PNG. ``theme`` is "dark" or "light"; another word is taken for dark."""
    look = THEMES.get(theme, THEMES["dark"])
    image = Image.new("RGB", SIZE, look.paper)
    draw = ImageDraw.Draw(image)
    rounded(image, (0, 0, 10, SIZE[1]), 0, look.accent)
    mark = "roast-bot"
    edge = SIZE[0] - _MARGIN - width_of(mark, "display", 24)
    draw_line(draw, (edge, 64), mark, ("display", 24), look.accent)
    title = shorten(f"{week.repository}, {week.span}", "title", 34, edge - _MARGIN - 30)
    draw_line(draw, (_MARGIN, 66), title, ("title", 34), look.title)
    _figures(draw, week, look)
    if week.routine:
        words = "routine by machines"
        edge = SIZE[0] - _MARGIN - width_of(words, "text", 20)
        draw_line(draw, (edge, 118), words, ("text", 20), look.quiet)
        rounded(image, (round(edge) - 28, 103, round(edge) - 10, 119), 3, look.empty)
    _bars(image, draw, week.days, look)
    file = BytesIO()
    image.save(file, "PNG", compress_level=5)
    return file.getvalue()


def _figures(draw: ImageDraw.ImageDraw, week: Week, look: Theme) -> None:
    """Set the figures that are known side by side: a number, and what it counts below it."""
    figures = [(f"{week.merged:,}", "merged", look.text), (f"{week.authors:,}", "authors", look.text)]
    if week.commits is not None:
        figures.append((f"{week.commits:,}", "commits", look.text))
    if week.additions is not None and week.deletions is not None:
        figures += [(f"+{week.additions:,}", "lines", look.credit), (f"−{week.deletions:,}", "lines", look.debit)]
    x = float(_MARGIN)
    for number, noun, colour in figures:
        (shown, *_), size = fit(number, "bold", range(34, 22, -4), 200, 1)
        end = draw_line(draw, (x, 118), shown, ("bold", size), colour)
        x = max(end, draw_line(draw, (x, 144), noun, ("text", 20), look.quiet)) + 40


def _bars(image: Image.Image, draw: ImageDraw.ImageDraw, days: tuple[Day, ...], look: Theme) -> None:
    """Draw a bar for each day: what was merged, the routine part of it pale at its foot."""
    step = (SIZE[0] - 2 * _MARGIN) / len(days)
    width = min(_WIDEST, round(step * 0.66))
    most = max(1, *(day.merged for day in days))
    rounded(image, (_MARGIN, _BASE, SIZE[0] - _MARGIN, _BASE + 2), 1, look.rule)
    for rank, day in enumerate(days):
        middle = _MARGIN + (rank + 0.5) * step
        left = round(middle - width / 2)
        top = _BASE - round((_BASE - _TOP - 26) * day.merged / most)
        pale = _BASE - round((_BASE - _TOP - 26) * day.routine / most)
        rounded(image, (left, top, left + width, _BASE), min(6, (_BASE - top) // 2), look.accent)
        if day.routine:
            rounded(image, (left, pale, left + width, _BASE), 0, look.empty)
        if day.merged:
            _centred(draw, (middle, top - 8), str(day.merged), 20 if width > 24 else 14, look)
        if len(days) <= 10:
            _centred(draw, (middle, _BASE + 28), f"{day.day:%a} {day.day.day}", 20, look)
        elif rank % 5 == 0:
            _centred(draw, (middle, _BASE + 28), f"{day.day.day}", 18, look)


def _centred(draw: ImageDraw.ImageDraw, at: tuple[float, int], text: str, size: int, look: Theme) -> None:
    x, y = at
    draw_line(draw, (x - width_of(text, "text", size) / 2, y), text, ("text", size), look.quiet)
