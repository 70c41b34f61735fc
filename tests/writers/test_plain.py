"""Plain words first: which paragraphs begin with an image, and the fact that is put before it."""

from __future__ import annotations

import pytest

from bot.exhibit import Exhibit, Receipt, Stance, StandsIn, Where
from bot.writers.plain import opens_with_an_image, plain_fact


@pytest.mark.parametrize(
    ("text", "image"),
    [
        ("Some write to both aunts in one afternoon, and then the aunts must not compare. `a.py` gets it.", True),
        ("Then the stamp. It was approved.", False),
        ("`load` is asked twice, and the second time it is only being polite about it.", False),
        ("For 14 days the line stood there and looked people in the face, as lines do.", False),
        ("The log says “Fix the pipe”, and then for a good while it says nothing else.", False),
    ],
)
def test_a_long_opening_without_a_fact_is_an_image(text, image) -> None:
    """A run-up of a few words is none, nor is a sentence with a figure, a name or a quotation."""
    assert opens_with_an_image(text) is image


def test_a_fact_names_files_and_is_short() -> None:
    """The fact is the exhibit's own summary, with files by their names; one too long to stand before an image is left."""
    receipt = Receipt(where=Where.TITLE, quote="x")
    exhibit = Exhibit(
        kind="copy_paste", stance=Stance.CHARGE, weight=5, summary="The same 26 lines were added twice in `src/deep/a.py`.",
        stands_in=StandsIn.MERGED, receipts=(receipt,),
    )  # fmt: skip
    assert plain_fact(exhibit) == "The same 26 lines were added twice in `a.py`."
    assert plain_fact(exhibit.model_copy(update={"summary": "long " * 60})) == ""
    twins = "The same 26 lines were added in `src/a.py` and `lib/a.py`."
    assert plain_fact(exhibit.model_copy(update={"summary": twins})) == twins
