"""A year of digests in a minute or two: 52 weeks, two time zones, both clock changes, and whatever can go wrong.

    python tools/digest_year.py [PAGE.html]

A made-up repository merges pull requests, two channels subscribe to it (16:00 in Berlin, 16:00 in New York), and a
clock is turned by hand. Processes die at random steps, GitHub limits and goes down, a machine sleeps through a
weekend, people opt out, some weeks are quiet. Everything else is the real thing: store, queue, choice, detectors,
writer, check. Prints what it counted, fails where a post is lost or doubled, and writes all posts as one page.
"""

from __future__ import annotations

import asyncio
import html
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import structlog
from fakes.desks import desk_of
from fakes.memory import Watch
from fakes.messenger import FakeMessenger, Shown
from fakes.weeks import FakeWeeks, made_up, target_of

from adapters.store import SqlStore, open_store
from bot.digest_run import DigestRunner
from bot.digests import Digests
from bot.errors import RateLimitedError, UnavailableError
from bot.records import Job, JobId, NewJob, NewSubscription, OptOutKind, Place, RunState, Subscription

ROOT = Path(__file__).resolve().parent.parent
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WEEKS = 52
ZONES = {"kitchen-berlin": "Europe/Berlin", "kitchen-new-york": "America/New_York"}
PEOPLE = ("ada", "grace", "ken", "barbara", "linus", "margaret", "dennis", "radia", "edsger", "frances")
LEASE = timedelta(minutes=2)


class KilledError(BaseException):
    """The process dies here: nothing in it gets to clean up."""


class AtOnce:
    """A queue that remembers jobs for this process alone, which is all that a dead one would leave: nothing."""

    def __init__(self) -> None:
        self.jobs: list[NewJob] = []

    async def put(self, job: NewJob, *, event: str = "") -> JobId:
        """Take a job."""
        del event
        self.jobs.append(job)
        return JobId(len(self.jobs))


@dataclass
class Year:
    """The world that outlives every process: repository, platform, store, clock, dice, and what happened."""

    store: SqlStore
    watch: Watch
    dice: Random = field(default_factory=lambda: Random(2026))  # noqa: S311 - dice of a play
    source: FakeWeeks = field(default_factory=FakeWeeks)
    platform: FakeMessenger = field(default_factory=FakeMessenger)
    happened: Counter[str] = field(default_factory=Counter)
    diary: list[tuple[datetime, str]] = field(default_factory=list)
    number: int = 0

    def note(self, what: str, words: str = "") -> None:
        """Write down what happened."""
        self.happened[what] += 1
        self.diary.append((self.watch.now(), words or what))

    def merge(self, end: datetime) -> None:
        """Let a week's pull requests be merged."""
        count = 0 if self.dice.random() < 0.1 else self.dice.randint(2, 7)
        for _ in range(count):
            self.number += 1
            author = self.dice.choice([*PEOPLE, "dependabot[bot]"])
            at = end - timedelta(hours=self.dice.uniform(1, 166))
            self.source.add(
                made_up(self.number, author, at, sins=self.dice.randint(0, 5), repairs=self.dice.randint(0, 5))
            )
        if not count:
            self.note("a week without a merge")

    def process(self) -> Digests:
        """Begin a process."""
        holder = f"process {self.dice.random()}"
        platforms = {"slack": self.platform}
        desk = desk_of(self.store, self.source, self.watch, AtOnce(), messengers=platforms, holder=holder)
        return Digests(DigestRunner(desk, self.source, target_of), lease=LEASE)

    def fate(self, step: str) -> None:
        """Let something go wrong now and then."""
        roll = self.dice.random()
        if roll < 0.04:
            self.note("a process died", f"a process died at: {step}")
            raise KilledError
        if roll < 0.05 and step.startswith(("#", "list")):
            self.note("GitHub limited us", f"GitHub limited us at: {step}")
            raise RateLimitedError("GitHub asks us to wait.", "", self.watch.now() + timedelta(minutes=50))
        if roll < 0.06 and step.startswith(("#", "list")):
            self.note("GitHub was down", f"GitHub was down at: {step}")
            raise UnavailableError("api.github.com did not answer within 30 seconds.", "Try later.")


async def look(year: Year) -> None:
    """Sweep in a fresh process and work off what comes of it; it may die on the way."""
    digests = year.process()
    queue = digests.desk.queue
    try:
        await digests.sweep()
        for number, job in enumerate(queue.jobs):
            await digests.work(Job(**job.model_dump(), id=JobId(number + 1), created_at=year.watch.now()))
    except KilledError:
        pass


