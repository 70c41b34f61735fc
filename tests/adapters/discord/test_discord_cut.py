"""Text that is cut, or goes on in the next message, is as harmless as it was whole."""

import re
from datetime import UTC, datetime

import pytest
from fakes.verdicts import verdict
from test_discord_escape import EFFECTS, laid_bare

from adapters.discord import limits, render
from bot.card import card_of
from bot.ports_messenger import Answer

AT = datetime(2026, 9, 16, tzinfo=UTC)
HIDDEN = "`see [x](https://evil.example) or **x**. And [y](https://evil.example) {filler}. End`"
"""A code span: nothing in it is markup, as long as it stays one."""


def alive(markdown):
    """Return what of somebody's words works in a text."""
    bare = laid_bare(markdown)
    return [name for name in ("masked link", "address", "code") if re.search(EFFECTS[name], bare)]


@pytest.mark.parametrize("before", range(1100, 1260, 7))
def test_digest_cut_in_code(before):
    """A digest with many short ones has little room: where its words are cut inside a code span, the span goes"""
    said = Answer(text="word " * (before // 5) + "x" * (before % 5) + HIDDEN.format(filler="y" * 40))
    drawn = render.digest(said, [card_of(verdict())] * 9, "run")
    assert alive(drawn.embeds[0]["description"]) == []


@pytest.mark.parametrize("before", range(0, 420, 7))
def test_pages_parted_in_code(before):
    """A paragraph that is longer than a message is parted outside of its code spans, and says all of it"""
    text = "word " * (before // 5) + "x" * (before % 5) + HIDDEN.format(filler="y" * 40) + " word" * 60
    pages = render.pieces([render.escape(text)], 400)
    assert all(len(one) <= 400 for one in pages)
    assert [alive(one) for one in pages] == [[]] * len(pages)
    assert "".join(pages).replace("…", "").count("word") == text.count("word")


def test_code_longer_than_a_message():
    """A code span that fits into no message ends all the same"""
    pages = render.pieces([render.escape(f"`{'z' * 9000}`")], limits.EMBED_DESCRIPTION)
    assert sum(one.count("z") for one in pages) == 9000
