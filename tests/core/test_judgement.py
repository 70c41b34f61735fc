"""Score, acquittal, casting, words and spans."""

from datetime import UTC, datetime, timedelta

import pytest
from fakes.large import large_case
from hypothesis import given
from hypothesis import strategies as st

from bot.brief import Heat, Role, Taste
from bot.casting import cast
from bot.doneness import doneness, is_acquitted, score
from bot.exhibit import Exhibit, Receipt, Stance, StandsIn, Where
from bot.spans import day, span
from bot.topics import Topic, topic_of
from bot.trial import examine
from bot.verdict import Doneness
from bot.vocabulary import split, words_of

RECEIPT = Receipt(where=Where.TITLE, quote="Add steps")
WEIGHTS = st.lists(st.floats(0, 10), max_size=20)


def _exhibit(kind: str, weight: float, stance: Stance = Stance.CHARGE, **rest: object) -> Exhibit:
    return Exhibit(
        id=f"{kind}-{weight}", kind=kind, stance=stance, weight=weight, summary=kind, facts={},
        stands_in=StandsIn.MERGED, receipts=(RECEIPT,), **rest,
    )  # fmt: skip


@given(WEIGHTS, st.floats(0, 10))
def test_another_charge_never_lowers_the_score(weights: list[float], more: float) -> None:
    """The score lies between 0 and 10 and does not fall when a charge is added."""
    charges = [_exhibit("bare_assert", weight) for weight in weights]
    before = score(charges)
    after = score([*charges, _exhibit("bare_assert", more)])
    assert 0 <= before <= after <= 10


@given(WEIGHTS)
def test_a_credit_never_raises_the_score(weights: list[float]) -> None:
    """What speaks for a pull request does not speak against it."""
    charges = [_exhibit("bare_assert", weight) for weight in weights]
    assert score([*charges, _exhibit("clean_log", 5, Stance.CREDIT)]) <= score(charges)


@pytest.mark.parametrize(
    ("points", "word"),
    [
        (0, Doneness.RARE),
        (3, Doneness.MEDIUM),
        (5.5, Doneness.WELL_DONE),
        (7.8, Doneness.CHARCOAL),
        (10, Doneness.CHARCOAL),
    ],
)
def test_words_of_the_score(points: float, word: Doneness) -> None:
    """Each word begins at its own figure."""
    assert doneness(points) is word


def test_trifles_are_acquitted_and_a_firm_charge_is_not() -> None:
    """Two small charges are no case; one firm charge is."""
    assert is_acquitted([_exhibit("todo_left", 2.0), _exhibit("long_name", 2.0)])
    assert not is_acquitted([_exhibit("sequel_fix", 8.0)])
    assert is_acquitted([])


def test_casting_leaves_the_sensitive_out_and_varies_kinds() -> None:
    """A sensitive exhibit is never cast, and ten of one kind do not crowd out the others."""
    many = [_exhibit("bare_assert", 6 + n / 100) for n in range(10)]
    found = [*many, _exhibit("tug_of_war", 4.5), _exhibit("secret_in_diff", 9.0, sensitive=True)]
    brief = cast(large_case(1000), found, heat=Heat.MEDIUM)
    kinds = [part.exhibit.kind for part in brief.cast]
    assert "secret_in_diff" not in kinds
    assert "tug_of_war" in kinds
    assert kinds.count("bare_assert") < 4


def test_the_cast_is_in_telling_order() -> None:
    """What was built comes before the log, the log before the aftermath, and credit last."""
    found = [
        _exhibit("sequel_fix", 9), _exhibit("fixup_train", 7), _exhibit("bare_assert", 6),
        _exhibit("clean_log", 5, Stance.CREDIT),
    ]  # fmt: skip
    brief = cast(large_case(1000), found, heat=Heat.MEDIUM)
    assert [part.exhibit.kind for part in brief.cast] == ["bare_assert", "fixup_train", "sequel_fix", "clean_log"]
    assert [part.role for part in brief.cast] == [Role.CHARGE, Role.LOG, Role.HEADLINE, Role.CREDIT]


