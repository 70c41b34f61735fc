"""A whole bot, put together: what ``serve``, ``doctor`` and the terminal's commands work with."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.asking_again import AskingAgain
from bot.bench import Bench
from bot.command_digests import MostSubscribed
from bot.commands import COMMAND, REDRAW, TAKE_DOWN, Commands
from bot.desk import ROAST, Desk, Draw, no_rules
from bot.digest_config import settle
from bot.digest_reader import ReadsWeeks
from bot.digest_run import DigestRunner, DrawWeek
from bot.digests import DIGEST, Digests
from bot.errors import RoastBotError
from bot.feeds import Feeds, HasPosts, ManyFeeds
from bot.lately import Lately
from bot.meters import Meters, Silent
from bot.ports import Clock, Handler, KnowsPrivacy, ListsMerged, Queue, ReadsRepositories, Source, Writer
from bot.ports_messenger import AsgiApp, Platform
from bot.ports_store import Store
from bot.publisher import Publisher
from bot.records import Backlog
from bot.repository_rules import RulesReader
from bot.retention import Retention
from bot.serve import Side
from bot.settings import Settings
from bot.sharing import OneAtATime
from bot.sight import Sight
from bot.structural_rules import rules_of
from bot.target import LocalTarget, Target, parse_target
from bot.vouching import TellsCommitMails
from bot.webhooks import MERGED, PATH, HasComments, Hear, Hooks

_READY_SECONDS = 3.0


class ShownMeters(Protocol):
    """Meters that can be shown."""

    def backlog(self, backlog: Backlog, now: datetime) -> None:
        """Note how much waits and runs."""
        ...

    def connected(self, platform: str, *, on: bool) -> None:
        """Note whether a platform is connected."""
        ...

    def sight(self, sight: Sight, now: datetime) -> None:
        """Note how things stand by kind and by workspace."""
        ...

    def recovered(self, counts: Mapping[str, int]) -> None:
        """Note how many jobs this process saved, by how."""
        ...

    def text(self) -> bytes:
        """Return everything as it is shown."""
        ...


class QueueMaker(Protocol):
    """How a queue is made; it signs what it takes as ``holder``."""

    def __call__(self, store: Any, clock: Clock, *, workers: int, most_waiting: int) -> HeldQueue:
        """Return a queue over a store."""
        ...


class HeldQueue(Queue, Protocol):
    """A queue with a name of its own."""

    holder: str
    recovered: dict[str, int]
    """How many jobs this process saved, by how: taken over from the dead, tried again, given a new ticket."""

    @property
    def trouble(self) -> str:
        """What keeps this process from working off jobs, in words; empty where nothing does."""
        ...


class ClosingBench(Bench, Protocol):
    """A bench that has to be let go of."""

    def warm_up(self) -> None:
        """Begin before the first work comes."""
        ...

    def close(self) -> None:
        """End it."""
        ...


@dataclass(frozen=True)
class Tools:
    """What the adapters bring: chosen in ``bot.__main__``, put together here.

    ``clones`` reads clones on this machine, where somebody sits who may; never for a chat.
    """

    clock: Clock
    store: Store
    source: Source
    writer: Writer | None
    queue: QueueMaker
    bench: Callable[[int], ClosingBench] | None
    draw: Draw | None
    meters: Meters | None
    hosts: frozenset[str]
    clones: Callable[[LocalTarget], Source] | None = None
    draw_week: DrawWeek | None = None
    feeds: Feeds | None = None
    webhook: Callable[[Hear], AsgiApp] | None = None


@dataclass
class Parts:
    """The parts of one bot. ``close`` lets go of everything, in order; ``remaining`` is GitHub's word on its limit."""

    settings: Settings
    store: Store
    queue: Queue
    desk: Desk
    commands: Commands
    close: Sequence[Callable[[], Awaitable[None]]] = ()
    remaining: Callable[[], int | None] = lambda: None
    platforms: list[Platform] = field(default_factory=list)
    troubles: Mapping[str, str] = field(default_factory=dict)
    stopping: Callable[[], bool] = lambda: False
    digests: Digests | None = None
    hooks: Hooks | None = None
    webhook: Callable[[Hear], AsgiApp] | None = None
    recovered: Callable[[], Mapping[str, int]] = dict
    queue_trouble: Callable[[], str] = str
    around: Callable[[str, Handler], Handler] = lambda _, handler: handler

    def handlers(self) -> dict[str, Handler]:
        """What the queue works off."""
        plain: dict[str, Handler] = {
            ROAST: self.desk.work,
            COMMAND: self.commands.work,
            REDRAW: self.commands.work_redraw,
            TAKE_DOWN: self.commands.work_take_down,
            **({DIGEST: self.digests.work} if self.digests else {}),
            **({MERGED: self.hooks.work} if self.hooks else {}),
        }
        return {kind: self.around(kind, handler) for kind, handler in plain.items()}

    async def settle_digests(self) -> None:
        """Keep in the store what the settings ask for. Raises ``SettingsError`` and ``StoreError``."""
        scheduler = self.settings.scheduler
        await settle(self.store, self.desk.clock, scheduler.digests, scheduler.time_zone)

    def writer_in_words(self) -> str:
        """Return who writes."""
        name = self.settings.model.name
        return f"{name}, the embedded writer where it fails" if name else "the embedded writer"

    async def facts(self) -> Sequence[tuple[str, str]]:
        """Return what ``status`` tells of this process."""
        left = self.remaining()
        jobs = (await self.store.sight()).in_words(self.desk.clock.now())
        rows = [("Jobs", jobs), ("Writer", self.writer_in_words())]
        rows += [("GitHub", f"{left:,} requests left this hour")] if left is not None else []
        rows += [(one.name.capitalize(), self.how(one)) for one in self.platforms]
        return rows

    async def hurdles(self) -> Mapping[str, str]:
        """Return what stands in the way of working, by name; nothing where all is well."""
        found = {
            one.name: self.troubles.get(one.name, "not connected yet") for one in self.platforms if not one.connected
        }
        # One platform that works is enough to be sent people: the others are told of, here and in the log.
        if len(found) < len(self.platforms):
            found = {}
        if self.stopping():
            found["process"] = "It is told to end, and finishes what it has."
        if trouble := self.queue_trouble():
            found["queue"] = trouble
        try:
            async with asyncio.timeout(_READY_SECONDS):
                await self.store.backlog()
        except RoastBotError as error:
            found["store"] = str(error)
        except TimeoutError:
            found["store"] = "The memory does not answer in time."
        return found

    def how(self, platform: Platform) -> str:
        """Return how a platform stands, in words."""
        trouble = self.troubles.get(platform.name, "")
        return trouble or (platform.describe() if platform.connected else f"{platform.describe()}: not connected yet")

    def mounts(self) -> dict[str, AsgiApp]:
        """Return what the web side answers for platforms, by path."""
        hook = {PATH: self.webhook(self.hooks.hear)} if self.hooks and self.webhook else {}
        return hook | {path: app for one in self.platforms for path, app in one.mounts().items()}

    async def metrics(self, meters: ShownMeters) -> bytes:
        """Return what was measured, with the backlog and the platforms as they are now."""
        now = self.desk.clock.now()
        meters.backlog(await self.store.backlog(), now)
        meters.sight(await self.store.sight(), now)
        meters.recovered(self.recovered())
        for one in self.platforms:
            meters.connected(one.name, on=one.connected)
        return meters.text()

    async def aclose(self) -> None:
        """Let go of everything."""
        for one in self.close:
            await one()

    def rows(self, off: Sequence[tuple[str, str]], address: str) -> list[tuple[str, bool, str]]:
        """Return what is on, what is off and why, for the first screen."""
        settings = self.settings
        rows = [(one.name, one.connected, self.how(one)) for one in self.platforms]
        rows += [(name, False, why) for name, why in off]
        where = settings.store.url.split("@")[-1].split("?")[0] or "one SQLite file of this user's"
        waits = f"{settings.queue.engine}, {settings.queue.workers} at once, {settings.queue.most_waiting} may wait"
        token = "with a token" if settings.github.token else "without a token: 60 requests an hour"
        rows += [
            ("store", True, f"{where}, {_kept(settings.store.keep_days)}"),
            ("queue", True, waits),
            ("writer", True, self.writer_in_words()),
            ("github", True, f"{settings.github.api_url}, {token}"),
            ("digests", settings.scheduler.enabled, self._digests_in_words()),
            ("web", bool(address), f"{address} (/healthz, /readyz, /metrics)" if address else "nothing listens here"),
        ]
        return rows

    def sides(self, *, hears: bool) -> list[Side]:
        """Return what runs beside the work: what is old goes; and the process that hears asks for the dev log again."""
        sides: list[Side] = [Retention(self.store, self.desk.clock, self.settings.store.keep_days)]
        if hears and self.desk.publisher is not None:
            sides.append(AskingAgain(self.desk.publisher))
        return sides

    def _digests_in_words(self) -> str:
        scheduler = self.settings.scheduler
        if not scheduler.enabled:
            return "scheduler.enabled is false"
        own = f", {len(scheduler.digests)} of them from the settings" if scheduler.digests else ""
        return f"those that people subscribed to{own}; {scheduler.time_zone} where none is said"