async def week(year: Year, number: int) -> None:
    """Let one week pass: to each channel's time, and on until nothing is left to do."""
    friday = BEGIN + timedelta(days=1 + 7 * number)
    year.merge(datetime(friday.year, friday.month, friday.day, 12, tzinfo=UTC))
    if number == 20:
        await year.store.opt_out(OptOutKind.LOGIN, "linus", "linus")
        year.note("somebody opted out", "linus opted out")
    moments = sorted(
        datetime(friday.year, friday.month, friday.day, 16, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for zone in ZONES.values()
    )
    if number == 30:
        year.watch.time = moments[-1] + timedelta(hours=40)
        year.note("the machine slept", "the machine slept through the weekend")
        await look(year)
        return
    for moment in moments:
        year.watch.time = moment
        for _ in range(12):
            await look(year)
            year.watch.forward(minutes=7)


async def live(folder: Path) -> tuple[Year, list[Subscription]]:
    """Live through the year."""
    watch = Watch()
    watch.time = BEGIN
    year = Year(await open_store(f"sqlite+aiosqlite:///{folder / 'year.sqlite3'}", clock=watch), watch)
    year.source.before = year.fate
    year.platform.before = year.fate
    subscriptions = [
        await year.store.subscribe(
            NewSubscription(
                place=Place(platform="slack", workspace="T1", channel=channel), repository="acme/soup",
                schedule="0 16 * * fri", timezone=zone, top=2,
            )
        )
        for channel, zone in ZONES.items()
    ]  # fmt: skip
    for number in range(WEEKS):
        await week(year, number)
        if number % 13 == 12:
            print(f"  {number + 1} weeks, {len(year.platform.digests)} posts", flush=True)
    return year, subscriptions


async def count(year: Year, subscriptions: list[Subscription]) -> list[str]:
    """Return what is wrong with the year; nothing where all is well."""
    wrong, authors = [], Counter[str]()
    for one in subscriptions:
        runs = await year.store.runs(one.id, limit=100)
        states = Counter(run.state for run in runs)
        zone = ZoneInfo(one.timezone)
        hours = {datetime.fromisoformat(run.period).astimezone(zone).strftime("%a %H:%M") for run in runs}
        print(f"  {one.place.channel}: {dict(states)}, always at {', '.join(sorted(hours))} local time")
        if len(runs) != WEEKS or states[RunState.POSTED] + states[RunState.SKIPPED] + states[RunState.FAILED] != WEEKS:
            wrong.append(f"{one.place.channel}: {len(runs)} runs, {dict(states)}")
        if hours != {"Fri 16:00"}:
            wrong.append(f"{one.place.channel}: {hours}")
        posted = [run.run_id for run in runs if run.state is RunState.POSTED]
        wrong += [f"lost: {run}" for run in posted if run not in year.platform.digests]
        for run in runs:
            told = {run.progress["readings"][str(n)]["author"] for n in run.progress.get("told") or ()}
            authors.update(told)
    ids = [message.id for message in year.platform.digests.values()]
    posts = [one for one in year.platform.shown if one.answer and not one.below and not one.key]
    if len(posts) != len(ids):
        wrong.append(f"{len(posts)} posts for {len(ids)} runs: something came twice")
    print(f"  told by author: {dict(authors.most_common())}")
    return wrong


def page(year: Year) -> str:
    """Return all posts as one page."""
    shown = {message.id: message.place.channel for message in year.platform.digests.values()}
    posts = [one for one in year.platform.shown if one.id in shown]
    diary = "".join(f"<li>{at:%d %b %H:%M} {html.escape(words)}</li>" for at, words in year.diary)
    style = (
        "body{font:16px/1.5 system-ui;max-width:52rem;margin:2rem auto;padding:0 1rem;background:#fcf6ec;color:#3a2014}"
        "article{background:#fff;border-left:6px solid #ba5418;border-radius:8px;padding:1rem 1.5rem;margin:1.5rem 0}"
        "small{color:#7d6858}h2{margin:.2rem 0}dt{font-weight:600}aside{border-top:1px solid #e1d0ba;margin-top:.6rem}"
    )
    body = "".join(_article(one, shown[one.id]) for one in posts)
    return (
        f"<!doctype html><meta charset=utf-8><title>A year of digests</title><style>{style}</style>"
        f"<h1>A year of digests</h1><p>{len(posts)} posts in two channels.</p>{body}"
        f"<h2>What went wrong on the way</h2><ul>{diary}</ul>"
    )


def _article(one: Shown, channel: str) -> str:
    if one.answer is None:
        return ""
    text = "".join(f"<p>{html.escape(part)}</p>" for part in one.answer.text.split("\n\n"))
    cards = "".join(
        f"<aside><b>{html.escape(card.title)}</b> <small>{html.escape(card.slug)} · {card.meter.word}</small>"
        f"<br>{html.escape(card.gist)}</aside>"
        for card in one.cards
    )
    rows = "".join(f"<dt>{html.escape(label)}</dt><dd>{html.escape(words)}</dd>" for label, words in one.answer.rows)
    return (
        f"<article><small>#{html.escape(channel)}</small><h2>{html.escape(one.answer.title)}</h2>"
        f"{text}{cards}<dl>{rows}</dl></article>"
    )


def main() -> int:
    """Live, count, write."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "digest-year.html"
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:

        async def run() -> tuple[Year, list[str]]:
            year, subscriptions = await live(Path(folder))
            wrong = await count(year, subscriptions)
            await year.store.aclose()
            return year, wrong

        year, wrong = asyncio.run(run())
    target.write_text(page(year), encoding="utf-8")
    print(f"  on the way: {dict(year.happened)}")
    print(f"{WEEKS} weeks in {time.monotonic() - begun:.0f} s; all posts: {target}")
    print("\n".join(f"WRONG: {words}" for words in wrong) or "none lost, none twice")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
