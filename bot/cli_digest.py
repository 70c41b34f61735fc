"""``roast-bot digest``: a week at the terminal, told as a channel would be told. Nothing is kept."""

from __future__ import annotations

import argparse
import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.brief import Heat
from bot.card import Card
from bot.digest_choice import Reading, Sign, Told, Wanted, cleanest, told_in_order
from bot.digest_reader import ReadsWeeks, WeekReader
from bot.digest_week import Week, week_of
from bot.digest_words import Findings, below, digest
from bot.digest_words import Told as ToldVerdict
from bot.errors import UsageError
from bot.guard import may_roast
from bot.ports import Progress, Writer
from bot.ports_messenger import Answer
from bot.pull_request import PullRequest
from bot.settings import Settings
from bot.structural_rules import rules_of
from bot.target import GitHubTarget, LocalTarget, Target
from bot.trial import examine, gather, try_case
from bot.verdict import Verdict

_SLUG = re.compile(r"^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$")


@dataclass(frozen=True)
class Shown:
    """A digest as the terminal shows it: the message, its short cards, what stands below it, the week, the choice."""

    answer: Answer
    cards: tuple[Card, ...]
    below: tuple[Answer, ...]
    week: Week
    dozen: tuple[Sign, ...]
    readings: tuple[Reading, ...]


def is_local(repository: str) -> bool:
    """Whether a path is meant: anything but ``owner/repo``, and that too where such a folder lies here."""
    return not _SLUG.match(repository) or Path(repository).exists()


def target_of(repository: str, number: int) -> Target:
    """Return how a pull request of it is named."""
    if is_local(repository):
        return LocalTarget(Path(repository), number)
    owner, _, name = repository.partition("/")
    return GitHubTarget(owner, name, number)


def window(since: str, until: str, zone: str, now: datetime) -> tuple[datetime, datetime]:
    """Return the window of two days, the last one whole; the last seven days where none is named."""
    last = _day(until, "--until") if until else None
    first = _day(since, "--since") if since else None
    local = ZoneInfo(zone)
    end = datetime.combine(last + timedelta(days=1), time_of_day(), local).astimezone(UTC) if last else now
    begin = datetime.combine(first, time_of_day(), local).astimezone(UTC) if first else end - timedelta(days=7)
    if begin >= end:
        raise UsageError("The window ends before it begins.", "--since names its first day, --until its last.")
    return begin, end


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text[:40]} is no day.", "It goes like 2026-05-18.") from None


async def tell(
    arguments: argparse.Namespace,
    source: ReadsWeeks,
    settings: Settings,
    progress: Progress,
    *,
    writer: Writer | None,
    now: datetime,
) -> Shown:
    """List, choose, read, write. Raises ``RoastBotError``; lets go of the source."""
    try:
        return await _Teller(arguments, source, settings, progress, writer).tell(now)
    finally:
        await source.aclose()


class _Teller:
    def __init__(
        self,
        arguments: argparse.Namespace,
        source: ReadsWeeks,
        settings: Settings,
        progress: Progress,
        writer: Writer | None,
    ) -> None:
        self._arguments, self._source, self._settings = arguments, source, settings
        self._progress, self._writer = progress, writer
        self._repository: str = arguments.repository
        self._reader = WeekReader(source, target_of, rules=rules_of(settings.rules))

    async def tell(self, now: datetime) -> Shown:
        zone = self._settings.scheduler.time_zone
        since, until = window(self._arguments.since or "", self._arguments.until or "", zone, now)
        await self._progress("reading", f"listing what was merged into {self._repository}")
        merged = await self._reader.merged(self._repository, since, until)
        dozen = await self._reader.choice(merged.pulls, Wanted(), Told(), until)
        readings = [one for sign in dozen if (one := await self._read(sign, len(dozen)))]
        told = told_in_order(readings, Told(), Wanted(), self._arguments.top)
        verdicts = tuple([ToldVerdict(verdict=await self._judge(one)) for one in told])
        found = Findings(
            week=week_of(merged, zone),
            told=verdicts,
            cleanest=cleanest(readings, told),
            looked_at=len(readings),
            able=len(dozen),
            notes=tuple(f"{note[:1].upper()}{note[1:]}." for note in merged.notes),
        )
        answer, cards = digest(found)
        more = tuple(below(one, headline=rank == 0) for rank, one in enumerate(verdicts))
        return Shown(answer, cards, more, found.week, dozen, tuple(readings))

    async def _read(self, sign: Sign, of: int) -> Reading | None:
        await self._progress("exhibits", f"reading #{sign.pull.number}, one of {of} that promise something")
        return await self._reader.read(self._repository, sign.pull, Wanted(), self._admit)

    async def _admit(self, pull: PullRequest) -> tuple[()]:
        may_roast(pull, self._settings.privacy)
        return ()

    async def _judge(self, one: Reading) -> Verdict:
        await self._progress("writing", f"writing about #{one.number}")
        heat = Heat(self._arguments.heat) if self._arguments.heat else None
        case = await gather(target_of(self._repository, one.number), self._source, rules=rules_of(self._settings.rules))
        exhibits = await asyncio.to_thread(examine, case)
        return await try_case(case, exhibits, heat=self._settings.roast.bounded(heat), writer=self._writer)