def put_together(settings: Settings, tools: Tools) -> Parts:
    """Return a bot of these tools. Nothing runs yet."""
    reader = tools.source
    queue = tools.queue(
        tools.store, tools.clock, workers=settings.queue.workers, most_waiting=settings.queue.most_waiting
    )
    at_once = min(settings.queue.workers, os.cpu_count() or 1)
    bench = tools.bench(at_once) if tools.bench and at_once else None
    desk = Desk(
        store=tools.store,
        source_of=lambda target: tools.clones(target) if tools.clones and isinstance(target, LocalTarget) else reader,
        clock=tools.clock,
        hosts=tools.hosts,
        queue=queue,
        writer=tools.writer,
        privacy=settings.privacy_in_force,
        read_rules=RulesReader(reader.file_of) if isinstance(reader, ReadsRepositories) else no_rules,
        bounded=settings.roast.bounded,
        bench=bench or asyncio.to_thread,
        draw=tools.draw,
        rules=rules_of(settings.rules),
        meters=tools.meters or Silent(),
        holder=queue.holder,
    )
    if settings.queue.engine == "procrastinate":
        lease = timedelta(seconds=settings.queue.dead_after)
        desk.alone = OneAtATime(tools.store, queue.holder, lease).turn
    desk.publisher = Publisher(
        store=tools.store,
        clock=tools.clock,
        settings=settings.devlog,
        privacy=settings.privacy_in_force,
        read_rules=desk.read_rules,
        address=settings.web.public_url,
        is_private=reader.is_private if isinstance(reader, KnowsPrivacy) else None,
    )
    scheduler = settings.scheduler
    most = MostSubscribed(channel=scheduler.most_a_channel, workspace=scheduler.most_a_workspace)
    commands = Commands(desk, zone=scheduler.time_zone, most_subscribed=most)

    def remaining() -> int | None:
        return reader.remaining if isinstance(reader, ReadsRepositories) else None

    if isinstance(reader, ReadsRepositories):
        commands.reachable = reader.may_see
    digests = _digests_of(desk, settings, tools)
    commands.digests = digests
    if isinstance(reader, TellsCommitMails):
        commands.commits = reader
    if isinstance(reader, ListsMerged):
        commands.lately = Lately(reader, tools.clock, remaining)

    async def end_bench() -> None:
        if commands.lately is not None:
            await commands.lately.close()
        if bench is not None:
            bench.close()

    if bench is not None:
        bench.warm_up()
    made = Parts(
        settings=settings,
        store=tools.store,
        queue=queue,
        desk=desk,
        commands=commands,
        recovered=lambda: queue.recovered,
        queue_trouble=lambda: queue.trouble,
        close=(end_bench, *([tools.feeds.aclose] if tools.feeds else []), reader.aclose, tools.store.aclose),
        remaining=remaining,
        digests=digests,
        hooks=_hooks_of(desk, settings, tools, commands.lately),
        webhook=tools.webhook,
    )
    commands.facts = made.facts
    return made


