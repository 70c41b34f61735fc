"""What was merged lately, at hand for whoever begins to type: answered from memory, read anew behind it.

A platform that completes what is typed waits three seconds at most, and asks with every key that is pressed. So a list
is read once, kept for some minutes, and read anew while the old one is still being shown.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.errors import RoastBotError
from bot.merged import MergedPull
from bot.ports import Clock, ListsMerged

log = structlog.get_logger(__name__)

FRESH_FOR = timedelta(minutes=10)
AGAIN_AFTER = timedelta(minutes=1)
"""After a fault it is tried again."""
WINDOWS = (timedelta(days=7), timedelta(days=60))
"""A lively repository is read a week back; where that gives little, two months."""
ENOUGH = 3
MOST_EACH = 25
MOST_KEPT = 200
SPARED = 15
"""Requests of the hour that are left to roasts."""


@dataclass
class _Kept:
    pulls: tuple[MergedPull, ...] = ()
    private: bool = True
    trouble: str = ""
    read_at: datetime | None = None
    due: datetime | None = None
    reading: asyncio.Task[None] | None = None


class Lately:
    """The lists of some repositories. ``remaining`` tells how often the source may still be asked, if it knows."""

    def __init__(self, source: ListsMerged, clock: Clock, remaining: Callable[[], int | None] = lambda: None) -> None:
        self._source, self._clock, self._remaining = source, clock, remaining
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    async def merged(self, repository: str, within: float) -> tuple[tuple[MergedPull, ...], str]:
        """Return what was merged, newest first, and what is the matter with the list, in words; takes no longer.

        A list that was never read is waited for, ``within`` seconds; one that is there comes at once. Never raises.
        """
        kept = self._kept.setdefault(repository.lower(), _Kept())
        self._kept.move_to_end(repository.lower())
        self._forget_some()
        if kept.reading is None and (kept.due is None or self._clock.now() >= kept.due):
            kept.reading = asyncio.create_task(self._read(repository, kept), name=f"lately {repository}")
        if kept.read_at is None and kept.reading is not None:
            await asyncio.wait({kept.reading}, timeout=within)
        late = kept.read_at is None and not kept.trouble
        return kept.pulls, "It is still being read; go on typing." if late else kept.trouble

    def is_private(self, repository: str) -> bool:
        """Return whether a list is of a private repository: until it was read, nobody knows that it is not."""
        kept = self._kept.get(repository.lower())
        return kept is None or kept.private

    async def _read(self, repository: str, kept: _Kept) -> None:
        now = self._clock.now()
        try:
            left = self._remaining()
            if left is not None and left < SPARED:
                kept.trouble = f"Only {left} requests are left this hour: they are kept for roasts."
                kept.due = now + AGAIN_AFTER
                return
            for window in WINDOWS:
                found = await self._source.merged(repository, now - window, now)
                kept.pulls, kept.private = found.pulls[:MOST_EACH], found.private
                if len(kept.pulls) >= ENOUGH:
                    break
            kept.trouble, kept.read_at, kept.due = "", now, now + FRESH_FOR
        except RoastBotError as error:
            kept.trouble, kept.due = str(error), now + AGAIN_AFTER
            log.warning("what was merged lately could not be read", repository=repository, words=str(error))
        except Exception:
            kept.trouble, kept.due = "Something unforeseen went wrong; it is in the log.", now + AGAIN_AFTER
            log.exception("what was merged lately could not be read", repository=repository)
        finally:
            kept.reading = None

    def stale(self, repository: str) -> None:
        """Have a list read anew when it is next asked for: something was merged into it."""
        kept = self._kept.get(repository.lower())
        if kept is not None:
            kept.due = None

    def _forget_some(self) -> None:
        while len(self._kept) > MOST_KEPT:
            _, oldest = self._kept.popitem(last=False)
            if oldest.reading is not None:
                oldest.reading.cancel()

    async def close(self) -> None:
        """End what is being read."""
        reading = [one.reading for one in self._kept.values() if one.reading is not None]
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)
