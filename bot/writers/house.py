"""The embedded writer: no key, no network, and the same roast for the same case, heat and history.

It decides what the pull request is about as a comedy (the headline and a running image), tells the cast in order,
and checks itself: a line that the receipts check would not let through is put back and another one taken.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.brief import Brief
from bot.cleaning import draft as cleaned
from bot.receipts import check
from bot.verdict import Draft, WriterInfo
from bot.writers.motifs import cast_motif
from bot.writers.story import FEWEST_CHARGES, Story

_MOST_REWRITES = 8
_MOST_CHARGES = 5
_SHORT, _LONG = 480, 580  # words: below the first there is room for one more charge, above the second too many


class HouseWriter:
    """Writes from the lines and motifs that ship with the project."""

    name = "house"

    async def write(self, brief: Brief, objections: Sequence[str] = ()) -> tuple[Draft, WriterInfo]:  # noqa: ARG002
        """Return a draft whose every line has passed the receipts check, as far as there are lines to choose from."""
        return self.compose(brief), WriterInfo(name=self.name)

    def compose(self, brief: Brief) -> Draft:
        """Write, check, put back what does not hold, and write again: a bounded number of times."""
        banned: set[str] = set()  # what did not hold once is not tried again
        draft = self._written(brief, FEWEST_CHARGES, banned)
        found = sum(part.exhibit.is_charge for part in brief.cast)
        for charges in range(FEWEST_CHARGES + 1, min(found, _MOST_CHARGES) + 1):
            longer = self._written(brief, charges, banned) if _words(draft) < _SHORT else draft
            draft = longer if _words(longer) <= _LONG else draft
        return draft

    def _written(self, brief: Brief, charges: int, banned: set[str]) -> Draft:
        motif = cast_motif(brief)
        for _ in range(_MOST_REWRITES):
            story = Story(brief, motif, frozenset(banned), charges)
            draft = cleaned(story.compose())
            failing = {(item.part, item.paragraph) for item in check(draft, brief).objections}
            keys = {key for place in failing for key in story.keys.get(place, ())}
            if not keys - banned:
                break
            banned |= keys
        return draft


def _words(draft: Draft) -> int:
    return sum(len(item.text.split()) for item in draft.paragraphs)
