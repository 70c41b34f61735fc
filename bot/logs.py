"""The log of a process that runs for long: structured, on standard error, without secrets and without anybody's code.

A traceback is told by its places alone: an exception's own text may quote what it choked on.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog

from bot.display import plain
from bot.errors import RoastBotError
from bot.settings_sections import Log

_LONGEST = 500
_MASK = "[secret]"
# Slack (https://api.slack.com/concepts/token-types), GitHub (https://github.blog/2021-04-05-behind-githubs-new-
# authentication-token-formats/), Discord's three parts, provider keys, and anything that calls itself a bearer.
_SECRETS = re.compile(
    r"xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|gh[pousr]_\w{16,}|github_pat_\w{16,}|\bsk-[\w-]{16,}"
    r"|\b[\w-]{23,28}\.[\w-]{6}\.[\w-]{27,}|(?<=Bearer )[^\s\"']{8,}"
)


def configure(settings: Log, secrets: Iterable[str] = ()) -> None:
    """Send our log and that of the libraries to standard error, in the settings' form and level."""
    level = getattr(logging, settings.level.upper())
    as_json = structlog.processors.JSONRenderer(ensure_ascii=False)
    last = as_json if settings.format == "json" else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            places_of_exception,
            Scrubber(secrets),
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_Handler()], level=max(level, logging.WARNING), force=True)


def places_of_exception(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put the kind of an exception and where it came from in its place; our own say what they are about."""
    told = event.pop("exc_info", None)
    error = sys.exc_info()[1] if told is True else told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        event["error"] = (
            f"{type(error).__name__}: {error}" if isinstance(error, RoastBotError) else type(error).__name__
        )
        event["at"] = " < ".join(
            f"{one.filename.rpartition('/')[2]}:{one.lineno} {one.name}" for one in reversed(frames)
        )
    return event


class Scrubber:
    """A processor that lets no secret through: neither those of the settings nor what looks like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted({one for one in secrets if len(one) >= 6}, key=len, reverse=True)
        self._pattern = re.compile("|".join([*map(re.escape, known), _SECRETS.pattern]))

    def __call__(self, _: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Return the event with all text made harmless and short."""
        return {self._clean(key): self._value(value) for key, value in event.items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, bool | int | float) or value is None:
            return value
        if isinstance(value, list | tuple):
            return [self._value(one) for one in value]
        return self._clean(str(value))

    def _clean(self, text: str) -> str:
        found = self._pattern.sub(_MASK, plain(text))
        return found if len(found) <= _LONGEST else found[: _LONGEST - 1] + "…"


class _Handler(logging.Handler):
    """Passes the libraries' records on to our log."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        try:
            log.log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)
        except Exception:  # noqa: BLE001 - a log that fails must not fail what it tells of
            self.handleError(record)


def to_a_person(settings: Log, *, debug: bool) -> None:
    """Keep the log off standard output; a person at a terminal is told of faults, not of every step."""
    level = getattr(logging, settings.level.upper()) if debug else logging.ERROR
    last = (
        structlog.processors.JSONRenderer()
        if settings.format == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info if debug else _name_the_fault,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _name_the_fault(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put the name of an exception where its traceback would stand: the rest is for --debug."""
    if event.pop("exc_info", None):
        event["error"] = repr(sys.exc_info()[1])
    return event
