"""Numbers in prose: digits, words, ordinals, fractions, percentages, "twice"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bot.receipts.text import Kind, Token

_UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12}
_ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
        " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
}
_FRACTIONS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4,
    "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "seventh": 7, "sevenths": 7, "eighth": 8, "eighths": 8,
    "ninth": 9, "ninths": 9, "tenth": 10, "tenths": 10,
}  # fmt: skip
_TIMES = {"twice": 2, "thrice": 3}


class Form(Enum):
    """How a number is used."""

    CARDINAL = "cardinal"
    ORDINAL = "ordinal"
    FRACTION = "fraction"
    PERCENT = "percent"
    TIMES = "times"


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a sentence: its value, its tokens (``first`` to ``last``), and how it was put.

    ``hedge`` is "about", "over" or "under" where the sentence rounds in plain sight, else empty.
    ``spread`` marks "over", which may mean across.
    ``unit`` is what is glued to the digits ("h" of "21h"); ``sign`` is "+" or "-" where one was written.
    """

    value: float
    first: int
    last: int
    form: Form = Form.CARDINAL
    in_digits: bool = False
    hedge: str = ""
    unit: str = ""
    sign: str = ""
    article: bool = False
    spread: bool = False


def is_number(token: Token) -> bool:
    """Whether a single token is a number, in digits or as a word."""
    return token.kind is Kind.NUMBER or token.lower in _UNITS or token.lower in _TENS


def numbers(items: Sequence[Token]) -> tuple[Number, ...]:
    """Return every number among the tokens of a sentence, in order; code spans and quotations hold none."""
    found: list[Number] = []
    at = 0
    while at < len(items):
        number = _digits(items, at) or _words(items, at)
        if number is None:
            at += 1
            continue
        found.append(_with_hedge(items, _in_percent(items, number)))
        at = number.last + 1
    return tuple(found)


_DIGITS = re.compile(r"([+\-−]?)([\d,]*\d(?:\.\d+)?)(%|[A-Za-z]*)")


def _digits(items: Sequence[Token], at: int) -> Number | None:
    token = items[at]
    if token.kind is not Kind.NUMBER or (token.text[0] not in "+-−" and _glued_to_word(items, at)):
        return None
    parts = _DIGITS.fullmatch(token.text)
    if parts is None:
        return None
    sign, digits, unit = parts.groups()
    value, unit = float(digits.replace(",", "")), unit.lower()
    sign = "-" if sign == "−" else sign
    if unit == "%" or (at + 1 < len(items) and items[at + 1].lower in {"%", "percent"}):
        return Number(value, at, at if unit == "%" else at + 1, Form.PERCENT, in_digits=True)
    if unit in {"st", "nd", "rd", "th"}:
        return Number(value, at, at, Form.ORDINAL, in_digits=True)
    if unit == "k":
        return Number(value * 1000, at, at, in_digits=True, hedge="about", sign=sign)
    return Number(value, at, at, in_digits=True, unit=unit, sign=sign)


def _glued_to_word(items: Sequence[Token], at: int) -> bool:
    """Whether the digits are part of a name: UTF-8, GPT-4, 3.11 after Python."""
    before = items[at - 1] if at else None
    if before is None or before.end != items[at].start:
        return False
    if before.text == "-" and at > 1:
        return items[at - 2].end == before.start and items[at - 2].kind is Kind.WORD
    return before.text in {".", "/"} and at > 1 and items[at - 2].end == before.start


def _words(items: Sequence[Token], at: int) -> Number | None:  # noqa: PLR0911 - one return for each way to write one
    word = items[at].lower
    if items[at].kind is not Kind.WORD:
        return None
    if word in _TIMES:
        return Number(_TIMES[word], at, at, Form.TIMES)
    if word == "half":
        return Number(0.5, at, at, Form.FRACTION)
    if word in {"a", "one"} and (fraction := _fraction(items, at)):
        return fraction
    if word == "a" and at + 1 < len(items) and items[at + 1].lower in _SCALES:
        return _hundred_and(items, at) or Number(_SCALES[items[at + 1].lower], at, at + 1, article=True, hedge="about")
    if word in _UNITS or word in _TENS:
        return _fraction(items, at) or _cardinal(items, at)
    if word in _ORDINALS:
        return Number(_ORDINALS[word], at, at, Form.ORDINAL)
    return None


def _hundred_and(items: Sequence[Token], at: int) -> Number | None:
    """Read "a hundred and fourteen"."""
    after = at + 3
    joined = after < len(items) and items[at + 2].lower == "and"
    if not joined or not (items[after].lower in _UNITS or items[after].lower in _TENS):
        return None
    rest = _cardinal(items, after)
    counts = rest.form is Form.CARDINAL and rest.value < _SCALES[items[at + 1].lower]
    return Number(_SCALES[items[at + 1].lower] + rest.value, at, rest.last) if counts else None


