"""Text from outside comes out without links, mentions, markup or anything invisible."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.cleaning import draft, label, visible, written
from bot.verdict import Draft, Paragraph

PIECES = st.sampled_from(
    ["http://", "https://evil.example/x?q=1", "www.", "evil.com", "@", "@everyone", "<@U123>", "<!channel>", "<a href=x>", "[", "](", ")",
     "!", "`", "```", "javascript:", "data:text/html", "\u202e", "\u200b", "\x1b[31m", "mailto:a@b.com", "<", ">", "|", " ", "word", "`code`",
     "\n", "[x]: http://e.com", "<http://e.com|label>", "hxxp://", "//", ":", "htt", "ps://", ".", "\U000e0041", "＠here", "ｈttps://x.io"]
)  # fmt: skip
HOSTILE = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=200)


@given(HOSTILE)
@example("h<b>ttp://evil.example</b>")
@example("[[a](http://x.io)](http://y.io)")
@example("htthttp://](")
def test_writers_prose_holds_no_way_out(text: str) -> None:
    """Whatever a writer says: no address, no mention, no tag, no markdown link, nothing invisible."""
    clean = written(text)
    assert not re.search(r"https?://[^\s`]|(?<![a-z])www\.\w|\b(?:javascript|data|mailto):[^\s`]", clean, re.IGNORECASE)
    assert not re.search(r"@(everyone|here|channel)\b|<[@!#]", clean, re.IGNORECASE)
    assert not re.search(r"\]\([^)]*\)", re.sub(r"`[^`]+`", "", clean))
    assert "\n" not in clean
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"} for char in clean)


@given(HOSTILE)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """Taking one mark away puts no other together."""
    assert written(written(text)) == written(text)


@given(st.text(max_size=600), st.integers(5, 120))
def test_display_string_is_one_short_line(text: str, longest: int) -> None:
    """A title or login is one bounded line that cannot turn its neighbours round."""
    line = label(text, longest)
    assert len(line) <= longest
    assert "\n" not in line
    inner = line.removeprefix("\u2068").removesuffix("\u2069")
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"} for char in inner)
    if any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in inner):
        assert line != inner


@pytest.mark.parametrize(
    "text",
    [
        "The desk is a function, `_build_worker_ready_frame`, which builds that answer.",
        "`dict[str, int] | None` and `a < b > c`",
        "It catches `except Exception as exc:` and e.g. goes home at 3.11 or so.",
        "In `src/server/api/workers.py` and README.md, once, i.e. twice.",
        "*Hello, my name is not None.*",
        "`@pytest.fixture` is a decorator (see C1).",
        'Then came #22067, by devin-ai-integration[bot]: "fix: ready frame".',
        "Eight files – “quoted”, ‘singly’ – and a café.",
        "1 < 2, 3 > 2.",
    ],
)
def test_honest_prose_is_left_alone(text: str) -> None:
    """Code spans, quotations, file names and italics stay as they are."""
    assert written(text) == text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("See [the docs](https://evil.example) now.", "See the docs now."),
        ("![x](http://e.io/?leak=1)Done.", "xDone."),
        ("Ask @octocat and @everyone.", "Ask octocat and everyone."),
        ("<script>alert(1)</script>Hi", "alert(1)Hi"),
        ("<https://evil.example|click>", ""),
        ("Visit evil.com/path today.", "Visit today."),
        ("abc\u202edef\u200b", "abcdef"),
    ],
)
def test_takes_out_what_leads_away(text: str, clean: str) -> None:
    """A link leaves its label, a mention its name."""
    assert written(text) == clean


def test_draft_is_cleaned_in_every_part() -> None:
    """No part of a draft escapes; an empty paragraph goes."""
    raw = Draft(
        title="@here", gist="a\nb", epithet="<b>x</b>", punchline="http://e.io",
        paragraphs=(Paragraph(text="https://e.io"), Paragraph(text="ok\u200b")),
    )  # fmt: skip
    clean = draft(raw)
    assert (clean.title, clean.gist, clean.epithet, clean.punchline) == ("here", "a b", "x", "")
    assert [item.text for item in clean.paragraphs] == ["ok"]


def test_line_breaks_survive_where_only_the_invisible_goes() -> None:
    """``visible`` keeps lines."""
    assert visible("a\r\nb\u2028c\x00") == "a\n\nb\nc"


@pytest.mark.parametrize(
    "hostile", ["<" * 20_000, "[" * 20_000, "a." * 10_000, "@" * 20_000, "`" * 20_000, "http:" * 4_000, "[a](" * 5_000]
)
def test_takes_time_in_proportion(hostile: str) -> None:
    """Long hostile texts are cleaned in a moment."""
    begun = time.process_time()
    written(hostile)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("became `if (!middleware[m][path]) {`.", "became `if (!middleware[m][path]) {`."),
        ("`m[a](b)` and [`m[a][b]`](https://evil.example)", "`m[a](b)` and `m[a][b]`"),
    ],
)
def test_code_keeps_its_brackets(text: str, clean: str) -> None:
    """Brackets inside code are no link; a link whose label is code still gives way to it."""
    assert written(text) == clean
