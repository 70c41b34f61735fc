"""Text of any script in fonts that ship with the project: runs by coverage, lines by width, sizes that fit."""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import as_file, files

from PIL import ImageDraw, ImageFont

from adapters.picture.themes import Colour

_FOLDER = files(__package__).joinpath("fonts")
_FALLBACK = ("noto-emoji.woff2", "noto-sans-cjk-700.woff2", "unifont.woff2", "unifont_upper.woff2")
_SUBSETS = ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext", "greek", "greek-ext")
_JOINING = frozenset("\u200c\u200d\ufe0e\ufe0f")
_ELLIPSIS = "…"
_MEASURE = 48
_BREAKS = frozenset("_-/.:")

FACES = {
    "title": ("fraunces", 900),
    "display": ("fraunces", 700),
    "bold": ("inter", 700),
    "text": ("inter", 500),
}


@lru_cache(maxsize=1)
def _coverage() -> dict[str, tuple[list[int], list[int]]]:
    """Return by font file the first and the last code points of the ranges that it covers."""
    found = {}
    for name, ranges in json.loads(_FOLDER.joinpath("coverage.json").read_text(encoding="ascii")).items():
        pairs = [(one.split("-")[0], one.split("-")[-1]) for one in ranges.split()]
        found[name] = ([int(first, 16) for first, _ in pairs], [int(last, 16) for _, last in pairs])
    return found


@lru_cache(maxsize=64)
def _chain(face: str) -> tuple[str, ...]:
    """Return the font files of a face in the order in which they are asked."""
    family, weight = FACES[face]
    own = [f"{family}-{subset}-{weight}-normal.woff2" for subset in _SUBSETS]
    other = [f"inter-{subset}-700-normal.woff2" for subset in _SUBSETS]
    return tuple(name for name in (*own, *other, *_FALLBACK) if name in _coverage())


@lru_cache(maxsize=4096)
def _font_for(char: str, face: str) -> str:
    point = ord(char)
    for name in _chain(face):
        firsts, lasts = _coverage()[name]
        at = bisect_right(firsts, point) - 1
        if at >= 0 and lasts[at] >= point:
            return name
    return _FALLBACK[-1]


@lru_cache(maxsize=256)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    with as_file(_FOLDER.joinpath(name)) as path:
        return ImageFont.truetype(path, size)


@lru_cache(maxsize=4096)
def _runs(text: str, face: str) -> tuple[tuple[str, str], ...]:
    """Split a text into runs of one font; marks, joiners and spaces between words read from the right stay inside."""
    runs: list[tuple[str, str]] = []
    backwards = False
    for char in text:
        sticks = char in _JOINING or unicodedata.category(char) in {"Mn", "Me", "Mc"} or (char == " " and backwards)
        name = runs[-1][1] if sticks and runs else _font_for(char, face)
        if runs and runs[-1][1] == name:
            runs[-1] = (runs[-1][0] + char, name)
        else:
            runs.append((char, name))
        backwards = unicodedata.bidirectional(char) in {"R", "AL"} or (char == " " and backwards)
    return tuple(runs)


def width_of(text: str, face: str, size: int) -> float:
    """Return how wide a line is: measured at one size and scaled, for opening a font costs more than all else."""
    return sum(_measure(run, name) for run, name in _runs(text, face)) * size / _MEASURE


@lru_cache(maxsize=4096)
def _measure(run: str, name: str) -> float:
    return _font(name, _MEASURE).getlength(run)


def draw_line(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, font: tuple[str, int], colour: Colour
) -> float:
    """Draw a line in a face and a size with its baseline at ``at``; return where it ends."""
    (x, y), (face, size) = at, font
    for run, name in _runs(text, face):
        cut = _font(name, size)
        draw.text((x, y), run, font=cut, fill=colour, anchor="ls")
        x += cut.getlength(run)
    return x


def wrap(text: str, face: str, size: int, width: float) -> list[str]:
    """Break a text into lines that fit; a word that is too long is broken where it must be."""
    lines: list[str] = []
    line = ""
    for word in _words(text, face, size, width):
        candidate = f"{line}{word}" if line else word.lstrip(" ")
        if line and width_of(candidate.rstrip(), face, size) > width:
            lines.append(line.rstrip())
            line = word.lstrip(" ")
        else:
            line = candidate
    return [*lines, line.rstrip()] if line.strip() else lines


def fit(text: str, face: str, sizes: range, width: float, most: int) -> tuple[list[str], int]:
    """Return the text in at most ``most`` lines at the largest size of ``sizes`` that allows it, else cut."""
    for size in sizes:
        lines = wrap(text, face, size, width)
        if len(lines) <= most and " ".join(lines) == " ".join(text.split()):
            return _balanced(lines, face, size), size
    size = sizes[-1]
    lines = wrap(text, face, size, width)
    if len(lines) > most:
        lines = [*lines[: most - 1], shorten(lines[most - 1] + _ELLIPSIS, face, size, width)]
    return lines, size


def _balanced(lines: list[str], face: str, size: int) -> list[str]:
    """Return the same words in as many lines, of widths as equal as can be."""
    if len(lines) < 2:
        return lines
    text, low, high = " ".join(lines), 0.0, max(width_of(line, face, size) for line in lines)
    best = lines
    while high - low > size / 4:
        middle = (low + high) / 2
        tried = wrap(text, face, size, middle)
        if len(tried) == len(lines) and " ".join(tried) == text:
            best, high = tried, middle
        else:
            low = middle
    return best


def shorten(text: str, face: str, size: int, width: float) -> str:
    """Return the text, cut with an ellipsis where it is too wide."""
    if width_of(text, face, size) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(text[:middle].rstrip() + _ELLIPSIS, face, size) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + _ELLIPSIS


def _words(text: str, face: str, size: int, width: float) -> Iterator[str]:
    for index, word in enumerate(text.split()):
        lead = " " if index else ""
        pieces = [word] if width_of(word, face, size) <= width else list(_pieces(word, face, size, width))
        for number, piece in enumerate(pieces):
            yield (lead if number == 0 else "") + piece


def _pieces(word: str, face: str, size: int, width: float) -> Iterator[str]:
    """Break a word that is wider than a line, behind a mark in its second half where there is one."""
    piece = ""
    for char in word:
        if piece and width_of(piece + char, face, size) > width:
            marks = [at for at, mark in enumerate(piece, 1) if mark in _BREAKS and at > len(piece) // 2]
            end = marks[-1] if marks else len(piece)
            yield piece[:end]
            piece = piece[end:]
        piece += char
    yield piece
