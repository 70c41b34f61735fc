"""Cards and answers as they are drawn, looked at whole."""

from datetime import UTC, datetime

from fakes.verdicts import verdict

from adapters.discord import render
from bot.answers import full_roast
from bot.brief import Heat
from bot.card import card_of
from bot.ports_messenger import Action, Answer, Tone
from bot.records import Place, StoredVerdict, VerdictId
from bot.verdict import Doneness


def stored(**changes):
    """Return a kept verdict."""
    return StoredVerdict(
        id=VerdictId(12),
        verdict=verdict(**changes),
        place=Place(platform="discord", workspace="1", channel="2"),
        created_at=datetime(2026, 9, 16, tzinfo=UTC),
    )


def card(picture=False, note="", **changes):
    """Return a card."""
    kept = stored(**changes)
    return render.card(card_of(kept.verdict), kept, note=note, picture=picture)


def test_card(snapshot):
    """A card is drawn as it was looked at"""
    assert card(picture=True, note="I could not answer where you asked.") == snapshot


def test_story(snapshot):
    """So is a full roast"""
    assert render.answer(full_roast(stored())) == snapshot


def test_answer(snapshot):
    """So is an answer with rows, links and buttons"""
    said = Answer(
        title="Digests here",
        text="Two.\n\nNo *pings*, ever.",
        rows=(("acme/soup", "every friday"), ("acme/stew", "never")),
        links=(("acme/soup#7", "https://github.com/acme/soup/pull/7"),),
        actions=(Action(label="Pause", command="digest pause acme/soup"),),
        tone=Tone.DONE,
    )
    assert render.answer(said) == snapshot


def test_colours():
    """Each doneness has its own colour, and so has an acquittal"""
    colours = {one: card(doneness=one).embeds[0]["color"] for one in Doneness}
    acquitted = card(acquitted=True).embeds[0]["color"]
    assert len({*colours.values(), acquitted}) == len(Doneness) + 1


def test_no_button_leads_nowhere():
    """What the bounds of the heat leave no room for is not offered"""
    labels = {
        heat: [part["label"] for part in card(heat=heat).components[0]["components"]]
        for heat in (Heat.MILD, Heat.SPICY)
    }
    assert "Milder" not in labels[Heat.MILD]
    assert "Hotter" not in labels[Heat.SPICY]


def test_custom_ids_carry_a_key_alone():
    """A button carries the roast's number and nothing of the pull request"""
    ids = [part["custom_id"] for row in card().components for part in row["components"]]
    assert ids == ["say:full 12", "say:receipts 12", "say:hotter 12", "say:milder 12", "appeal:12", "more:12"]
