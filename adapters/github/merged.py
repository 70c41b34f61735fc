"""What was merged in a window, page by page and nothing in full.

A window that just ended is read from the list by ``updated`` (merging updates, so older than the window means done);
one that lies back is read from the search, which knows it by its dates. With a token GraphQL carries the figures too;
what it cannot answer is asked of REST.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from adapters.github import decode, limits
from adapters.github.client import GitHubClient
from adapters.github.graphql import account
from bot.errors import NotFoundError, RateLimitedError, SourceError, UnavailableError
from bot.merged import Merged, MergedPull, within

log = structlog.get_logger(__name__)

_LONG_AGO = timedelta(days=1)
"""A window that ended this long ago is searched for: the list would begin with all that happened since."""

_NODE = """
      number title url createdAt mergedAt updatedAt additions deletions changedFiles
      author { __typename login }
      labels(first: 20) { nodes { name } }
      commits(last: 15) { totalCount nodes { commit { messageHeadline } } }
      reviews { totalCount }
      comments { totalCount }
      files(first: 10) { nodes { path } }
"""
MERGED = (
    """
query Merged($owner: String!, $name: String!, $size: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    nameWithOwner isArchived isPrivate
    pullRequests(states: MERGED, first: $size, after: $after, orderBy: {field: UPDATED_AT, direction: DESC}) {
      pageInfo { hasNextPage endCursor }
      nodes {"""
    + _NODE
    + """      }
    }
  }
}
"""
)
MERGED_SEARCH = (
    """
