"""Queues by kind, and how our order (priority, then fair turn) becomes procrastinate's one number."""

from __future__ import annotations

from bot.tickets import Ticket

ANSWER, DIGEST, PUBLISH, UPKEEP = "answer", "digest", "publish", "upkeep"
QUEUES = (ANSWER, DIGEST, PUBLISH)
"""What a person waits for; what is due at a time; what nobody waits for. A worker may be told to serve some only."""

_BY_KIND = {"roast": ANSWER, "command": ANSWER, "digest": DIGEST}

PRIORITIES = 10
_TURNS = 200_000_000
"""Turns within one priority: procrastinate's column is a 32-bit integer. Turns begin anew whenever nothing waits;
a backlog that never ends for so many rounds is worked off in the order of arrival from there on."""

HANDED_OUT = 1
"""Above every job: what brings jobs of the dead back does not wait behind those of the living."""


def queue_of(kind: str) -> str:
    """Return the queue of a kind of job."""
    return _BY_KIND.get(kind, DIGEST if kind.startswith("digest") else PUBLISH)


def priority_of(ticket: Ticket) -> int:
    """Return procrastinate's priority: higher goes first, and at 0 or below."""
    rank = min(max(ticket.priority, 0), PRIORITIES - 1)
    return -(rank * _TURNS + min(ticket.turn, _TURNS - 1))
