"""The dev log as it stands now: one ``Site`` at a time, made anew when the memory says that something changed."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from adapters.devlog.look import Look
from adapters.devlog.shelves import sort
from adapters.devlog.site import Site
from bot.card import Card, card_of
from bot.digest_words import DECIDED
from bot.display import plain
from bot.errors import StoreError
from bot.publisher import Publisher
from bot.publishing import Choice, Shelf
from bot.records import StoredVerdict, Subscription
from bot.verdict import Verdict

log = structlog.get_logger(__name__)

FRESH_SECONDS = 2.0
_SLUG = re.compile(r"[^\s,]+#\d+")
_MOST_PICTURES = 64

Draw = Callable[[Card, Verdict], bytes]
Bench = Callable[..., Awaitable[bytes]]


async def ran_of(publisher: Publisher, shelf: Shelf) -> tuple[tuple[datetime, str], ...]:
    """Return when digests last ran, newest first, in places that publish. More than the day is told of few."""
    public = {post.repository.lower() for post in shelf.posts}
    found: dict[str, datetime] = {}
    for one in await publisher.store.subscriptions():
        if one.last_ran_at is None or await publisher.choice(one.place) is Choice.NOTHING:
            continue
        known = one.repository.lower() in public and _may_be_told(one, shelf)
        words = plain(f"{one.repository}: {one.last_decision}") if known else "a digest"
        found[words] = max(one.last_ran_at, found.get(words, one.last_ran_at))
    return tuple(sorted(((at, words) for words, at in found.items()), reverse=True)[:5])


def _may_be_told(one: Subscription, shelf: Shelf) -> bool:
    """Whether a decision is everybody's: about nobody in person, no fault, naming only what stands in the log."""
    told = {post.pull_request.lower() for post in shelf.posts}
    named = {slug.lower() for slug in _SLUG.findall(one.last_decision)}
    return not one.person and one.last_decision.startswith(DECIDED) and named <= told


@dataclass
class Pictures:
    """Draws cards, keeps the last ones, and never draws many at once."""

    draw: Draw
    bench: Bench = asyncio.to_thread
    _kept: OrderedDict[str, bytes] = field(default_factory=OrderedDict)
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))

    async def __call__(self, stored: StoredVerdict) -> bytes:
        """Return the picture of a verdict."""
        key = picture_key(stored.verdict)
        if key not in self._kept:
            async with self._turn:
                if key not in self._kept:
                    self._kept[key] = await self.bench(self.draw, card_of(stored.verdict), stored.verdict)
        self._kept.move_to_end(key)
        while len(self._kept) > _MOST_PICTURES:
            self._kept.popitem(last=False)
        return self._kept[key]


def picture_key(verdict: Verdict) -> str:
    """Return a name of the picture that changes with everything on it."""
    return hashlib.sha256(verdict.model_dump_json(exclude={"proofs", "dropped"}).encode()).hexdigest()[:24]


@dataclass
class Live:
    """Gives the site of now. ``changed`` is called with each new one."""

    publisher: Publisher
    look: Look
    paint: Pictures
    changed: Callable[[], None] = lambda: None
    fresh_seconds: float = FRESH_SECONDS
    _site: Site | None = None
    _mark: str = ""
    _looked: float = float("-inf")
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def at_hand(self) -> Site | None:
        """Return the site where it was looked at a moment ago."""
        return self._site if time.monotonic() - self._looked < self.fresh_seconds else None

    def shows(self, site: Site) -> bool:
        """Whether this is still the site of now: one that a change has overtaken must leave nothing behind."""
        return site is self._site

    def forget(self) -> None:
        """Look anew next time."""
        self._mark, self._looked = "", float("-inf")

    async def site(self) -> Site:
        """Return the site. Raises ``StoreError`` where the memory fails before anything was read."""
        async with self._turn:
            fresh = self.at_hand()
            if fresh is not None:
                return fresh
            try:
                mark = await self.publisher.store.listed_mark()
                if mark != self._mark or self._site is None:
                    self._site = await self._read()
                    self._mark = mark
                    self.changed()
            except StoreError:
                if self._site is None:
                    raise
                log.exception("the dev log could not be brought up to date: the last one is shown")
            self._looked = time.monotonic()
            return self._site

    async def _read(self) -> Site:
        shelf = await self.publisher.shelf()
        ran = await ran_of(self.publisher, shelf)
        return Site(self.look, sort(shelf), self.publisher.store.standing_verdicts, self.paint, ran)
