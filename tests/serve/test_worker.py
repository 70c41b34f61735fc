"""``roast-bot worker``: what it needs is said in a line; the rest is shown in ``tests/cluster``."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
POSTGRES = {"ROAST_QUEUE__ENGINE": "procrastinate", "ROAST_STORE__URL": "postgresql+psycopg://nobody@127.0.0.1:9/roast"}


@pytest.mark.parametrize(
    ("more", "words", "status"),
    [
        ({}, "the embedded queue does not", 2),
        ({**POSTGRES, "ROAST_QUEUE__WORKERS": "0"}, "no workers does nothing", 2),
        ({"ROAST_QUEUE__ENGINE": "procrastinate"}, "works on PostgreSQL alone", 2),
        (POSTGRES, "does not answer", 1),
    ],
)
def test_what_it_needs(tmp_path, more, words, status):
    """A worker that cannot work ends with a sentence and the next step"""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ROAST_", "SLACK_", "DISCORD_"))}
    env = kept | {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "worker"],
        cwd=tmp_path, env=env | {"PYTHONPATH": str(ROOT), **more}, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert (done.returncode, words in done.stderr) == (status, True), done.stderr
