"""``roast-bot doctor``: everything that has to hold, one line each, with what to do where it does not."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta

from pydantic import SecretStr

from bot.display import plain
from bot.errors import RoastBotError
from bot.parts import Parts
from bot.ports_messenger import Check, Platform
from bot.ports_store import Store
from bot.settings import Settings

CLOCK_MAY_DIFFER = timedelta(seconds=60)

_SHAPES = (
    (
        "slack",
        "bot_token",
        re.compile(r"^xoxb-[\w-]{10,}$"),
        "begins with xoxb-: OAuth & Permissions, Bot User OAuth Token",
    ),
    ("slack", "app_token", re.compile(r"^xapp-[\w-]{10,}$"), "begins with xapp-: Basic Information, App-Level Tokens"),
    ("slack", "signing_secret", re.compile(r"^[0-9a-f]{32}$"), "has 32 hexadecimal digits: Basic Information"),
    (
        "discord",
        "token",
        re.compile(r"^[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}$"),
        "has three parts with dots between: Bot, Token",
    ),
    (
        "github",
        "token",
        re.compile(r"^(gh[pousr]_|github_pat_)\w{16,}$|^[0-9a-f]{40}$"),
        "begins with ghp_ or github_pat_",
    ),
)


def shapes(settings: Settings) -> Iterable[Check]:
    """Look at the tokens that are set: is each the kind of token that belongs there?"""
    for section, name, shape, looks in _SHAPES:
        secret = getattr(getattr(settings, section), name)
        if secret is None:
            continue
        ok = bool(shape.match(secret.get_secret_value()))
        # A stand-in or an Enterprise server may have tokens of another shape: an odd one is told, not fatal.
        yield Check(
            name=f"{section}.{name}",
            ok=ok,
            words="is set" if ok else "is set, but does not look like one",
            next_step="" if ok else f"The right one {looks}.",
            needed=False,
        )


def homes(settings: Settings) -> Iterable[Check]:
    """Look at which platforms are configured at all, and whether what belongs together is there."""
    slack = settings.slack
    if slack.configured and not (slack.app_token or slack.signing_secret):
        yield Check(
            name="slack",
            ok=False,
            words="has neither an app token (Socket Mode) nor a signing secret (HTTP)",
            next_step="Set SLACK_APP_TOKEN or SLACK_SIGNING_SECRET.",
        )
    if not (slack.configured or settings.discord.token):
        yield Check(
            name="platforms",
            ok=False,
            words="none is configured: the bot hears nobody",
            next_step="Set SLACK_BOT_TOKEN or DISCORD_TOKEN.",
            needed=False,
        )


async def store_checks(open_store: Callable[[], Awaitable[Store]]) -> Sequence[Check]:
    """Open the store, which migrates it; read all of it; write to it."""
    try:
        store = await open_store()
    except RoastBotError as error:
        return (Check(name="store", ok=False, words=error.sentence, next_step=error.next_step),)
    try:
        await store.check()
        await store.set_meta("doctor", "was here")
        await store.set_meta("doctor", "")
        rows = sum((await store.sizes()).values())
    except RoastBotError as error:
        return (Check(name="store", ok=False, words=error.sentence, next_step=error.next_step),)
    finally:
        await store.aclose()
    return (Check(name="store", ok=True, words=f"opens, is whole, can be written ({rows:,} rows)"),)


def clock_check(theirs: datetime | None, ours: datetime) -> Check:
    """Compare the clock with that of a server: signatures and schedules rest on it."""
    if theirs is None:
        return Check(name="clock", ok=True, words="could not be compared with anybody's", needed=False)
    off = abs(theirs - ours)
    if off <= CLOCK_MAY_DIFFER:
        return Check(name="clock", ok=True, words=f"agrees with GitHub's within {max(1, round(off.total_seconds()))} s")
    return Check(
        name="clock",
        ok=False,
        words=f"is {round(off.total_seconds())} s away from GitHub's",
        next_step="Set it by NTP: Slack refuses signatures that are five minutes off.",
    )


def with_clock(found: tuple[Check, datetime | None], now: datetime) -> tuple[Check, ...]:
    """Return a server's line with that of the clock that it told."""
    line, theirs = found
    return (line, clock_check(theirs, now))


async def check_up(
    settings: Settings,
    *,
    open_store: Callable[[], Awaitable[Store]],
    github: Callable[[], Awaitable[tuple[Check, datetime | None]]],
    close: Callable[[], Awaitable[None]],
    model: Callable[[], Awaitable[Sequence[Check]]],
    parts_of: Callable[[], Awaitable[Parts]],
    add_platforms: Callable[[Parts], Sequence[tuple[str, str]]],
    now: Callable[[], datetime],
) -> list[Check]:
    """Look at everything, and ``close`` what asked GitHub. Platforms are asked where the store can be opened."""
    try:
        lines = [
            *shapes(settings),
            *homes(settings),
            *await store_checks(open_store),
            *with_clock(await github(), now()),
        ]
    finally:
        await close()
    lines += await model()
    if all(one.ok for one in lines if one.name == "store"):
        parts = await parts_of()
        try:
            off = add_platforms(parts)
            lines += await platform_checks(parts.platforms, off)
        finally:
            await parts.aclose()
    return lines


async def platform_checks(platforms: Sequence[Platform], off: Sequence[tuple[str, str]]) -> list[Check]:
    """Ask each platform about itself; one that is set but cannot be loaded is broken."""
    lines = [Check(name=name, ok=False, words=why) for name, why in off if "not installed" in why]
    for platform in platforms:
        lines += await platform.check()
    return lines


def secrets_of(settings: Settings) -> list[str]:
    """Return every secret of the settings: what the log must never say."""
    sections = (getattr(settings, name) for name in type(settings).model_fields)
    values = (getattr(section, name) for section in sections for name in type(section).model_fields)
    return [value.get_secret_value() for value in values if isinstance(value, SecretStr)]


def report(checks: Sequence[Check]) -> tuple[str, bool]:
    """Return the lines, and whether all that is needed holds."""
    width = max((len(one.name) for one in checks), default=0)
    lines = [
        f"{'ok  ' if one.ok else 'FAIL' if one.needed else 'hm  '}  {plain(one.name):<{width}}  {_words(one)}"
        for one in checks
    ]
    broken = [one for one in checks if one.needed and not one.ok]
    end = f"{len(broken)} of {len(checks)} checks need your hand." if broken else "All that is needed holds."
    return "\n".join([*lines, end]), not broken


def _words(one: Check) -> str:
    sentence = plain(one.words).rstrip(".")
    return f"{sentence}. {plain(one.next_step)}" if one.next_step else sentence
