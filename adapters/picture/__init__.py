"""The card as a picture: 1200 by 630, as Slack, Discord and link previews like it.

What draws is imported by whoever draws: a process that has others do that need not load fonts and Pillow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.card import Card
    from bot.digest_week import Week
    from bot.verdict import Verdict

__all__ = ["render", "render_week"]


def render(card: Card, verdict: Verdict, theme: str = "dark") -> bytes:
    """See ``adapters.picture.draw``."""
    from adapters.picture import draw  # noqa: PLC0415

    return draw.render(card, verdict, theme)


def render_week(week: Week, theme: str = "dark") -> bytes:
    """See ``adapters.picture.week``."""
    from adapters.picture import week as drawer  # noqa: PLC0415

    return drawer.render_week(week, theme)
