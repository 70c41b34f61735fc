"""Posts made ready for the static site: here, one after the other, or on all cores where there are many."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from adapters.devlog.live import picture_key
from adapters.devlog.site import Site
from bot.publishing import Listed
from bot.records import StoredVerdict, VerdictId

WORTH_A_CREW = 300
"""So many posts take longer than it takes to begin more processes."""
_BATCH = 50

OpenStore = Callable[[str], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Done:
    """A post as files: its page, its oEmbed, its gist for the lists, and what its picture is made from."""

    id: VerdictId
    slug: str
    page: bytes
    oembed: bytes
    gist: str
    note: str


async def one_by_one(site: Site) -> AsyncIterator[Done]:
    """Yield every post, made here."""
    async for listed, stored in site.each_post():
        yield _done(site, listed, stored)


def _done(site: Site, listed: Listed, stored: StoredVerdict) -> Done:
    page, oembed = site.both_of(listed, stored)
    return Done(listed.id, listed.slug, page, oembed, site.known_gist(listed.id), picture_key(stored.verdict))


@dataclass(frozen=True, slots=True)
class Crew:
    """Processes that each read the store at ``url`` by themselves."""

    open_store: OpenStore
    url: str

    async def posts(self, site: Site) -> AsyncIterator[Done]:
        """Yield every post in order; only a few batches are ever at hand, so that memory stays flat."""
        count = os.cpu_count() or 1
        bare = replace(site, fetch=_nothing, paint=_no_picture)
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(count, context, _begin, (bare, self.open_store, self.url)) as pool:
            loop, running = asyncio.get_running_loop(), deque[asyncio.Future[list[Done]]]()
            ids = [post.id for post in site.shelves.posts]
            for start in range(0, len(ids), _BATCH):
                running.append(loop.run_in_executor(pool, _make, ids[start : start + _BATCH]))
                if len(running) > 2 * count:
                    for done in await running.popleft():
                        yield done
            while running:
                for done in await running.popleft():
                    yield done


async def _nothing(_: Sequence[VerdictId]) -> tuple[StoredVerdict, ...]:
    return ()


async def _no_picture(_: StoredVerdict) -> bytes:
    return b""


_HERE: dict[str, Any] = {}
"""What a process of the crew works with."""


def _begin(site: Site, open_store: OpenStore, url: str) -> None:
    _HERE.update(site=site, open_store=open_store, url=url)


def _make(ids: Sequence[VerdictId]) -> list[Done]:
    return asyncio.run(_made(ids))


async def _made(ids: Sequence[VerdictId]) -> list[Done]:
    site: Site = _HERE["site"]
    store = await _HERE["open_store"](_HERE["url"])
    try:
        found = await store.standing_verdicts(ids)
    finally:
        await store.aclose()
    return [_done(site, site.shelves.posts[site.shelves.place[stored.id]], stored) for stored in found]
