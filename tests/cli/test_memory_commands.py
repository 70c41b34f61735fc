"""The terminal's commands on the memory, one after the other as a person would use them; and the log of ``serve``."""

import json
import os
import sys

import pytest
import structlog
from fakes.github import FakeGitHub, made_up_pull_request

from bot import logs
from bot.__main__ import main
from bot.settings_sections import Log


@pytest.fixture(autouse=True)
def quiet_place(monkeypatch, tmp_path):
    """Run in an empty home, with a stand-in for GitHub, and leave the log as it was."""
    for name in [
        name for name in os.environ if name.startswith(("ROAST_", "SLACK_", "DISCORD_")) or name == "GITHUB_TOKEN"
    ]:
        monkeypatch.delenv(name)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.chdir(tmp_path)
    with FakeGitHub() as github:
        github.add(made_up_pull_request(7))
        monkeypatch.setenv("ROAST_GITHUB__API_URL", github.url)
        monkeypatch.setenv("ROAST_GITHUB__CACHE", "false")
        yield github
    structlog.reset_defaults()


@pytest.fixture
def run(capsys):
    """Run a command; return its status and what it printed on both sides."""

    def run(*words):
        status = main(list(words))
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


def test_stateless_by_itself(run, tmp_path):
    """Without a store nothing is kept, and no store is made"""
    status, said = run("roast", "acme/soup#7", "--short")
    assert (status, "No. " in said) == (0, False)
    assert not list(tmp_path.rglob("*.sqlite3"))


def test_remembered(run):
    """Once a memory was begun, every roast has a number, and no line of it comes twice"""
    first = run("roast", "acme/soup#7", "--short", "--remember")[1]
    second = run("roast", "acme/soup#7", "--short")[1]
    assert "No. 1: roast-bot react 1" in first
    assert "No. 2: roast-bot react 2" in second
    assert first.splitlines()[0] != second.splitlines()[0]


def test_a_session(run, tmp_path, monkeypatch):
    """Roast, react, leaderboard, why, receipts, appeal, opt-out, export, backup, forget, prune"""
    monkeypatch.setenv("ROAST_STORE__URL", f"sqlite+aiosqlite:///{tmp_path / 'roast.sqlite3'}")
    assert "No. 1:" in run("roast", "acme/soup#7", "--short")[1]
    assert "does not count" in run("react", "1", "🔥")[1]
    assert "1 funny" in run("react", "1", "fire", "--as", "eve")[1]
    assert "1 × funny, no. 1" in run("leaderboard")[1]
    assert "none" in run("react", "1", "fire", "--as", "eve", "--remove")[1]
    assert "exhibits were found" in run("why", "1")[1]
    assert "X1 purpose" in run("receipts", "1")[1]
    assert "Final verdict" in run("full", "1")[1]
    assert "I looked again" in run("appeal", "1", "X1", "wrong")[1]
    assert "purpose: wrong, upheld" in " ".join(run("appeals", "1")[1].split())
    assert "undo 1" in run("withdraw", "1")[1]
    assert "It is back" in run("undo", "1")[1]
    assert "acme/soup#7" in run("me", "ada")[1]
    assert run("me") == (2, "Whose record? Name the GitHub login: roast-bot me octocat.\n")
    assert "not roasted any more" in run("optout", "ada")[1]
    assert run("roast", "acme/soup#7") == (1, "ada prefers not to be roasted, and that is that.\n")
    assert "may be roasted again" in run("optin", "ada")[1]
    assert json.loads(run("export", "ada")[1])["login"] == "ada"
    assert "KiB" in run("backup", str(tmp_path / "copy.sqlite3"))[1]
    assert "not empty" in run("restore", str(tmp_path / "copy.sqlite3"))[1]
    assert "1 verdict" in run("forget", "ada")[1]
    assert run("prune", "--keep-days", "1")[0] == 0
    assert run("why", "1")[0] == 2
    monkeypatch.setenv("ROAST_STORE__URL", f"sqlite+aiosqlite:///{tmp_path / 'other.sqlite3'}")
    assert run("restore", str(tmp_path / "copy.sqlite3"))[0] == 0
    assert "exhibits were found" in run("why", "1")[1]


def test_own_emoji(run, tmp_path, monkeypatch):
    """Reactions mean what the settings say, custom emoji too"""
    (tmp_path / "config").mkdir()
    mapping = '[reactions]\nemoji = { "party_parrot" = "funny", "fire" = "nothing" }\n'
    (tmp_path / "config/roast.toml").write_text(mapping)
    run("roast", "acme/soup#7", "--short", "--remember")
    assert "1 funny" in run("react", "1", ":party_parrot:", "--as", "eve")[1]
    assert "means nothing here" in run("react", "1", "🔥", "--as", "eve")[1]
    (tmp_path / "config/roast.toml").write_text(mapping.replace("funny", "hilarious"))
    status, said = run("react", "1", "🔥", "--as", "eve")
    assert status != 0
    assert "reactions" in said


def test_doctor(run, monkeypatch, quiet_place):
    """Doctor has a line for everything with what to do; it fails where something needed is broken"""
    quiet_place.routes["/rate_limit"] = {"resources": {"core": {"limit": 60, "remaining": 59, "reset": 1}}}
    status, said = run("doctor")
    assert status == 0, said
    assert "59 of 60 requests left" in said
    assert "Set SLACK_BOT_TOKEN or DISCORD_TOKEN" in said
    quiet_place.routes["/rate_limit"] = {"resources": {"core": {"limit": 60, "remaining": 0, "reset": 1}}}
    monkeypatch.setenv("ROAST_STORE__URL", "sqlite+aiosqlite:////proc/nowhere/store.sqlite3")
    monkeypatch.setenv("GITHUB_TOKEN", "hello-this-is-no-token")
    status, said = run("doctor")
    assert status == 1
    assert said.count("FAIL") == 2
    assert "does not look like one" in said
    assert "hello-this" not in said


def test_log_without_secrets(capsys, monkeypatch):
    """No secret gets into the log, known or not, nor what an exception choked on; ours say what they are about"""
    logs.configure(Log(format="json"), ["swordfish-123"])
    log = structlog.get_logger("test")
    log.info(
        "hello", token="xoxb-123456-abcdef", words=["swordfish-123", "ghp_0123456789abcdefXYZ"], code="a\x1b[31mb\nc"
    )
    try:
        int("some code of theirs")
    except ValueError:
        log.exception("failed")
    log.warning("Bearer abcdefghijklmnop was sent")
    said = capsys.readouterr().err
    for secret in ("abcdef", "swordfish", "ghp_0", "code of theirs", "\x1b"):
        assert secret not in said
    lines = [json.loads(line) for line in said.splitlines()]
    assert lines[1]["error"] == "ValueError"
    assert "test_memory_commands.py" in lines[1]["at"]
    assert lines[0]["words"] == ["[secret]", "[secret]"]
    assert sys.exc_info() == (None, None, None)
