"""How things stand, in three queries that read no more than what waits, runs and was spent today."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import case, func, select

from adapters.store.base import Base
from adapters.store.schema import jobs, model_usage
from bot.records import JobState, Place
from bot.sight import MOST_WORKSPACES, HomeLoad, KindLoad, Sight

_LIVE = jobs.c.state.in_([JobState.WAITING, JobState.RUNNING])
_OTHERS = Place(platform="")


class SightRoom(Base):
    """Implements ``bot.sight.SightStore``."""

    async def sight(self, *, most: int = MOST_WORKSPACES) -> Sight:
        """See ``SightStore``."""
        first = case((jobs.c.state == JobState.RUNNING, 1), else_=0)  # one that runs is being tried already
        again = func.sum(case((jobs.c.attempts > first, 1), else_=0))
        states = (
            select(
                jobs.c.kind, jobs.c.state, func.count(), func.min(jobs.c.created_at), func.min(jobs.c.started_at), again
            )
            .where(_LIVE)
            .group_by(jobs.c.kind, jobs.c.state)
            .order_by(jobs.c.kind)
        )
        home = (jobs.c.platform, jobs.c.workspace)
        loads = select(*home, func.count()).where(_LIVE).group_by(*home)
        today = self._now().date().isoformat()
        spent = select(model_usage.c.platform, model_usage.c.workspace, func.sum(model_usage.c.cost_usd))
        spent = spent.where(model_usage.c.day == today).group_by(model_usage.c.platform, model_usage.c.workspace)
        async with self._read() as connection:
            kinds = _kinds(await connection.execute(states))
            live = Counter({(row[0], row[1]): row[2] for row in await connection.execute(loads)})
            dollars = {(row[0], row[1]): float(row[2]) for row in await connection.execute(spent)}
        return Sight(kinds=kinds, homes=_homes(live, dollars, most))


def _kinds(rows: Any) -> tuple[KindLoad, ...]:
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for kind, state, many, oldest, longest, again in rows:
        one = found[kind]
        one[str(state)] = many
        one["tried_before"] = one.get("tried_before", 0) + int(again)
        if state == JobState.WAITING:
            one["oldest"] = oldest
        else:
            one["longest"] = longest
    return tuple(KindLoad(kind=kind, **one) for kind, one in found.items())


def _homes(live: Counter[tuple[str, str]], dollars: dict[tuple[str, str], float], most: int) -> tuple[HomeLoad, ...]:
    ranked = sorted({*live, *dollars} - {("", "")}, key=lambda one: (-live[one], -dollars.get(one, 0.0), one))
    named = [
        HomeLoad(place=Place(platform=one[0], workspace=one[1]), jobs=live[one], dollars=dollars.get(one, 0.0))
        for one in ranked[:most]
    ]
    rest = [*ranked[most:], ("", "")]
    others = HomeLoad(
        place=_OTHERS, jobs=sum(live[one] for one in rest), dollars=sum(dollars.get(one, 0.0) for one in rest)
    )
    return (*named, others)
