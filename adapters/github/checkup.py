"""What ``roast-bot doctor`` asks GitHub: whether it answers, as whom, and how often it still will.

https://docs.github.com/en/rest/rate-limit/rate-limit
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from adapters.github.source import GitHubSource
from bot.errors import NotFoundError, RoastBotError
from bot.ports_messenger import Check

_FEW = 10


async def check_up(source: GitHubSource) -> tuple[Check, datetime | None]:
    """Return how GitHub stands to us, and its clock if it told it. Never raises."""
    client = source._client  # noqa: SLF001 - the same room
    try:
        answer = await client.get("/rate_limit")
    except NotFoundError:
        return Check(name="github", ok=True, words="answers, and has no limits (an Enterprise server)"), None
    except RoastBotError as error:
        return Check(name="github", ok=False, words=error.sentence, next_step=error.next_step), None
    as_whom = "with a token" if client.authenticated else "without a token"
    core = _core(answer.json())
    left, most, until = core.get("remaining"), core.get("limit"), core.get("reset")
    if not isinstance(left, int) or not isinstance(most, int):
        return Check(name="github", ok=True, words=f"answers {as_whom}"), _clock(answer.headers.get("date", ""))
    words = f"answers {as_whom}, {left:,} of {most:,} requests left this hour"
    step = "" if client.authenticated else "GITHUB_TOKEN raises that to 5,000 an hour."
    if left < _FEW and isinstance(until, int):
        step = f"More from {datetime.fromtimestamp(until, UTC):%H:%M} UTC. {step}"
    check = Check(name="github", ok=left >= _FEW, words=words, next_step=step.strip())
    return check, _clock(answer.headers.get("date", ""))


def _core(told: Any) -> dict[str, Any]:
    resources = told.get("resources") if isinstance(told, dict) else None
    core = resources.get("core") if isinstance(resources, dict) else None
    return core if isinstance(core, dict) else {}


def _clock(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (TypeError, ValueError):
        return None
