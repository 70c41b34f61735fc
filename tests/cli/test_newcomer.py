"""What somebody meets who has just installed it: little of the libraries, no memory, words typed as they come."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main

ROOT = Path(__file__).parents[2]
WITHOUT = "import sys\nfor name in {names}: sys.modules[name] = None\nfrom bot.__main__ import main\nsys.exit(main(sys.argv[1:]))"
SERVES = ("feedparser", "starlette", "uvicorn", "apscheduler", "prometheus_client")


@pytest.fixture
def bare(tmp_path):
    """Run a command where some modules are not installed; return its status and what it said."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ROAST_", "SLACK_", "DISCORD_"))}

    def run(*words, without=SERVES, **more):
        done = subprocess.run(  # noqa: PLW1510 - the status is looked at
            [sys.executable, "-c", WITHOUT.format(names=repr(without)), *words],
            cwd=tmp_path, env=kept | {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT)} | more, capture_output=True,
            text=True, timeout=100,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.mark.parametrize("command", ["serve", "doctor", "optout ada", "devlog build site"])
def test_what_is_not_installed(bare, command):
    """Without the libraries of ``serve`` a command says in one line what it needs, and how to get it"""
    status, said = bare(*command.split(), without=("sqlalchemy", *SERVES), ROAST_STORE__URL="sqlite:///x.sqlite3")
    assert status == 1
    assert said.startswith(f"roast-bot {command.split()[0]} needs ")
    assert "pip install 'roast-bot[serve]'" in said
    assert len(said.splitlines()) == 1


def test_memory_needs_no_more_than_a_store(bare, tmp_path):
    """Commands on the memory work without what only ``serve`` needs"""
    there = {"ROAST_STORE__URL": f"sqlite:///{tmp_path}/x.sqlite3"}
    assert "ada is not roasted any more" in bare("optout", "ada", **there)[1]
    assert "Nobody has laughed here yet" in bare("leaderboard", **there)[1]


def test_looking_begins_no_memory(bare, tmp_path):
    """Where nothing is remembered it is said so: to look is not to begin a memory, which later roasts would go into"""
    for words in (["leaderboard"], ["me", "ada"], ["why", "1"], ["react", "1", "fire"], ["export", "ada"], ["prune"]):
        status, said = bare(*words, XDG_DATA_HOME=str(tmp_path / "data"))
        assert (status, "Nothing is remembered here yet" in said) == (1, True), words
    assert not list(tmp_path.rglob("*.sqlite3"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["evidense"], "“evidense” is no command of roast-bot. Did you mean evidence? `roast-bot --help` lists them."),
        (["subscribe"], "“subscribe” is no command of roast-bot. `roast-bot --help` lists them."),
        (["devlog", "biuld"], "“biuld” is no command of roast-bot devlog. Did you mean build?"),
    ],
)
def test_no_such_command(capsys, words, said):
    """A command that is none is answered with the one that was meant, not with all of them"""
    assert main(words) == 2
    assert capsys.readouterr().err.startswith(said)


@pytest.mark.parametrize(("words", "said"), [(["help"], "usage: roast-bot [-h]"), (["help", "roast"], "TARGET")])
def test_help_by_its_name(capsys, words, said):
    """``help`` is what people type first"""
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 0
    assert said in capsys.readouterr().out
