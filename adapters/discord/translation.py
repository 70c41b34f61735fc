"""The commands in other languages: one table a language in ``locales/``, English text to what is shown for it.

To add one, lay down ``locales/<code>.toml`` with a code of https://discord.com/developers/docs/reference#locales.
"""

from __future__ import annotations

import tomllib
from importlib import resources

import discord
from discord.app_commands import TranslationContextLocation, Translator, locale_str
from discord.app_commands.translator import TranslationContextTypes

_KEPT = {
    TranslationContextLocation.command_name,
    TranslationContextLocation.group_name,
    TranslationContextLocation.parameter_name,
}
"""What people type is the same in every language: the help and the examples speak of it."""


class Tables(Translator):
    """Answers the library from the tables."""

    def __init__(self) -> None:
        folder = resources.files("adapters.discord") / "locales"
        self.tables: dict[str, dict[str, str]] = {
            file.name.removesuffix(".toml"): tomllib.loads(file.read_text(encoding="utf-8"))
            for file in folder.iterdir()
            if file.name.endswith(".toml")
        }

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: TranslationContextTypes
    ) -> str | None:
        """Return what is shown in a language, or nothing where English stays."""
        typed = context.location in _KEPT and not isinstance(context.data, discord.app_commands.ContextMenu)
        return None if typed else self.tables.get(locale.value, {}).get(string.message)
