"""Who the app is in its workspace, and who runs that: what has to be asked of Slack once in a while."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import structlog

from adapters.slack import faults
from adapters.slack.faults import CALLS, Fault, code_of, fault_of
from adapters.slack.wire import Wire
from bot.errors import MessengerError

log = structlog.get_logger(__name__)

_KNOWN_FOR = 600.0
_MOST_KNOWN = 10_000


@dataclass
class Identity:
    """The bot's own ids and names, and who is an admin, as ``auth.test`` and ``users.info`` tell."""

    wire: Wire
    bot_user: str = ""
    bot_id: str = ""
    bot_name: str = ""
    team: str = ""
    team_name: str = ""
    scopes: frozenset[str] = frozenset()
    mend: str = "Set SLACK_BOT_TOKEN to a valid xoxb- token."
    _admins: dict[str, tuple[float, bool]] = field(default_factory=dict)

    async def ask(self) -> None:
        """Ask Slack who we are. Raises ``MessengerError`` with what to do."""
        try:
            found = await self.wire.client.auth_test()
        except CALLS as error:
            if fault_of(error) is Fault.CREDENTIAL:
                raise MessengerError(
                    f"Slack does not accept the bot token ({code_of(error)}).",
                    self.mend,
                ) from error
            raise MessengerError(f"Slack cannot be reached ({code_of(error)}).", "It is tried again.") from error
        self.bot_user, self.bot_id = str(found.get("user_id", "")), str(found.get("bot_id", ""))
        self.bot_name, self.team = str(found.get("user", "")), str(found.get("team_id", ""))
        self.team_name = str(found.get("team", ""))
        granted = {name.lower(): value for name, value in found.headers.items()}.get("x-oauth-scopes", "")
        self.scopes = frozenset(one.strip() for one in str(granted).split(",") if one.strip())

    async def is_admin(self, user: str) -> bool:
        """Whether somebody is an owner or admin of the workspace; no where Slack does not say."""
        at, known = self._admins.get(user, (0.0, False))
        if at and time.monotonic() - at < _KNOWN_FOR:
            return known
        try:
            found = (await self.wire.client.users_info(user=user)).get("user") or {}
        except CALLS as error:
            log.warning("Slack does not say who is an admin", code=code_of(error), words=faults.in_words(error))
            return known
        if len(self._admins) >= _MOST_KNOWN:
            self._admins.clear()
        is_admin = bool(found.get("is_admin") or found.get("is_owner") or found.get("is_primary_owner"))
        self._admins[user] = (time.monotonic(), is_admin)
        return is_admin
