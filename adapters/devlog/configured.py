"""The dev log of the settings: what ``serve`` mounts, and what ``roast-bot devlog`` does."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from adapters.devlog.app import DevlogApp
from adapters.devlog.build import build
from adapters.devlog.crew import Crew, OpenStore
from adapters.devlog.exporting import export_to
from adapters.devlog.live import Draw, Live, Pictures, ran_of
from adapters.devlog.look import Look
from adapters.devlog.shelves import sort
from adapters.devlog.site import Site
from bot.card import card_of
from bot.errors import UsageError
from bot.parts import Parts
from bot.ports_messenger import AsgiApp
from bot.publisher import Asked, Publisher
from bot.records import StoredVerdict
from bot.settings import Settings

_NAMED = 5
"""Repositories that are told by name."""


def look_of(settings: Settings, address: str = "") -> Look:
    """Return the log's name and address: the one given, the settings' own, or where ``serve`` listens."""
    web = settings.web
    host = f"[{web.host}]" if ":" in web.host else web.host
    found = address.rstrip("/") or web.public_url or f"http://{host}:{web.port}"
    if not found.startswith(("http://", "https://")):
        raise UsageError(f"“{found[:80]}” is no address.", "One begins with https:// or http://.")
    return Look(title=settings.devlog.title, address=found)


def pages_of(parts: Parts) -> dict[str, AsgiApp]:
    """Return what ``serve`` mounts: the dev log at the root."""
    publisher, settings = parts.desk.publisher, parts.settings
    if publisher is None or parts.desk.draw is None:
        return {}
    token = settings.devlog.admin_token
    live = Live(publisher, look_of(settings), Pictures(parts.desk.draw, parts.desk.bench))
    return {"/": DevlogApp(live, token.get_secret_value() if token else "")}


def command(
    arguments: argparse.Namespace,
    settings: Settings,
    parts_of: Callable[[Settings], Awaitable[Parts]],
    draw: Callable[..., bytes],
    open_store: OpenStore,
) -> None:
    """Do what ``roast-bot devlog …`` asks for, and say what was done."""
    themed = partial(draw, theme=settings.roast.picture_theme)
    sys.stdout.write(
        f"{asyncio.run(_run(arguments, lambda: parts_of(settings), themed, Crew(open_store, settings.store.url)))}\n"
    )


async def _run(arguments: argparse.Namespace, parts_of: Callable[[], Awaitable[Parts]], draw: Draw, crew: Crew) -> str:
    parts = await parts_of()
    try:
        if parts.desk.publisher is None:
            raise UsageError("There is nothing to publish from.", "Set store.url.")
        look = look_of(parts.settings, arguments.url or "")
        # What is written here stays where it is put: so its repositories are asked at once, not within the hour.
        asked = await parts.desk.publisher.ask_again()
        site = await site_of(parts.desk.publisher, look)
        if arguments.what == "export":
            done = await export_to(arguments.folder, parts.settings.export, site, parts.settings.git.timeout)
        else:
            done = await _build(arguments, site, draw, crew)
        return done + _asked_in_words(asked)
    finally:
        await parts.aclose()


def _asked_in_words(asked: Asked) -> str:
    """Return what came of asking the repositories, where there is anything to say."""
    out = f"\nTaken out, since a repository wants it so by now: {asked.taken}." if asked.taken else ""
    some = ", ".join(asked.unasked[:_NAMED]) + (", …" if len(asked.unasked) > _NAMED else "")
    more = f"\nCould not be asked whether their roasts may still stand: {some}. Build again later."
    return out + (more if asked.unasked else "")


async def site_of(publisher: Publisher, look: Look) -> Site:
    """Return the site as it stands now."""
    shelf = await publisher.shelf()

    async def no_picture(_: StoredVerdict) -> bytes:
        return b""

    ran = await ran_of(publisher, shelf)
    return Site(look, sort(shelf), publisher.store.standing_verdicts, no_picture, ran)


async def _build(arguments: argparse.Namespace, site: Site, draw: Draw, crew: Crew) -> str:
    folder = Path(arguments.folder)
    with ProcessPoolExecutor(os.cpu_count() or 1) as pool:

        async def painted(stored: StoredVerdict) -> bytes:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(pool, draw, card_of(stored.verdict), stored.verdict)

        pictures = None if arguments.no_pictures else painted
        done = await build(site, folder, pictures=pictures, progress=_tell, crew=crew)
    posts = f"{done.posts} post{'' if done.posts == 1 else 's'}"
    return f"{folder}: {posts}; {done.written} files written, {done.same} as they were, {done.removed} removed."


def _tell(done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done} of {total} posts{chr(10) if done == total else ''}")
