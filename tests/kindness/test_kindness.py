"""Law 7: the roast is about the code, never about the person. The corpora stand beside this file."""

from __future__ import annotations

import time
from hashlib import blake2s
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import kindness
from bot.kindness import About, unkind

HERE = Path(__file__).parent
PEOPLE = ("desertaxle", "octocat", "Alex Streed", "Alex")


def lines(name: str) -> list[str]:
    """Return the sentences of one corpus."""
    return [line for line in (HERE / name).read_text().splitlines() if line]


@pytest.mark.parametrize("sentence", lines("unkind.txt"))
def test_stops_what_is_unkind(sentence: str) -> None:
    """An unkind sentence is stopped, with a reason."""
    found = unkind(sentence, PEOPLE)
    assert found
    assert all(item.reason and item.phrase for item in found)


@pytest.mark.parametrize("sentence", lines("fair.txt"))
def test_passes_what_is_harsh_but_fair(sentence: str) -> None:
    """A harsh word on code, commits or process passes."""
    assert unkind(sentence, PEOPLE) == ()


@pytest.mark.parametrize("name", ["held_out_unkind.txt", "held_out_2_unkind.txt", "held_out_3_unkind.txt"])
def test_still_stops_what_was_once_held_out(name: str) -> None:
    """Sentences that once measured the rules, and were then learned from, stay stopped."""
    assert [line for line in lines(name) if not unkind(line, PEOPLE)] == []


@pytest.mark.parametrize("name", ["held_out_fair.txt", "held_out_2_fair.txt", "held_out_3_fair.txt"])
def test_still_passes_what_was_once_held_out(name: str) -> None:
    """Fair sentences that once measured the rules stay free."""
    assert [line for line in lines(name) if unkind(line, PEOPLE)] == []


def test_corpora_are_as_large_as_promised() -> None:
    """There are at least 200 of each."""
    assert len(lines("unkind.txt")) >= 200
    assert len(lines("fair.txt")) >= 200


def test_knows_people_by_name_only_when_told() -> None:
    """A login is a person once it is named as one; else it may be a program."""
    assert unkind("octocat is hopeless.", ("octocat",))
    assert not unkind("octocat is hopeless.")


def test_finds_a_slur_by_its_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word whose digest is listed is stopped, in the plural and with digits for letters too; its text is not repeated."""
    digest = blake2s(b"xylofink", digest_size=6).hexdigest()
    monkeypatch.setattr(kindness, "SLURS", frozenset({digest}))
    for sentence in ("Such a xylofink of a loop.", "Xylofinks everywhere.", "A xyl0f1nk."):
        assert [item.phrase for item in unkind(sentence)] == ["a slur"]


@pytest.mark.parametrize(
    "text", ["The ａｕｔｈｏｒ is an ｉｄｉｏｔ.", "What an idi\u200bot.", "What an іdіot.", "f*ck this", "F.U.C.K."]
)
def test_sees_through_disguises(text: str) -> None:
    """Full-width letters, invisible characters, look-alikes and stars hide nothing."""
    assert unkind(text)


@given(st.text(max_size=400))
def test_never_raises(text: str) -> None:
    """Any text gets an answer."""
    assert all(isinstance(item.about, About) for item in unkind(text, PEOPLE))


@pytest.mark.parametrize(
    "hostile", ["the author " * 1800, "a" * 20_000, "you " * 5000, "f_" * 9000, "the " * 5000, "- " * 9000]
)
def test_takes_time_in_proportion(hostile: str) -> None:
    """Long hostile texts are read in a moment."""
    begun = time.process_time()
    unkind(hostile, PEOPLE)
    assert time.process_time() - begun < 2


def test_held_out_batch_says_how_good_the_rules_are() -> None:
    """Of batch 4, when fresh, 42 of 60 unkind sentences were stopped, and 2 of 60 fair ones too.

    The rules before stopped 33 and 14. The batch was written before the rules were mended, but by the same model that
    mended them, so a stranger's sentences may fare worse. One of the two ("The Man Who Asked Twice") showed a plain
    mistake and is free since; nothing else was mended for it.
    """
    stopped = sum(bool(unkind(line, PEOPLE)) for line in lines("held_out_4_unkind.txt"))
    wrongly = sum(bool(unkind(line, PEOPLE)) for line in lines("held_out_4_fair.txt"))
    assert stopped >= 42
    assert wrongly <= 2


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ("", "The Man with the Clipboard"),
        ("", "A woman with a stamp sits at the counter; she never looks up."),
        ("", "The clerk is lazy and asks nobody."),
        ("A porter stands at the door.", "He is slow and thorough."),
        ("The author moved it. Now a dispatcher hands out the rooms.", "And he is thorough."),
        ("", "In this country, `M` is more precise."),
    ],
)
def test_a_character_of_an_image_is_nobody(before: str, sentence: str) -> None:
    """A clerk, a porter, a man with a clipboard, and the "he" who means them, may have any trait."""
    assert unkind(sentence, PEOPLE, before) == ()


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ("", "He is slow and thorough."),
        ("A porter stands at the door. The author let him in.", "He is slow."),
        ("A porter stands at the door. octocat let him in.", "He is slow."),
        ("A porter stands at the door.", "The author is slow."),
        ("", "A woman touched the build, and look at it."),
        ("", "A man with no brain wrote this commit."),
        ("", "The author is a clerk with no imagination."),
    ],
)
def test_an_image_hides_no_person(before: str, sentence: str) -> None:
    """Without a character that it can mean, or after the author was named, a "he" is a person."""
    assert unkind(sentence, PEOPLE, before)


@pytest.mark.parametrize(
    ("event", "habit"),
    [
        ("The author bumped the temple package.", "The author prayed at the temple."),
        ("The author replaced the accent colour.", "The author has an accent."),
        ("The author explained the lock.", "The author avoids the lock."),
    ],
)
def test_an_event_is_told_and_a_trait_is_not(event: str, habit: str) -> None:
    """What was done to the code is told, whatever the thing is called; what somebody is like is not."""
    assert unkind(event) == ()
    assert unkind(habit)
