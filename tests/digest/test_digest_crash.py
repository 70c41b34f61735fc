"""Kill -9 at one step after another, two processes at once, on both databases: no digest is lost, none comes twice.

Two hundred kills, at every step: ``tests/benchmarks/digest_kills.py``.
"""

from __future__ import annotations

import shutil

import pytest
from digest_kills import weeks_of_kills
from fakes.postgres import postgres_url

from bot.records import RunState

KILLS, STRIDE = 40, 2


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path, empty_store):
    """An address of an empty store, of one database after the other."""
    if request.param == "sqlite":
        shutil.copy(empty_store, tmp_path / "store.sqlite3")
        return f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite3'}"
    server = request.getfixturevalue("postgres")
    server.psql("CREATE DATABASE digest_crash;")
    return postgres_url(server, "digest_crash")


@pytest.mark.timeout(600)
def test_killed_at_step_after_step(url, tmp_path):
    """Forty kills, two processes at once: each week has exactly one post, and its run says so"""
    found = weeks_of_kills(url, str(tmp_path / "posts.sqlite3"), KILLS, stride=STRIDE)
    assert [run.state for run in found.runs] == [RunState.POSTED] * found.weeks
    assert sorted(found.posted) == sorted(run.run_id for run in found.runs)
    assert len(found.posted) == len(set(found.posted)) == found.weeks
    assert len(found.below) == len(set(found.below)) == sum(len(run.progress["told"]) for run in found.runs)
