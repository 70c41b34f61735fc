"""The terminal's commands on the memory: what people do in chat by words and buttons, done here by name.

Whoever sits at the machine is an admin of everything.
"""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot import answers, memory
from bot.brief import Heat
from bot.errors import UsageError
from bot.parts import Parts
from bot.ports import Progress
from bot.ports_messenger import Answer, Ask, Said, Tone
from bot.records import Person, Place, VerdictId
from bot.records_places import TERMINAL
from bot.target import Target
from bot.verdict import Verdict

HERE = Place(platform=TERMINAL)
_PARTS_OF_A_PLACE = 3


def somebody() -> Person:
    """Return whoever sits here."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "somebody"
    return Person(platform=TERMINAL, user=name)


async def run(arguments: argparse.Namespace, parts: Parts) -> Answer | dict[str, Any]:
    """Run one command and return what it says, or data to print as JSON. Raises ``RoastBotError``."""
    own = _OWN.get(arguments.command)
    if own is not None:
        return await own(arguments, parts)
    words = " ".join([arguments.command, *(str(one) for one in getattr(arguments, "words", ()) if one is not None)])
    said = Said(words=words, place=HERE, person=somebody(), is_admin=True, called="roast-bot")
    return await parts.commands.at_once(said)


async def begin_and_run(arguments: argparse.Namespace, begun: Awaitable[Parts]) -> Answer | dict[str, Any]:
    """Run one command with parts of one's own, and let go of them."""
    parts = await begun
    try:
        return await run(arguments, parts)
    finally:
        await parts.aclose()


async def judge_and_remember(
    parts: Parts, target: Target, heat: Heat | None, progress: Progress
) -> tuple[VerdictId, Verdict]:
    """Judge as the desk does: with consent, the record, and what was said here before; keep the verdict."""
    ask = Ask(typed=str(target), place=HERE, person=somebody(), heat=heat)
    stored = await parts.desk.judge(ask, target, progress)
    if parts.desk.publisher is not None:
        await parts.desk.publisher.offer_quietly(stored)
    return stored.id, stored.verdict


async def begin_and_remember(
    begun: Awaitable[Parts], target: Target, heat: Heat | None, progress: Progress
) -> tuple[VerdictId, Verdict]:
    """Judge with parts of one's own, and let go of them."""
    parts = await begun
    try:
        return await judge_and_remember(parts, target, heat, progress)
    finally:
        await parts.aclose()


async def _react(arguments: argparse.Namespace, parts: Parts) -> Answer:
    now = parts.desk.clock.now()
    number = VerdictId(arguments.number)
    who = Person(platform=TERMINAL, user=arguments.who) if arguments.who else somebody()
    done = await memory.react(parts.store, number, arguments.emoji, who, at=now, on=not arguments.remove)
    voices = ", ".join(f"{count} {meaning}" for meaning, count in done.voices.items() if count)
    return Answer(text=f"{done.heard.value.capitalize()}. Voices: {voices or 'none'}.", tone=Tone.DONE)


async def _leaderboard(arguments: argparse.Namespace, parts: Parts) -> Answer:
    board = await memory.board(parts.store, place_of(arguments.place), now=parts.desk.clock.now())
    return answers.leaderboard(board, memory.BOARD_DAYS)


def place_of(text: str) -> Place:
    """Return the place named as platform/workspace/channel; the terminal itself where nothing is named."""
    if not text:
        return HERE
    parts = text.split("/")
    if len(parts) > _PARTS_OF_A_PLACE or not all(parts):
        raise UsageError(
            f"“{text[:60]}” names no place.", "It goes platform/workspace/channel, such as slack/T012/C345."
        )
    return Place(**dict(zip(("platform", "workspace", "channel"), parts, strict=False)))


async def _me(arguments: argparse.Namespace, parts: Parts) -> Answer:
    try:
        return answers.mine(await memory.me(parts.store, somebody(), arguments.login or ""))
    except UsageError:
        raise UsageError("Whose record?", "Name the GitHub login: roast-bot me octocat.") from None


async def _appeals(arguments: argparse.Namespace, parts: Parts) -> Answer:
    of = VerdictId(arguments.number) if arguments.number is not None else None
    found = await parts.store.appeals(verdict_id=of, limit=50)
    kept = {one.verdict: await parts.store.verdict(one.verdict) for one in found}
    return answers.appeals(found, {number: stored.verdict.title for number, stored in kept.items() if stored})


async def _forget(arguments: argparse.Namespace, parts: Parts) -> Answer:
    done, told = await memory.forget(parts.store, arguments.login, [person_named(one) for one in arguments.person])
    await parts.commands.take_down_later(done.posts)
    await parts.commands.redraw_later(done.changed)
    return Answer(text=told.words, tone=Tone.DONE)


async def _export(arguments: argparse.Namespace, parts: Parts) -> dict[str, Any]:
    return await memory.export(parts.store, arguments.login, [person_named(one) for one in arguments.person])


def person_named(text: str) -> Person:
    """Return the chat user named as platform/workspace/user; the terminal has no workspace."""
    parts = text.split("/")
    if len(parts) != _PARTS_OF_A_PLACE or not (parts[0] and parts[2]):
        raise UsageError(
            f"“{text[:60]}” names no chat user.", "It goes platform/workspace/user, such as slack/T012/U345."
        )
    return Person(platform=parts[0], workspace=parts[1], user=parts[2])


async def _backup(arguments: argparse.Namespace, parts: Parts) -> Answer:
    return Answer(text=(await memory.backup(parts.store, Path(arguments.file))).words, tone=Tone.DONE)


async def _restore(arguments: argparse.Namespace, parts: Parts) -> Answer:
    return Answer(text=(await memory.fill_from(parts.store, Path(arguments.file))).words, tone=Tone.DONE)


async def _prune(arguments: argparse.Namespace, parts: Parts) -> Answer:
    days = parts.settings.store.keep_days if arguments.keep_days is None else arguments.keep_days
    return Answer(text=(await memory.prune(parts.store, days)).words, tone=Tone.DONE)


_OWN: dict[str, Callable[[argparse.Namespace, Parts], Awaitable[Answer | dict[str, Any]]]] = {
    "react": _react,
    "leaderboard": _leaderboard,
    "me": _me,
    "appeals": _appeals,
    "forget": _forget,
    "export": _export,
    "backup": _backup,
    "restore": _restore,
    "prune": _prune,
}
