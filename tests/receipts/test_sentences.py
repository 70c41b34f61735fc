"""True sentences pass and false ones are caught, over many kinds of pull requests."""

from __future__ import annotations

import corpus
import pytest

ROWS = corpus.rows()


def test_corpus_is_as_large_as_promised() -> None:
    """There are at least 120 of each."""
    assert len({(ids, true) for ids, true, _ in ROWS}) >= 120
    assert len({(ids, false) for ids, _, false in ROWS}) >= 120


@pytest.mark.parametrize(("ids", "sentence"), sorted({(ids, true) for ids, true, _ in ROWS}))
def test_true_sentence_passes(ids: str, sentence: str) -> None:
    """A true sentence passes whole."""
    assert corpus.report(ids, sentence).objections == ()


@pytest.mark.parametrize(("ids", "sentence"), sorted({(ids, false) for ids, _, false in ROWS}))
def test_false_sentence_is_caught(ids: str, sentence: str) -> None:
    """A false sentence is caught, with a reason that names a claim of it."""
    objections = corpus.report(ids, sentence).objections
    assert objections
    assert all(item.claim and item.reason and item.paragraph == 0 for item in objections)
