"""Jobs of the queue, and effects that people see once, as the memory keeps them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NewType

from pydantic import JsonValue

from bot.pull_request import Frozen
from bot.records_places import Place

JobId = NewType("JobId", int)


class NewJob(Frozen):
    """Work to be done. ``key`` makes it unique while it waits or runs; lower ``priority`` goes first."""

    kind: str
    payload: dict[str, JsonValue] = {}
    place: Place | None = None
    key: str = ""
    priority: int = 0


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(NewJob):
    """A kept job. ``error`` is the sentence that its asker was told."""

    id: JobId
    state: JobState = JobState.WAITING
    holder: str = ""
    attempts: int = 0
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error: str = ""


class Backlog(Frozen):
    """How much work there is: how many jobs wait and run, and since when the oldest one waits."""

    waiting: int = 0
    running: int = 0
    oldest: datetime | None = None


class EffectState(StrEnum):
    """What ``claim_effect`` found."""

    MINE = "mine"
    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"


class Effect(Frozen):
    """Something people see, done at most once. ``MINE``: nobody did it yet, go on, then confirm.

    ``UNCONFIRMED``: somebody began and may have died: look first. ``CONFIRMED``: done; ``result`` was kept of it.
    """

    key: str
    state: EffectState
    holder: str = ""
    taken_at: datetime
    result: dict[str, JsonValue] = {}
