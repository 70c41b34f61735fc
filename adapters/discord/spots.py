"""Where a message stands, read from and written into the core's ``Message``. Pure.

A place is a channel, and what is said in its threads is said in it: so that what holds for the channel holds for them.
A message in a thread is named ``<thread>/<message>``; page three of a long one is ``<thread>/<message>#2``.
"""

from __future__ import annotations

from typing import NamedTuple

from bot.records import Message, Place


class Spot(NamedTuple):
    """A message by the ids that Discord's API asks for."""

    channel: int
    message: int


def message_of(place: Place, spot: Spot, page: int = 0) -> Message:
    """Return the name of a message for the core."""
    name = str(spot.message) if str(spot.channel) == place.channel else f"{spot.channel}/{spot.message}"
    return Message(place=place, id=f"{name}#{page}" if page else name)


def spot_of(message: Message) -> Spot:
    """Return where a message stands."""
    channel, _, name = message.id.rpartition("/")
    return Spot(int(channel or message.place.channel), int(name.partition("#")[0]))


def page_of(message: Message) -> int:
    """Return which page of a long text a message shows, from 0."""
    return int(message.id.partition("#")[2] or 0)


def address(place: Place, spot: Spot) -> str:
    """Return the address of a message, which Discord's clients open in place."""
    server = place.workspace if place.workspace.isdecimal() else "@me"
    return f"https://discord.com/channels/{server}/{spot.channel}/{spot.message}"
