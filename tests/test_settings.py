"""Settings: where they come from, which wins, and what is said when they are wrong."""

from pathlib import Path

import pytest

from bot.brief import Heat
from bot.errors import SettingsError
from bot.settings import PLATFORM_NAMES, Settings, find_file, load, user_file
from bot.settings_sections import Roast


@pytest.fixture(autouse=True)
def no_user_file(monkeypatch, tmp_path):
    """Keep the developer's own settings out of the tests."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.fixture
def folder(tmp_path) -> Path:
    """A working folder with an empty ``config``."""
    (tmp_path / "config").mkdir()
    return tmp_path


def write(folder: Path, text: str) -> Path:
    """Write the settings file of a working folder."""
    path = folder / "config" / "roast.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, **environ: str) -> str:
    """Return what is said against these settings."""
    with pytest.raises(SettingsError) as caught:
        load(environ, cwd=folder)
    return str(caught.value)


def test_defaults(folder):
    """Without file and environment the defaults are in force, and no secret is set"""
    settings = load({}, cwd=folder)
    assert settings == Settings()
    assert settings.github.api_url == "https://api.github.com"
    assert settings.github.token is None


def test_file(folder):
    """The file in the working folder is read"""
    write(folder, '[roast]\nheat = "mild"\n[web]\nport = 9000\n')
    settings = load({}, cwd=folder)
    assert (settings.roast.heat, settings.web.port) == (Heat.MILD, 9000)


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, ("slack/*",)),
        ({"SLACK_CLIENT_ID": "1.2"}, ()),
        ({"SLACK_CLIENT_ID": "1.2", "ROAST_PRIVACY__PRIVATE_FOR": "slack/T1"}, ("slack/T1",)),
        ({"ROAST_PRIVACY__PRIVATE_FOR": "discord/1"}, ("discord/1",)),
    ],
)
def test_private_for(folder, environ, wanted):
    """Private repositories appear in the one Slack workspace; where others install the app, where it is named alone"""
    assert load(environ, cwd=folder).privacy_in_force.private_for == wanted


def test_environment_wins(folder):
    """A variable wins over the file, and leaves the section's other keys alone"""
    write(folder, '[github]\napi_url = "https://ghe.example/api/v3"\ntimeout = 5\n')
    settings = load({"ROAST_GITHUB__TIMEOUT": "7.5"}, cwd=folder)
    assert (settings.github.timeout, settings.github.api_url) == (7.5, "https://ghe.example/api/v3")


@pytest.mark.parametrize(("name", "place"), PLATFORM_NAMES.items())
def test_platform_names(folder, name, place):
    """Each platform's usual variable fills its secret"""
    section, key = place
    found = getattr(getattr(load({name: "s3cret"}, cwd=folder), section), key)
    assert getattr(found, "get_secret_value", lambda: found)() == "s3cret"
    assert "s3cret" not in repr(found) or name == "SLACK_CLIENT_ID"  # an id is no secret


def test_own_name_wins_over_platform_name(folder):
    """ROAST_GITHUB__TOKEN wins over GITHUB_TOKEN"""
    settings = load({"GITHUB_TOKEN": "theirs", "ROAST_GITHUB__TOKEN": "ours"}, cwd=folder)
    assert settings.github.token is not None
    assert settings.github.token.get_secret_value() == "ours"


def test_empty_platform_name_is_none(folder):
    """An empty GITHUB_TOKEN, as CI systems set it, is no token"""
    assert load({"GITHUB_TOKEN": ""}, cwd=folder).github.token is None


def test_pasted_secret(folder):
    """A line break pasted behind a secret is dropped"""
    token = load({"GITHUB_TOKEN": "abc\n"}, cwd=folder).github.token
    assert token is not None
    assert token.get_secret_value() == "abc"


@pytest.mark.parametrize("text", ["ada, grace", '["ada", "grace"]'])
def test_lists(folder, text):
    """A list in a variable may be JSON or words with commas"""
    assert load({"ROAST_PRIVACY__OPTED_OUT": text}, cwd=folder).privacy.opted_out == ("ada", "grace")


def test_unknown_key_in_file(folder):
    """An unknown key is named with its file, and the known ones are listed"""
    path = write(folder, '[github]\ntokn = "x"\n')
    said = refusal(folder)
    assert str(path) in said
    assert "github.tokn" in said
    assert "api_url" in said


def test_unknown_section_in_file(folder):
    """An unknown section is named"""
    write(folder, "[githb]\n")
    assert "githb is not a setting" in refusal(folder)


@pytest.mark.parametrize("name", ["ROAST_GITHUB__TOKN", "ROAST_GITHB__TOKEN", "ROAST_GITHUB__TOKEN__X", "ROAST_GITHUB"])
def test_unknown_variable(folder, name):
    """A variable that sets nothing is named, not passed over"""
    assert f"{name} is not a setting" in refusal(folder, **{name: "x"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROAST_ROAST__HEAT", "hot"),
        ("ROAST_WEB__PORT", "eighty"),
        ("ROAST_WEB__PORT", "70000"),
        ("ROAST_GITHUB__API_URL", "api.github.com"),
        ("ROAST_SCHEDULER__TIME_ZONE", "Mars/Olympus"),
        ("ROAST_GITHUB__TIMEOUT", "0"),
        ("ROAST_SLACK__COMMAND", "roast"),
    ],
)
def test_bad_value(folder, name, value):
    """A bad value names its variable"""
    assert refusal(folder, **{name: value}).startswith(f"{name}: ")


def test_secret_is_not_repeated(folder):
    """A value is never repeated in a complaint"""
    assert "hunter2" not in refusal(folder, ROAST_WEB__PORT="hunter2")


def test_no_toml(folder):
    """A file that is no TOML is named with the place of the fault"""
    path = write(folder, "[roast\n")
    said = refusal(folder)
    assert str(path) in said
    assert "line 1" in said


def test_section_that_is_none(folder):
    """A plain value where a section belongs is refused, also when a variable would go into it"""
    write(folder, 'github = "x"\n')
    assert "github" in refusal(folder)
    assert "not a section" in refusal(folder, GITHUB_TOKEN="abc")


def test_named_file_must_be_there(folder):
    """A file named by ROAST_CONFIG must be there"""
    assert "not a file" in refusal(folder, ROAST_CONFIG=str(folder / "nowhere.toml"))


def test_named_file_wins(folder):
    """A file named by ROAST_CONFIG is read instead of the one in the working folder"""
    write(folder, '[roast]\nheat = "mild"\n')
    other = folder / "other.toml"
    other.write_text('[roast]\nheat = "spicy"\n')
    assert load({"ROAST_CONFIG": str(other)}, cwd=folder).roast.heat is Heat.SPICY


def test_user_file(folder):
    """Where the working folder has none, the user's own file is read"""
    path = user_file()
    path.parent.mkdir(parents=True)
    path.write_text("")
    assert find_file({}, folder) == path


def test_heat_outside_its_bounds(folder):
    """A usual heat outside the bounds is refused"""
    assert "does not lie between" in refusal(folder, ROAST_ROAST__HOTTEST="mild")


@pytest.mark.parametrize(("asked", "given"), [(None, Heat.MEDIUM), (Heat.SPICY, Heat.MEDIUM), (Heat.MILD, Heat.MILD)])
def test_bounded_heat(asked, given):
    """Whatever is asked for, the bounds hold"""
    assert Roast(heat=Heat.MEDIUM, hottest=Heat.MEDIUM).bounded(asked) is given
