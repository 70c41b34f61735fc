"""What is measured while the bot runs: a small port, so that the core counts without knowing by what."""

from __future__ import annotations

from typing import Protocol

from bot.verdict import WriterInfo


class Meters(Protocol):
    """Counts and times; ``adapters.web.metrics`` shows them to Prometheus. Nothing in it is private."""

    def command(self, platform: str, command: str) -> None:
        """Count a command that was heard."""
        ...

    def acknowledged(self, platform: str, seconds: float) -> None:
        """Note how long an acknowledgement took, from the platform's event to our answer. Adapters call this."""
        ...

    def stage(self, stage: str, seconds: float) -> None:
        """Note how long a stage of a roast took: waiting, reading, exhibits, writing, card, showing."""
        ...

    def fault(self, kind: str, platform: str = "") -> None:
        """Count a fault by the name of its error."""
        ...

    def wrote(self, writer: WriterInfo) -> None:
        """Count what a writer used and cost."""
        ...


class Silent:
    """Measures nothing: for the command line and for tests."""

    def command(self, platform: str, command: str) -> None:
        """Do nothing."""

    def acknowledged(self, platform: str, seconds: float) -> None:
        """Do nothing."""

    def stage(self, stage: str, seconds: float) -> None:
        """Do nothing."""

    def fault(self, kind: str, platform: str = "") -> None:
        """Do nothing."""

    def wrote(self, writer: WriterInfo) -> None:
        """Do nothing."""
