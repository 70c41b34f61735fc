"""People and places as keys of rows, and back."""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import quote, unquote

from pydantic import BaseModel, ValidationError
from sqlalchemy import ColumnElement, Table, and_

from bot.errors import StoreError
from bot.records import Message, Person, Place

Kept = TypeVar("Kept", bound=BaseModel)


def read_kept(model: type[Kept], text: str) -> Kept:
    """Return a record kept as JSON. Fields that a newer version added are passed over: it may run beside this one.

    Raises ``StoreError`` where the rest cannot be read.
    """
    try:
        return model.model_validate_json(text, extra="ignore")
    except ValidationError as error:
        raise StoreError(
            f"A {model.__name__} in the memory cannot be read ({error.error_count()} faults).",
            "Put a backup (`roast-bot backup`) in the store's place, or install the version that wrote it.",
        ) from error


def person_key(person: Person | None) -> str:
    """Return ``platform/workspace/user`` with odd characters quoted; empty for nobody."""
    if person is None:
        return ""
    return "/".join(quote(part, safe="") for part in (person.platform, person.workspace, person.user))


def person_of(key: str) -> Person | None:
    """Return the person behind a key."""
    if not key:
        return None
    platform, workspace, user = (unquote(part) for part in key.split("/"))
    return Person(platform=platform, workspace=workspace, user=user)


def place_of(row: Any) -> Place:
    """Return the place of a row."""
    return Place(platform=row.platform, workspace=row.workspace, channel=row.channel)


def columns_of(place: Place | None) -> dict[str, str]:
    """Return a place as column values; empty ones for nowhere."""
    return place.model_dump() if place else {"platform": "", "workspace": "", "channel": ""}


def at_place(table: Table, place: Place) -> ColumnElement[bool]:
    """Return the condition that a row is of exactly this place."""
    return and_(
        table.c.platform == place.platform, table.c.workspace == place.workspace, table.c.channel == place.channel
    )


def in_workspace(table: Table, place: Place) -> ColumnElement[bool]:
    """Return the condition that a row is anywhere in the place's workspace."""
    return and_(table.c.platform == place.platform, table.c.workspace == place.workspace)


def at_message(table: Table, message: Message) -> ColumnElement[bool]:
    """Return the condition that a row is of this message."""
    return and_(at_place(table, message.place), table.c.message == message.id)
