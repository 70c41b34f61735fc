"""Lines cut to a length: whole where they fit, else where nothing is open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.display import clipped


def test_what_fits_is_whole() -> None:
    """A line that fits is shown letter by letter."""
    assert clipped("Two reads of `load`, in `a.py`.", 40) == "Two reads of `load`, in `a.py`."


@pytest.mark.parametrize(
    ("line", "most", "shown"),
    [
        ("Later came #9, “fix the pipe”: `a = one(two, three)` became `b = four(five)`.", 60, "Later came #9, “fix the pipe”: `a = one(two, three)`…"),
        ("Later came #9, “fix the pipe, please”: `a = one(two, three)` in `x`.", 50, "Later came #9, “fix the pipe, please”…"),
        ("`load` is asked twice, with the same arguments, for no reason at all", 50, "`load` is asked twice, with the same arguments…"),
        ("word " * 30, 40, "word word word word word word word…"),
    ],
)  # fmt: skip
def test_a_long_line_ends_with_a_clause(line, most, shown) -> None:
    """It is cut where a clause ends; a code span or a quotation is shown whole or not at all."""
    assert clipped(line, most) == shown


@given(st.text(alphabet="ab `“”,.:;()", max_size=200), st.integers(min_value=10, max_value=120))
def test_no_line_is_longer_than_asked(line, most) -> None:
    """Whatever is in it, the line fits."""
    assert len(clipped(line, most)) <= most
