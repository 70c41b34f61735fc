"""Spans: one for each job, below it one for each of our stages, httpx's requests and SQLAlchemy's statements.

Nothing of a pull request gets into a span: names, times, numbers and kinds only.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

from bot import __version__
from bot.meters import Meters
from bot.parts import Parts
from bot.ports import Handler
from bot.records import Job

_A_SECOND = 1_000_000_000


class Tracing:
    """Traces one process. ``exporter`` is OTLP over HTTP by default, where the environment says."""

    def __init__(self, exporter: SpanExporter | None = None) -> None:
        resource = Resource.create({"service.name": "roast-bot", "service.version": __version__})
        self._provider = TracerProvider(resource=resource)
        self._provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("roast-bot", __version__)

    def around(self, parts: Parts) -> Parts:
        """Let these parts be traced from now on, until they are closed."""
        HTTPXClientInstrumentor().instrument(tracer_provider=self._provider)
        engine = getattr(parts.store, "engine", None)
        if engine is not None:
            # It names SQLAlchemy below 2.1 as what it knows; what it uses, the engine's events, is the same since 1.0.
            SQLAlchemyInstrumentor().instrument(
                engine=engine.sync_engine, tracer_provider=self._provider, skip_dep_check=True
            )
        parts.desk.meters = StageSpans(parts.desk.meters, self._tracer)
        parts.around = self.handler
        parts.close = (*parts.close, self.aclose)
        return parts

    def handler(self, kind: str, handle: Handler) -> Handler:
        """Return a handler whose every job is a span."""

        async def work(job: Job) -> str:
            platform = job.place.platform if job.place else ""
            facts = {"roast.job": int(job.id), "roast.attempt": job.attempts, "roast.platform": platform}
            with self._tracer.start_as_current_span(f"job {kind}", attributes=facts) as span:
                told = await handle(job)
                span.set_attribute("roast.told", bool(told))
                return told

        return work

    async def aclose(self) -> None:
        """Send what is left, and leave the libraries as they were."""
        HTTPXClientInstrumentor().uninstrument()
        SQLAlchemyInstrumentor().uninstrument()
        await asyncio.to_thread(self._provider.shutdown)


class StageSpans:
    """Meters that make a span of every stage when it ends, below the job's own; all else passes."""

    def __init__(self, meters: Meters, tracer: trace.Tracer) -> None:
        self._meters, self._tracer = meters, tracer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._meters, name)

    def stage(self, stage: str, seconds: float) -> None:
        """See ``bot.meters.Meters``."""
        end = time.time_ns()
        span = self._tracer.start_span(f"stage {stage}", start_time=end - int(seconds * _A_SECOND))
        span.end(end)
        self._meters.stage(stage, seconds)
