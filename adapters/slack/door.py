"""The door: who stands at it has not been acknowledged yet, and goes before everything that can wait."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from adapters.slack.hearing import PLATFORM
from bot.meters import Meters

_QUIET = 0.03
"""Seconds without anybody new after which a burst is over."""
_LONGEST = 0.5


Quiet = Callable[[], Awaitable[None]]


async def always_quiet() -> None:
    """Wait for nobody: where there is no door."""


class Door:
    """Counts requests between their arrival and our acknowledgement, and measures how long each stood there."""

    def __init__(self, meters: Meters) -> None:
        self._meters = meters
        self._standing, self._came = 0, 0.0
        self._empty = asyncio.Event()
        self._empty.set()

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Be at the door for as long as the block lasts."""
        began = time.perf_counter()
        self._standing += 1
        self._came = began
        self._empty.clear()
        try:
            yield
        finally:
            self._standing -= 1
            if not self._standing:
                self._empty.set()
            self._meters.acknowledged(PLATFORM, time.perf_counter() - began)

    async def quiet(self) -> None:
        """Wait until nobody stands there, and nobody came for a moment; not for ever, where they come all the time."""
        until = time.perf_counter() + _LONGEST
        while (now := time.perf_counter()) < until:
            if not self._standing and now - self._came >= _QUIET:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._empty.wait(), until - now)
            await asyncio.sleep(max(0.0, self._came + _QUIET - time.perf_counter()))
