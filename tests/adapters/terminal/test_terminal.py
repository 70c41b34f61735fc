"""The terminal: colour for people, plain text for pipes, and nothing hostile for either."""

import io
import re
from typing import Any

import pytest
from fakes.verdicts import exhibit, verdict
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from adapters.terminal.card import show_card, show_story
from adapters.terminal.evidence import show_evidence, show_exhibits
from adapters.terminal.progress import Progress
from adapters.terminal.style import console_for
from bot.brief import Subject
from bot.card import card_of
from bot.case import Coverage
from bot.exhibit import Receipt, Stance, Where
from bot.pull_request import PullRequest, User
from bot.verdict import Doneness, Paragraph, Verdict, WriterInfo

HOSTILE = [
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "\x1b]0;title\x07",
    "\x9b31m",
    "\r\x1b[2Kgone",
    "\u202egnirts desrever",
    "\u2066isolate\u2069",
    "a\x00b\x08\x7f",
    "\x1bP+q544e\x1b\\",
    "z" + "\u0301" * 60,
]
ALLOWED = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;[^;\x1b]*;[^\x1b]*\x1b\\")


def draw(shown: Verdict, *, colour: bool, width: int = 100) -> str:
    """Return all that is printed of a verdict."""
    console = Console(
        file=io.StringIO(), force_terminal=colour, width=width, markup=False, highlight=False, emoji=False,
        color_system="truecolor" if colour else None,
    )  # fmt: skip
    show_card(console, card_of(shown))
    show_story(console, shown)
    show_exhibits(console, shown.exhibits, shown.coverage)
    return console.file.getvalue()


def assert_harmless(text: str) -> None:
    """Check that nothing is in it but text, our own colours and our own links."""
    bare = ALLOWED.sub("", text)
    bad = {char for char in bare if (ord(char) < 32 and char != "\n") or 0x7F <= ord(char) < 0xA0}
    assert not bad
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", bare)


def everywhere(text: str) -> dict[str, Any]:
    """Put a text into every place that comes from a pull request or a model."""
    receipt = Receipt(where=Where.FILE, path=text, line=1, sha=text, quote=text, url=f"https://example.com/{text}")
    odd = exhibit("E1", "bare_assert", Stance.CHARGE, 5, text, receipts=(receipt,))
    return {
        "title": text, "gist": text, "epithet": text, "punchline": text, "pull_request": text, "url": text,
        "paragraphs": (Paragraph(text=text, exhibits=("E1",)),), "exhibits": (odd,),
        "subject": Subject(slug=text, number=1, title=text, url=text, author=text, merged_on=text, took=text),
        "coverage": Coverage(notes=(text,)), "writer": WriterInfo(name=text, fallback=text),
    }  # fmt: skip


@pytest.mark.parametrize("colour", [True, False])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text(text, colour):
    """No escape sequence, control or direction mark of a pull request reaches the terminal, wherever it stands"""
    shown = draw(verdict(**everywhere(text)), colour=colour)
    assert_harmless(shown)
    assert "evil.example" not in "".join(re.findall(r"\x1b\]8;[^;]*;([^\x1b]*)", shown))


@given(st.text(max_size=60))
def test_any_text(text):
    """And so for any text at all"""
    assert_harmless(draw(verdict(**everywhere(text)), colour=True))


def test_markup_is_text():
    """Rich's own markup and emoji codes in a pull request are shown as they stand"""
    shown = draw(verdict(title="[red]Stop[/red] :boom:"), colour=False)
    assert "[red]Stop[/red] :boom:" in shown


def test_plain_card():
    """piped, the card has no escape, and carries its addresses in plain sight"""
    shown = draw(verdict(), colour=False)
    assert "\x1b" not in shown
    for part in (
        "All Those in Favour of Espresso",
        "kitchen/barista#42 by mio-lungo, +1,455 −53, 8 files, 13 commits, merged 15 September after 26 hours",
        "https://example.com/kitchen/barista/pull/42",
        "#L12",
        "The Parliament of Beans — Motion carried, cup dropped.",
        "[#######...] well done",
        "read 8 of 8 files, 13 of 13 commits, 9 comments",
        "`serve_cup` asserts that *nothing* is None.",
    ):
        assert part in " ".join(shown.split())
    assert " \n" not in shown


