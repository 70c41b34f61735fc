"""The queue that the settings ask for. Nothing of procrastinate is imported before it is the one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from adapters.queue.embedded import EmbeddedQueue
from bot.errors import SettingsError
from bot.settings import Settings


async def queue_maker(settings: Settings) -> Callable[..., Any]:
    """Return what makes the queue over a store; tables that it needs are there by then.

    Raises ``SettingsError`` where the engine and the store do not go together, ``StoreError`` where it cannot be had.
    """
    queue = settings.queue
    shared: dict[str, Any] = {"most_each": queue.most_each, "dead_after": queue.dead_after}
    if queue.engine == "embedded":
        return partial(EmbeddedQueue, **shared)
    url = settings.store.url
    if not url.startswith(("postgres:", "postgresql:", "postgresql+psycopg:")):
        raise SettingsError(
            "The engine procrastinate works on PostgreSQL alone.",
            "Set ROAST_STORE__URL to postgresql+psycopg://USER@HOST/DATABASE, or ROAST_QUEUE__ENGINE to embedded.",
        )
    try:
        from adapters.queue.cluster import ClusterQueue  # noqa: PLC0415 - a third of a second, for those who want it
        from adapters.queue.tables import prepare  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(
            f"The engine procrastinate needs {error.name}, which is not installed.",
            "Install it with `pip install 'roast-bot[cluster]'`.",
        ) from error
    conninfo = "postgresql:" + url.partition(":")[2]
    await prepare(conninfo)
    more: dict[str, Any] = {"listen": queue.listen, "poll": queue.poll, "queues": queue.queues}
    return partial(ClusterQueue, url=conninfo, **shared, **more)
