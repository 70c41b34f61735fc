"""Subscriptions and the runs of their digests, as the memory keeps them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NewType

from pydantic import JsonValue

from bot.pull_request import Frozen
from bot.records_places import Person, Place

SubscriptionId = NewType("SubscriptionId", int)


class NewSubscription(Frozen):
    """A wish for a regular digest: what ``/roast subscribe`` or ``config/roast.toml`` says.

    ``schedule`` is cron with days by name; ``timezone`` an IANA name. ``options`` are filters (labels,
    authors, paths, silence). ``person`` and ``feed`` are for accountability subscriptions.
    """

    place: Place
    repository: str
    schedule: str
    timezone: str = "UTC"
    top: int = 3
    min_doneness: str = ""
    person: str = ""
    feed: str = ""
    options: dict[str, JsonValue] = {}
    created_by: Person | None = None
    from_config: bool = False


class Subscription(NewSubscription):
    """A kept subscription. ``paused`` says why it rests; ``failures`` counts failed runs in a row."""

    id: SubscriptionId
    created_at: datetime
    paused: str = ""
    failures: int = 0
    ended_at: datetime | None = None
    last_ran_at: datetime | None = None
    last_decision: str = ""


class RunState(StrEnum):
    """How far a digest run came."""

    CLAIMED = "claimed"
    POSTED = "posted"
    SKIPPED = "skipped"
    FAILED = "failed"


class DigestRun(Frozen):
    """One run of a subscription for one period, claimed by one process.

    ``run_id`` travels in the message. ``taken_over`` is true where an earlier holder died: look at the
    platform for ``run_id`` before posting. ``progress`` is what the run wants to remember between steps.
    """

    run_id: str
    subscription: SubscriptionId
    period: str
    state: RunState = RunState.CLAIMED
    holder: str = ""
    claimed_at: datetime
    lease_until: datetime
    attempts: int = 1
    taken_over: bool = False
    decision: str = ""
    progress: dict[str, JsonValue] = {}
    finished_at: datetime | None = None
