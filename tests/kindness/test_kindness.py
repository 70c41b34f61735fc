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


@pytest.mark.parametrize("name", ["held_out_unkind.txt", "held_out_2_unkind.txt"])
def test_still_stops_what_was_once_held_out(name: str) -> None:
    """Sentences that once measured the rules, and were then learned from, stay stopped."""
    assert [line for line in lines(name) if not unkind(line, PEOPLE)] == []


@pytest.mark.parametrize("name", ["held_out_fair.txt", "held_out_2_fair.txt"])
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
    """Nobody has mended a rule for batch 3: 37 of its 60 unkind sentences were stopped, 5 of its 60 fair ones too."""
    stopped = sum(bool(unkind(line, PEOPLE)) for line in lines("held_out_3_unkind.txt"))
    wrongly = sum(bool(unkind(line, PEOPLE)) for line in lines("held_out_3_fair.txt"))
    assert stopped >= 37
    assert wrongly <= 5
