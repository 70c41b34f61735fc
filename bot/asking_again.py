"""Asking again whether what is published still may be: every hour, before and after it is public."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.errors import RoastBotError
from bot.publisher import Publisher

log = structlog.get_logger(__name__)

SOON, AN_HOUR = 60.0, 3600.0


@dataclass
class AskingAgain:
    """Runs ``Publisher.ask_again`` as long as ``serve`` does: one of its sides."""

    publisher: Publisher
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin; nobody is asked yet."""
        self._task = asyncio.create_task(self._run(), name="asking again")

    async def stop(self) -> None:
        """End."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        await self.sleep(SOON)
        while True:
            try:
                await self.publisher.ask_again()
            except RoastBotError as error:
                log.warning("the dev log could not be looked through", words=str(error))
            except Exception:
                log.exception("looking through the dev log failed")
            await self.sleep(AN_HOUR)
