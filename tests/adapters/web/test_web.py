"""The web app: health, readiness, metrics, and what is mounted."""

from datetime import UTC, datetime, timedelta

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from adapters.web.app import make_app
from adapters.web.metrics import PrometheusMeters
from adapters.web.server import WebServer
from bot.errors import SettingsError
from bot.records import Backlog
from bot.verdict import WriterInfo

HERE, AWAY = ("127.0.0.1", 50000), ("203.0.113.9", 50000)


async def nothing():
    """Nothing stands in the way."""
    return {}


async def no_metrics():
    """Measure nothing."""
    return b""


def test_health_whatever_happens():
    """It lives while it answers; it is ready while nothing stands in the way, and says what does"""
    hurdles = {}

    async def ready():
        return hurdles

    client = TestClient(make_app(ready, no_metrics))
    assert client.get("/readyz").status_code == 200
    hurdles["store"] = "The memory is locked."
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").json() == {"ready": False, "because": {"store": "The memory is locked."}}
    assert client.get("/healthz").text == "alive\n"


def test_mounts():
    """A path gets exactly itself, with any method; one that ends with a slash gets all below it, the longest first"""

    def says(words):
        async def app(scope, receive, send):
            await PlainTextResponse(f"{words} {scope['method']}")(scope, receive, send)

        return app

    mounts = {"/": says("log"), "/slack/events": says("slack"), "/feeds/": says("feeds")}
    client = TestClient(make_app(nothing, no_metrics, mounts))
    assert client.post("/slack/events").text == "slack POST"
    assert client.get("/feeds/a.xml").text == "feeds GET"
    assert client.get("/posts/12").text == "log GET"
    assert client.get("/healthz").text == "alive\n"


def test_metrics():
    """Everything that is measured is shown, with the backlog as it is"""
    meters = PrometheusMeters()
    meters.command("slack", "roast")
    meters.acknowledged("slack", 0.02)
    meters.stage("reading", 1.5)
    meters.fault("StoreError", "slack")
    meters.wrote(WriterInfo(name="model", model="opus", input_tokens=10, output_tokens=2, cost_usd=0.5))
    meters.connected("slack", on=True)
    now = datetime(2026, 5, 22, tzinfo=UTC)
    meters.backlog(Backlog(waiting=3, running=1, oldest=now - timedelta(seconds=7)), now)

    async def text():
        return meters.text()

    answer = TestClient(make_app(nothing, text), client=HERE).get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    for line in (
        'roast_commands_total{command="roast",platform="slack"} 1.0',
        'roast_acknowledgement_seconds_bucket{le="0.025",platform="slack"} 1.0',
        'roast_stage_seconds_sum{stage="reading"} 1.5',
        'roast_faults_total{kind="StoreError",platform="slack"} 1.0',
        'roast_model_cost_dollars_total{model="opus"} 0.5',
        'roast_platform_connected{platform="slack"} 1.0',
        "roast_queue_waiting 3.0",
        "roast_queue_oldest_seconds 7.0",
    ):
        assert line in answer.text


@pytest.mark.parametrize("client", [HERE, AWAY])
def test_metrics_token(client):
    """Where a token is set, metrics are for whoever sends it, wherever they are, and for nobody else"""
    asker = TestClient(make_app(nothing, no_metrics, metrics_token="s3cret"), client=client)
    for given in ("", "Bearer ", "Bearer wrong", "s3cret", "Bearer s3cret "[:-2]):
        assert asker.get("/metrics", headers={"authorization": given}).status_code == 401, given
    assert asker.get("/metrics", headers={"authorization": "Bearer s3cret"}).status_code == 200


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        (HERE, {}, 200),
        (("::1", 1), {}, 200),
        (("::ffff:127.0.0.1", 1), {}, 200),
        (AWAY, {}, 401),
        (("testclient", 1), {}, 401),
        (AWAY, {"authorization": "Bearer "}, 401),
        (HERE, {"x-forwarded-for": "203.0.113.9"}, 401),
        (HERE, {"x-forwarded-for": "127.0.0.1"}, 401),
        (HERE, {"via": "1.1 proxy"}, 401),
    ],
)
def test_metrics_without_token(client, headers, status):
    """Where no token is set, metrics are for this machine alone, and not for those whom a proxy on it speaks for"""
    asker = TestClient(make_app(nothing, no_metrics), client=client)
    assert asker.get("/metrics", headers=headers).status_code == status
    assert asker.get("/healthz", headers=headers).status_code == 200


def test_two_bots_in_one_process():
    """Two registries never meet"""
    PrometheusMeters().command("slack", "roast")
    assert b'command="roast"' not in PrometheusMeters().text()


async def test_address_that_cannot_be_had():
    """An address that cannot be had is told in words with the settings to change"""
    first = WebServer(make_app(nothing, no_metrics), "127.0.0.1", 0)
    await first.start()
    try:
        taken = int(first.address.rpartition(":")[2])
        with pytest.raises(SettingsError, match="ROAST_WEB__PORT"):
            await WebServer(make_app(nothing, no_metrics), "127.0.0.1", taken).start()
    finally:
        await first.stop()
    with pytest.raises(SettingsError, match="cannot listen"):
        await WebServer(make_app(nothing, no_metrics), "host.invalid", 0).start()
