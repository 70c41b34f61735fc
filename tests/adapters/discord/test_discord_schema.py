"""What is sent has the shape that Discord describes, and our table of limits has Discord's own figures."""

import discord
import pytest
from fakes import discord_schema
from fakes.discord_schema import SCHEMAS
from fakes.verdicts import verdict

from adapters.discord import limits, parts, tree
from bot.card import CardExhibit, card_of


def most(name, field, key="maxLength"):
    """Return the figure that the description gives for a field, whichever of its forms has one."""
    found = SCHEMAS[name]["properties"][field]
    return next(one[key] for one in (found, *found.get("oneOf", ())) if key in one)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (limits.CONTENT, most("IncomingWebhookUpdateRequestPartial", "content")),
        (limits.EMBEDS, most("MessageCreateRequest", "embeds", "maxItems")),
        (limits.EMBED_TITLE, most("RichEmbed", "title")),
        (limits.EMBED_DESCRIPTION, most("RichEmbed", "description")),
        (limits.EMBED_FIELDS, most("RichEmbed", "fields", "maxItems")),
        (limits.EMBED_FIELD_NAME, most("RichEmbedField", "name")),
        (limits.EMBED_FIELD_VALUE, most("RichEmbedField", "value")),
        (limits.EMBED_FOOTER, most("RichEmbedFooter", "text")),
        (limits.EMBED_AUTHOR, most("RichEmbedAuthor", "name")),
        (limits.BUTTONS_PER_ROW, most("ActionRowComponentForMessageRequest", "components", "maxItems")),
        (limits.BUTTON_LABEL, most("ButtonComponentForMessageRequest", "label")),
        (limits.CUSTOM_ID, most("ButtonComponentForMessageRequest", "custom_id")),
        (limits.CUSTOM_ID, most("StringSelectComponentForMessageRequest", "custom_id")),
        (limits.PLACEHOLDER, most("StringSelectComponentForMessageRequest", "placeholder")),
        (limits.SELECT_OPTIONS, most("StringSelectComponentForMessageRequest", "options", "maxItems")),
        (limits.OPTION_LABEL, most("StringSelectOptionForRequest", "label")),
        (limits.OPTION_VALUE, most("StringSelectOptionForRequest", "value")),
        (limits.MODAL_TITLE, most("ModalInteractionCallbackRequestData", "title")),
        (limits.MODAL_LABEL, most("LabelComponentForModalRequest", "label")),
        (limits.CHOICES, most("InteractionApplicationCommandAutocompleteCallbackStringData", "choices", "maxItems")),
        (limits.THREAD_NAME, most("CreateTextThreadWithMessageRequest", "name")),
        (limits.NONCE, most("MessageCreateRequest", "nonce")),
    ],
)
def test_figures(ours, theirs):
    """Our table has the figures of Discord's description"""
    assert ours == theirs


class Nobody:
    """Hears nothing."""


def commands():
    """Return every command as it is told to Discord."""
    client = discord.Client(intents=discord.Intents.none())
    made = discord.app_commands.CommandTree(client)
    tree.plant(made, Nobody())
    return [
        one.to_dict(made) for one in (*made.get_commands(), *made.get_commands(type=discord.AppCommandType.message))
    ]


def test_commands():
    """Every command has the shape that Discord describes, and says where it may be used and by whom"""
    told = {(one["name"], one["type"]): one for one in commands()}
    assert discord_schema.faults("bulk_set_application_commands", list(told.values())) == []
    for (name, _), one in told.items():
        assert one["contexts"], name
        assert one["integration_types"], name
    assert told["roast", 1]["contexts"] == [0, 1, 2]
    assert told["roast", 1]["integration_types"] == [0, 1]
    assert told["roastadmin", 1]["integration_types"] == [0]
    assert told["roastadmin", 1]["default_member_permissions"] == discord.Permissions(manage_guild=True).value


def test_the_check_bites():
    """A field that is not Discord's, a missing one and one that is too long are found"""
    (row,) = ({"type": 1, "components": [{"type": 2, "style": 2, "label": "x", "custom_id": "x"}]},)
    assert discord_schema.faults("create_message", {"content": "x", "components": [row]}) == []
    for broken in (
        {"contents": "x"},
        {"embeds": [{"title": "x" * 257}]},
        {"embeds": [{"fields": [{"name": "x"}]}]},
        {"components": [{"type": 1, "components": []}]},
        {"components": [{"type": 1, "components": [{"type": 2, "custom_id": "x"}]}]},
        {"nonce": "x" * 26},
        {"allowed_mentions": {"parse": ["all"]}},
    ):
        assert discord_schema.faults("create_message", broken), broken


@pytest.mark.parametrize("many", [1, 25, 40])
def test_form(many):
    """The form for an appeal has the shape that Discord describes, however many lines there are"""
    line = next(iter(card_of(verdict()).charges))
    lines = [CardExhibit(**{**line.model_dump(), "id": f"E{at}", "text": "🔥 word " * 40}) for at in range(many)]
    form = parts.AppealForm(12, lines)
    assert discord_schema.faults("create_interaction_response", {"type": 9, "data": form.to_dict()}) == []
