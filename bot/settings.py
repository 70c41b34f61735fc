"""Typed settings: from ``config/roast.toml``, then from the environment, checked before anything starts.

A later source wins over an earlier one:

1. the defaults below;
2. the first file found of ``$ROAST_CONFIG``, ``./config/roast.toml`` and ``roast.toml`` in the platform's
   configuration folder;
3. the names which a platform's users expect (``GITHUB_TOKEN``, ``SLACK_BOT_TOKEN``, …);
4. ``ROAST_<SECTION>__<NAME>``.

An unknown key or a bad value ends in a ``SettingsError`` that names the file and the key, or the variable.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs
from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import SettingsError
from bot.settings_sections import (
    Devlog,
    Discord,
    Export,
    Git,
    GitHub,
    Log,
    Model,
    Privacy,
    Queue,
    Reactions,
    Roast,
    Rules,
    Scheduler,
    Section,
    Slack,
    Store,
    Web,
)

PREFIX = "ROAST_"
CONFIG_VARIABLE = "ROAST_CONFIG"
FILE_NAME = "roast.toml"
STORE_NAME = "roast-bot.sqlite3"
"""The file of the default store, in the platform's data folder (``adapters.store.default_url``)."""

Place = tuple[str, ...]

PLATFORM_NAMES: dict[str, Place] = {
    "GITHUB_TOKEN": ("github", "token"),
    "SLACK_BOT_TOKEN": ("slack", "bot_token"),
    "SLACK_APP_TOKEN": ("slack", "app_token"),
    "SLACK_SIGNING_SECRET": ("slack", "signing_secret"),
    "SLACK_CLIENT_ID": ("slack", "client_id"),
    "SLACK_CLIENT_SECRET": ("slack", "client_secret"),
    "DISCORD_TOKEN": ("discord", "token"),
}
"""The variables that are honoured because a platform's users expect them there."""


class Settings(BaseSettings):
    """Everything that an operator may set, in sections."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    roast: Roast = Roast()
    github: GitHub = GitHub()
    git: Git = Git()
    model: Model = Model()
    store: Store = Store()
    slack: Slack = Slack()
    discord: Discord = Discord()
    web: Web = Web()
    devlog: Devlog = Devlog()
    export: Export = Export()
    scheduler: Scheduler = Scheduler()
    queue: Queue = Queue()
    privacy: Privacy = Privacy()
    reactions: Reactions = Reactions()
    rules: Rules = Rules()
    log: Log = Log()

    @property
    def hosts(self) -> frozenset[str]:
        """The web hosts that are served: the API's own beside github.com."""
        host = (urlsplit(self.github.api_url).hostname or "").removeprefix("api.")
        return frozenset({"github.com", host} - {""})

    @property
    def privacy_in_force(self) -> Privacy:
        """``privacy``, and where it names no workspace for private repositories: the one of the only Slack token.

        Where others install the app or add the bot, whoever does is admin there: none of those is trusted unnamed.
        """
        if self.privacy.private_for or self.slack.installs:
            return self.privacy
        return self.privacy.model_copy(update={"private_for": ("slack/*",)})

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take nothing by itself: ``load`` hands over what it found, so that an error can name its place."""
        del cls, settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


def load(environ: Mapping[str, str] | None = None, *, cwd: Path | None = None) -> Settings:
    """Read the settings of this process.

    ``environ`` and ``cwd`` stand for the process's own, which are the default. Raises ``SettingsError``.
    """
    env = os.environ if environ is None else environ
    path = find_file(env, cwd or Path.cwd())
    values = _read(path) if path else {}
    origins: dict[Place, str] = {}
    for place, name, value in _from_environment(env):
        _put(values, place, value, name)
        origins[place] = name
    try:
        return Settings(**values)
    except ValidationError as error:
        raise _explain(error, path, origins) from None


def _from_environment(env: Mapping[str, str]) -> Iterator[tuple[Place, str, object]]:
    for name, place in PLATFORM_NAMES.items():
        if env.get(name):
            yield place, name, env[name]
    for name in sorted(env):
        words = tuple(name.removeprefix(PREFIX).lower().split("__"))
        if not name.startswith(PREFIX) or (len(words) == 1 and words[0] not in Settings.model_fields):
            continue
        if len(words) != 2:
            raise SettingsError(f"{name} is not a setting.", "One is written ROAST_<SECTION>__<NAME>.")
        yield words, name, _value(words, env[name])


def find_file(environ: Mapping[str, str], cwd: Path) -> Path | None:
    """Return the settings file in force, or nothing. A file that was named must be there."""
    named = environ.get(CONFIG_VARIABLE)
    if named:
        path = Path(named).expanduser()
        if not path.is_file():
            raise SettingsError(f"{CONFIG_VARIABLE} names {path}, which is not a file.", "Correct it, or unset it.")
        return path
    for path in (cwd / "config" / FILE_NAME, user_file()):
        if path.is_file():
            return path
    return None


def user_file() -> Path:
    """Return where a user's own settings file belongs on this platform."""
    return Path(platformdirs.user_config_dir("roast-bot", appauthor=False)) / FILE_NAME


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not TOML: {error}.", "`roast-bot init` lays down a fresh one.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.", "Make it readable for this user.") from None


def _put(values: dict[str, Any], place: Place, value: object, name: str) -> None:
    section = values.setdefault(place[0], {})
    if not isinstance(section, dict):
        raise SettingsError(f"{place[0]} is not a section in the settings file.", f"Make it one, or unset {name}.")
    section[place[1]] = value


def _value(place: Place, text: str) -> object:
    """Read a list from the environment as JSON, or as words with commas between them."""
    section = Settings.model_fields.get(place[0])
    fields = getattr(section.annotation, "model_fields", {}) if section else {}
    field = fields.get(place[-1])
    if field is None or not str(field.annotation).startswith("tuple"):
        return text
    if text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return [word.strip() for word in text.split(",") if word.strip()]


def _explain(error: ValidationError, path: Path | None, origins: Mapping[Place, str]) -> SettingsError:
    """Turn the first fault into one sentence; a value is never repeated, for it may be a secret."""
    fault = error.errors(include_url=False, include_input=False)[0]
    place = tuple(str(part) for part in fault["loc"])
    origin = next((name for at, name in origins.items() if at == place[:2] or at[: len(place)] == place), None)
    where = origin or f"{path}: {'.'.join(place)}"
    if fault["type"] == "extra_forbidden":
        return SettingsError(f"{where} is not a setting.", f"Known there: {', '.join(_siblings(place))}.")
    reason = fault["msg"].removeprefix("Value error, ").rstrip(".")
    return SettingsError(f"{where}: {reason[:1].lower()}{reason[1:]}.", "config/roast.toml explains every setting.")


def _siblings(place: Place) -> list[str]:
    if len(place) > 1 and place[0] in Settings.model_fields:
        section = Settings.model_fields[place[0]].annotation
        if isinstance(section, type) and issubclass(section, Section):
            return sorted(section.model_fields)
    return sorted(Settings.model_fields)
