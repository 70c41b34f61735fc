"""The words that our records are written in: a login may be one of them, and nobody is meant by it there.

A person may be called ``title`` or ``merged``. When they are forgotten, the fields and choices of everybody's records
stay: a verdict without its ``title`` could not be read any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from bot.digest_held import Kept
from bot.records import PlaceSettings, UserSettings
from bot.verdict import Verdict

_KEPT = (Verdict, Kept, PlaceSettings, UserSettings)
_NAMED_BY_US = frozenset(("kind", "state", "motif", "angle", "offences"))
"""Fields of text that hold names of ours."""
_KEYED_BY_US = frozenset(("facts",))
"""Fields whose keys are names of ours."""


def is_field(name: str, within: str) -> bool:
    """Whether a key of what is kept in the field ``within`` is a field's name, or one that we gave."""
    return within in _KEYED_BY_US or name in _choices()


def is_choice(value: str, field: str) -> bool:
    """Whether a text in a field is one of those that the field lets one choose from, or a name that we gave."""
    return field in _NAMED_BY_US or value in _choices().get(field, ())


@cache
def _choices() -> Mapping[str, frozenset[str]]:
    """Return the names of all fields of what is kept as JSON, each with the words that it may be, if few."""
    found: dict[str, frozenset[str]] = {}
    for model in set(_models(_KEPT)):
        for name, field in model.model_fields.items():
            found[name] = found.get(name, frozenset()) | frozenset(_words(field.annotation))
    return found


def _models(kinds: tuple[Any, ...]) -> Iterator[type[BaseModel]]:
    for kind in kinds:
        yield from _models(get_args(kind))
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield kind
            yield from _models(tuple(field.annotation for field in kind.model_fields.values()))


def _words(kind: Any) -> Iterator[str]:
    if isinstance(kind, str):  # one of a Literal's
        yield kind
    elif isinstance(kind, type) and issubclass(kind, StrEnum):
        yield from (str(one) for one in kind)
    for part in get_args(kind):
        yield from _words(part)
