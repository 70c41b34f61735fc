"""Discord's figures: each one holds at the limit and is told of one past it; whatever is drawn keeps to all of them."""

from datetime import UTC, datetime

import pytest
from fakes import discord_schema
from fakes.verdicts import exhibit, verdict
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord import limits, render
from bot.answers import full_roast
from bot.card import card_of
from bot.exhibit import Stance
from bot.ports_messenger import Action, Answer, Tone
from bot.records import Place, StoredVerdict, VerdictId
from bot.verdict import Paragraph, Role

NASTY = st.text(st.characters(codec="utf-8"), max_size=3000) | st.sampled_from(
    ["*" * 5000, "🔥" * 3000, "`x` " * 900, "Word. " * 1200, "[a](b)" * 700, "\n".join("# a" for _ in range(900))]
)


def stored(**changes):
    """Return a kept verdict."""
    return StoredVerdict(
        id=VerdictId(12),
        verdict=verdict(**changes),
        place=Place(platform="discord", workspace="1", channel="2"),
        created_at=datetime(2026, 9, 16, tzinfo=UTC),
    )


def button(**changes):
    """Return a row with one button."""
    return {"type": 1, "components": [{"type": 2, "style": 2, "label": "x", "custom_id": "x", **changes}]}


def menu(many=1, **changes):
    """Return a row with one menu."""
    options = [{"label": "x", "value": "x", **changes}] * many
    return {"type": 1, "components": [{"type": 3, "custom_id": "x", "options": options}]}


def faults_of(drawn):
    """Return what is wrong with a message, by our table and by Discord's description."""
    sent = {"content": drawn.content, "embeds": [*drawn.embeds], "components": [*drawn.components]}
    return limits.broken(**sent) + discord_schema.faults("execute_webhook", sent)


def embed(**parts):
    """Return a message of one embed."""
    return {"embeds": [{"description": "x", **parts}]}


LIMITED = {
    "content": (lambda n: {"content": "x" * n}, limits.CONTENT),
    "embeds": (lambda n: {"embeds": [{"title": "x"}] * n}, limits.EMBEDS),
    "title": (lambda n: embed(title="x" * n), limits.EMBED_TITLE),
    "description": (lambda n: embed(description="x" * n), limits.EMBED_DESCRIPTION),
    "footer": (lambda n: embed(footer={"text": "x" * n}), limits.EMBED_FOOTER),
    "author": (lambda n: embed(author={"name": "x" * n}), limits.EMBED_AUTHOR),
    "fields": (lambda n: embed(fields=[{"name": "x", "value": "x"}] * n), limits.EMBED_FIELDS),
    "field name": (lambda n: embed(fields=[{"name": "x" * n, "value": "x"}]), limits.EMBED_FIELD_NAME),
    "field value": (lambda n: embed(fields=[{"name": "x", "value": "x" * n}]), limits.EMBED_FIELD_VALUE),
    "all embeds": (
        lambda n: {"embeds": [{"description": "x" * 4000}, {"description": "x" * (n - 4000)}]},
        limits.EMBEDS_TOTAL,
    ),
    "action rows": (
        lambda n: {"content": "x", "components": [button(custom_id=str(at)) for at in range(n)]},
        limits.ACTION_ROWS,
    ),
    "buttons in a row": (
        lambda n: {
            "content": "x",
            "components": [{"type": 1, "components": [button(custom_id=str(at))["components"][0] for at in range(n)]}],
        },
        limits.BUTTONS_PER_ROW,
    ),
    "custom_id": (lambda n: {"content": "x", "components": [button(custom_id="x" * n)]}, limits.CUSTOM_ID),
    "button label": (lambda n: {"content": "x", "components": [button(label="x" * n)]}, limits.BUTTON_LABEL),
    "options": (
        lambda n: {"content": "x", "components": [menu(n)]},
        limits.SELECT_OPTIONS,
    ),
    "option label": (
        lambda n: {"content": "x", "components": [menu(label="x" * n)]},
        limits.OPTION_LABEL,
    ),
    "option value": (
        lambda n: {"content": "x", "components": [menu(value="x" * n)]},
        limits.OPTION_VALUE,
    ),
}


UNDESCRIBED = {"all embeds", "action rows"}
"""Limits that Discord's pages name, and its description of the API does not."""


@pytest.mark.parametrize("name", LIMITED)
def test_at_the_limit_and_one_past_it(name):
    """A message at the limit is clean by our table and by Discord's description; one past it is so by neither"""
    make, most = LIMITED[name]
    assert limits.broken(**make(most)) == []
    assert limits.broken(**make(most + 1)) == [f"{name}: {most + 1} of {most}"]
    assert discord_schema.faults("execute_webhook", make(most)) == []
    assert bool(discord_schema.faults("execute_webhook", make(most + 1))) is (name not in UNDESCRIBED)


@given(NASTY, NASTY, NASTY)
@settings(deadline=None, max_examples=30)
def test_every_card_fits(title, gist, summary):
    """A card fits whatever is in it, and its last word is in it"""
    charges = [exhibit(f"E{n}", "bare_assert", Stance.CHARGE, 5, summary or "x") for n in range(6)]
    kept = stored(title=title, gist=gist, exhibits=tuple(charges))
    drawn = render.card(card_of(kept.verdict), kept, note=gist, picture=True)
    assert faults_of(drawn) == []
    assert drawn.embeds[0]["description"].endswith("Motion carried, cup dropped.")
    assert limits.broken(drawn.bare.content) == []


@given(st.lists(NASTY, max_size=4), NASTY, st.lists(st.tuples(NASTY, NASTY), max_size=5), st.sampled_from(Tone))
@settings(deadline=None, max_examples=30)
def test_every_answer_fits(texts, title, rows, tone):
    """An answer fits, in as many messages as it takes"""
    actions = tuple(Action(label="Do it " * at, command=f"digest pause {'a' * at * 12}/b") for at in range(1, 20))
    said = Answer(text="\n\n".join(texts), title=title, rows=tuple(rows), tone=tone, actions=actions)
    for drawn in render.answer(said, note=title):
        assert faults_of(drawn) == []


@given(NASTY, st.sampled_from([0, 1, 3, 12]))
@settings(deadline=None, max_examples=12)
def test_every_digest_fits(text, many):
    """A digest fits, and carries its run"""
    cards = (card_of(verdict(title=text, gist=text)),) * many
    drawn = render.digest(Answer(title=text, text=text), cards, "0123456789abcdef01234567")
    assert faults_of(drawn) == []
    assert render.run_of(drawn.embeds) == "0123456789abcdef01234567"


def test_long_buttons_are_kept():
    """A button whose words are too long carries their name, and they are kept under it"""
    command = f"digest preview {'a' * 39}/{'b' * 100}"
    (drawn,) = render.answer(Answer(text="x", actions=(Action(label="Preview", command=command),)))
    (name,) = drawn.kept
    assert drawn.components[0]["components"][0]["custom_id"] == name
    assert drawn.kept[name] == command


def test_a_long_story_is_cut_at_sentence_ends():
    """Every page of a long story ends where a sentence does, and no word is lost"""
    sentences = [f"Sentence number {n} walks on for a while before it comes to its end." for n in range(200)]
    told = stored(paragraphs=(Paragraph(text=" ".join(sentences), role=Role.LEDE, exhibits=("E1",)),))
    pages = [one.embeds[0]["description"] for one in render.answer(full_roast(told))]
    assert len(pages) > 2
    assert all(page.endswith(".") for page in pages[:-1])
    words = " ".join(pages)
    assert all(sentence in words for sentence in sentences)
