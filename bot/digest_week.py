"""A week of merged pull requests in numbers: what the digest says of it and what its picture plots. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.digest_choice import is_routine
from bot.merged import Merged, MergedPull
from bot.pull_request import Frozen

_LONGEST_PLOT = 31


class Day(Frozen):
    """One day of the window: how many were merged, and how many of them are a machine's routine."""

    day: date
    merged: int = 0
    routine: int = 0


class Week(Frozen):
    """The figures of a window. A sum is ``None`` where the source did not give all of its parts."""

    repository: str
    since: datetime
    until: datetime
    zone: str = "UTC"
    merged: int = 0
    routine: int = 0
    authors: int = 0
    additions: int | None = None
    deletions: int | None = None
    commits: int | None = None
    days: tuple[Day, ...] = ()

    @property
    def span(self) -> str:
        """The window as people say it: "18 to 24 May"."""
        first, last = self.days[0].day, self.days[-1].day
        if first == last:
            return f"{last.day} {last:%B}"
        same = (first.year, first.month) == (last.year, last.month)
        return f"{first.day}{'' if same else f' {first:%B}'} to {last.day} {last:%B}"

    @property
    def is_a_week(self) -> bool:
        """Whether it is about a week, so that it may be called one."""
        return timedelta(days=5) < self.until - self.since < timedelta(days=9)

    @property
    def noun(self) -> str:
        """What to call the window: "week", "day", or "while"."""
        if self.is_a_week:
            return "week"
        return "day" if self.until - self.since <= timedelta(hours=26) else "while"


def week_of(merged: Merged, zone: str, pulls: Sequence[MergedPull] | None = None) -> Week:
    """Return the figures of what was merged (of ``pulls`` among it), by the days of a time zone."""
    shown = merged.pulls if pulls is None else tuple(pulls)
    local = ZoneInfo(zone)
    routine = {one.number for one in shown if is_routine(one)}
    by_day = Counter(one.merged_at.astimezone(local).date() for one in shown)
    by_machine = Counter(one.merged_at.astimezone(local).date() for one in shown if one.number in routine)
    return Week(
        repository=merged.repository,
        since=merged.since,
        until=merged.until,
        zone=zone,
        merged=len(shown),
        routine=len(routine),
        authors=len({one.user.login.casefold() for one in shown if one.number not in routine}),
        additions=_sum([one.additions for one in shown]),
        deletions=_sum([one.deletions for one in shown]),
        commits=_sum([one.commits for one in shown]),
        days=tuple(
            Day(day=day, merged=by_day[day], routine=by_machine[day])
            for day in _days(merged.since, merged.until, local)
        ),
    )


def _sum(figures: Sequence[int | None]) -> int | None:
    known = [one for one in figures if one is not None]
    return sum(known) if known and len(known) == len(figures) else None


def _days(since: datetime, until: datetime, zone: ZoneInfo) -> list[date]:
    """Return the local days that the window touches, the latest ones where they are many.

    A first day that is only touched for some hours of its evening stays: something may have been merged in them.
    """
    first, last = since.astimezone(zone).date(), (until - timedelta(microseconds=1)).astimezone(zone).date()
    days = [first + timedelta(days=step) for step in range(min((last - first).days, 366) + 1)]
    return days[-_LONGEST_PLOT:]


def in_words(week: Week) -> str:
    """Return the numbers as one line."""
    if not week.merged:
        return "nothing was merged"
    parts = [f"{week.merged:,} merged" + (f" by {_counted(week.authors, 'author')}" if week.authors else "")]
    if week.routine:
        parts.append(f"{week.routine:,} of them routine" if week.routine < week.merged else "all of it routine")
    if week.additions is not None and week.deletions is not None:
        parts.append(f"+{week.additions:,} −{week.deletions:,} lines")
    if week.commits is not None and week.commits > week.merged:
        parts.append(f"{week.commits:,} commits")
    busiest = max(week.days, key=lambda one: one.merged)
    if week.merged > 3 and len(week.days) > 1:
        parts.append(f"busiest day {busiest.day:%A} with {busiest.merged}")
    return ", ".join(parts)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
