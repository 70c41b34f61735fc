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
from bot.writers.images import cast_images
from bot.writers.motifs import Motif, cast_motif
from bot.writers.story import Story
from bot.writers.telling import FEWEST_CHARGES

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
        motif, draft = self._begun(brief, banned)
        found = sum(part.exhibit.is_charge for part in brief.cast)
        for charges in range(FEWEST_CHARGES + 1, min(found, _MOST_CHARGES) + 1):
            longer = self._written(brief, motif, charges, banned)[1] if _words(draft) < _SHORT else draft
            draft = longer if _words(longer) <= _LONG else draft
        return draft

    def _begun(self, brief: Brief, banned: set[str]) -> tuple[Motif | None, Draft]:
        """Return the image that holds, with a first draft: the pull request's own, one of its headline's, or none."""
        own = cast_motif(brief)
        for motif in [*([own] if own else []), *cast_images(brief)]:
            story, draft = self._written(brief, motif, FEWEST_CHARGES, banned)
            if story.holds or brief.acquitted:
                return motif, draft
        return None, self._written(brief, None, FEWEST_CHARGES, banned)[1]

    def _written(self, brief: Brief, motif: Motif | None, charges: int, banned: set[str]) -> tuple[Story, Draft]:
        for _ in range(_MOST_REWRITES):
            story = Story(brief, motif, frozenset(banned), charges)
            draft = cleaned(story.compose())
            failing = {(item.part, item.paragraph) for item in check(draft, brief).objections}
            keys = {key for place in failing for key in story.keys.get(place, ())}
            if not keys - banned:
                break
            banned |= keys
        return story, draft


def _words(draft: Draft) -> int:
    return sum(len(item.text.split()) for item in draft.paragraphs)
