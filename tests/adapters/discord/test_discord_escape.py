"""Foreign text in Discord: whatever it is made of, it is shown and does nothing else."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from simcord.preview._markdown import markdown_tokens

from adapters.discord.escape import escape, line, link
from bot.display import block

# What Discord's clients look for once escapes and code spans are set aside.
# https://discord.com/developers/docs/reference#message-formatting-formats
EFFECTS = {
    "emphasis": r"\*\S|_\S|\S\*|~~|\|\|",
    "code": r"`",
    "masked link": r"\[[^\]]*\]\(",
    "address": r"https?://\S|<https?:",
    "scheme": r"<[a-z+]+:",
    "invite": r"(?:discord\.gg|discord(?:app)?\.com/invite)/\w",
    "user, role": r"<@[!&]?\d+>",
    "channel": r"<#\d+>",
    "slash command": r"</[\w -]+:\d+>",
    "guild place": r"<id:\w+>",
    "emoji": r"<a?:\w+:\d+>",
    "emoji by name": r":[\w+-]+:",
    "timestamp": r"<t:-?\d+(?::\w)?>",
    "quote": r"(?m)^\s*>(?:>>)? ",
    "heading": r"(?m)^\s*#{1,3} ",
    "small print": r"(?m)^\s*-# ",
    "list": r"(?m)^\s*[-*] |^\s*\d+\. ",
    "underline of a heading": r"(?m)^ *(?:=+|-+) *$",
}
PINGS = r"@(?:everyone|here|[!&]?\d{17,20})"
DIGITS = st.integers(10**17, 10**18).map(str)
TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=12)
FORMS = st.one_of(
    TEXT.map(lambda t: f"[{t}](https://evil.example/{t})"),
    TEXT.map(lambda t: f"[**{t}**](<https://evil.example>)"),
    TEXT.map(lambda t: f"||{t}||"),
    TEXT.map(lambda t: f"***{t}*** __{t}__ ~~{t}~~ _{t}_"),
    TEXT.map(lambda t: f"```\n{t}\n``` ``{t}`` `{t}"),
    TEXT.map(lambda t: f"\n# {t}\n## {t}\n-# {t}\n> {t}\n>>> {t}\n- {t}\n* {t}\n1. {t}\n"),
    DIGITS.map(lambda d: f"<@{d}> <@!{d}> <@&{d}> <#{d}> </roast:{d}> <:fire:{d}> <a:fire:{d}> <t:{d[:10]}:R>"),
    st.sampled_from(
        [
            "@everyone @here @\u200beveryone @\u200dhere",
            "https://discord.gg/abc discord.gg/abc discord.com/invite/abc <https://a.example>",
            "<id:customize> <id:guide> <mailto:a@b.example> <tel:+123> <sms:1> :fire: :+1:",
            "[\u200bx\u200b](https://evil.example) [x]\u200b(https://evil.example) [x]\u2060(<https://evil.example>)",
            "*\u200b*bold*\u200b* |\u200d|spoiler|\u200d| `\u200b`code`\u200b` ~\ufeff~struck~\ufeff~ \u00ad# shy",
            "@\u2060everyone @\ufeffhere <\u200b@123456789012345678> <@\u200b123456789012345678> <\u00ad#123>",
            "dis\u200bcord.gg/abc ht\u200btps://evil.example https:\u200b//evil.example hxxp\u2060s://evil.example",
            '[x](https://evil.example "title") [x][1]\n\n[1]: https://evil.example\n![x](https://evil.example/a.png)',
            "~~~\ncode\n~~~\n***\n| a | b |\n| - | - |\n| c | d |",
            "#\u200b no heading\n\u200b# heading\n\t# heading\n\t- item\n+ item\n1) item\n\u3000> quote",
            "||https://evil.example|| **[x](https://evil.example)** > [x](https://evil.example) HTTPS://EVIL.EXAMPLE",
            "<t:0> <t:1618953630:d> <t:-1:F> <t:99999999999999:R> </roast pr:123> </a b c:1> <a:x:1> <:x_y:123456789>",
            "https://discord.com/channels/1/2/3 discordapp.com/invite/a discord.com/events/1/2 dsc.gg/x discord.new/x",
            "\u202e@everyone\u200b **\u200b**",
            "\\*\\*not escaped by you\\\\*",
            "`code` and `more`\n- `x`- y",
            "`a\\` **b** `",
            "title\n=\ntitle\n===  \ntitle\n -\ntitle\n--- \n`=`\n=\n- \n=",
        ]
    ),
    TEXT,
)


def laid_bare(markdown: str) -> str:
    """Return what Discord still looks at: without escaped marks and without code spans."""
    spans = re.compile(r"\\([^0-9A-Za-z\s])|(`+)((?:(?!\2)[\s\S])*?[^`])\2(?!`)")
    return spans.sub(lambda found: "\ue000" if found[1] else "\ue001", markdown)


def seen(markdown: str) -> str:
    """Return what a reader sees: escapes resolved, code spans by their words."""
    spans = re.compile(r"\\([^0-9A-Za-z\s])|`([^`\n]+)`")
    return spans.sub(lambda found: found[1] or found[2], markdown).replace("\u200b", "")


@given(st.lists(FORMS, min_size=1, max_size=4).map(" ".join))
@example("[**x**](https://evil.example)")
@example("`a``b`")
@example("1. one\n2. two")
def test_nothing_works(text):
    """No form of markdown, mention, link, timestamp, emoji, command or invite survives"""
    made = escape(text)
    bare = laid_bare(made)
    for name, form in EFFECTS.items():
        assert not re.search(form, bare, re.IGNORECASE), (name, made)
    assert not re.search(PINGS, made)


class Everybody(dict):
    """Knows everything that is asked for: every person, role, channel, command and emoji is real."""

    def __init__(self, known):
        super().__init__()
        self.known = known

    def get(self, key, default=None):
        return self.known

    def __bool__(self):
        return True


KNOWN = {
    **{kind: Everybody("somebody") for kind in ("users", "roles", "channels")},
    "commands": Everybody("roast"),
    "emojis": Everybody({"name": "fire"}),
    "everyone": True,
}
HARMLESS = {"inline", "paragraph", "text", "code", "break"}


def kinds(tokens):
    """Return what a parsed text is made of."""
    for token in tokens:
        yield token["type"]
        yield from kinds(token.get("children") or ())


def test_the_second_opinion_bites():
    """The second opinion finds every form where nothing was escaped"""
    alive = set(
        kinds(
            markdown_tokens("**a** [x](https://a.example) ||s|| <t:1:R> <@1> </roast:1>\n# h\n- l\n> q", context=KNOWN)
        )
    )
    assert {"strong_open", "link_open", "spoiler_open", "timestamp", "mention", "command", "heading"} <= alive
    assert {"bullet_list", "blockquote"} <= alive


@given(st.lists(FORMS, min_size=1, max_size=4).map(" ".join))
@example("```\n=\n``` ``=`` `=")
@example("title\n===\ntitle\n---\n`title`\n  = \n-  ")
def test_nothing_works_by_a_second_opinion(text):
    """Another reader of Discord's markdown finds nothing but words and code in it, wherever it may stand"""
    # It takes "-#" for small print behind an escape as well: the first opinion looks after that one.
    made = escape(text.replace("-#", ""))
    for where in ("message", "embed_title", "embed_description"):
        assert set(kinds(markdown_tokens(made, where, context=KNOWN))) <= HARMLESS, (where, made)


