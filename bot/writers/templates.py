"""The prompts as files that an operator can read and override: ``roast.md`` holds the rules, ``brief.md`` the case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from bot.errors import SettingsError

NAMES = ("roast.md", "brief.md")
_NEEDED: Mapping[str, frozenset[str]] = {"roast.md": frozenset(), "brief.md": frozenset({"exhibits"})}
_PLACE = re.compile(r"\{([a-z_]+)\}")


class Templates:
    """The two prompts: an operator's own file where ``folder`` has one, else ours. Read once."""

    def __init__(self, folder: Path | None = None) -> None:
        """Keep the folder; nothing is read before it is wanted."""
        self._folder = folder

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        if self._folder is not None and not self._folder.is_dir():
            raise SettingsError(
                f"model.prompts names {self._folder}, which is no folder.", "`roast-bot init` makes one."
            )
        return {name: self._read(name) for name in NAMES}

    def check(self) -> None:
        """Raise ``SettingsError`` where a file cannot be used: better at the start than at the first roast."""
        _ = self._texts

    def fill(self, name: str, values: Mapping[str, str]) -> str:
        """Return a prompt with its places filled; braces that are no place of ours stay as they are.

        What is filled in is not looked at again: a pull request cannot name a place.
        """
        return _PLACE.sub(lambda found: values.get(found.group(1), found.group()), self._texts[name])

    def _read(self, name: str) -> str:
        own = self._folder / name if self._folder else None
        if own is None or not own.is_file():
            return shipped(name)
        try:
            text = own.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{own} cannot be read ({error}).", "It must be a text file in UTF-8.") from None
        missing = _NEEDED[name] - set(_PLACE.findall(text))
        if missing:
            places = ", ".join(f"{{{place}}}" for place in sorted(missing))
            raise SettingsError(f"{own} lacks {places}: the model would get no facts.", "Put it back in.")
        return text


def shipped(name: str) -> str:
    """Return a prompt as it ships."""
    return files("bot.writers").joinpath("prompts", name).read_text(encoding="utf-8")
