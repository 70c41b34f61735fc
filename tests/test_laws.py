"""The laws of the house, checked on the house itself."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 400


def tracked() -> list[Path]:
    """Return the files that belong to the project."""
    try:
        listed = subprocess.run(
            ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git work tree: nothing says which files belong to the project")
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    """Return a file's text, or nothing for a binary one."""
    data = path.read_bytes()
    return "" if b"\0" in data else data.decode("utf-8")


def test_import_contracts():
    """Law 1: the contracts of pyproject.toml hold"""
    program = Path(sys.executable).with_name("lint-imports")
    if not program.exists():
        pytest.skip("import-linter is not installed beside this Python")
    run = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-3000:]


def test_no_long_file():
    """No source file is longer than 400 lines"""
    long = {
        str(path.relative_to(ROOT)): count
        for path in tracked()
        if path.suffix == ".py" and (count := len(text_of(path).splitlines())) > LONGEST_FILE
    }
    assert not long


def test_no_place_of_this_machine():
    """No tracked file names a path of somebody's machine or a package registry's host"""
    hosts = ["pypi" + ".org", "files.python" + "hosted.org", "registry.npm" + "js.org", "deb." + "debian.org"]
    places = ["/wo" + "rk/", "/ro" + "ot/", "/home/" + "[a-z]"]
    wanted = re.compile("|".join([*map(re.escape, hosts), *(rf"(?<![\w.~-]){place}" for place in places)]))
    found = {
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        if "cases" not in path.parts
        for number, line in enumerate(text_of(path).split("\n"), 1)
        if wanted.search(line)
    }
    assert not found


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_name_packages_and_hashes_only(name):
    """A lock file holds pinned packages with hashes, and no address"""
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    pins = re.findall(r"^[a-z0-9][\w.\-\[\],]*==\S+", text, re.MULTILINE)
    assert len(pins) > 20
    assert text.count("--hash=sha256:") >= len(pins)


def test_every_setting_is_explained():
    """config/roast.toml names every setting, each with a comment above it or above its neighbour, and no other"""
    text = (ROOT / "config" / "roast.toml").read_text(encoding="utf-8")
    uncommented = re.sub(r"(?m)^# (\w+ = )", r"\1", text)
    explained = {(section, key) for section, keys in tomllib.loads(uncommented).items() for key in keys}
    known = {
        (section, key) for section, field in Settings.model_fields.items() for key in field.annotation.model_fields
    }
    assert explained == known
    for paragraph in re.split(r"(?m)^\[\w+\]\n", text)[1:]:
        assert paragraph.startswith("#"), f"the first key is not explained: {paragraph[:60]}"


def test_the_file_of_settings_holds_the_defaults():
    """What config/roast.toml says is what holds without it"""
    values = tomllib.loads((ROOT / "config" / "roast.toml").read_text(encoding="utf-8"))
    assert Settings(**values) == Settings()


def test_commands_of_the_readme_exist():
    """Each `make` command of the README is a recipe, and each `roast-bot` command is known"""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    recipes = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text()))
    used = set(re.findall(r"(?m)(?:^|`)make ([a-z]+)", readme))
    assert used >= {"demo", "test"}
    assert used <= recipes

    from bot.cli import build_parser

    commands = set(build_parser()._subparsers._group_actions[0].choices)
    assert set(re.findall(r"(?m)(?:^|`)roast-bot ([a-z]+)", readme)) <= commands


def test_ci_runs_the_readmes_commands():
    """CI and pre-commit call the recipes that a contributor calls"""
    ci = (ROOT / ".ci" / "run").read_text()
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    for recipe in ("make check", "make test"):
        assert recipe in ci
        assert recipe in hooks


def test_adapters_have_a_docstring():
    """Each room says what it is for"""
    for path in tracked():
        if path.name == "__init__.py" and path.parent.parent == ROOT / "adapters":
            assert path.read_text(encoding="utf-8").lstrip().startswith('"""'), path
