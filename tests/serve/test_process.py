"""``roast-bot serve`` as a process: it comes up, answers the web, and goes when told to."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@contextmanager
def serving(tmp_path, **more):
    """Run the process in an empty home; give it and the address of its web side."""
    tmp_path.mkdir(exist_ok=True)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ROAST_", "SLACK_", "DISCORD_", "GITHUB_"))
    }
    env = kept | {
        "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT), "ROAST_WEB__PORT": "0", "ROAST_GITHUB__API_URL": "http://127.0.0.1:9",
        "ROAST_STORE__URL": f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite3'}", **more,
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"],
        cwd=tmp_path,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Ctrl-C"):
                break
        screen = "".join(lines)
        found = re.search(r"web +on +(http://127\.0\.0\.1:\d+)", screen)
        yield process, found[1] if found else "", screen
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


def get(url):
    """Return the status and the text of an address."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_comes_and_goes(tmp_path, number):
    """It says what is on and off, answers the web, and ends within ten seconds of a signal with status 0"""
    with serving(tmp_path) as (process, web, screen):
        assert "slack    off  no token: set SLACK_BOT_TOKEN" in screen
        assert "web      on " in screen
        assert get(f"{web}/healthz") == (200, "alive\n")
        assert json.loads(get(f"{web}/readyz")[1]) == {"ready": True, "because": {}}
        assert "roast_queue_waiting 0.0" in get(f"{web}/metrics")[1]
        assert get(f"{web}/nowhere")[0] == 404
        began = time.monotonic()
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
        assert (process.returncode, time.monotonic() - began < 10) == (0, True), err
        assert "Traceback" not in err


def test_port_is_taken(tmp_path):
    """A port that is taken ends it in one line with status 2, and leaves no process behind"""
    with serving(tmp_path) as (_, web, _):
        taken = web.rpartition(":")[2]
        with serving(tmp_path / "other", ROAST_WEB__PORT=taken) as (process, _, screen):
            _, err = process.communicate(timeout=30)
            assert (process.returncode, screen) == (2, "")
            assert "cannot listen on 127.0.0.1" in err


def test_no_secret_in_the_log(tmp_path):
    """No token of the settings gets onto the screen or into the log"""
    secret = "xoxb-1234-verysecret"
    with serving(
        tmp_path,
        SLACK_BOT_TOKEN=secret,
        SLACK_APP_TOKEN="xapp-1-verysecret",
        ROAST_SLACK__BASE_URL="http://127.0.0.1:9/api",
    ) as (process, _, screen):
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
        assert "verysecret" not in screen + err
