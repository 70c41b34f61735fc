"""What people deploy, started as it is written there: each command with its environment, to readiness, health and end."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from fakes.postgres import postgres_url
from fakes.town import free_port
from test_deployment import COMPOSE, DOCKERFILE, ROOT, environment_of, pods

OURS = ("ROAST_", "SLACK_", "DISCORD_", "GITHUB_", "OTEL_")
IMAGE = dict(re.findall(r"(ROAST_\w+)=(\S+)", DOCKERFILE))
HEALTH = re.search(r'HEALTHCHECK .*CMD \["python", "-c", \\\n\s*"(.+)"\]', DOCKERFILE)[1]


def compose(service):
    """Return the command, the environment and the grace of one of compose's services."""
    one = COMPOSE["services"][service]
    filled = {name: re.sub(r"\$\{\w+(?::-([^}]*))?\}", r"\1", str(value)) for name, value in one["environment"].items()}
    return one["command"], filled, int(one["stop_grace_period"].rstrip("s"))


def kubernetes(component):
    """Return the same of one of the manifests' pods."""
    pod = pods()[component]["template"]["spec"]
    return pod["containers"][0]["args"], environment_of(pods()[component]), pod["terminationGracePeriodSeconds"]


WRITTEN = {
    "compose bot": compose("bot"),
    "compose serve": compose("serve"),
    "compose worker": compose("worker"),
    "kubernetes serve": kubernetes("serve"),
    "kubernetes worker": kubernetes("worker"),
}


@pytest.fixture
def database(request, postgres):
    """An empty database of the session's server."""
    pytest.importorskip("procrastinate", reason="procrastinate is not installed (the extra cluster has it)")
    name = re.sub(r"\W+", "_", request.node.name).strip("_").lower()
    postgres.psql(f"CREATE DATABASE {name};")
    return postgres_url(postgres, name)


def answered(url):
    """Return the status of an address, 0 where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def settled(environment, port, database, home):
    """Return the environment as a container has it, but for what lies elsewhere here: database, port, home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    here = {"ROAST_WEB__HOST": "127.0.0.1", "ROAST_WEB__PORT": str(port), "ROAST_WEB__WORKER_PORT": str(port)}
    assert here.keys() == IMAGE.keys() - {"ROAST_LOG__FORMAT"}
    sqlite = f"sqlite+aiosqlite:///{home}/roast-bot.sqlite3"
    store = {"ROAST_STORE__URL": sqlite if "sqlite" in environment["ROAST_STORE__URL"] else database}
    homes = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), str(home))
    return kept | IMAGE | environment | here | store | homes | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


@pytest.mark.parametrize("name", WRITTEN)
def test_comes_up_and_goes(name, database, tmp_path):
    """Its command with its environment gets ready, passes the image's health check, and ends in order within its grace"""
    command, environment, grace = WRITTEN[name]
    port, log = free_port(), tmp_path / "log"
    env = settled(environment, port, database, tmp_path)
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", *command], cwd=tmp_path, env=env, stdout=said, stderr=said
        )
    try:
        until = time.monotonic() + 100
        while answered(f"http://127.0.0.1:{port}/readyz") != 200:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        healthy = subprocess.run([sys.executable, "-c", HEALTH], env=env, capture_output=True, text=True, check=False)
        assert healthy.returncode == 0, healthy.stderr
        assert answered(f"http://127.0.0.1:{port}/metrics") == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(grace) == 0, log.read_text()
        assert "Traceback" not in log.read_text()
    finally:
        process.kill()
        process.wait(10)


def test_nothing_else_is_named():
    """The image's entry point is a command of ours, and what it runs by default is one of its commands"""
    assert re.search(r'^ENTRYPOINT \["roast-bot"\]$', DOCKERFILE, re.MULTILINE)
    assert 'roast-bot = "bot.__main__:main"' in (Path(ROOT) / "pyproject.toml").read_text()
