"""Several workspaces on the loopback Slack: whose token is whose, codes and refresh tokens, and who meddled."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from fakes.slack_payloads import BOT, TEAM, Args, Call


@dataclass
class Teams:
    """What Slack knows of tokens. Without an installation every token is that of the one workspace.

    ``homes`` says to which workspace a conversation or a person belongs; ``meddled`` are calls with another's token.
    """

    client_id: str = "123.456"
    client_secret: str = "s3cret-of-the-app"
    lifetime: int = 0
    codes: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    refreshes: dict[str, str] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    homes: dict[str, str] = field(default_factory=dict)
    meddled: list[Call] = field(default_factory=list)
    exchanges: list[str] = field(default_factory=list)
    whole_organisation: bool = False
    _numbers: Any = field(default_factory=lambda: count(1))

    def code(self, team: str) -> str:
        """Return a code with which an installation into a workspace ends."""
        code = f"code-{next(self._numbers)}"
        self.codes[code] = team
        return code

    def refused(self, call: Call) -> str:
        """Return why a call is refused for its token, or nothing."""
        if not self.tokens or call.method in {"oauth.v2.access", "apps.connections.open", "api.test", "response_url"}:
            return ""
        if call.token in self.revoked:
            return "token_revoked"
        team = self.tokens.get(call.token)
        if team is None:
            return "invalid_auth"
        for name in ("channel", "channel_id", "user", "user_id"):
            home = self.homes.get(str(call.args.get(name, "")))
            if home is not None and home != team:
                self.meddled.append(call)
                return "channel_not_found"
        return ""

    def who(self, token: str) -> Args:
        """Answer ``auth.test``."""
        team = self.tokens.get(token, TEAM)
        bot = BOT if team == TEAM else f"{BOT}{team}"
        return {"user_id": bot, "user": "roast", "bot_id": "B1", "team_id": team, "team": _name(team)}

    def access(self, args: Args) -> Args:
        """Answer ``oauth.v2.access``, for a code or for a refresh token: each is good for once."""
        if (args.get("client_id"), args.get("client_secret")) != (self.client_id, self.client_secret):
            return {"error": "bad_client_secret"}
        again = args.get("grant_type") == "refresh_token"
        team = (self.refreshes if again else self.codes).pop(str(args.get("refresh_token" if again else "code")), None)
        if team is None:
            return {"error": "invalid_refresh_token" if again else "invalid_code"}
        if again:
            self.exchanges.append(team)
        return {**self._token(team), **self._installed(team)}

    def _token(self, team: str) -> Args:
        number = next(self._numbers)
        token = f"xoxe.xoxb-1-{team}-{number}" if self.lifetime else f"xoxb-{team}-{number}"
        self.tokens[token] = team
        made: Args = {"access_token": token, "token_type": "bot", "scope": "commands,chat:write,files:write"}
        if self.lifetime:
            refresh = f"xoxe-1-{team}-{number}"
            self.refreshes[refresh] = team
            made |= {"refresh_token": refresh, "expires_in": self.lifetime}
        return made

    def _installed(self, team: str) -> Args:
        return {
            "app_id": "A1",
            "bot_user_id": BOT if team == TEAM else f"{BOT}{team}",
            "team": None if self.whole_organisation else {"id": team, "name": _name(team)},
            "enterprise": {"id": "E1", "name": "Org"} if self.whole_organisation else None,
            "is_enterprise_install": self.whole_organisation,
            "authed_user": {"id": f"UINST{team}"},
        }


def _name(team: str) -> str:
    return "Acme" if team == TEAM else f"Acme {team}"
