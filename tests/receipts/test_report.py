"""What a report holds, what pruning leaves, and how long a check takes."""

from __future__ import annotations

import time
from itertools import cycle, islice

import corpus
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.receipts import Part, check, proofs, prune
from bot.receipts.text import sentences
from bot.verdict import Draft, Paragraph

TRUE = "Thirteen commits, two of them merges."
FALSE = "Fourteen commits, two of them merges."


def draft(*paragraphs: str, title: str = "Hello", gist: str = "It says hello.", punchline: str = "Bye.") -> Draft:
    """Return a draft whose paragraphs cite the size."""
    return Draft(
        title=title, gist=gist, epithet="The Greeter", punchline=punchline,
        paragraphs=tuple(Paragraph(text=text, exhibits=("size",)) for text in paragraphs),
    )  # fmt: skip


def test_true_draft_is_left_as_it_is() -> None:
    """Pruning a draft that passes gives the very same draft."""
    good = draft(TRUE)
    assert prune(good, check(good, corpus.brief("size")), corpus.brief("size")) == (good, ())


def test_failing_sentences_fall_and_empty_paragraphs_with_them() -> None:
    """The failing sentences are dropped and returned; a paragraph without a sentence left goes too."""
    brief = corpus.brief("size")
    bad = draft(f"{TRUE} {FALSE} It is done.", FALSE)
    kept, dropped = prune(bad, check(bad, brief), brief)
    assert [item.text for item in kept.paragraphs] == [f"{TRUE} It is done."]
    assert dropped == (FALSE, FALSE)


def test_failing_one_liners_are_named_and_emptied() -> None:
    """A title or punchline that fails is unusable: named by the report, and empty in the pruned draft."""
    brief = corpus.brief("size")
    bad = draft(TRUE, title="Fourteen Commits", punchline="In nine files.")
    report = check(bad, brief)
    assert report.unusable == {Part.TITLE, Part.PUNCHLINE}
    kept, dropped = prune(bad, report, brief)
    assert (kept.title, kept.punchline, kept.epithet) == ("", "", "The Greeter")
    assert dropped == ("Fourteen Commits", "In nine files.")


def test_gist_keeps_the_sentences_that_stand() -> None:
    """A gist of which one sentence stands is usable, and is cut to that."""
    brief = corpus.brief("size")
    bad = draft(TRUE, gist=f"It says hello. {FALSE}")
    report = check(bad, brief)
    assert report.unusable == frozenset()
    assert prune(bad, report, brief)[0].gist == "It says hello."


def test_objection_says_where_what_and_why() -> None:
    """An objection is one line that a model can act on."""
    objection = check(draft(TRUE, FALSE), corpus.brief("size")).objections[0]
    assert (objection.part, objection.paragraph, objection.sentence) == (Part.PARAGRAPH, 1, FALSE)
    assert str(objection).startswith(f'paragraph 2: "{FALSE}"')
    assert "13" in objection.reason


def test_a_sentence_may_use_only_what_its_paragraph_cites() -> None:
    """A figure of an exhibit that the paragraph does not cite proves nothing there."""
    brief = corpus.brief("size asserts")
    uncited = Draft(
        title="Hello", gist="", epithet="", punchline="",
        paragraphs=(Paragraph(text="It has eight files.", exhibits=("asserts",)),),
    )  # fmt: skip
    assert check(uncited, brief).objections


def test_unknown_exhibit_is_objected_to() -> None:
    """A paragraph that cites what the brief does not hold is told so."""
    unknown = Draft(
        title="Hello", gist="", epithet="", punchline="", paragraphs=(Paragraph(text="It is done.", exhibits=("E99",)),)
    )
    assert [item.claim for item in check(unknown, corpus.brief("size")).objections] == ["E99"]


def test_unkind_sentence_falls() -> None:
    """Law 7 is part of the same check."""
    brief = corpus.brief("size")
    rude = draft(f"{TRUE} The author clearly cannot count.")
    assert prune(rude, check(rude, brief), brief)[0].paragraphs[0].text == TRUE


def test_each_sentence_is_paired_with_what_proves_it() -> None:
    """For ``--receipts``: every sentence comes with its proofs."""
    told = dict(proofs(check(draft(TRUE), corpus.brief("size"))))
    assert [str(proof) for proof in told[TRUE]] == ["size summary: 13 commits .", "size merges=2"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two. Three.", 3),
        ('He wrote "Fix. Then fix." and left. Done.', 2),
        ("See `a. B` there. Then go.", 2),
        ("It is, e.g. Here, fine.", 1),
        ("What? Yes! No…", 3),
        ("Version 2.3 is out. `x` came.", 2),
        ("*Hello, my name is not None.* It is firm.", 2),
    ],
)
def test_splits_into_sentences(text: str, count: int) -> None:
    """Stops in spans, abbreviations and versions end no sentence."""
    assert len(sentences(text)) == count


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_sentences_lose_nothing(text: str) -> None:
    """The sentences together hold every visible character of the text, in order."""
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(st.text(max_size=300))
def test_never_raises(text: str) -> None:
    """Any text gets a report."""
    assert check(draft(text, title=text, gist=text), corpus.brief("size fixups")).sentences


def test_long_draft_is_checked_in_a_moment() -> None:
    """600 words and 20 exhibits take some 50 ms: measured as the best of five, with room for a busy machine."""
    names = " ".join(list(corpus.exhibits())[:20])
    brief = corpus.brief(names)
    sentence = cycle(true for _, true, _ in corpus.rows())
    paragraphs = tuple(Paragraph(text=" ".join(islice(sentence, 14)), exhibits=tuple(names.split())) for _ in range(6))
    long = Draft(title="Hello", gist="", epithet="", punchline="", paragraphs=paragraphs)
    assert sum(len(item.text.split()) for item in paragraphs) > 500
    times = []
    for _ in range(5):
        begun = time.process_time()
        check(long, brief)
        times.append(time.process_time() - begun)
    assert min(times) < 0.5


@pytest.mark.parametrize(
    "hostile",
    [
        "`" * 20_000,
        '"' * 20_000,
        "a" * 20_000,
        "1," * 10_000,
        "-." * 10_000,
        "two and " * 3_000,
        "one hundred " * 2_000,
        "_/" * 9_000,
    ],
)
def test_hostile_text_takes_time_in_proportion(hostile: str) -> None:
    """Long hostile texts do not stop the check."""
    begun = time.process_time()
    check(draft(hostile), corpus.brief("size"))
    assert time.process_time() - begun < 10
