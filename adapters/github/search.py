"""The second round: candidates for follow-ups, from the search and from the log of the busiest file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.github import decode, graphql, limits
from adapters.github import follow_ups as later
from adapters.github.client import GitHubClient
from adapters.github.follow_ups import Candidate
from adapters.github.gather import settle
from adapters.github.reading import busiest
from bot.errors import UnavailableError
from bot.pull_request import PullRequest

_BUSIEST = 3


@dataclass(frozen=True)
class Found:
    """Candidates; ``known`` is false where nobody could be asked."""

    candidates: tuple[Candidate, ...] = ()
    known: bool = True
    notes: tuple[str, ...] = ()


async def find_candidates(client: GitHubClient, pull: PullRequest, *, by_graphql: bool, logs: int) -> Found:
    """Return what was merged in the window. ``logs`` is how many paths' logs may be asked for beside the search.

    Never raises ``SourceError``: a refusal is told in the notes. Where the search is refused and no log was asked
    for yet, those of the busiest files are: the one case with a round trip more.
    """
    if pull.merged_at is None:
        return Found()
    if by_graphql:
        (found,) = await settle(_by_graphql(client, pull))
        if isinstance(found, Found):
            return found
    paths = busiest(pull, _BUSIEST)
    beside = paths[: max(0, min(1, logs))]
    search, *told = await settle(_by_search(client, pull), *(_log(client, pull, path) for path in beside))
    logged = [one for one in told if isinstance(one, Found)]
    if isinstance(search, Found):
        return Found(later.joined(c for one in (search, *logged) for c in one.candidates), notes=search.notes)
    if not logged and not beside:
        told = await settle(*(_log(client, pull, path) for path in paths))
        logged = [one for one in told if isinstance(one, Found)]
    if not logged:
        return Found(known=False, notes=("what was merged afterwards could not be looked up",))
    notes = ("GitHub's search could not be asked: follow-ups come from the log of the most changed file alone",)
    return Found(later.joined(c for one in logged for c in one.candidates), notes=notes)


async def _by_graphql(client: GitHubClient, pull: PullRequest) -> Found:
    query = _query(pull)
    try:
        found, total = graphql.candidates(await client.graphql(graphql.FOLLOW_UPS, {"search": query}))
    except (AttributeError, TypeError):
        raise UnavailableError("GitHub's search gave nothing that can be read.", "Try again later.") from None
    return Found(found, notes=_notes(len(found), total))


async def _by_search(client: GitHubClient, pull: PullRequest) -> Found:
    # "Updated, oldest first" comes closest to "merged soonest", which GitHub cannot sort by.
    params = {"q": _query(pull), "sort": "updated", "order": "asc", "per_page": str(limits.PER_PAGE)}
    answer = await client.get_json("/search/issues", params)
    items = answer.get("items") if isinstance(answer, Mapping) else None
    if not isinstance(items, list):
        raise UnavailableError("GitHub's search gave nothing that can be read.", "Try again later.")
    found = decode.each([item for item in items if _is_here(item, pull)], later.from_search)
    return Found(found, notes=_notes(len(items), decode.count(answer.get("total_count"))))


async def _log(client: GitHubClient, pull: PullRequest, path: str) -> Found:
    if pull.merged_at is None:
        return Found()
    since, until = (moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in later.window(pull.merged_at))
    params = {"path": path, "since": since, "until": until, "per_page": str(limits.PER_PAGE)}
    if pull.base_ref:
        params["sha"] = pull.base_ref
    items = await client.get_json(f"/repos/{pull.owner}/{pull.repo}/commits", params)
    if not isinstance(items, list):
        raise UnavailableError("GitHub's log gave nothing that can be read.", "Try again later.")
    return Found(decode.each(items, lambda item: later.from_commit(item, path)))


def _query(pull: PullRequest) -> str:
    return later.search_query(pull, pull.merged_at) if pull.merged_at is not None else ""


def _is_here(item: Any, pull: PullRequest) -> bool:
    """Whether an item is of this repository, as far as it says."""
    home = decode.text(item.get("repository_url")) if isinstance(item, Mapping) else ""
    return not home or home.lower().endswith(f"/repos/{pull.owner}/{pull.repo}".lower())


def _notes(read: int, total: int) -> tuple[str, ...]:
    if total <= limits.PER_PAGE or read >= total:
        return ()
    return (
        f"follow-ups were looked for among {read} of {total} pull requests merged within {limits.FOLLOW_UP_DAYS} days",
    )
