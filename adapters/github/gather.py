"""The first round: a pull request with files, commits and conversation, by REST or by GraphQL.

Only the pull request itself must be there. A list that cannot be read is left out, and the coverage says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from adapters.github import decode, graphql, limits
from adapters.github.answer import TOKEN_HINT
from adapters.github.client import GitHubClient, Page
from adapters.github.difftext import files_of, with_patches
from bot.case import Coverage
from bot.errors import NotFoundError, RateLimitedError, SourceError, UnavailableError
from bot.pull_request import ChangedFile, LinkedIssue, PullRequest

T = TypeVar("T")

_MISSING = Page((), complete=False)
_NAMES = {
    "files": "the files",
    "commits": "the commits",
    "reviews": "the reviews",
    "comments": "the review comments",
    "issue_comments": "the comments",
}


@dataclass(frozen=True)
class Address:
    """Which pull request, and on which web host its pages are."""

    owner: str
    repo: str
    number: int
    host: str

    @property
    def slug(self) -> str:
        """``owner/repo#7``."""
        return f"{self.owner}/{self.repo}#{self.number}"

    @property
    def web_url(self) -> str:
        """The host's own page."""
        return f"https://{self.host}"

    def list_path(self, name: str) -> str:
        """Return the REST path of one of the five lists."""
        if name == "issue_comments":
            return f"/repos/{self.owner}/{self.repo}/issues/{self.number}/comments"
        return f"{self.pull_path}/{name}"

    @property
    def pull_path(self) -> str:
        """The REST path of the pull request."""
        return f"/repos/{self.owner}/{self.repo}/pulls/{self.number}"


@dataclass
class Gathered:
    """What has come so far: lists are whole, have pages to come, are absent still, or are refused.

    ``by_graphql`` and ``requests`` say at what price.
    """

    pull: Any
    lists: dict[str, Page | SourceError]
    issues: tuple[dict[str, Any], ...] = ()
    by_graphql: bool = False
    requests: int = 0

    @property
    def absent(self) -> tuple[str, ...]:
        """The lists that nobody was asked for yet."""
        return tuple(name for name in _NAMES if name not in self.lists)


async def settle(*work: Awaitable[T]) -> list[T | SourceError]:
    """Run side by side; return each result, or the ``SourceError`` in its place. Anything else is raised."""
    results = await asyncio.gather(*work, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, SourceError):
            raise result
    return [result for result in results if isinstance(result, SourceError) or not isinstance(result, BaseException)]


async def gather(client: GitHubClient, address: Address) -> Gathered:
    """Return the first round. Raises ``SourceError`` where the pull request itself cannot be read."""
    if not client.authenticated or client.graphql_works is False:
        return await _by_rest(client, address, tuple(_NAMES))
    if client.graphql_works:
        asked, files = await settle(_ask_graphql(client, address), _first(client, address, "files"))
        if isinstance(asked, graphql.Conversation):
            return _from_graphql(asked, files, requests=2)
        return await _by_rest(client, address, tuple(_NAMES))
    # Nobody knows yet whether GraphQL answers here. The pull request by REST beside it spares a round trip if not.
    found, rest = await settle(_ask_graphql(client, address), _by_rest(client, address, ("files",)))
    if isinstance(found, graphql.Conversation):
        beside = rest.lists["files"] if isinstance(rest, Gathered) else rest
        return _from_graphql(found, beside, requests=3)
    if isinstance(rest, Gathered):
        rest.requests += 1
        return rest
    raise rest if isinstance(rest, SourceError) else UnavailableError("GitHub gave no pull request.", "Try again.")


async def finish(client: GitHubClient, address: Address, gathered: Gathered) -> None:
    """Read in the second round what the first one left: absent lists, and further pages. Never raises."""
    missing = {name: client.pages(address.list_path(name), most_pages=_most(name)) for name in gathered.absent}
    partial = {
        name: client.rest(address.list_path(name), page, most_pages=_most(name))
        for name, page in gathered.lists.items()
        if isinstance(page, Page) and (page.more or page.cursor)
    }
    work = {**missing, **partial}
    gathered.lists |= dict(zip(work, await settle(*work.values()), strict=True))


async def _ask_graphql(client: GitHubClient, address: Address) -> graphql.Conversation | None:
    variables = {"owner": address.owner, "name": address.repo, "number": address.number}
    try:
        return graphql.conversation(await client.graphql(graphql.PULL_REQUEST, variables))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _from_graphql(found: graphql.Conversation, files: Any, *, requests: int) -> Gathered:
    """Return what GraphQL gave whole; the rest stays absent, to be read by REST."""
    lists: dict[str, Page | SourceError] = {
        name: Page(tuple(items)) for name, items in found.lists.items() if items is not None
    }
    lists["files"] = files if isinstance(files, (Page, SourceError)) else _MISSING
    gathered = Gathered(found.pull, lists, found.issues, by_graphql=True)
    gathered.requests = requests + len(gathered.absent)
    return gathered


async def _by_rest(client: GitHubClient, address: Address, names: tuple[str, ...]) -> Gathered:
    lists = [asyncio.ensure_future(_first(client, address, name)) for name in names]
    try:
        pull = await client.get_json(address.pull_path)
    except NotFoundError:
        await _drop(lists)
        raise await _not_found(client, address) from None
    except BaseException:
        await _drop(lists)
        raise
    return Gathered(pull, dict(zip(names, await settle(*lists), strict=True)), requests=1 + len(_NAMES))


