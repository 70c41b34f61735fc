"""The plain voice, for where every fitting line was said before: built from facts alone, never a stale joke."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from bot.brief import Brief
from bot.exhibit import Exhibit
from bot.verdict import LONGEST_EPITHET, LONGEST_PUNCHLINE, LONGEST_TITLE
from bot.writers.wording import cap

_FACTS = re.compile(r"[`“\d]")
_OPENING = re.compile(r"(?:.*?[.?:](?=\s|$)){1,2}")
_PATH = re.compile(r"`([\w.@+-]+/[\w./@+-]+\.\w{1,8})`")
_LONGEST_GROUND = 170


def grounded(text: str, exhibit: Exhibit) -> str:
    """Return a paragraph that stands on plain words: where it opens with an image, the fact itself comes first."""
    opened = _OPENING.match(text)
    fact = _PATH.sub(lambda found: f"`{PurePosixPath(found[1]).name}`", plain_body(exhibit))
    if exhibit.is_credit or _FACTS.search(opened[0] if opened else text) or len(fact) > _LONGEST_GROUND:
        return text
    return f"{fact} {text}"


def plain_body(exhibit: Exhibit) -> str:
    """Return the exhibit in one dry sentence: its own summary."""
    text = exhibit.summary.strip()
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
