"""With which mails a login commits, by GitHub's own word, as hashes that only their asker can compare.

GitHub puts an account beside a commit where the commit's mail belongs to that account: the mail in the commit alone,
which anybody can write, says nothing. Answers pass by the cache, so that no mail is kept.
https://docs.github.com/en/account-and-profile/how-tos/contribution-settings/troubleshooting-missing-contributions
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adapters.github import decode, limits
from adapters.github.client import GitHubClient
from adapters.github.gather import settle
from bot.errors import SourceError
from bot.vouching import Blind


async def commit_mails(client: GitHubClient, login: str, repositories: Sequence[str], blind: Blind) -> frozenset[str]:
    """Return the hashes. Raises ``SourceError`` where nobody could be asked at all."""
    asked = [("/search/commits", {"q": f"author:{login}"})]
    asked += [(f"/repos/{name}/commits", {"author": login}) for name in repositories]
    page = {"per_page": str(limits.PER_PAGE)}
    answers = await settle(*(client.get(path, params={**query, **page}, keep=False) for path, query in asked))
    told = [one.json() for one in answers if not isinstance(one, SourceError)]
    if not told:
        raise next(one for one in answers if isinstance(one, SourceError))
    found = {blind.of(mail) for one in told for mail in _mails(_commits(one), login)}
    return frozenset(found - {""})


def _commits(answer: Any) -> Iterable[Any]:
    commits = answer.get("items") if isinstance(answer, Mapping) else answer
    return commits if isinstance(commits, list) else ()


def _mails(commits: Iterable[Any], login: str) -> Iterable[str]:
    def mail(item: decode.Item) -> str | None:
        own = str(item["author"]["login"]).lower() == login.lower()
        return str(item["commit"]["author"]["email"]) if own else None

    return decode.each(commits, mail)
