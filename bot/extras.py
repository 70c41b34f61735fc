"""What is not installed, in words: the terminal's part needs little, and the rest comes by extras of the package."""

from __future__ import annotations

from bot.errors import RoastBotError

_EXTRAS = {"pydantic_ai": "model", "psycopg": "postgres", "procrastinate": "cluster", "opentelemetry": "otel"}
"""The extras that bring a module, where ``serve`` does not."""
_OURS = frozenset({"bot", "adapters"})


def missing(error: ModuleNotFoundError, command: str) -> RoastBotError | None:
    """Return the words for a library that a command wanted; nothing where it is a part of ours that is gone."""
    name = (error.name or "").partition(".")[0]
    if not name or name in _OURS:
        return None
    extra = _EXTRAS.get(name, "serve")
    return RoastBotError(
        f"{command} needs {name}, which is not installed here.",
        f"pip install 'roast-bot[{extra}]' brings it; in a clone: pip install '.[{extra}]'.",
    )