def test_taste_changes_what_is_told_and_not_the_score() -> None:
    """A channel that loves one offence hears of it first; what is true, and how much it weighs, stays."""
    found = [_exhibit("bare_assert", 6.0), _exhibit("copy_paste", 5.5)]
    liking = Taste(offences={"copy_paste": 2.0})
    assert cast(large_case(1000), found, heat=Heat.MEDIUM, taste=liking).angle == "copy_paste"
    assert cast(large_case(1000), found, heat=Heat.MEDIUM).angle == "bare_assert"


def test_what_is_retired_is_not_told() -> None:
    """An offence that this channel retired is not told, not even where nothing else is left."""
    found = [_exhibit("bare_assert", 6.0), _exhibit("copy_paste", 5.5)]
    retired = Taste(offences={"bare_assert": 0.0})
    brief = cast(large_case(1000), found, heat=Heat.MEDIUM, taste=retired)
    assert [part.exhibit.kind for part in brief.cast] == ["copy_paste"]
    assert cast(large_case(1000), found[:1], heat=Heat.MEDIUM, taste=retired).cast == ()


def test_angle_and_length_by_taste() -> None:
    """A liked angle becomes the headline; a channel that clearly likes it short is told fewer charges."""
    kinds = ["bare_assert", "copy_paste", "fixup_train", "sequel_fix", "rubber_stamp"]
    found = [_exhibit(kind, 8.0 - number / 10) for number, kind in enumerate(kinds)]
    case = large_case(1000)
    assert cast(case, found, heat=Heat.MEDIUM, taste=Taste(angles={"copy_paste": 2.0})).angle == "copy_paste"
    assert len(cast(case, found, heat=Heat.MEDIUM).cast) == 5
    assert len(cast(case, found, heat=Heat.MEDIUM, taste=Taste(lengths={"short": 2.0})).cast) == 2


def test_the_same_case_is_cast_the_same() -> None:
    """Two examinations of one case give the same exhibits and the same brief."""
    case = large_case(2000)
    first, second = examine(case), examine(large_case(2000))
    assert first == second
    assert cast(case, first, heat=Heat.MILD) == cast(case, second, heat=Heat.MILD)


def test_topics() -> None:
    """A credit is a credit whatever it is about, and the unlisted is about the code."""
    assert topic_of(_exhibit("fixup_train", 1)) is Topic.LOG
    assert topic_of(_exhibit("fixup_train", 1, Stance.CREDIT)) is Topic.CREDIT
    assert topic_of(_exhibit("something_new", 1)) is Topic.CODE


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(seconds=5), "less than a minute"), (timedelta(minutes=1), "1 minute"), (timedelta(hours=1), "1 hour"),
        (timedelta(days=2, hours=21), "2 days and 21 hours"), (timedelta(days=1), "1 day"), (timedelta(days=40, hours=3), "40 days"),
        (None, ""), (timedelta(seconds=-1), ""),
    ],
)  # fmt: skip
def test_spans_in_words(duration: timedelta | None, words: str) -> None:
    """Durations read as a person says them."""
    assert span(duration) == words


def test_days_in_words() -> None:
    """A day has its month by name and no leading zero."""
    assert day(datetime(2026, 5, 9, 23, tzinfo=UTC)) == "9 May 2026"
    assert day(None) == ""


def test_identifiers_are_split_into_telling_words() -> None:
    """Case and underscores part a name, plurals become singular, and common words stay out."""
    assert split("_build_workerReadyFrames") == {"worker", "ready", "frame"}
    assert split("HTTPServerProxies") >= {"http", "server", "proxy"}


def test_the_title_weighs_most() -> None:
    """A word of the title outweighs one that the code says often."""
    words = words_of(large_case(1000))
    assert next(iter(words)) == "step"
