"""Paragraphs put together from the sentences that could be had."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.brief import Role
from bot.exhibit import Exhibit
from bot.verdict import Paragraph


def joined(texts: Iterable[str | None]) -> str:
    """Return the texts that there are, one after the other."""
    return " ".join(item for item in texts if item)


def paragraph(texts: Iterable[str | None], role: Role, exhibits: Sequence[Exhibit]) -> Paragraph | None:
    """Return a paragraph that cites these exhibits, or nothing where there is no text."""
    text = joined(texts)
    return Paragraph(text=text, role=role, exhibits=tuple(item.id for item in exhibits)) if text else None