def test_coloured_card():
    """At a terminal code is drawn in colour without its backticks, and exhibits are links"""
    shown = draw(verdict(), colour=True)
    assert "\x1b[" in shown
    assert "`serve_cup` asserts" not in shown
    assert "https://example.com/kitchen/barista/blob/1a2b3c4d5e6f/barista/lease.py#L12\x1b\\" in shown


def test_acquittal():
    """An acquittal has an empty meter and says so"""
    shown = draw(verdict(acquitted=True, doneness=Doneness.RARE, score=1.0), colour=False)
    assert "[..........] acquitted" in shown


@pytest.mark.parametrize("width", [20, 40, 200])
@pytest.mark.parametrize("colour", [True, False])
def test_width(width, colour):
    """Text keeps to the terminal's width, and to a readable one where it is wide; addresses alone are never cut"""
    shown = ALLOWED.sub("", draw(verdict(), colour=colour, width=width))
    lines = [line for line in shown.split("\n") if "https://" not in line]
    assert max(map(len, lines)) <= width
    if width == 200:
        story = shown[shown.index("The race is handled") :].split("\n")[0]
        assert len(story) <= 92


def test_sensitive_exhibits_stay_off_the_card():
    """What is sensitive is not on the card"""
    secret = exhibit("E9", "secret_in_diff", Stance.CHARGE, 10, "A secret stands in the diff.", sensitive=True)
    shown = verdict(exhibits=(*verdict().exhibits, secret))
    assert all(item.id != "E9" for item in card_of(shown).charges)


def test_evidence_shows_receipts():
    """Each exhibit comes with its kind, its weight, where it stands, and the places to look"""
    console = Console(file=io.StringIO(), width=100, color_system=None)
    pull = PullRequest(owner="o", repo="r", number=7, title="Seven", user=User(login="ada"))
    show_evidence(console, pull, verdict().exhibits, verdict().coverage)
    shown = console.file.getvalue()
    for part in ("Seven", "o/r#7", "Charges (2)", "Credits (1)", "bare_assert", "6.6", "merged", "barista/lease.py:12"):
        assert part in shown
    assert shown.index("tug_of_war") < shown.index("bare_assert")


def test_many_receipts_are_counted():
    """Of many receipts a few are shown, and the rest counted"""
    one = verdict().exhibits[1]
    console = Console(file=io.StringIO(), width=100, color_system=None)
    show_exhibits(console, [one.model_copy(update={"receipts": one.receipts * 9})], Coverage())
    assert "and 5 more" in console.file.getvalue()


def test_piped_console_is_plain(monkeypatch):
    """A console that nobody looks at is plain and of a fixed width"""
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    console = console_for(io.StringIO())
    assert (console.is_terminal, console.width) == (False, 88)


@pytest.mark.parametrize(("lines", "shown"), [(True, "6 files …" + "\n"), (False, "")])
async def test_progress_when_piped(lines, shown):
    """Where nobody sees a spinner, nothing is said unless lines are wanted"""
    console = Console(file=io.StringIO(), width=80, color_system=None)
    with Progress(console, lines=lines) as progress:
        await progress("reading", "6 files")
    assert console.file.getvalue() == shown


async def test_progress_at_a_terminal():
    """At a terminal a spinner shows the stage, harmless, and is gone at the end"""
    console = Console(file=io.StringIO(), width=80, force_terminal=True, color_system="truecolor")
    with Progress(console) as progress:
        await progress("reading", "reading \x1b]0;x\x07o/r#7")
        progress._status.refresh() if hasattr(progress._status, "refresh") else progress._status._live.refresh()
    shown = console.file.getvalue()
    assert "Reading o/r#7" in shown
    assert "\x1b]0;" not in shown
    assert shown.endswith("\x1b[?25h") or "\x1b[?25h" in shown[-40:]
