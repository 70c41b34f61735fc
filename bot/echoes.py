"""Somebody else's words in the verdict's own mouth.

A title, an epithet or a punchline that stands word for word in the pull request, and is not marked as a quotation, was
put there by whoever wrote the pull request. It is taken out, so that another writer takes over.
"""

from __future__ import annotations

import re

from bot.brief import Brief
from bot.verdict import Draft

_SHORTEST = 8
_HEADS = ("title", "epithet", "punchline")


def without_echoes(draft: Draft, brief: Brief) -> Draft:
    """Return the draft with those heads emptied that the pull request itself says letter by letter."""
    outside = _folded("\n".join(_words_of(brief)))
    echoes = {
        head: "" for head in _HEADS if len(said := _folded(getattr(draft, head))) >= _SHORTEST and said in outside
    }
    return draft.model_copy(update=echoes) if echoes else draft


def _words_of(brief: Brief) -> list[str]:
    facts = [str(value) for item in brief.exhibits for value in item.facts.values()]
    quotes = [receipt.quote for item in brief.exhibits for receipt in item.receipts]
    return [brief.subject.title, *facts, *quotes]


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" .*“”\"'").casefold()
