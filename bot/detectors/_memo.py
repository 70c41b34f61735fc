"""What several detectors derive from a case in the same way, derived once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from bot.case import Case

_Value = TypeVar("_Value")


def once(case: Case, name: str, make: Callable[[Case], _Value]) -> _Value:
    """Return ``make(case)``, kept beside the case's own cached properties and in the same way: in its ``__dict__``.

    A case never changes, so what is derived from it does not either; ``name`` must be the helper's own.
    """
    kept = vars(case)
    if name not in kept:
        kept[name] = make(case)
    return cast("_Value", kept[name])