async def _drop(tasks: Sequence[asyncio.Future[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _not_found(client: GitHubClient, address: Address) -> NotFoundError:
    """Tell an issue from nothing, and nothing from what we may not see: GitHub answers 404 to all three."""
    issue_path = f"/repos/{address.owner}/{address.repo}/issues/{address.number}"
    try:
        issue = await client.get_json(issue_path)
    except SourceError:
        issue = None
    if isinstance(issue, Mapping) and "title" in issue and not issue.get("pull_request"):
        return NotFoundError(f"{address.slug} is an issue, not a pull request.", "Give a pull request's number.")
    if client.authenticated:
        step = "Check the address; if the repository is private, the token needs the right to read its pull requests."
    else:
        step = f"Check the address; if the repository is private: {TOKEN_HINT[0].lower()}{TOKEN_HINT[1:]}."
    return NotFoundError(f"{address.slug} was not found on {address.host}: it does not exist, or it is private.", step)


async def _first(client: GitHubClient, address: Address, name: str) -> Page:
    return await client.first_page(address.list_path(name), most_pages=_most(name))


def _most(name: str) -> int:
    """Return how many pages of a list are read at most."""
    most = {"files": limits.MAX_FILES, "commits": limits.MAX_COMMITS}
    return -(-most[name] // limits.PER_PAGE) if name in most else limits.MAX_COMMENT_PAGES


def assemble(
    gathered: Gathered, address: Address, *, authenticated: bool, diff: str = ""
) -> tuple[PullRequest, Coverage]:
    """Return the models and the coverage; ``diff`` completes the files. Raises where a limit left no file to read."""
    files_page = gathered.lists["files"]
    if isinstance(files_page, RateLimitedError):
        raise files_page
    pull = decode.pull_request(
        gathered.pull,
        owner=address.owner,
        repo=address.repo,
        web_url=address.web_url,
        private_if_unknown=authenticated,
    )
    files = _each(gathered, "files", decode.changed_file)
    pull = pull.model_copy(
        update={
            "files": (with_patches(files, diff) if files else files_of(diff)) if diff else files,
            "commits": _each(gathered, "commits", decode.commit),
            "reviews": _each(gathered, "reviews", decode.review),
            "review_comments": _each(gathered, "comments", decode.review_comment),
            "comments": _each(gathered, "issue_comments", decode.issue_comment),
            "linked_issues": _linked(pull, gathered),
        }
    )
    return pull, _coverage(pull, gathered)


def _each(gathered: Gathered, name: str, translate: Callable[[decode.Item], T | None]) -> tuple[T, ...]:
    page = gathered.lists.get(name, _MISSING)
    return decode.each(page.items, translate) if isinstance(page, Page) else ()


def _linked(pull: PullRequest, gathered: Gathered) -> tuple[LinkedIssue, ...]:
    titled = decode.each(gathered.issues, LinkedIssue.model_validate)
    return tuple({issue.number: issue for issue in (*pull.linked_issues, *titled)}.values())


def _coverage(pull: PullRequest, gathered: Gathered) -> Coverage:
    notes: list[str] = []
    for name, words in _NAMES.items():
        page = gathered.lists.get(name, _MISSING)
        if isinstance(page, SourceError) and not (name == "files" and pull.files):
            notes.append(f"{words} could not be read")
        elif isinstance(page, Page) and not page.complete and name not in {"files", "commits"}:
            notes.append(f"not all of {words} were read")
    conversation = ("reviews", "comments", "issue_comments")
    return _with_files(
        Coverage(
            commits_read=len(pull.commits),
            commits_total=max(pull.commit_count, len(pull.commits)),
            comments_read=len(pull.review_comments) + len(pull.comments),
            conversation_known=all(isinstance(gathered.lists.get(name), Page) for name in conversation),
            notes=(*notes, *_commit_notes(pull)),
        ),
        pull,
    )


def _with_files(coverage: Coverage, pull: PullRequest) -> Coverage:
    """Return the coverage with what became of the files: how many were read, and why others were not."""
    bare = [file for file in pull.files if not is_read(file)]
    total = max(pull.changed_files, len(pull.files))
    notes = list(coverage.notes)
    if bare:
        notes.append(f"GitHub gave no patch for {len(bare)} of {total:,} files")
    if 0 < len(pull.files) < total:
        most = f" (it lists {limits.MAX_FILES:,} at most)" if total > limits.MAX_FILES else ""
        notes.append(f"GitHub listed {len(pull.files):,} of {total:,} files{most}")
    return coverage.model_copy(
        update={"files_read": len(pull.files) - len(bare), "files_total": total, "notes": tuple(notes)}
    )


def is_read(file: ChangedFile) -> bool:
    """Whether all that there is to see of a file is there."""
    return file.patch is not None or file.is_binary


def _commit_notes(pull: PullRequest) -> list[str]:
    if 0 < len(pull.commits) < pull.commit_count:
        most = f" (it lists {limits.MAX_COMMITS} at most)" if pull.commit_count > limits.MAX_COMMITS else ""
        return [f"GitHub listed {len(pull.commits)} of {pull.commit_count} commits{most}"]
    return []