def _hooks_of(desk: Desk, settings: Settings, tools: Tools, lately: Lately | None) -> Hooks | None:
    """Return what hears GitHub's webhook, where there is a secret that it signs with."""
    secret = settings.github.webhook_secret
    if secret is None:
        return None
    comments = tools.source.comments() if isinstance(tools.source, HasComments) else None
    fresh = lately.stale if lately is not None else _unheard
    desk.remarks = hooks = Hooks(
        desk, secret.get_secret_value(), _names(tools.hosts), comments, fresh,
        patience=timedelta(hours=settings.scheduler.patience_hours),
        most_a_day=settings.scheduler.most_a_day,
    )  # fmt: skip
    return hooks


def _unheard(_: str) -> None:
    """Keep no list."""


def _names(hosts: frozenset[str]) -> Callable[[str, int], Target]:
    def target_of(repository: str, number: int) -> Target:
        return parse_target(f"{repository}#{number}", hosts=hosts, local=False)

    return target_of


def _digests_of(desk: Desk, settings: Settings, tools: Tools) -> Digests | None:
    """Return what runs digests, where the source can list what was merged."""
    if not isinstance(tools.source, ReadsWeeks):
        return None

    own = [tools.source.posts()] if isinstance(tools.source, HasPosts) else []
    feeds = ManyFeeds([*own, *([tools.feeds] if tools.feeds else [])])
    runner = DigestRunner(desk, tools.source, _names(tools.hosts), feeds=feeds, draw=tools.draw_week)
    scheduler = settings.scheduler
    return Digests(
        runner,
        grace=timedelta(hours=scheduler.grace_hours),
        patience=timedelta(hours=scheduler.patience_hours),
        most_a_day=scheduler.most_a_day,
    )


def _kept(days: int) -> str:
    """Return how long verdicts are kept, in words."""
    return f"verdicts go after {days} day{'' if days == 1 else 's'}" if days else "verdicts stay"
