"""The memory's part in the dev log: what was offered, vetoed, and what of it stands.

Part of ``bot.ports_store.Store``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.publishing import Listed, Publication
from bot.records import StoredVerdict, VerdictId


class PublishingStore(Protocol):
    """Publications. They outlive their verdicts, so that a page that was there can say that it is gone."""

    async def offer_publication(self, verdict_id: VerdictId, *, headline: bool, due_at: datetime) -> Publication:
        """Keep an offer. One that is there already stays as it is, but may become a headline."""
        ...

    async def publication(self, verdict_id: VerdictId) -> Publication | None:
        """Return what was offered, vetoed or not."""
        ...

    async def veto_publication(self, verdict_id: VerdictId, reason: str) -> bool:
        """Keep a no (an empty reason: take it back); false where it was never offered."""
        ...

    async def objected(self, pull_request: str) -> bool:
        """Return whether a publication of ``owner/repo#7`` was vetoed, or its verdict withdrawn, and that stands."""
        ...

    async def listed(self) -> tuple[Listed, ...]:
        """Return everything that was ever offered, oldest first, without the bodies."""
        ...

    async def listed_mark(self) -> str:
        """Return a mark that changes whenever what ``listed`` returns, or a body behind it, may have changed."""
        ...

    async def standing_verdicts(self, verdict_ids: Sequence[VerdictId]) -> tuple[StoredVerdict, ...]:
        """Return these verdicts as far as they stand, in this order."""
        ...
