"""Traces: where an exporter is configured a job is a span with its stages; otherwise nothing is even imported."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from adapters.trace.configured import traced, wanted
from bot.errors import SettingsError
from bot.meters import Silent
from bot.records import Job, JobId, Place


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "none"}, False),
    ],
)
def test_wanted(environ, expected):
    """OpenTelemetry's own variables decide"""
    assert wanted(environ) is expected


def test_nothing_is_imported():
    """Without an exporter no part of OpenTelemetry is imported"""
    script = (
        "import sys; from adapters.trace.configured import traced; traced(object(), {});"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_library_is_missing(monkeypatch):
    """Traces that are wanted without the library end in a sentence with the next step"""
    monkeypatch.setitem(sys.modules, "adapters.trace.tracing", None)
    with pytest.raises(SettingsError, match="roast-bot\\[otel\\]"):
        traced(object(), {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"})


async def test_spans(tmp_path):
    """A job is a span; its stages, its requests and its statements lie below it, and no text of a pull request in any"""
    pytest.importorskip("opentelemetry.sdk", reason="OpenTelemetry is not installed (the extra otel has it)")
    import httpx
    from fakes.github import FakeGitHub
    from fakes.memory import NOON, Watch
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from adapters.store import open_store
    from adapters.trace.tracing import Tracing

    kept = InMemorySpanExporter()
    tracing = Tracing(kept)
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite3'}", clock=Watch())
    parts = SimpleNamespace(store=store, desk=SimpleNamespace(meters=Silent()), close=(), around=None)
    tracing.around(parts)

    async def handle(job):
        async with httpx.AsyncClient() as client:
            await client.get(f"{github.url}/thing")
        await store.backlog()
        parts.desk.meters.stage("reading", 0.5)
        parts.desk.meters.fault("unforeseen")
        return ""

    job = Job(
        id=JobId(7), kind="roast", created_at=NOON, place=Place(platform="slack"), payload={"ask": "secret words"}
    )
    with FakeGitHub() as github:
        assert await parts.around("roast", handle)(job) == ""
    await store.aclose()
    await parts.close[-1]()
    spans = {span.name: span for span in kept.get_finished_spans()}
    root = spans["job roast"]
    assert root.attributes["roast.job"] == 7
    below = {name for name, span in spans.items() if span.parent and span.parent.span_id == root.context.span_id}
    assert {"stage reading", "GET"} <= below
    assert any(name.upper().startswith("SELECT") for name in spans)
    stage = spans["stage reading"]
    assert stage.end_time - stage.start_time == 500_000_000
    assert "secret words" not in str([span.to_json() for span in spans.values()])
