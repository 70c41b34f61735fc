"""Which platforms run: those that are configured and whose library is here; of the others, why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.parts import Parts


def add_platforms(parts: Parts, maker_of: Callable[[str], Any]) -> list[tuple[str, str]]:
    """Add the platforms that are configured; return those that are off, and why.

    ``maker_of`` returns what makes a platform of settings, desk and commands; it raises ``ImportError`` without its
    library.
    """
    settings, off = parts.settings, []
    for name, configured, variable in (
        ("slack", settings.slack.configured, "SLACK_BOT_TOKEN"),
        ("discord", settings.discord.token is not None, "DISCORD_TOKEN"),
    ):
        if not configured:
            off.append((name, f"no token: set {variable}"))
            continue
        try:
            made = maker_of(name)
        except ImportError as error:
            off.append((name, f'{error.name or "its library"} is not installed: pip install "roast-bot[{name}]"'))
            continue
        platform = made(settings, parts.desk, parts.commands)
        parts.platforms.append(platform)
        parts.desk.messengers[name] = platform.messenger
    return off
