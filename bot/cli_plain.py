"""The commands that need nothing but this package: ``offences``, ``init``, ``version``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bot.errors import RoastBotError, SettingsError, UsageError

if TYPE_CHECKING:
    import argparse


def offences(arguments: argparse.Namespace) -> None:
    """List what can be found, or explain one."""
    from bot.detectors import BY_KIND  # noqa: PLC0415 - all detectors

    if not arguments.explain:
        for detector in BY_KIND.values():
            sys.stdout.write(f"{detector.kind:<22} {detector.stance.value:<8} {detector.docstring.splitlines()[0]}\n")
        return
    found = BY_KIND.get(arguments.explain)
    if found is None:
        raise UsageError(f"“{arguments.explain}” is not the name of an offence.", "`roast-bot offences` lists them.")
    sys.stdout.write(f"{found.kind} ({found.stance.value})\n\n{found.docstring}\n")


def init(arguments: argparse.Namespace) -> None:
    """Lay down the explained settings, and the prompts for a model."""
    from pathlib import Path  # noqa: PLC0415 - `--help` does without

    from bot.settings import FILE_NAME  # noqa: PLC0415 - pydantic
    from bot.writers.templates import NAMES, shipped  # noqa: PLC0415 - only here

    folder = Path("config")
    laid = {folder / FILE_NAME: _packaged_settings(FILE_NAME)} | {
        folder / "prompts" / name: shipped(name) for name in NAMES
    }
    there = [path for path in laid if path.exists()]
    if there and not arguments.force:
        raise SettingsError(f"{there[0]} is already there.", "Edit it, or overwrite it with --force.")
    for path, text in laid.items():
        try:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise RoastBotError(f"{path} cannot be written: {error.strerror}.", "Choose another folder.") from None
    sys.stdout.write(
        f"{folder / FILE_NAME} is there now: every setting with its default and what it means.\n"
        f"{folder / 'prompts'} holds what a model is told; model.prompts names it once you edit it.\n"
    )


def _packaged_settings(name: str) -> str:
    """Return the explained settings: inside the wheel, or beside the package in a clone."""
    from pathlib import Path  # noqa: PLC0415

    here = Path(__file__).resolve().parent
    inside, beside = here / "data" / name, here.parent / "config" / name
    return (inside if inside.is_file() else beside).read_text(encoding="utf-8")


def version(_: argparse.Namespace) -> None:
    """Print the version."""
    from bot import __version__  # noqa: PLC0415

    sys.stdout.write(f"roast-bot {__version__}\n")
