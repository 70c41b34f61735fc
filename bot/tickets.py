"""What an engine of jobs is told in the transaction that writes them down: enough to call each one in its turn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.records import JobId


@dataclass(frozen=True, slots=True)
class Ticket:
    """A job that waits. Lower ``priority`` goes first; within one, lower ``turn`` (see ``adapters.store.turns``)."""

    job: JobId
    kind: str
    priority: int = 0
    turn: int = 0


Announce = Callable[[Any, Sequence[Ticket]], Awaitable[None]]
"""Told of new jobs on the database driver's own connection: what it writes there holds if and when the jobs do."""


async def nobody(connection: Any, tickets: Sequence[Ticket]) -> None:
    """Tell nobody: the embedded queue looks for itself."""
