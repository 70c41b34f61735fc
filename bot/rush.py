"""Who waits for an acknowledgement at this moment: whatever can wait lets them go first."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

_AT_MOST = 2.0


class Rush:
    """Counts those who wait. Extras come afterwards, a few at a time, and are never held up for ever."""

    def __init__(self, extras_at_once: int = 4) -> None:
        self._waiting = 0
        self._calm = asyncio.Event()
        self._calm.set()
        self._extras = asyncio.Semaphore(extras_at_once)

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """Count somebody for as long as the block lasts."""
        self._waiting += 1
        self._calm.clear()
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._calm.set()

    @property
    def alone(self) -> bool:
        """Whether one at most waits."""
        return self._waiting <= 1

    async def calm(self) -> None:
        """Return once nobody waits, or it has been long enough."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_AT_MOST):
                await self._calm.wait()

    @contextlib.asynccontextmanager
    async def afterwards(self) -> AsyncIterator[None]:
        """Enter once nobody waits, or it has been long enough."""
        async with self._extras:
            await self.calm()
            yield
