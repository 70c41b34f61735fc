"""What a waiting reader sees: a spinner on standard error, one line that changes; nothing when piped."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.status import Status
from rich.text import Text

from adapters.terminal.style import CHARGE, QUIET
from bot.display import cut

_MOST = 70


class Progress:
    """Told each stage by the trial; shows it while it lasts. Use it as a context manager and as a callback."""

    def __init__(self, console: Console, *, lines: bool = False) -> None:
        """Show on ``console``; ``lines`` prints each stage on a line of its own where nobody sees a spinner."""
        self._console = console
        self._lines = lines
        self._status: Status | None = None

    def __enter__(self) -> Self:
        """Start the spinner, where there is somebody to see it."""
        if self._console.is_terminal:
            self._status = self._console.status(Text("Preheating …", style=QUIET), spinner="dots", spinner_style=CHARGE)
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave no trace of the spinner."""
        if self._status is not None:
            self._status.stop()

    async def __call__(self, stage: str, phrase: str) -> None:
        """Show the stage that begins, with a phrase for the waiting reader."""
        line = cut(phrase or stage, _MOST)
        words = f"{line[:1].upper()}{line[1:]} …"
        if self._status is not None:
            self._status.update(Text(words, style=QUIET))
        elif self._lines:
            self._console.print(Text(words))
