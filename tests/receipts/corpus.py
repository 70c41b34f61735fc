"""The corpus of true and false sentences: ``exhibits.json`` and ``sentences.txt``."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from bot.brief import Brief, Cast, Role, Subject
from bot.exhibit import Exhibit
from bot.receipts import Report, check
from bot.verdict import Draft, Paragraph

HERE = Path(__file__).parent


@cache
def exhibits() -> dict[str, Exhibit]:
    """Return the exhibits by name."""
    return {name: _exhibit(name, raw) for name, raw in json.loads((HERE / "exhibits.json").read_text()).items()}


def _exhibit(name: str, raw: dict) -> Exhibit:
    receipts = [{"where": where, "quote": quote} for where, quote in raw["quotes"]]
    fields = {"id": name, "kind": name, "stance": "charge", "weight": 5, "receipts": receipts}
    return Exhibit.model_validate(fields | {key: raw[key] for key in ("summary", "facts", "stands_in")})


def brief(ids: str) -> Brief:
    """Return a brief with these exhibits and no context."""
    subject = Subject(slug="acme/tools", number=7, title="Add worker channel handshake", url="", author="desertaxle")
    cast = tuple(Cast(exhibit=exhibits()[name], role=Role.CHARGE) for name in ids.split())
    return Brief(subject=subject, context=(), cast=cast)


def draft(ids: str, text: str) -> Draft:
    """Return a draft of one paragraph."""
    return Draft(
        title="Hello",
        gist="",
        paragraphs=(Paragraph(text=text, exhibits=tuple(ids.split())),),
        epithet="",
        punchline="",
    )


def report(ids: str, text: str) -> Report:
    """Check one paragraph against these exhibits."""
    return check(draft(ids, text), brief(ids))


def rows() -> list[tuple[str, str, str]]:
    """Return (exhibits, true sentence, false sentence) for every line of the corpus."""
    lines = [line for line in (HERE / "sentences.txt").read_text().splitlines() if line]
    return [tuple(part.strip() for part in line.split(" | ")) for line in lines]
