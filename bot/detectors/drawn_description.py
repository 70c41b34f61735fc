"""A description that draws (a credit).

What it finds: Mermaid diagrams, PlantUML, images or videos, and tables in the description.

Why it matters: a reviewer sees in a second what prose takes a page for
(https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/creating-diagrams).

Where it errs: a screenshot shows that something works, not how; badges are left out, other pictures are all one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._words import LONGEST_TEXT, headings
from bot.detectors.base import counted, credit, description_receipt
from bot.exhibit import Exhibit, Receipt, Stance, StandsIn

STANCE = Stance.CREDIT
_DIAGRAM = re.compile(
    r"^\s*```+[ \t]*(mermaid|plantuml|puml|dot|graphviz|d2)[ \t\r]*\n[ \t]*(?:%%[^\n]*\n[ \t]*)?(\w*)",
    re.IGNORECASE | re.MULTILINE,
)
_IMAGE = re.compile(
    r"!\[[^\]\n]{0,300}\]\((?!https?://(?:img\.shields\.io|badge))[^)\n]{4,600}\)|<(?:img|video)\b[^>\n]{4,600}>",
    re.IGNORECASE,
)
_VIDEO = re.compile(r"^https://github\.com/(?:user-attachments/assets|[\w.-]+/[\w.-]+/assets)/\S+\s*$", re.MULTILINE)
_TABLE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``diagrams``, ``diagram_kinds`` ("sequenceDiagram", "flowchart"), ``language`` ("mermaid"), ``images``,
    ``tables``, ``headings``, ``drawn`` (what there is, in words).
    """
    body = case.pull_request.body[:LONGEST_TEXT]
    visible = _COMMENT.sub("", body)
    diagrams, images = list(_DIAGRAM.finditer(visible)), [*_IMAGE.finditer(visible), *_VIDEO.finditer(visible)]
    tables = list(_TABLE.finditer(visible))
    if not diagrams and not images and not tables:
        return
    language = diagrams[0][1].lower() if diagrams else ""
    parts = [
        counted(len(diagrams), f"{language.capitalize()} diagram") if diagrams else "",
        counted(len(images), "picture") if images else "",
        counted(len(tables), "table") if tables else "",
    ]
    drawn = " and ".join(part for part in parts if part)
    quotes = [found[0].strip().split("\n")[0] for found in (*diagrams, *images, *tables)]
    yield credit(
        "drawn_description",
        min(2.5 + 1.5 * len(diagrams) + 0.5 * len(images) + 0.5 * len(tables), 6.0),
        f"The description shows instead of telling: {drawn}.",
        {
            "diagrams": len(diagrams),
            "diagram_kinds": tuple(found[2] for found in diagrams if found[2]),
            "language": language,
            "images": len(images),
            "tables": len(tables),
            "headings": headings(body),
            "drawn": drawn,
        },
        _receipts(case, quotes),
        stands_in=StandsIn.CONVERSATION,
        confidence=1.0,
    )


def _receipts(case: Case, quotes: list[str]) -> list[Receipt]:
    return [description_receipt(case, quote) for quote in quotes[:6]]
