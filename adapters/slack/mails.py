"""Which mail somebody has, by Slack's own word, as a hash that only its asker can compare.

It needs ``users:read.email``, a scope that is asked for only where ``slack.confirm_by_mail`` is set.
https://docs.slack.dev/reference/methods/users.info
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.slack import faults
from adapters.slack.faults import CALLS
from adapters.slack.workspaces import Wires
from bot.errors import MessengerError
from bot.records import Person
from bot.vouching import Blind

SCOPE = "users:read.email"


async def mail_of(wires: Wires, person: Person, blind: Blind) -> str:
    """See ``bot.vouching.TellsMail``."""
    try:
        wire = await wires.of(person.workspace)
        user = (await wire.client.users_info(user=person.user)).get("user") or {}
    except CALLS as error:
        raise MessengerError(faults.in_words(error), "Try again in a minute.") from error
    profile = user.get("profile") or {}
    return blind.of(str(profile.get("email") or "")) if _vouched_for(user, person.workspace) else ""


def _vouched_for(user: Mapping[str, Any], workspace: str) -> bool:
    """Whether this workspace itself stands for the mail: not of a guest from another one, nor unconfirmed."""
    homes = {str(user.get("team_id") or workspace), *((user.get("enterprise_user") or {}).get("teams") or ())}
    of_nobody = user.get("deleted") or user.get("is_bot") or user.get("is_stranger")
    return workspace in homes and not of_nobody and user.get("is_email_confirmed") is not False
