"""The commands in other languages: whole tables, of texts that are there, as long as Discord allows."""

import discord
import pytest
from fakes import discord_schema

from adapters.discord import tree
from adapters.discord.translation import Tables
from bot.display import plain


class Nobody:
    """Hears nothing."""


class Listening(Tables):
    """Keeps what is asked for."""

    def __init__(self):
        super().__init__()
        self.asked = set()

    async def translate(self, string, locale, context):
        found = await super().translate(string, locale, context)
        if found is not None or not context.location.name.endswith("_name"):
            self.asked.add(string.message)
        return found


def planted():
    """Return the commands' tree."""
    made = discord.app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    tree.plant(made, Nobody())
    return made


async def payload(translator):
    """Return every command as it is told to Discord."""
    made = planted()
    every = (*made.get_commands(), *made.get_commands(type=discord.AppCommandType.message))
    return [await one.get_translated_payload(made, translator) for one in every]


@pytest.mark.parametrize("language", Tables().tables)
async def test_tables_are_whole(language):
    """Each description has its translation, and none is left of a text that is gone"""
    listening = Listening()
    await payload(listening)
    assert language in {one.value for one in discord.Locale}
    assert set(listening.tables[language]) == listening.asked
    assert all(text == plain(text) and 0 < len(text) <= 100 for text in listening.tables[language].values())


async def test_what_is_told():
    """Discord is told of them in its own form: descriptions, choices and the shortcut, not what people type"""
    told = await payload(Tables())
    assert discord_schema.faults("bulk_set_application_commands", told) == []
    by_name = {(one["name"], one["type"]): one for one in told}
    assert by_name["Roast this PR", 3]["name_localizations"] == {"de": "Diesen PR rösten"}
    roast = by_name["roast", 1]
    assert roast["description_localizations"]["de"].startswith("Einen Pull Request rösten")
    assert "name_localizations" not in roast or not roast["name_localizations"]
    heat = next(one for one in roast["options"] if one["name"] == "heat")
    assert [one["name_localizations"]["de"] for one in heat["choices"]] == ["mild", "mittel", "scharf"]


async def test_a_new_translation_is_a_new_definition():
    """Another translation changes the fingerprint, so that the commands are told of anew; the same does not"""
    prints = []
    for word in ("Diesen PR rösten", "Diesen PR rösten", "PR grillen"):
        made, tables = planted(), Tables()
        tables.tables["de"]["Roast this PR"] = word
        made._state._translator = tables
        prints.append(await tree.fingerprint(made))
    assert prints[0] == prints[1] != prints[2]
