"""The one escape: whatever is put in, Slack's parser finds nothing to do in what comes out."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.escape import escape, line, link

FORMS = [
    "<!channel>", "<!here|x>", "<!everyone>", "<@U1>", "<@U1|bob>", "<#C1|general>", "<!subteam^S1|ops>",
    "<!date^1392734382^{date}|then>", "<https://evil.example|click>", "<mailto:a@b.c|x>", "@here", "@channel",
    "@everyone", "*bold*", "_it_", "__init__", "~gone~", "`code`", "```\nblock\n```", ":fire:", "> quote", ">>> more",
    "&lt;!channel&gt;", "&amp;", "\u202e<!here>", "`<!here>`", "`*x*`", "snake_case", "a*b*c", "```", "``", "`", ":a:b:",
    "<", ">", "&", "|", "\n", " ", "x",
]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(FORMS) | st.text(max_size=5), max_size=12).map("".join)

_CODE = re.compile(r"`[^`\n]+`")
_EMPHASIS = re.compile(r"(?<!\w)([*_~])(?=\S)[^\n]*?\1")


def outside_of_code(markup):
    """Return markup with its code spans taken out, as Slack's parser sees the rest."""
    return _CODE.sub("\x00", markup)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40, deadline=None)
@given(before=HOSTILE, after=HOSTILE)
def test_inert(form, before, after):
    """No text whatever mentions, links, formats, quotes or lights up, wherever it stands"""
    markup = escape(before + form + after)
    assert not re.search(r"[<>]", markup)
    assert re.sub(r"&(?:amp|lt|gt);", "", markup).count("&") == 0
    bare = outside_of_code(markup)
    assert not re.search(r"[*~`]", bare)
    assert not _EMPHASIS.search(bare)
    assert not re.search(r":[a-z0-9_+'-]+:", bare)
    assert not re.search(r"@(?:channel|here|everyone)", bare, re.IGNORECASE)
    assert not re.search(r"^\s*&gt;", bare, re.MULTILINE)
    assert not re.search(r"<(?:[!@#]|https?:)", html.unescape(markup))


@given(HOSTILE)
def test_words_stay(text):
    """Letters and digits of a text all stay, in their order"""
    kept = "".join(char for char in html.unescape(line(text)) if char.isascii() and char.isalnum())
    assert kept == "".join(char for char in line_source(text) if char.isascii() and char.isalnum())


def line_source(text):
    """Return what display makes of a text, before any escaping."""
    from bot.display import plain

    return plain(text)


def test_code_stays():
    """A code span stays one, and nothing in it but entities is touched"""
    assert escape("`serve_cup` asserts `a < b && *c`.") == "`serve_cup` asserts `a &lt; b &amp;&amp; *c`."


def test_plain_words_stay():
    """Text without marks comes out as it went in"""
    assert escape("snake_case, 3 files, naïve: 咖啡") == "snake_case, 3 files, naïve: 咖啡"


@given(HOSTILE, HOSTILE)
def test_link(url, label):
    """A link has one address, which is an http one, and a label that ends nowhere early"""
    markup = link("https://example.com/a?b=1&c=" + url, label)
    if markup.startswith("<"):
        address, _, shown = markup[1:-1].partition("|")
        assert markup[-1] == ">"
        assert address.startswith("https://example.com/")
        assert not re.search(r"[<>|\s]", address)
        assert not re.search(r"[<>|]", shown)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "https://a b", "https://user@host/", "file:///etc/passwd"])
def test_no_link(url):
    """Where readers may not be sent, the label stands alone"""
    assert link(url, "label") == "label"
