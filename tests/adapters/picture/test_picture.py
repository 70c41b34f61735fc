"""The picture: its size, its speed, any script, long words, both themes."""

import time
from io import BytesIO
from typing import Any

import pytest
from fakes.verdicts import moments, size, verdict
from PIL import Image

from adapters.picture import render
from adapters.picture.themes import DARK, LIGHT
from adapters.picture.typeset import _coverage, _font_for, fit, shorten, width_of, wrap
from bot.card import card_of


def paint(theme: str = "dark", **changes: Any) -> Image.Image:
    """Return the picture of a verdict with these changes."""
    shown = verdict(**changes)
    image = Image.open(BytesIO(render(card_of(shown), shown, theme)))
    image.load()
    return image


@pytest.mark.parametrize(("theme", "paper"), [("dark", DARK.paper), ("light", LIGHT.paper), ("odd", DARK.paper)])
def test_size_and_theme(theme, paper):
    """It is 1200 by 630, on the paper of its theme; an unknown theme is the dark one"""
    image = paint(theme)
    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert image.getpixel((1190, 10)) == paper


def test_the_same_verdict_gives_the_same_picture():
    """Nothing in it depends on chance or the clock"""
    shown = verdict()
    assert render(card_of(shown), shown) == render(card_of(shown), shown)


def test_fast_enough():
    """A warm picture takes far less than the 100 ms that are allowed, counted in processor time"""
    shown = verdict()
    render(card_of(shown), shown)
    start = time.process_time()
    for _ in range(3):
        render(card_of(shown), shown)
    assert (time.process_time() - start) / 3 < 0.1


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "x" * 70},
        {"title": "W" * 70, "epithet": "W" * 40, "punchline": "W" * 120},
        {"title": "", "epithet": "", "punchline": ""},
        {"title": "公平な行列", "epithet": "Великий инквизитор 🔥", "punchline": "مرحبا بالعالم — עברית — हिन्दी"},
        {"title": "\ud83d half a pair \x1b[31mred\x07 \u202eturned"},
        {"timeline": ()},
        {"timeline": moments()[:1]},
        {"timeline": moments() * 20},
        {"exhibits": ()},
        {"exhibits": (size(10**9, 10**9, 3000, 250),)},
        {"pull_request": "o" * 39 + "/" + "r" * 100 + "#123456789"},
    ],
)
def test_odd_verdicts(changes):
    """Whatever stands in a verdict, there is a picture, and nothing is drawn into its right margin"""
    image = paint(**changes)
    assert image.size == (1200, 630)
    margin = image.crop((1150, 0, 1200, 400)).getcolors()
    assert margin == [(50 * 400, DARK.paper)]


@pytest.mark.parametrize(
    "changed", [{"title": "Another Title"}, {"score": 2.0}, {"epithet": "Another"}, {"timeline": ()}]
)
def test_parts_are_drawn(changed):
    """title, meter, epithet and plot can all be seen: a change of each changes the picture"""
    assert paint(**changed).tobytes() != paint().tobytes()


@pytest.mark.parametrize("char", "AéŁжλệ公한の🔥—→ﷺअไ…−")
def test_every_script_has_a_font(char):
    """A character of any common script is found in a font that ships with the project"""
    name = _font_for(char, "title")
    firsts, lasts = _coverage()[name]
    assert any(first <= ord(char) <= last for first, last in zip(firsts, lasts, strict=True))


@pytest.mark.parametrize(
    "text", ["a few short words that go on for a while", "one_endless_name_" * 12, "公平な行列" * 20]
)
def test_lines_fit(text):
    """No line is wider than asked, and none of the text is lost"""
    lines = wrap(text, "text", 30, 300)
    assert all(width_of(line, "text", 30) <= 300 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_fit_cuts_what_is_too_long():
    """What does not fit at the smallest size ends in an ellipsis"""
    lines, _ = fit("word " * 200, "title", range(40, 20, -4), 300, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")


def test_shorten_leaves_what_fits():
    """A text that fits is left alone"""
    assert shorten("short", "text", 20, 300) == "short"
