"""The card as a picture: 1200 by 630, as Slack, Discord and link previews like it."""

from adapters.picture.draw import render

__all__ = ["render"]
