"""Smooth shapes: drawn four times as large, then made small."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw

from adapters.picture.themes import Colour

_SCALE = 4


def rounded(image: Image.Image, box: tuple[int, int, int, int], radius: int, colour: Colour) -> None:
    """Draw a filled box with round corners."""
    left, top, right, bottom = box
    if right > left and bottom > top:
        image.paste(colour, (left, top), _rounded_mask(right - left, bottom - top, radius))


def dot(image: Image.Image, centre: tuple[float, float], radius: int, colour: Colour, *, hollow: bool = False) -> None:
    """Draw a disc, or a ring."""
    mask = _dot_mask(radius, hollow)
    image.paste(colour, (round(centre[0]) - radius, round(centre[1]) - radius), mask)


@lru_cache(maxsize=64)
def _rounded_mask(width: int, height: int, radius: int) -> Image.Image:
    mask = Image.new("L", (width * _SCALE, height * _SCALE))
    box = (0, 0, width * _SCALE - 1, height * _SCALE - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius * _SCALE, fill=255)
    return mask.resize((width, height), Image.Resampling.BOX)


@lru_cache(maxsize=16)
def _dot_mask(radius: int, hollow: bool) -> Image.Image:
    side = 2 * radius * _SCALE
    mask = Image.new("L", (side, side))
    pen = ImageDraw.Draw(mask)
    pen.ellipse((0, 0, side - 1, side - 1), fill=255)
    if hollow:
        inset = 3 * _SCALE
        pen.ellipse((inset, inset, side - 1 - inset, side - 1 - inset), fill=0)
    return mask.resize((2 * radius, 2 * radius), Image.Resampling.BOX)
