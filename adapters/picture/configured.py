"""The painters that the settings ask for."""

from __future__ import annotations

from functools import partial

from adapters.picture import render, render_week
from bot.desk import Draw
from bot.digest_run import DrawWeek
from bot.settings import Settings


def painters(settings: Settings) -> tuple[Draw, DrawWeek]:
    """Return what paints a card, and what paints a week."""
    theme = settings.roast.picture_theme
    return partial(render, theme=theme), partial(render_week, theme=theme)
