"""Roasting at the terminal: what the commands ``roast`` and ``evidence`` do between reading words and drawing."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import platformdirs

from bot import trial
from bot.brief import Heat
from bot.case import Case
from bot.errors import RoastBotError, UsageError
from bot.exhibit import Exhibit
from bot.guard import may_roast
from bot.ports import Progress, Source, Writer
from bot.settings import STORE_NAME, Settings
from bot.structural_rules import rules_of
from bot.target import Target
from bot.verdict import Verdict

_BEGINNINGS = frozenset({"optout", "restore"})
"""Commands on the memory that may be the first: to say no, and to take over what was remembered elsewhere."""


async def judge(
    target: Target,
    source: Source,
    settings: Settings,
    progress: Progress,
    *,
    heat: Heat,
    writer: Writer | None,
) -> Verdict:
    """Roast without a memory, and let go of the source."""
    try:
        case = await trial.gather(target, source, progress, rules=rules_of(settings.rules))
        may_roast(case.pull_request, settings.privacy)
        exhibits = await asyncio.to_thread(trial.examine, case)
        charges = sum(item.is_charge for item in exhibits)
        await progress("exhibits", f"{len(exhibits)} exhibits, {charges} of them charges")
        return await trial.try_case(case, exhibits, heat=heat, writer=writer, progress=progress)
    finally:
        await source.aclose()


async def collect(
    target: Target, source: Source, settings: Settings, progress: Progress
) -> tuple[Case, tuple[Exhibit, ...]]:
    """Return the case and its exhibits, and let go of the source."""
    try:
        case = await trial.gather(target, source, progress, rules=rules_of(settings.rules))
        may_roast(case.pull_request, settings.privacy)
        await progress("exhibits", "looking")
        return case, trial.examine(case)
    finally:
        await source.aclose()


def remembers(settings: Settings, *, wanted: bool) -> bool:
    """Whether a roast at the terminal is kept: where a store is configured, is there already, or is wanted now.

    A limit on what a model may cost in a day needs one: what was spent must outlive this process.
    """
    usual = platformdirs.user_data_path("roast-bot", appauthor=False) / STORE_NAME
    is_limited = bool(settings.model.name and settings.model.dollars_a_day)
    return wanted or is_limited or bool(settings.store.url) or usual.is_file()


def must_remember(settings: Settings, command: str) -> None:
    """Return where there is a memory, or this command is one to begin with: merely looking must not begin it."""
    if command not in _BEGINNINGS and not remembers(settings, wanted=False):
        raise RoastBotError(
            "Nothing is remembered here yet.",
            "`roast-bot roast TARGET --remember` begins a memory, and so does `roast-bot serve`.",
        )


def picture_path(name: str | None) -> Path | None:
    """Check before the work, not after it, that the picture can be written."""
    if not name:
        return None
    path = Path(name)
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise UsageError(f"The picture cannot be written to {path}.", "Name a file in a folder that is there.")
    return path


def write_picture(path: Path, picture: bytes) -> None:
    """Write it. Raises ``RoastBotError`` in words."""
    try:
        path.write_bytes(picture)
    except OSError as error:
        raise RoastBotError(f"{path} cannot be written: {error.strerror}.", "Choose another file.") from None
