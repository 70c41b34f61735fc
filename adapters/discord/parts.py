"""What can be pressed: persistent buttons and menus whose ``custom_id`` is all that they know, and the appeal's form.

They work after any restart: discord.py finds them by the form of their ``custom_id``, not by a message it remembers.
https://discordpy.readthedocs.io/en/stable/interactions/api.html#dynamicitem
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, Self

import discord
from discord import ui

from adapters.discord import limits, render
from adapters.discord.render import APPEAL, KEPT, MORE, SAY, Drawn, cut
from bot.card import CardExhibit
from bot.records import Ground

Interaction = discord.Interaction[Any]

_GROUNDS = {
    Ground.WRONG: "It is wrong: it does not say what is there",
    Ground.UNFAIR: "It is unfair: true, but not to be held against anybody",
    Ground.FIXED: "It is fixed by now",
}


class Pressed(Protocol):
    """What is told of a pressed thing: ``adapters.discord.listeners``."""

    async def pressed(self, interaction: Interaction, custom_id: str) -> None:
        """Answer a button, or a choice in a menu."""
        ...

    async def appealed(self, interaction: Interaction) -> None:
        """Take a submitted form."""
        ...


class Client(discord.ext.commands.AutoShardedBot):
    """The library's client, which knows who is told of what is pressed."""

    listeners_: Pressed


class Press(ui.DynamicItem[ui.Button[Any]], template=rf"(?P<name>(?:{SAY}|{KEPT}|{APPEAL})[^\n]+)"):
    """A button."""

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: ui.Item[Any], match: re.Match[str]) -> Self:
        """Make it from what was pressed."""
        del interaction, match
        assert isinstance(item, ui.Button)  # noqa: S101 - the library's own word; for the type checker
        return cls(item)

    async def callback(self, interaction: Interaction) -> None:
        """Hand it on."""
        await interaction.client.listeners_.pressed(interaction, str(self.item.custom_id))


class Choose(ui.DynamicItem[ui.Select[Any]], template=rf"{MORE}(?P<number>\d+)"):
    """A menu."""

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: ui.Item[Any], match: re.Match[str]) -> Self:
        """Make it from what was chosen."""
        del interaction, match
        assert isinstance(item, ui.Select)  # noqa: S101 - as above
        return cls(item)

    async def callback(self, interaction: Interaction) -> None:
        """Hand it on."""
        data: Mapping[str, Any] = dict(interaction.data or {})
        chosen = [*data.get("values", ()), ""][0]
        await interaction.client.listeners_.pressed(interaction, f"{SAY}{chosen}")


def view_of(drawn: Drawn) -> ui.View:
    """Return the components of a message as the library wants them."""
    view = ui.View(timeout=None)
    for at, row in enumerate(drawn.components):
        for part in row["components"]:
            view.add_item(_item(part, at))
    return view


def _item(part: Mapping[str, Any], row: int) -> Press | Choose:
    if part["type"] == discord.ComponentType.button.value:
        return Press(ui.Button(label=part["label"], custom_id=part["custom_id"], row=row))
    options = [discord.SelectOption(label=one["label"], value=one["value"]) for one in part["options"]]
    return Choose(ui.Select(custom_id=part["custom_id"], placeholder=part["placeholder"], options=options, row=row))


class AppealForm(ui.Modal):
    """Which line, and what is the matter with it. Its ``custom_id`` carries the roast's number."""

    def __init__(self, number: int, exhibits: Sequence[CardExhibit]) -> None:
        super().__init__(title="Appeal", custom_id=f"{APPEAL}{number}", timeout=limits.INTERACTION_TOKEN_SECONDS)
        lines = [
            discord.SelectOption(label=cut(f"{one.id}: {one.text}", limits.OPTION_LABEL), value=one.id)
            for one in exhibits[: limits.SELECT_OPTIONS]
        ]
        grounds = [discord.SelectOption(label=words, value=ground.value) for ground, words in _GROUNDS.items()]
        self.add_item(ui.Label(text="Which line?", component=ui.Select(custom_id="exhibit", options=lines)))
        self.add_item(
            ui.Label(text="What is the matter with it?", component=ui.Select(custom_id="ground", options=grounds))
        )

    async def on_submit(self, interaction: Interaction, /) -> None:
        """Hand it on."""
        await interaction.client.listeners_.appealed(interaction)


def form_words(data: Mapping[str, Any]) -> str:
    """Return the words of the command that a submitted form stands for."""
    number = str(data.get("custom_id", "")).removeprefix(render.APPEAL)
    chosen = {one["custom_id"]: (one.get("values") or [""])[0] for one in _fields(data.get("components") or ())}
    return f"appeal {int(number)} {chosen.get('exhibit', '')} {chosen.get('ground', '')}"


def _fields(components: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return what was filled in, whether it came in labels or in rows."""
    found: list[Mapping[str, Any]] = []
    for one in components:
        inner = [one["component"]] if "component" in one else list(one.get("components") or ())
        found += [one] if "custom_id" in one else []
        found += _fields(inner)
    return found
