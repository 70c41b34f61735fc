"""Every way in which roast-bot can fail, and what its user is told.

The tree::

    RoastBotError                 one sentence, one next step, an exit status
    ├── UsageError                the words were wrong (exit status 2)
    │   ├── TargetError           what was typed names no pull request
    │   └── SettingsError         a setting is missing, unknown or malformed
    ├── SourceError               the pull request could not be read
    │   ├── NotFoundError         missing, or private to us: both are possible
    │   ├── AccessError           the credential is wrong or lacks the right
    │   ├── BlockedError          withheld for legal reasons (HTTP 451)
    │   ├── RateLimitedError      asked too often; knows until when
    │   ├── UnavailableError      down, cut off, timed out, or no network
    │   └── RepositoryError       a folder is no repository, lacks the commit, or git is missing
    ├── RefusedError              consent or policy says no
    ├── WriterError               a writer gave nothing that could be used
    ├── StoreError                the memory is locked, full, damaged or too new
    ├── BusyError                 the queue is full or its engine is away
    └── MessengerError            a platform would not take the answer
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.verdict import WriterInfo


class RoastBotError(Exception):
    """A fault that ends in words (law 8).

    ``sentence`` says what is wrong in one line without a trailing next step;
    ``next_step`` says what the reader can do, or is empty where nothing can be done.
    """

    exit_status = 1

    def __init__(self, sentence: str, next_step: str = "") -> None:
        """Keep both parts; ``str(error)`` joins them into the line that a user sees."""
        super().__init__(sentence, next_step)
        self.sentence = sentence
        self.next_step = next_step

    def __str__(self) -> str:
        """Return the sentence and the next step on one line."""
        return f"{self.sentence} {self.next_step}".strip()


class UsageError(RoastBotError):
    """The words were wrong."""

    exit_status = 2


class TargetError(UsageError):
    """What was typed names no pull request."""


class SettingsError(UsageError):
    """A setting is missing, unknown or malformed; the sentence names it."""


class SourceError(RoastBotError):
    """The pull request could not be read."""


class NotFoundError(SourceError):
    """Nothing is there, or nothing that this credential may see."""


class AccessError(SourceError):
    """The credential is wrong, expired, or lacks the right to read this."""


class BlockedError(SourceError):
    """The host withholds the content for legal reasons (HTTP 451, RFC 7725)."""


class RateLimitedError(SourceError):
    """The host asks us to wait; ``until`` is when it will answer again, in UTC, if it said so."""

    def __init__(self, sentence: str, next_step: str = "", until: datetime | None = None) -> None:
        """Keep the time beside the words, so that a queue can wait for it."""
        super().__init__(sentence, next_step)
        self.until = until


class UnavailableError(SourceError):
    """The host is down, the answer was cut off or late, or there is no network."""


class RepositoryError(SourceError):
    """A folder is no git repository, a commit is missing from it, or git itself is."""


class RefusedError(RoastBotError):
    """Consent, policy or a limit says no; told kindly, never as a failure of the asker."""


class WriterError(RoastBotError):
    """A writer gave nothing that could be used; ``bill`` is what that took all the same, where it took anything."""

    def __init__(self, sentence: str, next_step: str = "", *, bill: WriterInfo | None = None) -> None:
        """Keep the bill beside the words."""
        super().__init__(sentence, next_step)
        self.bill = bill


class StoreError(RoastBotError):
    """The memory is locked, full, read-only, damaged, or newer than this program."""


class BusyError(RoastBotError):
    """No room for more work at the moment."""


class MessengerError(RoastBotError):
    """A platform would not take what we had to say."""
