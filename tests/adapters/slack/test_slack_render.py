"""Cards and answers in Block Kit: every shape within Slack's limits, every line on it, nothing of it alive."""

import html
import json
import re

import pytest
from fakes.slack import text_of
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack import home, limits, modals, render
from bot import answers
from bot.brief import Heat
from bot.card import Card, CardExhibit, card_of
from bot.ports_messenger import Action, Answer
from bot.records import StoredVerdict
from bot.verdict import Verdict

from .shapes import SHAPES, stored

TEXT = st.text(max_size=300) | st.sampled_from(["<!channel>", "`", "*_~`<>&" * 50, "x" * 3100, "&" * 800, "\n" * 9])


def clean(drawn):
    """Whether a message is within Slack's limits as it is sent."""
    return limits.broken(drawn.arguments["blocks"], drawn.arguments["text"])


def labels(drawn):
    """Return what can be pressed."""
    return [
        one.get("text", {}).get("text", "⋮")
        for block in drawn.blocks
        if block["type"] == "actions"
        for one in block["elements"]
    ]


@pytest.mark.parametrize("name", SHAPES)
def test_card(name, snapshot):
    """Every shape of a card looks as it did when somebody last looked at it, and is within the limits"""
    drawn = render.card(card_of(SHAPES[name]), stored(name))
    assert clean(drawn) == []
    assert json.dumps(drawn.arguments, ensure_ascii=False, indent=1) == snapshot


@pytest.mark.parametrize("name", SHAPES)
def test_full(name):
    """Every whole story is within the limits, and no letter of it is lost"""
    drawn = render.answer(answers.full_roast(stored(name)))
    assert clean(drawn) == []
    shown = re.sub(r"[^\w]", "", html.unescape(text_of({"blocks": drawn.blocks}))).replace("ˍ", "_")
    for paragraph in SHAPES[name].paragraphs:
        assert re.sub(r"[^\w]", "", paragraph.text) in shown


def test_on_the_card():
    """Title, byline, gist, charges, credit, strikes, verdict, meter, coverage and number all stand on it"""
    card = card_of(SHAPES["usual"])
    shown = text_of({"blocks": render.card(card, stored("usual")).blocks})
    for words in (
        card.title, card.byline, card.gist, "`serve_cup` guards", "*Credit:* A taken lease", "~Harden three times",
        "*The Parliament of Beans* — Motion carried", "🟥🟥🟥🟥🟥🟥🟥⬜⬜⬜ well done", card.coverage, "no. 12",
        "|barista/lease.py:12>",
    ):  # fmt: skip
        assert words in shown


@pytest.mark.parametrize(
    ("heat", "offered"),
    [(Heat.MILD, ["Hotter"]), (Heat.MEDIUM, ["Hotter", "Milder"]), (Heat.SPICY, ["Milder"])],
)
def test_buttons(heat, offered):
    """Full roast, Receipts, Appeal and an overflow are always there, Hotter and Milder where there is room"""
    kept = StoredVerdict.model_validate(
        {**stored("usual").model_dump(), "verdict": SHAPES["usual"].model_copy(update={"heat": heat})}
    )
    assert labels(render.card(card_of(kept.verdict), kept)) == ["Full roast", "Receipts", *offered, "Appeal", "⋮"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), max_size=30), TEXT, TEXT, st.lists(TEXT, max_size=60))
def test_any_answer(rows, title, text, names):
    """Any answer whatever is drawn within the limits, in a message and in a window"""
    said = Answer(
        title=title,
        text=text,
        rows=tuple(rows),
        links=tuple((name, "https://example.com/" + "y" * 900) for name in names),
        actions=tuple(Action(label=name, command=f"why {at}") for at, name in enumerate(names)),
    )
    assert clean(render.answer(said, note=title)) == []
    assert limits.broken_view(modals.answer(said)) == []
    assert limits.broken_view(home.view("/roast", said, said, said)) == []


@settings(max_examples=25, deadline=None)
@given(st.lists(TEXT, min_size=9, max_size=9), st.integers(0, 9))
def test_any_card(texts, charges):
    """Any card whatever is drawn within the limits, and so is a digest of many and the form for its appeal"""
    title, slug, byline, gist, epithet, punchline, coverage, footer, line = texts
    item = CardExhibit(
        id="E1", kind="x", text=line, place=slug, url="https://example.com/" + "y" * 1400, stands_in="merged"
    )
    meter = card_of(SHAPES["usual"]).meter
    card = Card(
        title=title, slug=slug, url="https://example.com/1", byline=byline, gist=gist, charges=(item,) * charges,
        credit=item, epithet=epithet, punchline=punchline, meter=meter, coverage=coverage, notes=(line,) * 9, footer=footer,
    )  # fmt: skip
    assert clean(render.card(card, stored("usual"), note=line)) == []
    assert clean(render.digest(Answer(text=line, title=title), (card,) * 40)) == []
    assert limits.broken_view(modals.appeal(12, (item,) * 120, "C1", "1.2")) == []


def test_nothing_alive():
    """No card of a hostile pull request mentions, links or formats anything of its own"""
    sent = json.dumps(render.card(card_of(SHAPES["hostile"]), stored("hostile")).arguments, ensure_ascii=False)
    assert "<!" not in sent
    assert "<@" not in sent
    assert "<https://evil" not in sent
    assert '"verbatim": false' not in sent
    assert '"emoji": true' not in sent


def test_too_many_parts():
    """What has more parts than Slack takes says how many are left out, and keeps its buttons"""
    said = Answer(
        rows=tuple((f"r{at}", "x" * 2900) for at in range(70)), actions=(Action(label="More", command="more"),)
    )
    drawn = render.answer(said)
    assert len(drawn.blocks) == limits.BLOCKS_PER_MESSAGE
    assert "22 more parts are left out" in text_of({"blocks": drawn.blocks})
    assert labels(drawn) == ["More"]


def test_verdict_kept():
    """Drawing changes nothing of what is drawn"""
    before = SHAPES["usual"].model_dump()
    render.card(card_of(SHAPES["usual"]), stored("usual"))
    assert SHAPES["usual"] == Verdict.model_validate(before)
