"""Which lines belong together: a roast stays in the one idea that it has begun.

An offence has several bodies, each with a comparison of its own, and titles, epithets and endings that play on one or
another of them. A line is *at home* in a roast where it plays on what was told there, *astray* where it plays on a
comparison that was not told, and else fits anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.detectors._words import stem

_FILLED_IN = re.compile(r"\{[{%].*?[%}]\}|`[^`]*`|“[^”]*”")
_WORD = re.compile(r"[A-Za-z]{4,}")
_COMMON = frozenset(
    stem(word)
    for word in (
        "about after again also another anybody anything because been before behind being between both came come comes"
        " could does done each either else even every everybody everything file files first from gave gets give given"
        " gone have having here into itself just keep kept knew know known last later least less like line lines long"
        " look made make makes many merge might more most much name named never next nobody none nothing once ones only"
        " other others over part pull quite rather request said same says seen several should since some somebody"
        " something soon still such take taken takes than that their them then there these they thing things this those"
        " three time times took under until upon very want wanted went were what when where which while whoever whole"
        " will with without word words would year years your back away down code commit commits test tests function"
        " functions call called short title well good great small large little right left only place stand stands stood"
        " works work mind ever hand hands going goes open opened"
    ).split()
)


@lru_cache(maxsize=8192)
def telling(text: str) -> frozenset[str]:
    """Return the stems of the words that carry a comparison; what templates fill in is left out."""
    return frozenset(stem(word.lower()) for word in _WORD.findall(_FILLED_IN.sub(" ", text))) - _COMMON


def strangeness(line: str, told: Iterable[str], untold: Iterable[str]) -> int:
    """Return 0 for a line that is at home in what was told, 1 for one that fits anywhere, 2 for one that is astray."""
    words = telling(line)
    if any(words & telling(text) for text in told):
        return 0
    return 2 if any(words & telling(text) for text in untold) else 1
