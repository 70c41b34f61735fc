"""Reads a week: what was merged, what of it promises most, what is found in the best dozen. Nothing is kept here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

import structlog

from bot.bench import Bench
from bot.case import Case
from bot.digest_choice import (
    Reading,
    Sign,
    Told,
    Wanted,
    admitted,
    dozen,
    folder_of,
    ranked,
    roastable,
)
from bot.display import cut
from bot.doneness import doneness, is_acquitted, score
from bot.errors import NotFoundError, RefusedError, RepositoryError
from bot.exhibit import Exhibit
from bot.merged import Merged, MergedPull
from bot.ports import Admit, ListsMerged, Source, everyone
from bot.structural_rules import Rule
from bot.target import Target

log = structlog.get_logger(__name__)

_MOST_OFFENCES = 4
Refused = Callable[[Sequence[MergedPull]], Awaitable[frozenset[int]]]
"""Returns the numbers of those that may not be told here: opt-outs, labels, policy."""


@runtime_checkable
class ReadsWeeks(Source, ListsMerged, Protocol):
    """A source that lists what was merged and reads each of it."""


async def nobody_refused(pulls: Sequence[MergedPull]) -> frozenset[int]:  # noqa: ARG001
    """Let everything through: for a caller without a memory."""
    return frozenset()


@dataclass(frozen=True)
class WeekReader:
    """``target_of`` says how a pull request is named to the source, from a repository and a number."""

    source: ReadsWeeks
    target_of: Callable[[str, int], Target]
    bench: Bench = asyncio.to_thread
    rules: tuple[Rule, ...] = ()
    refused: Refused = nobody_refused

    async def merged(self, repository: str, since: datetime, until: datetime) -> Merged:
        """Return what was merged. Raises ``SourceError``."""
        return await self.source.merged(repository, since, until)

    async def choice(self, pulls: Sequence[MergedPull], wanted: Wanted, told: Told, now: datetime) -> tuple[Sign, ...]:
        """Return the dozen to read in full, from the cheap records alone."""
        refused = await self.refused(pulls)
        able = admitted(pulls, wanted, lambda one: one.number in refused)
        return dozen(ranked(able, told, now), told)

    async def read(self, repository: str, pull: MergedPull, wanted: Wanted, admit: Admit = everyone) -> Reading | None:
        """Read one in full; nothing where it may not be told or is gone by now. Raises ``SourceError``."""
        from bot.trial import examine, gather  # noqa: PLC0415 - the whole pipeline, once there is something to read

        try:
            case = await gather(self.target_of(repository, pull.number), self.source, admit=admit, rules=self.rules)
        except (RefusedError, NotFoundError, RepositoryError) as error:
            log.info("left out of a digest", repository=repository, number=pull.number, words=str(error))
            return None
        if not wanted.touches([file.path for file in case.pull_request.files]):
            return None
        return reading_of(case, await self.bench(examine, case))


def reading_of(case: Case, exhibits: Sequence[Exhibit]) -> Reading:
    """Return what was found, in few figures."""
    pull, points = case.pull_request, score(exhibits)
    public = [item for item in exhibits if not item.sensitive]
    charges = sorted((item for item in public if item.is_charge), key=lambda item: -item.force)
    praise = max((item for item in public if item.is_credit), key=lambda item: item.force, default=None)
    return Reading(
        number=pull.number,
        author=pull.user.login,
        score=points,
        doneness=doneness(points),
        acquitted=is_acquitted(exhibits),
        offences=tuple(dict.fromkeys(item.kind for item in charges))[:_MOST_OFFENCES],
        praise=cut(praise.summary, 200) if praise else "",
        praise_force=praise.force if praise else 0.0,
        roastable=roastable(exhibits, points),
        folder=folder_of([file.path for file in pull.files]),
        title=pull.title,
        url=pull.url,
    )
