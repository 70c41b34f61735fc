"""A job that was taken over: its first process may only have stood still, and must not show what another shows now.

A process that leaves no sign of life for a while is taken for dead, and its jobs are given to others. It may come back:
a machine that was suspended, a container that was paused. What it then does nobody may see. So a queue works a job off
behind a fence, and whoever is about to show or to keep something asks first whether the job is still this process's.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from bot.ports import Clock

Shown = TypeVar("Shown")


class TakenOverError(Exception):
    """Another process has this job now. Not a ``RoastBotError``: nobody is to be told."""


@dataclass
class Fence:
    """Stands around one job. ``is_held`` looks whether it is still this process's.

    That is known for ``trusted`` without a look: so long nobody takes over what this process had.
    """

    clock: Clock
    is_held: Callable[[], Awaitable[bool]]
    trusted: timedelta
    _known: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._known = self.clock.now()

    async def check(self) -> None:
        """Raise ``TakenOverError`` where another process has the job, ``StoreError`` where nobody can tell."""
        now = self.clock.now()
        if now - self._known < self.trusted:
            return
        if not await self.is_held():
            raise TakenOverError
        self._known = now


_around: ContextVar[Fence | None] = ContextVar("fence", default=None)


@contextmanager
def fenced(fence: Fence) -> Iterator[None]:
    """Let all that is done inside stand behind this fence."""
    token = _around.set(fence)
    try:
        yield
    finally:
        _around.reset(token)


async def still_ours() -> None:
    """Return where the job that is being worked off is still this process's; see ``Fence.check``."""
    fence = _around.get()
    if fence is not None:
        await fence.check()


class _Behind:
    """Asks before every call."""

    def __init__(self, shown: Any) -> None:
        self._shown = shown

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._shown, name)
        if not inspect.iscoroutinefunction(call):
            return call

        async def asked(*given: Any, **named: Any) -> Any:
            await still_ours()
            return await call(*given, **named)

        return asked


def behind(messenger: Shown) -> Shown:
    """Return a messenger through which nothing is seen of a job that was taken over."""
    return cast("Shown", _Behind(messenger))
