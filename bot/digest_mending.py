"""What becomes of a digest when one of its roasts is taken down or amended: that one changes, the rest stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

from bot.card import Card, card_of
from bot.desk import Desk
from bot.digest_held import Kept
from bot.digest_week import Week
from bot.digest_words import headline_of
from bot.errors import RoastBotError
from bot.ports_messenger import Answer
from bot.records import Message, Place, VerdictId
from bot.verdict import Verdict

log = structlog.get_logger(__name__)

_FORGOTTEN = "its author asked to be forgotten"
Draw = Callable[[Week], Awaitable[bytes | None]]


def struck(
    kept: Kept, gone: Mapping[int, str], amended: Mapping[int, Verdict] | None = None
) -> tuple[Answer, tuple[Card, ...]]:
    """Return what a digest says without those in ``gone``, which tells of each why, and with ``amended`` ones. Pure."""
    anew = amended or {}
    said = kept.said or Answer()
    cards, lines = [], []
    for number, card in zip(kept.shown[1:], kept.cards, strict=False):
        if number in gone:
            lines.append((card.slug, f"Taken down: {gone[number]}."))
        else:
            cards.append(card_of(anew[number]) if number in anew else card)
    changes: dict[str, object] = {"rows": (*lines, *said.rows)}
    if kept.shown and kept.shown[0] in anew:
        changes["text"] = headline_of(anew[kept.shown[0]], kept.first)
    if kept.shown and kept.shown[0] in gone:
        words = f"The roast that stood here was taken down: {gone[kept.shown[0]]}."
        # The first link is the headline's own; what follows belongs to the week.
        changes |= {"text": "\n\n".join(filter(None, (kept.first, words))), "links": said.links[1:], "actions": ()}
    return said.model_copy(update=changes), tuple(cards)


@dataclass(frozen=True)
class Mender:
    """Implements ``bot.aftercare.Mend``: edits the digests of a channel that told a verdict. Costs no other post."""

    desk: Desk
    draw: Draw

    async def __call__(self, verdict: VerdictId, place: Place) -> frozenset[Message]:
        """Return the messages that stand as they should now; one that could not be edited is not among them."""
        done = set()
        for run, home in await self.desk.store.runs_telling(verdict, place):
            kept = Kept.model_validate(run.progress)
            messenger = self.desk.messengers.get(home.platform)
            if kept.said is None or not kept.message or messenger is None:
                continue
            message = Message(place=home, id=kept.message)
            answer, cards = struck(kept, *await self._changed(kept))
            picture = await self.draw(kept.week) if kept.week is not None and kept.week.merged else None
            try:
                await messenger.redraw_digest(message, answer, run.run_id, cards, picture)
                done.add(message)
            except RoastBotError:
                log.exception("a digest could not be edited", run=run.run_id, place=str(home))
        return frozenset(done)

    async def _changed(self, kept: Kept) -> tuple[dict[int, str], dict[int, Verdict]]:
        """Return which are gone, and why; and those of which an appeal struck a line."""
        found = {number: await self.desk.store.verdict(VerdictId(number)) for number in kept.shown}
        whys = {number: one.withdrawn if one is not None else _FORGOTTEN for number, one in found.items()}
        amended = {number: one.verdict for number, one in found.items() if one is not None and one.verdict.struck}
        return {number: why for number, why in whys.items() if why}, amended
