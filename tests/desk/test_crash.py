"""kill -9 between acknowledgement and answer: the next process answers, and nobody is answered twice."""

import json
import shutil
import signal
import sqlite3
from pathlib import Path

import pytest
from fakes.forks import forked, order

from .conftest import SOUP

CHILD = Path(__file__).with_name("crash_child.py")
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


@pytest.fixture(scope="module")
def parent():
    """The process that forks bots."""
    with forked(CHILD) as process:
        yield process


@pytest.fixture
def child(parent, tmp_path, github, empty_store):
    """Runs a bot in a process of its own until it ends, one way or the other; returns how. They share a store."""
    shutil.copy(empty_store, tmp_path / "store.sqlite3")
    home = {"url": f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite3'}", "journal": str(tmp_path / "platform.json")}

    def live(words, die_at):
        (code,) = order(parent, {"words": words, "die_at": die_at}, github=github.url, **home)
        assert code in {0, -signal.SIGKILL}
        return code

    return live


@pytest.mark.parametrize("point", POINTS)
def test_killed(tmp_path, child, point):
    """Wherever a process dies, the asker has one message with one card in the end, and the store one post of it"""
    database, journal = tmp_path / "store.sqlite3", tmp_path / "platform.json"
    assert child(SOUP, point) == -signal.SIGKILL
    assert child("", "") == 0
    (message,) = json.loads(journal.read_text())
    assert (message["card"], message["words"]) == (True, "")
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT state, error FROM jobs").fetchall() == [("done", "")]
        assert connection.execute("SELECT message FROM posts").fetchall() == [(message["id"],)]
    connection.close()


def test_killed_after_a_refusal(tmp_path, child, github):
    """A refusal that was told before the crash is not told again beside itself"""
    github.fault(r"/pulls/7", status=404)
    journal = tmp_path / "platform.json"
    assert child(SOUP, "after the words") == -signal.SIGKILL
    assert child("", "") == 0
    (message,) = json.loads(journal.read_text())
    assert message["words"]


def test_killed_again_and_again(tmp_path, child):
    """What kills every process that touches it is given up in words, so that nobody waits for ever"""
    journal = tmp_path / "platform.json"
    assert child(SOUP, "exhibits") == -signal.SIGKILL
    ends = [child("", "exhibits") for _ in range(6)]
    assert 0 in ends
    (message,) = json.loads(journal.read_text())
    assert "never came to an end" in message["words"]
