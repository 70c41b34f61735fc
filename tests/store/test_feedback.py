"""Reactions: what an emoji means, whose voice counts, and in which order events hold."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.feedback import DEFAULT_EMOJI, EmojiMap, Meaning, Tally, counts_for, fold, overrules

NOON = datetime(2026, 5, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("emoji", "name"),
    [
        ("🔥", "fire"),
        (":fire:", "fire"),
        ("Fire", "fire"),
        ("flame", "fire"),
        ("🙏🏿", "pray"),
        ("pray::skin-tone-6", "pray"),
        (":pray::skin-tone-2:", "pray"),
        ("❌\ufe0f", "x"),
        ("<:roast:123456789>", "roast"),
        ("<a:Roast:1>", "roast"),
        ("roast:123", "roast"),
        ("thumbsup", "+1"),
        ("👍🏽", "+1"),
        ("🦆", "🦆"),
    ],
)
def test_folded(emoji, name):
    """Every spelling of an emoji folds to one name, whatever platform sends it."""
    assert fold(emoji) == name


@given(st.text(max_size=40))
def test_folding_is_total(text):
    """Any text folds without an error, and folding twice is folding once."""
    assert fold(fold(text)) == fold(text)


def test_defaults():
    """The emoji of the issue mean what it says, by character and by Slack's name."""
    meanings = EmojiMap()
    wanted = {"fire": "funny", "dart": "true", "skull": "harsh", "neutral_face": "dull", "x": "wrong", "pray": "thanks"}
    assert {name: meanings.meaning(name).value for name in wanted} == wanted
    assert all(meanings.meaning(emoji) is meaning for emoji, meaning in DEFAULT_EMOJI.items())
    assert meanings.meaning("🦆") is None


def test_seeds():
    """For each meaning there is an emoji that the bot can put under its own message."""
    meanings = EmojiMap()
    assert all(meanings.meaning(meanings.emoji(meaning)) is meaning for meaning in Meaning)
    assert EmojiMap({"fire": "funny"}).emoji(Meaning.DULL) is None


def test_settings_that_disagree():
    """Two meanings for two spellings of one emoji, and a meaning that is none, are refused by name."""
    with pytest.raises(SettingsError, match="two meanings"):
        EmojiMap({"🔥": "funny", "fire": "true"})
    with pytest.raises(SettingsError, match="hilarious"):
        EmojiMap({"🔥": "hilarious"})


marks = st.tuples(st.integers(0, 5), st.booleans())


@given(st.lists(marks, min_size=1, max_size=8), st.randoms())
def test_any_order(events, dice):
    """Marks end in the same state in whatever order and however often they arrive."""

    def end(order):
        state = None
        for at, on in order:
            moment = NOON + timedelta(seconds=at)
            if state is None or overrules(moment, on, *state):
                state = (moment, on)
        return state

    shuffled = events + events[: len(events) // 2]
    dice.shuffle(shuffled)
    assert end(shuffled) == end(events)


def test_self_vote():
    """An asker's own "funny" does not count; everything else they say does."""
    assert [meaning for meaning in Meaning if not counts_for(meaning, by_asker=True)] == [Meaning.FUNNY]
    assert all(counts_for(meaning, by_asker=False) for meaning in Meaning)


@given(st.dictionaries(st.sampled_from(Meaning), st.integers(0, 10_000)))
def test_one_verdict_of_lessons(voices):
    """Whatever the crowd, a verdict teaches less than one whole outcome, and never a negative one."""
    hit, miss = Tally(voices).outcome()
    assert hit >= 0
    assert miss >= 0
    assert hit + miss < 1


def test_condemned():
    """It takes two who call it wrong, and more of them than find it funny or true."""
    assert not Tally({Meaning.WRONG: 1}).condemned
    assert Tally({Meaning.WRONG: 2}).condemned
    assert not Tally({Meaning.WRONG: 3, Meaning.FUNNY: 2, Meaning.TRUE: 1}).condemned


def test_words():
    """A tally is told loudest first, and silence as such."""
    assert Tally({Meaning.WRONG: 1, Meaning.FUNNY: 4}).in_words() == "4 funny, 1 wrong"
    assert Tally().in_words() == "no reactions yet"


def test_own_mapping():
    """A place's own mapping lies over the usual one, in whatever spelling; "nothing" takes a meaning away."""
    own = EmojiMap.with_own({":party_parrot:": "funny", "fire": "thanks", "🙏": "nothing", "<:fine:12>": "dull"})
    said = ("party_parrot:99", "🔥", "pray", "fine", "🎯", "duck")
    assert [own.meaning(one) for one in said] == ["funny", "thanks", None, "dull", "true", None]
    assert own.emoji(Meaning.FUNNY) == "party_parrot"
    with pytest.raises(SettingsError, match="two meanings"):
        EmojiMap.with_own({"fire": "funny", "🔥": "dull"})
