"""``roast-bot serve``: one process that runs all that is configured, says so in one screen, and ends cleanly.

Platforms fail and come back by themselves, each apart from the others. At the end what runs is finished while the
platforms can still be spoken to; what does not end in time is handed back to the store for the next process.
"""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from bot.errors import RoastBotError, SettingsError
from bot.ports import Handler, Queue
from bot.ports_messenger import Platform
from bot.settings import Settings

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 5.0
STOP_SECONDS = 2.0
_PAUSES = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
_STEADY_SECONDS = 60.0
"""A platform that held this long begins with short pauses again."""


def may_work(settings: Settings) -> None:
    """Raise ``SettingsError`` where a worker would have nothing to do."""
    if settings.queue.engine != "procrastinate":
        raise SettingsError(
            "A worker shares its work with other processes, and the embedded queue does not.",
            "Set ROAST_QUEUE__ENGINE=procrastinate and ROAST_STORE__URL to PostgreSQL, or run `roast-bot serve` alone.",
        )
    if not settings.queue.workers:
        raise SettingsError("A worker with no workers does nothing.", "Set ROAST_QUEUE__WORKERS to 1 or more.")


class Side(Protocol):
    """Something beside the platforms that runs as long as the process: the web side, the scheduler."""

    async def start(self) -> None:
        """Begin. Raises ``RoastBotError``: the process then does not start at all."""
        ...

    async def stop(self) -> None:
        """End."""
        ...


@dataclass
class Service:
    """What runs. ``close`` lets go of store, sources and processes once everything else has ended."""

    queue: Queue
    handlers: Mapping[str, Handler]
    platforms: Sequence[Platform] = ()
    sides: Sequence[Side] = ()
    close: Sequence[Callable[[], Awaitable[None]]] = ()
    pauses: Sequence[float] = _PAUSES
    drain_seconds: float = DRAIN_SECONDS
    linger_seconds: float = 0.0
    troubles: dict[str, str] = field(default_factory=dict)
    working: bool = False

    async def run(self, stop: asyncio.Event, begun: Callable[[], None]) -> None:
        """Run until ``stop``. ``begun`` is called once everything that can start at once has."""
        kept: list[asyncio.Task[None]] = []
        started: list[Side] = []
        try:
            for side in self.sides:
                await side.start()
                started.append(side)
            await self.queue.start(self.handlers)
            self.working = True
            tried = [asyncio.Event() for _ in self.platforms]
            kept = [
                asyncio.create_task(self._keep(platform, first), name=platform.name)
                for platform, first in zip(self.platforms, tried, strict=True)
            ]
            await _all_or(stop, tried)
            # What was imported stays: the collector need not walk through all of it while somebody waits.
            gc.collect()
            gc.freeze()
            begun()
            await stop.wait()
            # Unready by now: a load balancer that looks sends nobody more, and who comes until then is heard.
            await asyncio.sleep(self.linger_seconds)
        finally:
            await self._end(kept, started)

    async def _keep(self, platform: Platform, tried: asyncio.Event) -> None:
        """Keep a platform running: told of when it fails, and started again after a pause."""
        failures, loop = 0, asyncio.get_running_loop()
        while True:
            since = loop.time()
            try:
                await platform.start()
                self.troubles.pop(platform.name, None)
                log.info("platform started", platform=platform.name, words=platform.describe())
                tried.set()
                await platform.wait()
                return  # noqa: TRY300 - it was stopped
            except RoastBotError as error:
                self._trouble(platform, str(error))
            except Exception:
                log.exception("platform failed", platform=platform.name)
                self._trouble(platform, "it failed unforeseen; the log says where")
            tried.set()
            failures = 1 if loop.time() - since > _STEADY_SECONDS else failures + 1
            await _stopped(platform)
            await asyncio.sleep(self.pauses[min(failures, len(self.pauses)) - 1])

    def _trouble(self, platform: Platform, words: str) -> None:
        self.troubles[platform.name] = words
        log.error("platform is away and will be tried again", platform=platform.name, words=words)

    async def _end(self, kept: Sequence[asyncio.Task[None]], started: Sequence[Side]) -> None:
        """End in order: the work, the platforms it speaks through, the sides, the store."""
        self.working = False
        try:
            await self.queue.stop(self.drain_seconds)
        except Exception:
            log.exception("the queue did not stop cleanly")
        await asyncio.gather(*(_stopped(platform) for platform in self.platforms))
        for task in kept:
            task.cancel()
        await asyncio.gather(*kept, return_exceptions=True)
        for let_go in [*(side.stop for side in reversed(started)), *self.close]:
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await let_go()
            except Exception:
                log.exception("something did not stop cleanly")


async def _stopped(platform: Platform) -> None:
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await platform.stop()
    except Exception:
        log.exception("platform did not stop cleanly", platform=platform.name)


async def _all_or(stop: asyncio.Event, events: Sequence[asyncio.Event], seconds: float = 4.0) -> None:
    """Wait until all events are set, or a stop is wanted, or it has been long enough for a first screen."""

    async def each() -> None:
        for one in events:
            await one.wait()

    stopping, all_set = asyncio.ensure_future(_noted(stop)), asyncio.ensure_future(each())
    try:
        await asyncio.wait([stopping, all_set], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        all_set.cancel()
        await asyncio.gather(stopping, all_set, return_exceptions=True)


async def _noted(event: asyncio.Event) -> None:
    await event.wait()


def stop_on_signals(stop: asyncio.Event) -> None:
    """Let SIGTERM and SIGINT ask for the end; a second one ends at once."""
    loop = asyncio.get_running_loop()

    def wanted(number: signal.Signals) -> None:
        log.info("stopping", signal=number.name)
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, wanted, number)


def screen(version: str, rows: Sequence[tuple[str, bool, str]]) -> str:
    """Return what is on, what is off and why, in one screen."""
    width = max(len(name) for name, _, _ in rows)
    lines = [f"  {name:<{width}}  {'on ' if on else 'off'}  {words}" for name, on, words in rows]
    return "\n".join([f"roast-bot {version}", *lines, "Ctrl-C or SIGTERM ends it."])
