"""kill -9 between acknowledgement and answer: the next process answers, and nobody is answered twice."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import SOUP

CHILD = Path(__file__).with_name("crash_child.py")
ROOT = CHILD.parent.parent.parent
POINTS = (
    "acknowledged",
    "reading",
    "exhibits",
    "writing",
    "card",
    "before the card",
    "after the card",
    "after the post was noted",
    "after it was confirmed",
)


def child(*words):
    """Run a bot in a process of its own until it ends, one way or the other; return how."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, CHILD, *words],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr[-2000:]
    return done.returncode


@pytest.mark.parametrize("point", POINTS)
def test_killed(tmp_path, github, point):
    """Wherever a process dies, the asker has one message with one card in the end, and the store one post of it"""
    database, journal = tmp_path / "store.sqlite3", tmp_path / "platform.json"
    url = f"sqlite+aiosqlite:///{database}"
    assert child(url, github.url, str(journal), SOUP, point) == -signal.SIGKILL
    assert child(url, github.url, str(journal), "", "") == 0
    (message,) = json.loads(journal.read_text())
    assert (message["card"], message["words"]) == (True, "")
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT state, error FROM jobs").fetchall() == [("done", "")]
        assert connection.execute("SELECT message FROM posts").fetchall() == [(message["id"],)]
    connection.close()


def test_killed_after_a_refusal(tmp_path, github):
    """A refusal that was told before the crash is not told again beside itself"""
    github.fault(r"/pulls/7", status=404)
    database, journal = tmp_path / "store.sqlite3", tmp_path / "platform.json"
    url = f"sqlite+aiosqlite:///{database}"
    assert child(url, github.url, str(journal), SOUP, "after the words") == -signal.SIGKILL
    assert child(url, github.url, str(journal), "", "") == 0
    (message,) = json.loads(journal.read_text())
    assert message["words"]


def test_killed_again_and_again(tmp_path, github):
    """What kills every process that touches it is given up in words, so that nobody waits for ever"""
    database, journal = tmp_path / "store.sqlite3", tmp_path / "platform.json"
    url = f"sqlite+aiosqlite:///{database}"
    assert child(url, github.url, str(journal), SOUP, "exhibits") == -signal.SIGKILL
    ends = [child(url, github.url, str(journal), "", "exhibits") for _ in range(6)]
    assert 0 in ends
    (message,) = json.loads(journal.read_text())
    assert "never came to an end" in message["words"]
