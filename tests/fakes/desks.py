"""A desk as the tests have it: one source for whatever is asked, the embedded writer, and the rest as it is wanted."""

from __future__ import annotations

from typing import Any

from bot.desk import Desk
from bot.ports import Clock, Queue, Source
from bot.ports_store import Store
from bot.writers.house import HouseWriter


def desk_of(store: Store, source: Source, clock: Clock, queue: Queue, **more: Any) -> Desk:
    """Return it; ``more`` are fields of ``bot.desk.Desk`` beside these, or in their place."""
    usual: dict[str, Any] = {"writer": HouseWriter(), "holder": getattr(queue, "holder", "desk")}
    return Desk(store=store, source_of=lambda _: source, clock=clock, queue=queue, **(usual | more))
