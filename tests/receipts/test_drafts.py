"""Drafts as a strong model writes them, against the briefs of real pull requests: what is objected to, and what slips by.

50 drafts of 49 pull requests, written to the prompt by a model and not by this check's rules: 1,451 sentences. Each
batch was written before the check was mended for it, and measured at once; the file's name says which. The two of
``voices`` are in six voices (dry, a sportscaster, noir, a Dickens narrator, a terse engineer, a bubbly one).

============ ========= ======================= ==================== =============
batch        sentences objected to when fresh  of these false alarm objected to now
============ ========= ======================= ==================== =============
tuned_1      149       25                      24                   2
tuned_2      128       16                      14                   2
fresh_1      106       15                      11                   4
fresh_2      106       13                      10                   2
fresh_3      102       17                      12                   4
voices_1     247       26                      22                   5
voices_2     235       33                      about 28             8
held_1       285       19                      18                   11
held_2       93        4                       4                    3
============ ========= ======================= ==================== =============

So a fresh draft still loses about one true sentence in twenty at first, and gets it back in the rewrite or not at all
(``held``, in twelve voices, holds the false sentences of ``test_lies`` too).
Of those that are objected to now, about half rightly (a wrong count, an invented "nearly all"). Changes are made to one
word of a sentence that passed (``alterations`` says which).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from alterations import changes

from bot.brief import Brief
from bot.receipts import Report, check
from bot.verdict import Draft
from bot.writers.model import DraftReply, draft_of

FILES = sorted((Path(__file__).parent / "drafts").glob("*.json"))


@cache
def read(path: Path) -> tuple[Draft, Brief]:
    """Return a draft with the brief that it was written from."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    brief = Brief.model_validate(raw["brief"])
    return draft_of(DraftReply.model_validate(raw["draft"]), brief), brief


@cache
def report_on(path: Path) -> Report:
    """Return what the check says of a draft as it is."""
    return check(*read(path))


def test_the_corpus_is_as_large_as_told() -> None:
    """There are 50 drafts with 1,451 sentences."""
    reports = [report_on(path) for path in FILES]
    assert (len(reports), sum(len(report.sentences) for report in reports)) == (50, 1451)


def test_what_is_objected_to_stays_what_it_was() -> None:
    """Of the sentences of each batch no more fail than the table says."""
    failing: Counter[str] = Counter()
    for path in FILES:
        batch = path.name.split("-", 1)[0]
        failing[batch] += sum(not said.proven for said in report_on(path).sentences)
    most = {
        "tuned_1": 2,
        "tuned_2": 2,
        "fresh_1": 4,
        "fresh_2": 2,
        "fresh_3": 4,
        "voices_1": 5,
        "voices_2": 8,
        "held_1": 11,
        "held_2": 3,
    }
    assert all(failing[batch] <= count for batch, count in most.items()), failing


_DIGITS = re.compile(r"(?<![\w#.`,-])\d{1,3}(?:,\d{3})+(?![\w.])|(?<![\w#.`,-])\d{1,6}(?![\w,.]*\w)")
_SPAN = re.compile(r"`[^`\s]{4,}`")
_QUOTE = re.compile(r'(?<=\s)"(?=[\w#])[^"`]{11,}(?<=\S)"(?=[\s,.;:])')
_LAPSE = re.compile(r"\b(\d+|two|three|six|eight|ten|fifteen|seventeen) (minutes|hours|days)\b", re.IGNORECASE)
_MONTHLY = {"minutes": "hours", "hours": "days", "days": "weeks"}


def _other_number(found: re.Match[str]) -> str:
    return f"{int(found.group().replace(',', '')) * 3 + 17:,}"


def _other_name(found: re.Match[str]) -> str:
    name = found.group()
    at = next(place for place in range(len(name) // 2, len(name)) if name[place].isalpha() or name[place] == "`")
    return name[:at] + "qx" + name[at:]


def _other_quote(found: re.Match[str]) -> str:
    words = found.group()[1:-1].split()
    return '"' + " ".join([*words[: len(words) // 2], "banana", *words[len(words) // 2 + 1 :]]) + '"'


def _other_unit(found: re.Match[str]) -> str:
    return f"{found.group(1)} {_MONTHLY[found.group(2).lower()]}"


CHANGES = {
    "figure": (_DIGITS, _other_number, 0.98),
    "name": (_SPAN, _other_name, 1.0),
    "quotation": (_QUOTE, _other_quote, 1.0),
    "unit of time": (_LAPSE, _other_unit, 0.9),
}


def _alone(draft: Draft, number: int, text: str) -> Draft:
    """Return a draft of one of its paragraphs, with another text."""
    paragraph = draft.paragraphs[number].model_copy(update={"text": text})
    return Draft(title=draft.title, gist="", paragraphs=(paragraph,), epithet="", punchline=draft.punchline)


def _changed(draft: Draft, kind: str) -> Iterator[tuple[int, str]]:
    pattern, other, _ = CHANGES[kind]
    for number, paragraph in enumerate(draft.paragraphs):
        for found in pattern.finditer(paragraph.text):
            before = paragraph.text[: found.start()]
            if kind != "figure" or not (before.count("`") % 2 or before.count('"') % 2):
                yield number, before + other(found) + paragraph.text[found.end() :]


@cache
def _failing_before(path: Path, number: int) -> set[str]:
    """Return what the check objects to in one paragraph alone, as it is."""
    draft, brief = read(path)
    return _failing(_alone(draft, number, draft.paragraphs[number].text), brief)


def _failing(draft: Draft, brief: Brief) -> set[str]:
    return {said.text for said in check(draft, brief).sentences if not said.proven}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_is_caught(kind: str) -> None:
    """One figure, name, quotation or unit changed in a paragraph, and the check objects to the sentence."""
    caught, missed = 0, []
    for path in FILES:
        draft, brief = read(path)
        for number, text in _changed(draft, kind):
            if _failing(_alone(draft, number, text), brief) - _failing_before(path, number):
                caught += 1
            else:
                missed.append(f"{path.stem}: {text}")
    assert caught / (caught + len(missed)) >= CHANGES[kind][2], (caught, missed)


def _figures_of(brief: Brief) -> list[int]:
    facts = (fact for item in brief.exhibits for fact in item.facts.values())
    return sorted({int(fact) for fact in facts if isinstance(fact, int | float) and not isinstance(fact, bool)})


def test_whatever_is_altered_is_caught_as_often_as_before() -> None:
    """Of every fifth alteration of the twelve drafts in six voices, at least 93 in 100 are objected to.

    All 2,251 of them, by kind, with the rules before in brackets: figures 88 % (87; 68 where another figure of the
    same brief takes the place), number words 80 % (74), ordinals 57 % (43), superlatives that are made up 100 % (77),
    names, quotations and numbers that are made up or misspelt 100 % (100).
    """
    caught = total = 0
    for path in FILES:
        if not path.name.startswith("voices"):
            continue
        draft, brief = read(path)
        images = json.loads(path.read_text(encoding="utf-8"))["images"]
        for number, paragraph in enumerate(draft.paragraphs):
            for change in list(changes(paragraph.text, _figures_of(brief), images))[number % 5 :: 5]:
                total += 1
                caught += bool(_failing(_alone(draft, number, change.text), brief) - _failing_before(path, number))
    assert total > 400
    assert caught / total >= 0.93, (caught, total)
