"""What is measured, for Prometheus: https://prometheus.io/docs/practices/naming/."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.records import Backlog
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
        self._oldest.set(max(0.0, (now - backlog.oldest).total_seconds()) if backlog.oldest else 0.0)

    def connected(self, platform: str, *, on: bool) -> None:
        """Note whether a platform is connected."""
        self._connected.labels(platform).set(on)

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)
