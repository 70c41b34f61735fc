"""The leaderboard: verdicts by their votes, repositories by their doneness, never a list of people to shame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from bot.pull_request import Frozen
from bot.records import PriorVerdict, UserSettings, VerdictId

LEAST_VERDICTS = 3
"""A repository with fewer is not ranked: one lucky pull request is no record."""


class FunnyVerdict(Frozen):
    """A line of the leaderboard: a verdict by its title, never by its author."""

    id: VerdictId
    title: str
    pull_request: str
    url: str
    punchline: str
    funny: int
    created_at: datetime


class RepositoryRecord(NamedTuple):
    """How a repository's pull requests fared in one month."""

    repository: str
    month: str
    verdicts: int
    score: float
    acquitted: int


class Ranking(Frozen):
    """A repository's line: what is counted, and the figure it is ranked by."""

    repository: str
    verdicts: int
    figure: float


class Leaderboard(Frozen):
    """What ``/roast leaderboard`` shows; each list best first and possibly empty.

    ``best_behaved`` is by the lowest mean score, ``most_acquitted`` by the share of acquittals (0 to 1),
    ``most_improved`` by how far the mean score of the later half of the months fell below the earlier half's.
    """

    funniest: tuple[FunnyVerdict, ...] = ()
    best_behaved: tuple[Ranking, ...] = ()
    most_acquitted: tuple[Ranking, ...] = ()
    most_improved: tuple[Ranking, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show yet."""
        return not (self.funniest or self.best_behaved or self.most_acquitted or self.most_improved)


class Mine(Frozen):
    """What ``/roast me`` shows a person about themself and nobody else."""

    login: str
    verdicts: tuple[PriorVerdict, ...] = ()
    repeat_offences: dict[str, int] = {}
    credits: dict[str, int] = {}
    opted_out: bool = False
    settings: UserSettings = UserSettings()


def leaderboard(funniest: Sequence[FunnyVerdict], records: Sequence[RepositoryRecord], *, most: int = 5) -> Leaderboard:
    """Rank what the store returned (``Store.funniest``, ``Store.repository_records``; opt-outs are not in it)."""
    histories = [list(months) for _, months in groupby(sorted(records, key=_when), key=lambda one: one.repository)]
    ranked = [months for months in histories if sum(one.verdicts for one in months) >= LEAST_VERDICTS]
    behaved = sorted((round(_mean(months), 2), months[0].repository, months) for months in ranked)
    return Leaderboard(
        funniest=tuple(funniest[:most]),
        best_behaved=tuple(_ranking(months, figure) for figure, _, months in behaved[:most]),
        most_acquitted=_best(ranked, _acquitted, most),
        most_improved=_best(ranked, _fall, most),
    )


def mine(login: str, record: Sequence[PriorVerdict], settings: UserSettings, *, opted_out: bool) -> Mine:
    """Sum up a person's own record: offences told more than once, and every credit."""
    offences = _tally(name for one in record for name in one.offences)
    return Mine(
        login=login,
        verdicts=tuple(record),
        repeat_offences={name: times for name, times in offences.items() if times > 1},
        credits=_tally(name for one in record for name in one.credits),
        opted_out=opted_out,
        settings=settings,
    )


def _when(record: RepositoryRecord) -> tuple[str, str]:
    return record.repository, record.month


def _count(months: Sequence[RepositoryRecord]) -> int:
    return sum(one.verdicts for one in months)


def _mean(months: Sequence[RepositoryRecord]) -> float:
    count = _count(months)
    return sum(one.score * one.verdicts for one in months) / count if count else 0.0


def _fall(months: Sequence[RepositoryRecord]) -> float:
    if len(months) < 2:
        return 0.0
    middle = len(months) // 2
    return _mean(months[:middle]) - _mean(months[middle:])


def _acquitted(months: Sequence[RepositoryRecord]) -> float:
    return sum(one.acquitted for one in months) / _count(months)


def _ranking(months: Sequence[RepositoryRecord], figure: float) -> Ranking:
    return Ranking(repository=months[0].repository, verdicts=_count(months), figure=figure)


def _best(
    ranked: Sequence[Sequence[RepositoryRecord]], figure_of: Callable[[Sequence[RepositoryRecord]], float], most: int
) -> tuple[Ranking, ...]:
    found = sorted((-round(figure_of(months), 2), months[0].repository, months) for months in ranked)
    return tuple(_ranking(months, -figure) for figure, _, months in found[:most] if figure < 0)


def _tally(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda one: (-one[1], one[0])))
