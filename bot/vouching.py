"""Who somebody is on GitHub, shown by mail: the platform's word on theirs against the commits of a login.

GitHub puts a login beside a commit where the commit's mail belongs to that account, and the platform knows that the
mail of whoever asks is theirs. Where the two are the same nobody else has to vouch. No mail leaves the adapter that
read it: keyed hashes are compared, and the key is gone once the answer is there.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from bot.errors import RoastBotError, SourceError
from bot.ports_store import Store
from bot.records import Person

MOST_REPOSITORIES = 3
"""Repositories of remembered roasts that are asked for commits, beside the search: it sees default branches alone."""
BY_MAIL = "the mail of a commit"
"""Who confirmed a login that was shown by mail: this counts in every workspace, an admin's word in their own."""
_LOOKED_THROUGH = 50
_NOBODYS = re.compile(r"@users\.noreply\.")


@dataclass(frozen=True, slots=True)
class Blind:
    """Turns mails into what can be compared and nothing else, for as long as it lives."""

    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def of(self, mail: str) -> str:
        """Return the keyed hash of a mail; nothing for what is none, or is GitHub's own no-reply address."""
        folded = mail.strip().casefold()
        if "@" not in folded or _NOBODYS.search(folded):
            return ""
        return hmac.digest(self._key, folded.encode(), "sha256").hex()


@runtime_checkable
class TellsMail(Protocol):
    """A messenger whose platform may say which mail somebody has."""

    tells_mail: bool
    """Whether the operator lets it."""

    async def mail_of(self, person: Person, blind: Blind) -> str:
        """Return the hash of the mail that the platform knows to be theirs, or nothing. Raises ``MessengerError``."""
        ...


@runtime_checkable
class TellsCommitMails(Protocol):
    """A source that knows whose commits are whose."""

    async def commit_mails(self, login: str, repositories: Sequence[str], blind: Blind) -> frozenset[str]:
        """Return the hashes of the mails on commits that the host itself counts as the login's. Raises ``SourceError``.

        ``repositories`` are looked into beside what a search finds. Nothing of the answers is kept.
        """
        ...


@dataclass(frozen=True, slots=True)
class Vouched:
    """What came of it: ``why`` says in words why an admin has to confirm, where the mails did not."""

    same: bool
    why: str = ""


async def vouch(store: Store, messenger: TellsMail, commits: TellsCommitMails, person: Person, login: str) -> Vouched:
    """Compare the mail of whoever names a login with that of its commits. Never raises but for the store."""
    blind = Blind()
    try:
        mail = await messenger.mail_of(person, blind)
    except RoastBotError as error:
        return Vouched(same=False, why=f"I could not ask which mail is yours ({error.sentence.rstrip('.')})")
    if not mail:
        return Vouched(same=False, why="This platform does not tell me which mail is yours")
    told = await store.verdicts(author=login, limit=_LOOKED_THROUGH)
    repositories = list(dict.fromkeys(one.verdict.pull_request.partition("#")[0] for one in told if not one.read_from))
    try:
        found = await commits.commit_mails(login, repositories[:MOST_REPOSITORIES], blind)
    except SourceError as error:
        return Vouched(same=False, why=f"I could not look at the commits of {login} ({error.sentence.rstrip('.')})")
    same = any(hmac.compare_digest(mail, one) for one in found)
    return Vouched(same, "" if same else f"Your mail here is on no commit of {login} that I can see")
