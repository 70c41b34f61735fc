"""Where what takes the processor's time is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ParamSpec, Protocol, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")


class Bench(Protocol):
    """Takes work off a loop that others wait for: a thread, a pool of processes."""

    def __call__(self, work: Callable[Given, Made], /, *args: Given.args, **kwargs: Given.kwargs) -> Awaitable[Made]:
        """Return what ``work`` makes of the arguments; all of it can be pickled."""
        ...
