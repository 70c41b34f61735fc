"""The plain voice, for where every fitting line was said before: built from facts alone, never a stale joke."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from bot.brief import Brief
from bot.exhibit import Exhibit
from bot.verdict import LONGEST_EPITHET, LONGEST_PUNCHLINE, LONGEST_TITLE
from bot.writers.wording import cap

_FACTS = re.compile(r"[`“\d]")
_SENTENCE = re.compile(r".*?[.?:](?=\s|$)")
_PATH = re.compile(r"`([\w.@+-]+/[\w./@+-]+\.\w{1,8})`")
_SHORT = 8  # words: a few are a run-up, more are an image
_LONGEST_FACT = 170
_FIGURE = re.compile(r"\d[\d,.]*\d|\d")
_SAID = re.compile(rf"`[^`]+`|“[^”]+”|{_FIGURE.pattern}")
_LONG = 25
_ENOUGH = 40  # letters of a quotation, by which it is known again where it was cut


def opens_with_an_image(text: str) -> bool:
    """Whether a paragraph begins with a sentence of some length that names no figure, no name and no quotation."""
    found = _SENTENCE.match(text)
    first = found[0] if found else text
    return len(first.split()) > _SHORT and not _FACTS.search(first)


def says_it_all(text: str, fact: str) -> bool:
    """Whether a text has every figure, name and quotation of the fact, or a long one: told first, it is told twice."""
    said, figures = _SAID.findall(fact), set(_FIGURE.findall(text))
    again = [item for item in said if item in figures or (item[0] in "`“" and item.rstrip(" …”")[:_ENOUGH] in text)]
    return bool(said) and (again == said or any(len(item) > _LONG for item in again))


def plain_fact(exhibit: Exhibit) -> str:
    """Return the exhibit in a sentence that is short enough to stand before an image, or nothing."""
    said = plain_body(exhibit)
    names = [PurePosixPath(path).name for path in _PATH.findall(said)]
    fact = said
    if len(names) == len(set(names)):  # two files of one name are told apart by their folders
        fact = _PATH.sub(lambda found: f"`{PurePosixPath(found[1]).name}`", said)
    return fact if len(fact) <= _LONGEST_FACT else ""


def plain_body(exhibit: Exhibit) -> str:
    """Return the exhibit in one dry sentence: its own summary."""
    text = cap(exhibit.summary.strip())
    return text if text.endswith((".", "!", "?", "”", "…")) else f"{text}."


def plain_head(slot: str, brief: Brief, headline: Exhibit | None) -> str:
    """Return a title, an epithet or a punchline that names the pull request, and so was never said before."""
    number = f"#{brief.subject.number}" if brief.subject.number else brief.subject.slug
    matter = (headline.kind if headline else "acquittal").replace("_", " ")
    if slot == "title":
        return f"{cap(matter)}: The File on {number}"[:LONGEST_TITLE]
    if slot == "epithet":
        return f"The {matter.title()} of {number}"[:LONGEST_EPITHET]
    said = plain_body(headline) if headline else ""
    return said if 0 < len(said) <= LONGEST_PUNCHLINE else f"{number} is on file, under {matter}."