def _fraction(items: Sequence[Token], at: int) -> Number | None:
    """Read "a third", "two thirds", "three-quarters": the part word must be followed by "of"."""
    top = 1 if items[at].lower == "a" else _UNITS.get(items[at].lower, 0)
    after = at + 2 if at + 1 < len(items) and items[at + 1].text == "-" else at + 1
    if not top or after + 1 >= len(items) or items[after].lower not in _FRACTIONS:
        return None
    if items[after + 1].lower != "of":
        return None
    return Number(top / _FRACTIONS[items[after].lower], at, after, Form.FRACTION)


def _cardinal(items: Sequence[Token], at: int) -> Number:
    """Read "twenty-one", "two hundred and six", "three dozen", "four times"."""
    total, part, last = 0, 0, at
    here = at
    while here < len(items):
        word = items[here].lower
        if word in _TENS and part % 100 == 0 and (part == 0 or part >= 100):
            part += _TENS[word]
        elif word in _UNITS and (part % 10 == 0) and (part % 100 == 0 or part % 100 >= 20):
            if here > at and part % 100 == 0 and items[here - 1].lower not in {"hundred", "thousand", "and"}:
                break
            part += _UNITS[word]
        elif word in _SCALES and part:
            part *= _SCALES[word]
            if _SCALES[word] >= 1000:
                total, part = total + part, 0
        elif not _joins(items, here, total + part):
            break
        if word not in {"-", "and"}:
            last = here
        here += 1
    ordinal = _compound_ordinal(items, last, total + part)
    if ordinal:
        return Number(ordinal, at, last + 2, Form.ORDINAL)
    return Number(total + part, at, last)


def _joins(items: Sequence[Token], at: int, so_far: int) -> bool:
    if at + 1 >= len(items):
        return False
    word, following = items[at].lower, items[at + 1].lower
    if word == "-":
        return so_far % 100 >= 20 and following in _UNITS and items[at - 1].lower in _TENS
    return (
        word == "and" and items[at - 1].lower in {"hundred", "thousand"} and (following in _UNITS or following in _TENS)
    )


def _compound_ordinal(items: Sequence[Token], last: int, value: int) -> int:
    """Read "twenty-first"."""
    if last + 2 < len(items) and items[last + 1].text == "-" and items[last].lower in _TENS:
        return value + _ORDINALS[items[last + 2].lower] if items[last + 2].lower in _ORDINALS else 0
    return 0


def _in_percent(items: Sequence[Token], number: Number) -> Number:
    """Read "ten percent" and "ten per cent"."""
    following = [item.lower for item in items[number.last + 1 : number.last + 3]]
    if number.form is not Form.CARDINAL or not (following[:1] == ["percent"] or following == ["per", "cent"]):
        return number
    return replace(number, form=Form.PERCENT, last=number.last + (1 if following[0] == "percent" else 2))


_HEDGES = {
    "more than": "over", "less than": "under", "fewer than": "under", "at least": "at least",
    "at most": "at most", "up to": "at most", "close to": "about", "well over": "over",
}  # fmt: skip
_HEDGE = {
    **dict.fromkeys("about around roughly some nearly almost approximately circa".split(), "about"),
    **dict.fromkeys("over above beyond".split(), "over"),
    **dict.fromkeys("under below".split(), "under"),
    "within": "at most",
}


def _with_hedge(items: Sequence[Token], number: Number) -> Number:
    before = tuple(items[at].lower for at in range(max(0, number.first - 2), number.first))
    if number.first > 2 and items[number.first - 3].lower in {"no", "not"} and before[-1:] == ("than",):
        return number  # "no fewer than 47" are 47
    hedge = _HEDGES.get(" ".join(before)) or (_HEDGE.get(before[-1]) if before else None)
    spread = bool(before) and before[-1] == "over"  # "over ten files" may be across ten files
    return replace(number, hedge=hedge, spread=spread) if hedge else number


def agrees(claimed: Number, actual: float) -> bool:
    """Whether a figure says the actual one: exactly, or rounded where the sentence shows that it rounds."""
    value = claimed.value
    if value == actual:
        return claimed.hedge not in {"over", "under"} or claimed.spread
    if claimed.hedge == "about":
        return abs(value - actual) <= max(0.1 * actual, 2.0 if claimed.form is Form.PERCENT else 0.5)
    if claimed.hedge in {"over", "at least"}:
        return actual > value >= 0.6 * actual
    if claimed.hedge in {"under", "at most"}:
        return actual < value <= 1.5 * actual
    return False


def in_figures(value: float) -> str:
    """Return a value as a reader writes it: "1,455", "0.5"."""
    return f"{int(value):,}" if value == int(value) else f"{value:g}"