query MergedSearch($search: String!, $size: Int!, $after: String, $owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { nameWithOwner isArchived isPrivate }
  search(query: $search, type: ISSUE, first: $size, after: $after) {
    issueCount
    pageInfo { hasNextPage endCursor }
    nodes { ... on PullRequest {"""
    + _NODE
    + """    } }
  }
}
"""
)


@dataclass
class _Found:
    """What has been gathered so far."""

    repository: str
    pulls: list[MergedPull] = field(default_factory=list)
    archived: bool = False
    private: bool = False
    complete: bool = True
    notes: list[str] = field(default_factory=list)

    def at_home(self, name: Any, archived: Any, private: Any) -> None:
        """Note what an answer says of the repository itself."""
        self.repository = decode.text(name) or self.repository
        self.archived, self.private = bool(archived), bool(private)

    def cut(self, why: str) -> None:
        self.complete = False
        self.notes.append(why)


async def merged(client: GitHubClient, repository: str, since: datetime, until: datetime) -> Merged:
    """Return what was merged in the window. Raises ``SourceError``."""
    _names(repository)
    long_ago = client.now() - until > _LONG_AGO
    ways = [_by_search, _by_list] if long_ago else [_by_list]
    if client.authenticated and client.graphql_works is not False:
        ways = [_by_graphql_search if long_ago else _by_graphql, *ways]
    found = await _first_that_works(client, ways, repository, since, until)
    return Merged(
        repository=found.repository,
        since=since,
        until=until,
        pulls=within(found.pulls, since, until),
        archived=found.archived,
        private=found.private,
        complete=found.complete,
        notes=tuple(found.notes),
    )


async def _first_that_works(
    client: GitHubClient, ways: Sequence[Any], repository: str, since: datetime, until: datetime
) -> _Found:
    """Go one way after the other. What is forbidden or not there is so by every way; the last fault is the answer."""
    for way in ways[:-1]:
        try:
            found: _Found = await way(client, repository, since, until)
        except SourceError as error:
            log.info("another way is tried to list what was merged", repository=repository, words=str(error))
        else:
            if found.complete:
                return found
    last: _Found = await ways[-1](client, repository, since, until)
    return last


async def _by_graphql(client: GitHubClient, repository: str, since: datetime, until: datetime) -> _Found:
    del until
    found = _Found(repository)
    async for data in _connections(client, MERGED, _names(repository), lambda data: data["repository"]["pullRequests"]):
        home, connection = data["repository"], data["repository"]["pullRequests"]
        found.at_home(home["nameWithOwner"], home.get("isArchived"), home.get("isPrivate"))
        nodes = [node for node in connection["nodes"] if node]
        found.pulls += decode.each(nodes, _from_node)
        if nodes and (decode.moment(nodes[-1].get("updatedAt")) or since) < since:
            return found
    return found


async def _by_graphql_search(client: GitHubClient, repository: str, since: datetime, until: datetime) -> _Found:
    found = _Found(repository)
    variables = {**_names(repository), "search": _query(repository, since, until)}
    async for data in _connections(client, MERGED_SEARCH, variables, lambda data: data["search"]):
        home = data["repository"]
        found.at_home(home["nameWithOwner"], home.get("isArchived"), home.get("isPrivate"))
        found.pulls += decode.each([node for node in data["search"]["nodes"] if node], _from_node)
        if _too_many(data["search"].get("issueCount"), found):
            break
    return found


async def _connections(
    client: GitHubClient, query: str, variables: Mapping[str, Any], connection_of: Any
) -> AsyncIterator[Mapping[str, Any]]:
    """Yield page after page of a connection. A page that takes GitHub too long is asked for once more, at half."""
    after, size = None, limits.MERGED_IN_A_QUERY
    for _ in range(limits.MAX_MERGED_PAGES):
        try:
            data = await client.graphql(query, {**variables, "size": size, "after": after})
        except RateLimitedError:
            raise
        except UnavailableError:
            if size < limits.MERGED_IN_A_QUERY:
                raise
            size //= 2
            continue
        try:
            info = connection_of(data)["pageInfo"]
            more, after = bool(info["hasNextPage"]), info["endCursor"]
            yield data
        except (KeyError, TypeError):
            raise UnavailableError("GitHub's GraphQL gave a list that cannot be read.", "Try again later.") from None
        if not more:
            return
    raise UnavailableError("There is more in GitHub's list than is read here.", "Take a shorter window.")


async def _by_list(client: GitHubClient, repository: str, since: datetime, until: datetime) -> _Found:
    del until
    found = _Found(repository)
    query = {"state": "closed", "sort": "updated", "direction": "desc", "per_page": str(limits.PER_PAGE)}
    for page in range(1, limits.MAX_MERGED_PAGES + 1):
        items = await client.get_json(f"/repos/{repository}/pulls", {**query, "page": str(page)})
        if not isinstance(items, list):
            raise UnavailableError("GitHub answered with something that is no list.", "Try again in a minute.")
        found.pulls += decode.each(items, _from_pull)
        for item in items[:1]:
            home = (item.get("base") or {}).get("repo") or {} if isinstance(item, Mapping) else {}
            found.at_home(home.get("full_name"), home.get("archived"), home.get("private"))
        oldest = min((moment for item in items if (moment := _updated(item))), default=since)
        if len(items) < limits.PER_PAGE or oldest < since:
            return found
    found.cut(f"only the {limits.MAX_MERGED_PAGES * limits.PER_PAGE:,} that were touched last were looked through")
    return found


async def _by_search(client: GitHubClient, repository: str, since: datetime, until: datetime) -> _Found:
    found = _Found(repository)
    query = {"q": _query(repository, since, until), "per_page": str(limits.PER_PAGE)}
    read = 0
    for page in range(1, limits.MAX_SEARCH_RESULTS // limits.PER_PAGE + 1):
        answer = await client.get_json("/search/issues", {**query, "page": str(page)})
        items = answer.get("items") if isinstance(answer, Mapping) else None
        if not isinstance(items, list):
            raise UnavailableError("GitHub's search gave nothing that can be read.", "Try again later.")
        found.pulls += decode.each([item for item in items if _is_of(item, repository)], _from_search)
        read, total = read + len(items), decode.count(answer.get("total_count"))
        if answer.get("incomplete_results"):
            found.cut("GitHub's search did not finish")
        if _too_many(total, found) or len(items) < limits.PER_PAGE or read >= total:
            break
    # A search finds nothing where nothing is, too; and only a token lets it find what is private, without a word of it.
    if not found.pulls or client.authenticated:
        home = await client.get_json(f"/repos/{repository}")
        if isinstance(home, Mapping):
            found.at_home(home.get("full_name"), home.get("archived"), home.get("private"))
    return found


def _too_many(total: Any, found: _Found) -> bool:
    """Whether the search cannot tell all: known from its first page on, so that the list is asked instead."""
    if decode.count(total) > limits.MAX_SEARCH_RESULTS:
        found.cut("GitHub's search tells no more than a thousand")
    return not found.complete


def _query(repository: str, since: datetime, until: datetime) -> str:
    """Return the search. It takes its bounds in, and GitHub's times are whole seconds."""
    first, last = (f"{moment:%Y-%m-%dT%H:%M:%S%z}" for moment in (since, until - timedelta(seconds=1)))
    return f"repo:{repository} is:pr is:merged merged:{first}..{last}"


