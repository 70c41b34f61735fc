"""Which of the gateway's shards this process listens on, where many processes share them by leases in the store.

A shard belongs to one process at a time; a process that dies loses its shards when its leases are over, and a process
that cannot renew them in time lets go of the gateway by itself, before another one may take them.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import structlog

from bot.errors import StoreError
from bot.sharing import Share, SharedStore

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")

LEASE = timedelta(seconds=30)
_ANSWERS_WITHIN = 5.0
"""Seconds for the store to answer: one that hangs must not outlive a lease."""


class Shards:
    """The part of one process. ``every`` is how often its leases are renewed, in seconds."""

    def __init__(self, store: SharedStore, *, lease: timedelta = LEASE, every: float = 8.0) -> None:
        self._store, self._lease, self._every = store, lease, every
        self._holder = f"discord:{uuid.uuid4().hex}"
        self._share = Share(store, "discord", 0, self._holder, lease)
        self._renewed, self._within = 0.0, _ANSWERS_WITHIN

    @property
    def many(self) -> int:
        """How many shards there are, 0 before anybody asked."""
        return self._share.many

    @property
    def held(self) -> tuple[int, ...]:
        """The shards to listen on."""
        return self._share.held

    async def claim(self, many: int) -> tuple[int, ...]:
        """Take a fair part of so many shards; none where others hold them all. Raises ``StoreError``."""
        self._renewed = time.monotonic()
        self._share = Share(self._store, "discord", many, self._holder, self._lease)
        return await self._in_time(self._share.renew())

    async def until_changed(self) -> None:
        """Renew the leases for as long as the part stays the same; return when it does not, or can't be sure of."""
        before = self._share.held
        while True:
            await asyncio.sleep(self._every)
            asked = time.monotonic()  # the lease counts from somewhere between now and the answer
            try:
                if await self._in_time(self._share.renew()) != before:
                    log.info("the gateway's shards are shared anew", were=before, now=self._share.held)
                    return
                self._renewed = asked
            except StoreError as error:
                log.warning("the leases on shards cannot be renewed", words=str(error))
                if time.monotonic() - self._renewed > self._lease.total_seconds() - 2 * self._every:
                    return

    async def let_go(self) -> None:
        """Give the shards to the others at once."""
        self._share.held = ()
        try:
            await self._in_time(self._store.let_go(self._holder))
        except StoreError as error:
            log.warning("the shards could not be given back: others take them when the leases end", words=str(error))

    async def _in_time(self, asking: Coroutine[Any, Any, Answer]) -> Answer:
        """Return the store's answer. Raises ``StoreError`` also where it does not come in time.

        A driver may need as long to hear that it is cancelled as the database hangs: nobody waits for that.
        """
        asked = asyncio.create_task(asking)
        asked.add_done_callback(lambda one: one.cancelled() or one.exception())  # nobody may be there to hear it
        try:
            done, _ = await asyncio.wait({asked}, timeout=self._within)
        except asyncio.CancelledError:
            asked.cancel()
            await asyncio.wait({asked}, timeout=self._within)
            raise
        if not done:
            asked.cancel()
            raise StoreError("The memory does not answer in time.", "It is asked again.")
        return asked.result()
