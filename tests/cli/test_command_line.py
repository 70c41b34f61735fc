"""The command line: exit statuses, one sentence for each fault, JSON and nothing else, plain pipes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.__main__ import main

ROOT = Path(__file__).resolve().parent.parent.parent
HEAVY = (
    "slack_bolt", "slack_sdk", "discord", "pydantic_ai", "httpx", "sqlalchemy", "PIL", "ast_grep_py", "rich",
    "pydantic", "asyncio", "structlog", "bot.trial",
)  # fmt: skip


@pytest.fixture(autouse=True)
def quiet_place(monkeypatch, tmp_path):
    """Run in an empty folder, without the developer's own settings and tokens."""
    for name in [name for name in os.environ if name.startswith("ROAST_") or name == "GITHUB_TOKEN"]:
        monkeypatch.delenv(name)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run a command here; return its status and what it printed."""
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


def spawn(*words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60, **more
    )


def assert_one_line(text: str) -> None:
    """Check that a fault was told in exactly one line."""
    assert text.count("\n") == 1, text
    assert "Traceback" not in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["roast"], "TARGET"),
        (["roast", "hello"], "is not a pull request"),
        (["roast", "https://github.com/o/r/issues/7"], "address of an issue"),
        (["roast", "https://gitlab.example/o/r/pull/7"], "not a host"),
        (["roast", "https://github.com/o/r"], "not a pull request's address"),
        (["roast", "#7"], "which repository"),
        (["roast", "o/r#0"], "numbered from 1"),
        (["roast", ""], "No pull request was named"),
        (["roast", "o/r#7", "--heat", "hot"], "--heat"),
        (["roast", "o/r#7", "--long", "--short"], "--short"),
        (["roast", "o/r#7", "--picture", "nowhere/card.png"], "cannot be written"),
        (["evidence", "\x1b[31mhello"], "is not a pull request"),
        (["bake", "o/r#7"], "bake"),
        (["offences", "--explain", "beauty"], "“beauty”"),
    ],
)
def test_wrong_words(capsys, words, said):
    """Wrong words end in one line that says what is wrong, with status 2, and nothing on standard output"""
    status, out, err = run(capsys, *words)
    assert (status, out) == (2, "")
    assert said in err
    assert "\x1b" not in err
    assert_one_line(err)


def test_wrong_setting(capsys, monkeypatch):
    """A wrong setting is named, with status 2"""
    monkeypatch.setenv("ROAST_ROAST__HEAT", "hot")
    status, out, err = run(capsys, "demo")
    assert (status, out) == (2, "")
    assert "ROAST_ROAST__HEAT" in err


@pytest.mark.parametrize("target", ["./empty#7", "./empty@main..feature", "./missing#7"])
def test_no_repository(capsys, tmp_path, target):
    """A folder that is no repository ends in one line, with status 1"""
    (tmp_path / "empty").mkdir()
    status, out, err = run(capsys, "roast", target)
    assert (status, out) == (1, "")
    assert_one_line(err)


def test_nobody_answers(capsys, monkeypatch):
    """A host that does not answer ends in one line, with status 1"""
    monkeypatch.setenv("ROAST_GITHUB__API_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("ROAST_GITHUB__CACHE", "false")
    status, out, err = run(capsys, "roast", "o/r#7")
    assert (status, out) == (1, "")
    assert_one_line(err)


def test_opted_out(capsys, monkeypatch):
    """Whoever opted out is not roasted, and nothing of them is shown"""
    monkeypatch.setenv("ROAST_PRIVACY__OPTED_OUT", "Mio-Lungo")
    status, out, err = run(capsys, "demo")
    assert (status, out) == (1, "")
    assert "mio-lungo" in err


def test_unforeseen(capsys, monkeypatch):
    """An unforeseen fault ends in one line that says how to see more; --debug shows it whole"""
    monkeypatch.setattr("bot.sample.SampleSource.recording", None)
    status, out, err = run(capsys, "demo")
    assert (status, out) == (1, "")
    assert "--debug" in err
    assert "Traceback" not in err
    with pytest.raises(AttributeError):
        main(["demo", "--debug"])


def test_demo(capsys):
    """The demo says that it is a sample, shows that it works, and roasts"""
    status, out, err = run(capsys, "demo")
    assert status == 0
    assert "sample" in err
    assert "14 commits" in err
    assert "kitchen/barista#42 by mio-lungo" in out
    assert "Final verdict:" in out
    assert "read 7 of 7 files" in out


def test_short(capsys):
    """--short leaves the story out"""
    assert "Final verdict:" not in run(capsys, "demo", "--short")[1]


def test_receipts(capsys):
    """--receipts shows the evidence below the roast"""
    assert "Charges (" in run(capsys, "demo", "--receipts")[1]


@pytest.mark.parametrize(("asked", "given"), [("spicy", "medium"), ("mild", "mild")])
def test_heat_keeps_its_bounds(capsys, monkeypatch, asked, given):
    """The heat that is asked for stays within the bounds of the settings"""
    monkeypatch.setenv("ROAST_ROAST__HOTTEST", "medium")
    assert json.loads(run(capsys, "demo", "--json", "--heat", asked)[1])["heat"] == given


def test_verdict_as_json(capsys):
    """--json prints the verdict with the fields that others rely on, and every citation leads to an exhibit"""
    status, out, _ = run(capsys, "demo", "--json")
    data = json.loads(out)
    assert status == 0
    assert set(data) >= {
        "pull_request", "title", "gist", "paragraphs", "epithet", "punchline", "doneness", "acquitted", "exhibits",
        "coverage", "writer",
    }  # fmt: skip
    ids = {item["id"] for item in data["exhibits"]}
    assert data["paragraphs"]
    for paragraph in data["paragraphs"]:
        assert set(paragraph) == {"text", "role", "exhibits"}
        assert set(paragraph["exhibits"]) <= ids
    assert data["doneness"] in {"rare", "medium", "well done", "charcoal"}


def test_exhibits_as_json(capsys):
    """Each exhibit has its figures and receipts, and the figures of size are an exhibit too"""
    exhibits = json.loads(run(capsys, "demo", "--json")[1])["exhibits"]
    for item in exhibits:
        assert set(item) >= {
            "id", "kind", "charge", "stance", "weight", "confidence", "summary", "facts", "stands_in", "receipts",
        }  # fmt: skip
        assert item["charge"] == (item["stance"] == "charge")
        for receipt in item["receipts"]:
            assert set(receipt) >= {"where", "path", "line", "sha", "url", "quote"}
    size = next(item for item in exhibits if item["kind"] == "size")
    assert (size["facts"]["commits"], size["facts"]["files"]) == (14, 7)


def test_evidence_of_a_clone(capsys, tmp_path):
    """Evidence reads a range of a local clone, as a table and as JSON"""
    clone = tmp_path / "clone"
    me = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false")

    def git(*words: str) -> None:
        subprocess.run(["git", *me, "-C", str(clone), *words], check=True, capture_output=True)

    clone.mkdir()
    git("init", "-q", "-b", "main")
    for branch, text in (
        ("main", "x = 1\n"),
        ("feature", "x = 1\n\n\ndef f(y):\n    assert y is not None\n    return y\n"),
    ):
        git("checkout", "-q", "-B", branch)
        (clone / "a.py").write_text(text)
        git("add", "a.py")
        git("commit", "-qm", f"Work on {branch}")
    status, out, err = run(capsys, "evidence", f"{clone}@main..feature", "--json")
    data = json.loads(out)
    assert (status, err) == (0, "")
    assert set(data) == {"pull_request", "exhibits", "coverage"}
    assert "size" in {item["kind"] for item in data["exhibits"]}
    status, out, _ = run(capsys, "evidence", f"{clone}@main..feature")
    assert status == 0
    assert "read 1 of 1 files" in out


def test_picture(capsys, tmp_path):
    """--picture writes the card as a PNG"""
    assert run(capsys, "demo", "--short", "--picture", "card.png")[0] == 0
    with Image.open(tmp_path / "card.png") as image:
        assert image.size == (1200, 630)


def test_init(capsys, tmp_path):
    """Init lays down the explained settings and the prompts, overwrites neither, and both when told to"""
    path = tmp_path / "config" / "roast.toml"
    assert run(capsys, "init")[0] == 0
    laid = path.read_text()
    assert laid == (ROOT / "config" / "roast.toml").read_text()
    path.write_text("")
    assert run(capsys, "init")[0] == 2
    assert path.read_text() == ""
    assert run(capsys, "init", "--force")[0] == 0
    assert path.read_text() == laid
    for name in ("roast.md", "brief.md"):
        ours = ROOT / "bot" / "writers" / "prompts" / name
        assert (tmp_path / "config" / "prompts" / name).read_text() == ours.read_text()


def test_offences(capsys):
    """Every offence is listed with a line of its own, and explained when asked"""
    _, out, _ = run(capsys, "offences")
    assert "bare_assert" in out
    status, out, _ = run(capsys, "offences", "--explain", "bare_assert")
    assert status == 0
    assert "Where it errs" in out


def test_version_and_help(capsys):
    """The version and the help come from the same program"""
    from bot import __version__

    assert run(capsys, "--version")[1] == f"roast-bot {__version__}\n"
    assert run(capsys, "version")[1] == f"roast-bot {__version__}\n"
    for words in (["--help"], [], ["roast", "--help"]):
        with pytest.raises(SystemExit) as left:
            main(words)
        assert left.value.code == 0
    assert "exit status" in capsys.readouterr().out


def test_help_imports_nothing_heavy():
    """The help comes without any library that takes long to import"""
    code = (
        "import sys\nfrom bot.__main__ import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"print('heavy:', sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("heavy: []\n")


def test_piped_output_is_plain():
    """piped, the card has no escape sequence; NO_COLOR keeps it plain where colour would be forced"""
    assert "\x1b" not in spawn("demo").stdout
    coloured = spawn("demo", env={**os.environ, "FORCE_COLOR": "1", "TERM": "xterm-256color"}).stdout
    assert "\x1b[" in coloured
    plain = spawn("demo", env={**os.environ, "FORCE_COLOR": "1", "NO_COLOR": "1", "TERM": "xterm-256color"}).stdout
    assert "\x1b[38" not in plain


def test_other_encodings():
    """An output that cannot hold a dash or a dot gets something in its place, not a traceback"""
    done = spawn("demo", env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert done.returncode == 0
    assert "Final verdict" in done.stdout


def test_reader_that_leaves():
    """A reader that leaves early is no fault"""
    script = f'"{sys.executable}" -m bot demo 2>&1 >&3 | cat >&2; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(
        ["bash", "-c", f"( {script} ) 3>&1 | head -1"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_interrupt():
    """Ctrl-C ends with status 130 and one word, without a traceback"""
    code = (
        "import os, signal, sys, bot.sample\n"
        "async def wait(*_):\n    import asyncio\n    print('ready', flush=True)\n    await asyncio.sleep(300)\n"
        "bot.sample.SampleSource.pull_request = wait\n"
        "from bot.__main__ import main\nsys.exit(main(['demo']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=100)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "Stopped" in err


def test_model_that_does_not_answer(capsys, monkeypatch):
    """Where the model does not answer the embedded writer takes over, and the card says so"""
    pytest.importorskip("pydantic_ai", reason="the extra `model` is not installed")
    monkeypatch.setenv("ROAST_MODEL__NAME", "openai:some-model")
    monkeypatch.setenv("ROAST_MODEL__BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("ROAST_MODEL__API_KEY", "not-a-key")
    status, out, _ = run(capsys, "demo", "--json")
    writer = json.loads(out)["writer"]
    assert status == 0
    assert (writer["name"], bool(writer["fallback"])) == ("house", True)
    assert "not-a-key" not in out
