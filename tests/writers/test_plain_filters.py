"""The filters that put code into plain words: what a name says it does, and where a sentence ends."""

from __future__ import annotations

import pytest

from bot.names import job
from bot.writers.wording import code, end, quoted


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("_build_worker_ready_frame", "build the worker ready frame"),
        ("getCodeActResponse", "get the code act response"),
        ("Runner.download_to_path", "download to path"),
        ("_register_v2_apps", "register the v2 apps"),
        ("SchemaFormInput", ""),
        ("run", ""),
        ("", ""),
    ],
)
def test_a_name_says_its_job_where_it_opens_with_a_verb(name: str, said: str) -> None:
    """A name that opens with a verb is read aloud with an article; any other says nothing."""
    assert job(name) == said


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        (code("x"), "`x`."),
        (quoted("Get it"), "“Get it”."),
        (quoted("Get it."), "“Get it.”"),
        (quoted("Why?"), "“Why?”"),
    ],
)
def test_a_sentence_gets_one_full_stop(text: str, ended: str) -> None:
    """A code span or quotation at the end of a sentence is followed by a full stop unless it brings its own."""
    assert end(text) == ended


def test_a_long_line_of_code_ends_in_an_ellipsis() -> None:
    """A code span stays short: a long line is cut at a word and says so."""
    assert code("word " * 60).endswith("word …`")
    assert len(code("word " * 60)) < 120
