"""What is measured, for Prometheus: https://prometheus.io/docs/practices/naming/."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.records import Backlog
from bot.sight import Sight
from bot.verdict import WriterInfo

CONTENT_TYPE = CONTENT_TYPE_LATEST
_ACK_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
_STAGE_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0)


class PrometheusMeters:
    """A ``bot.meters.Meters`` with a registry of its own, so that two bots in one process never meet."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        where: dict[str, Any] = {"registry": self.registry, "namespace": "roast"}
        self._commands = Counter("commands", "Commands that were heard.", ("platform", "command"), **where)
        self._acknowledged = Histogram(
            "acknowledgement_seconds",
            "From a platform's event to our answer.",
            ("platform",),
            buckets=_ACK_SECONDS,
            **where,
        )
        self._stages = Histogram(
            "stage_seconds", "How long each stage of a roast took.", ("stage",), buckets=_STAGE_SECONDS, **where
        )
        self._faults = Counter("faults", "Faults by the name of their error.", ("kind", "platform"), **where)
        self._written = Counter("written", "Roasts by writer.", ("writer", "fell_back"), **where)
        self._tokens = Counter("model_tokens", "Tokens that the model used.", ("model", "direction"), **where)
        self._dollars = Counter("model_cost_dollars", "What the model cost.", ("model",), **where)
        self._waiting = Gauge("queue_waiting", "Jobs that wait.", **where)
        self._running = Gauge("queue_running", "Jobs that run.", **where)
        self._oldest = Gauge("queue_oldest_seconds", "How long the oldest job has been waiting.", **where)
        self._kinds = Gauge("jobs", "Jobs by kind and state.", ("kind", "state"), **where)
        self._ages = Gauge("jobs_oldest_seconds", "How long a kind's oldest job has been waiting.", ("kind",), **where)
        self._runs = Gauge("jobs_longest_seconds", "For how long a kind's longest job has run.", ("kind",), **where)
        self._again = Gauge("jobs_tried_before", "Live jobs that were tried before, by kind.", ("kind",), **where)
        home = ("platform", "workspace")
        self._homes = Gauge("workspace_jobs", "Live jobs of the busiest workspaces, and of all others.", home, **where)
        self._spent = Gauge("workspace_dollars_today", "Today's cost of the same workspaces.", home, **where)
        self._recovered = Gauge("queue_recovered", "Jobs that this process saved, by how.", ("how",), **where)
        self._connected = Gauge("platform_connected", "Whether a platform is connected.", ("platform",), **where)

    def command(self, platform: str, command: str) -> None:
        """See ``Meters``."""
        self._commands.labels(platform, command).inc()

    def acknowledged(self, platform: str, seconds: float) -> None:
        """See ``Meters``."""
        self._acknowledged.labels(platform).observe(seconds)

    def stage(self, stage: str, seconds: float) -> None:
        """See ``Meters``."""
        self._stages.labels(stage).observe(seconds)

    def fault(self, kind: str, platform: str = "") -> None:
        """See ``Meters``."""
        self._faults.labels(kind, platform).inc()

    def wrote(self, writer: WriterInfo) -> None:
        """See ``Meters``."""
        self._written.labels(writer.name, "yes" if writer.fallback else "no").inc()
        if writer.model:
            self._tokens.labels(writer.model, "in").inc(writer.input_tokens)
            self._tokens.labels(writer.model, "out").inc(writer.output_tokens)
            self._dollars.labels(writer.model).inc(writer.cost_usd)

    def backlog(self, backlog: Backlog, now: datetime) -> None:
        """Note how much waits and runs, looked up when somebody asks for the metrics."""
        self._waiting.set(backlog.waiting)
        self._running.set(backlog.running)
        self._oldest.set(_seconds(backlog.oldest, now))

    def sight(self, sight: Sight, now: datetime) -> None:
        """Note how things stand. Labels are cleared first: a workspace that is idle again is not told of for ever."""
        for gauge in (self._kinds, self._ages, self._runs, self._again, self._homes, self._spent):
            gauge.clear()
        for one in sight.kinds:
            self._kinds.labels(one.kind, "waiting").set(one.waiting)
            self._kinds.labels(one.kind, "running").set(one.running)
            self._again.labels(one.kind).set(one.tried_before)
            self._ages.labels(one.kind).set(_seconds(one.oldest, now))
            self._runs.labels(one.kind).set(_seconds(one.longest, now))
        for home in sight.homes:
            names = (home.place.platform or "others", home.place.workspace)
            self._homes.labels(*names).set(home.jobs)
            self._spent.labels(*names).set(home.dollars)

    def recovered(self, counts: Mapping[str, int]) -> None:
        """Note how many jobs were saved."""
        for how, many in counts.items():
            self._recovered.labels(how).set(many)

    def connected(self, platform: str, *, on: bool) -> None:
        """Note whether a platform is connected."""
        self._connected.labels(platform).set(on)

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)


def _seconds(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