def _names(repository: str) -> dict[str, Any]:
    owner, slash, name = repository.partition("/")
    if not (owner and slash and name) or "/" in name:
        raise NotFoundError(f"“{repository[:80]}” names no repository.", "It goes owner/repo.")
    return {"owner": owner, "name": name}


def _is_of(item: Any, repository: str) -> bool:
    home = decode.text(item.get("repository_url")) if isinstance(item, Mapping) else ""
    return not home or home.lower().endswith(f"/repos/{repository}".lower())


def _updated(item: Any) -> datetime | None:
    return decode.moment(item.get("updated_at")) if isinstance(item, Mapping) else None


def _from_node(node: Mapping[str, Any]) -> MergedPull | None:
    merged_at = decode.moment(node.get("mergedAt"))
    if merged_at is None:
        return None
    commits = node.get("commits") or {}
    return MergedPull(
        number=int(node["number"]),
        title=str(node["title"]),
        user=decode.user(account(node.get("author"))),
        merged_at=merged_at,
        created_at=decode.moment(node.get("createdAt")),
        url=decode.web(node.get("url")),
        labels=_named(node.get("labels"), "name"),
        additions=_figure(node.get("additions")),
        deletions=_figure(node.get("deletions")),
        changed_files=_figure(node.get("changedFiles")),
        commits=_figure(commits.get("totalCount")),
        reviews=_figure((node.get("reviews") or {}).get("totalCount")),
        comments=_figure((node.get("comments") or {}).get("totalCount")),
        paths=_named(node.get("files"), "path"),
        subjects=tuple(
            str(one["commit"]["messageHeadline"])
            for one in commits.get("nodes") or ()
            if one and (one.get("commit") or {}).get("messageHeadline")
        ),
    )


def _from_pull(item: Mapping[str, Any]) -> MergedPull | None:
    merged_at = decode.moment(item.get("merged_at"))
    if merged_at is None:
        return None
    return MergedPull(
        number=int(item["number"]),
        title=str(item["title"]),
        user=decode.user(item.get("user")),
        merged_at=merged_at,
        created_at=decode.moment(item.get("created_at")),
        url=decode.web(item.get("html_url")),
        labels=_named({"nodes": item.get("labels")}, "name"),
        comments=_figure(item.get("comments")),
    )


def _from_search(item: Mapping[str, Any]) -> MergedPull | None:
    """Read a search's item: its merge is told in a part of its own."""
    told = item.get("pull_request") or {}
    return _from_pull({**item, "merged_at": told.get("merged_at")})


def _named(connection: Any, name: str) -> tuple[str, ...]:
    nodes = connection.get("nodes") if isinstance(connection, Mapping) else None
    return tuple(str(node[name]) for node in nodes or () if isinstance(node, Mapping) and node.get(name))


def _figure(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
