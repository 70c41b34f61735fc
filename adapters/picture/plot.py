"""The commits in time: a line of dots, repairs as embers, merges as rings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from PIL import Image, ImageDraw

from adapters.picture.shapes import dot, rounded
from adapters.picture.themes import Theme
from adapters.picture.typeset import draw_line, width_of
from bot.verdict import Moment

_FEW = 40


def draw_plot(image: Image.Image, box: tuple[int, int, int, int], moments: Sequence[Moment], theme: Theme) -> None:
    """Draw the plot into ``box`` (left, top, right, bottom), with its figures above and its times below."""
    if not moments:
        return
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = box
    repairs = sum(moment.is_repair for moment in moments)
    count = len(moments)
    words = f"{count} commit{'' if count == 1 else 's'}"
    x = draw_line(draw, (left, top + 18), words, ("bold", 22), theme.text)
    if repairs:
        draw_line(draw, (x + 12, top + 18), f"{repairs} to repair the others", ("text", 22), theme.debit)
    axis = bottom - 34
    rounded(image, (left, axis - 1, right, axis + 2), 1, theme.rule)
    radius = 9 if count <= _FEW else 6
    tiers = (axis - top - 44) // (2 * radius)
    for moment, place, tier in _places(moments, left + radius, right - radius, 2 * radius, tiers):
        colour = theme.debit if moment.is_repair else theme.quiet if moment.is_merge else theme.credit
        dot(image, (place, axis - tier * 2 * radius), radius, colour, hollow=moment.is_merge)
    first, last = min(moment.at for moment in moments), max(moment.at for moment in moments)
    draw_line(draw, (left, bottom), _day(first), ("text", 18), theme.quiet)
    if last.date() != first.date():
        words = _day(last)
        draw_line(draw, (right - width_of(words, "text", 18), bottom), words, ("text", 18), theme.quiet)


def _places(
    moments: Sequence[Moment], left: float, right: float, apart: float, tiers: int
) -> Iterator[tuple[Moment, float, int]]:
    """Yield each commit's place on the axis, and its tier: the lowest where it does not cover another one."""
    ordered = sorted(moments, key=lambda moment: moment.at)
    start, span = ordered[0].at, (ordered[-1].at - ordered[0].at).total_seconds()
    ends = [left - apart] * tiers
    for moment in ordered:
        share = (moment.at - start).total_seconds() / span if span else 0.0
        place = left + share * (right - left)
        tier = next((at for at, end in enumerate(ends) if place - end >= apart), ends.index(min(ends)))
        ends[tier] = place
        yield moment, place, tier


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b %H:%M}"