@given(st.lists(FORMS, min_size=1, max_size=4).map(" ".join))
@example("# -\n -x\n\n  -")
def test_everything_is_seen(text):
    """What a reader sees is the text itself"""
    assert seen(escape(text)).replace("`", "") == block(text).replace("`", "").replace("\u200b", "")


def test_code_stays():
    """A code span stays one, with its words untouched"""
    assert escape("`soup_2.py` is *hot*") == "`soup_2.py` is \\*hot\\*"


@pytest.mark.parametrize("text", ["a_b", "3 > 2", "C#", "f(x)[0]", "a - b", "v1.2"])
def test_ordinary_words_are_seen_as_they_are(text):
    """Ordinary punctuation is shown as it is"""
    assert seen(line(text)) == text


@pytest.mark.parametrize(
    ("url", "label", "made"),
    [
        ("https://example.com/a_(b)", "a.py:12", "[a.py:12](https://example.com/a_%28b%29)"),
        ("javascript:alert(1)", "x", "x"),
        ("https://example.com", "x](https://evil.example) [", None),
        ("", "x", "x"),
    ],
)
def test_link(url, label, made):
    """A link leads where we say, whatever its label holds; an address that is none is left out"""
    if made is None:
        assert re.findall(r"\]\((.*?)\)", laid_bare(link(url, label))) == [url]
    else:
        assert link(url, label) == made
