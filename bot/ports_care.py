"""The memory's smaller concerns: the ledger of small things, and what a person or an operator may ask for.

Parts of ``bot.ports_store.Store``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from bot.feedback import EmojiMap
from bot.records import Appeal, AppealId, Forgotten, Ground, Outcome, Person, Place, Usage, VerdictId


class KnowsEmoji(Protocol):
    """What reactions mean, as the settings say."""

    emoji: EmojiMap


class AppealStore(Protocol):
    """Appeals and their decisions."""

    async def open_appeal(
        self, verdict_id: VerdictId, exhibit: str, offence: str, ground: Ground, by: Person
    ) -> Appeal:
        """Keep an appeal; the same person's same appeal is the one that is there already, decided or not."""
        ...

    async def decide_appeal(self, appeal_id: AppealId, outcome: Outcome, reason: str) -> Appeal:
        """Write down the decision and the reason that was told."""
        ...

    async def appeals(
        self, *, place: Place | None = None, verdict_id: VerdictId | None = None, limit: int = 100
    ) -> tuple[Appeal, ...]:
        """Return appeals, newest first."""
        ...


class PrivacyStore(Protocol):
    """Which repositories are private, as far as anybody looked: what was said of them stays in their channels."""

    async def note_privacy(self, repository: str, *, private: bool) -> None:
        """Keep what GitHub says now. Verdicts from when a repository was private stay so when it is opened."""
        ...

    async def private_among(self, repositories: Sequence[str]) -> frozenset[str]:
        """Return those of the repositories, in lower case, that are private."""
        ...


class LedgerStore(Protocol):
    """Small things that must not be lost."""

    async def record_usage(self, place: Place, model: str, tokens: tuple[int, int], cost_usd: float) -> None:
        """Add one call of a model (input and output tokens) to today's usage of a workspace."""
        ...

    async def usage(self, *, since: datetime, place: Place | None = None) -> tuple[Usage, ...]:
        """Return usage by day, workspace and model."""
        ...

    async def meta(self, key: str) -> str | None:
        """Return a value kept by ``set_meta``: the hash of synced commands, when something last ran."""
        ...

    async def set_meta(self, key: str, value: str) -> None:
        """Keep a value; an empty one forgets the key."""
        ...

    async def installed(self, platform: str, workspace: str, name: str = "") -> None:
        """Note that the bot was added to a workspace."""
        ...

    async def uninstalled(self, platform: str, workspace: str) -> None:
        """Note that it was removed: its reactions are ignored and its subscriptions rest."""
        ...


class CareStore(Protocol):
    """What a person or an operator may ask for."""

    async def forget(self, login: str, people: Sequence[Person] = ()) -> Forgotten:
        """Remove all that is kept on a login and the people linked to it; only an opt-out itself remains."""
        ...

    async def export(self, login: str, people: Sequence[Person] = ()) -> dict[str, Any]:
        """Return all that is kept on a login, as JSON values."""
        ...

    async def backup(self, path: Path) -> int:
        """Write a consistent copy while running, as a SQLite store of its own; return its bytes."""
        ...

    async def fill_from(self, path: Path) -> None:
        """Fill this store, which must be empty, from what ``backup`` wrote."""
        ...

    async def prune(self, keep: timedelta) -> dict[str, int]:
        """Forget verdicts older than ``keep``, and bookkeeping that is of no more use; return rows by kind."""
        ...

    async def sizes(self) -> dict[str, int]:
        """Return the number of rows by table."""
        ...

    async def check(self) -> None:
        """Read through the whole store; raise ``StoreError`` if it is damaged."""
        ...

    async def aclose(self) -> None:
        """Let go of all connections."""
        ...
