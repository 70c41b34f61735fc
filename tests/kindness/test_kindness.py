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


@pytest.mark.parametrize(("batch", "stopped", "wrongly"), [(4, 56, 1), (5, 59, 0), (6, 60, 0), (7, 57, 1)])
def test_later_batches_stay_as_good_as_they_were(batch: int, stopped: int, wrongly: int) -> None:
    """What was learned from batches 4 to 7, which measured the rules when they were fresh, is not unlearned."""
    unkindly, fairly = lines(f"held_out_{batch}_unkind.txt"), lines(f"held_out_{batch}_fair.txt")
    assert sum(bool(unkind(line, PEOPLE)) for line in unkindly) >= stopped
    assert sum(bool(unkind(line, PEOPLE)) for line in fairly) <= wrongly


def test_batch_nine_stays_learned() -> None:
    """Of batch 9, when fresh, 39 of 60 unkind sentences were stopped, and 2 of 60 fair ones too; it was then learned from."""
    assert [line for line in lines("held_out_9_unkind.txt") if not unkind(line, PEOPLE)] == []
    assert [line for line in lines("held_out_9_fair.txt") if unkind(line, PEOPLE)] == []


def test_batch_ten_says_how_good_the_rules_are() -> None:
    """Of batch 10, when fresh, 34 of 40 unkind sentences were stopped (33 before batch 9), and 7 of 40 fair ones (6).

    Of its unkind half one sentence led to a phrase ("human being"); six false alarms of its fair half were mended.
    """
    assert sum(bool(unkind(line, PEOPLE)) for line in lines("held_out_10_unkind.txt")) >= 34
    assert sum(bool(unkind(line, PEOPLE)) for line in lines("held_out_10_fair.txt")) <= 1


def test_held_out_batch_says_how_good_the_rules_are() -> None:
    """Of batch 8, when fresh, 43 of 60 unkind sentences were stopped, and 1 of 60 fair ones too.

    The rules before stopped 39 and 0 of it. (Batch 7, likewise: 44 and 6, after 35 and 6.) It was written after the
    rules, by the same model, with its fair half as a twin of its unkind half; nothing was mended for it.
    """
    stopped = sum(bool(unkind(line, PEOPLE)) for line in lines("held_out_8_unkind.txt"))
    wrongly = sum(bool(unkind(line, PEOPLE)) for line in lines("held_out_8_fair.txt"))
    assert stopped >= 43
    assert wrongly <= 1


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
