"""Who, where, and which message: what every other record speaks of."""

from __future__ import annotations

from bot.pull_request import Frozen

TERMINAL = "terminal"
"""The platform of whoever sits at the machine: they run the bot."""


class Place(Frozen):
    """Where people talk: ``slack``/``discord``/``terminal``, its workspace (team, guild) and channel."""

    platform: str
    workspace: str = ""
    channel: str = ""

    @property
    def whole(self) -> Place:
        """The workspace as a place of its own."""
        return Place(platform=self.platform, workspace=self.workspace)

    def __str__(self) -> str:
        """Return ``platform/workspace/channel``."""
        return "/".join(part for part in (self.platform, self.workspace, self.channel) if part)


class Person(Frozen):
    """Somebody on a platform by that platform's own id; not a GitHub login."""

    platform: str
    workspace: str = ""
    user: str

    def __str__(self) -> str:
        """Return ``platform/workspace/user``."""
        return f"{self.platform}/{self.workspace}/{self.user}"


class Message(Frozen):
    """One message: its place and the platform's id of it (Slack's ``ts``, Discord's snowflake)."""

    place: Place
    id: str
