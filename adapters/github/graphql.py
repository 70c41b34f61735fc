"""The three GraphQL queries, and their answers put into the shape of the REST ones. Pure.

One query carries all but the patches; so the same decoding serves both ways of asking.
https://docs.github.com/en/graphql/reference/objects#pullrequest
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.github import decode, limits
from adapters.github.follow_ups import Candidate

Node = Mapping[str, Any]

PULL_REQUEST = """
query PullRequest($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    nameWithOwner isPrivate
    defaultBranchRef { name }
    pullRequest(number: $number) {
      number title body url state isDraft merged authorAssociation
      createdAt mergedAt closedAt
      author { __typename login }
      mergedBy { __typename login }
      baseRefName baseRefOid headRefName headRefOid
      mergeCommit { oid }
      additions deletions changedFiles
      labels(first: 50) { nodes { name } }
      closingIssuesReferences(first: 20) { nodes { number title url repository { nameWithOwner } } }
      commits(first: 100) {
        totalCount pageInfo { hasNextPage }
        nodes { commit {
          oid message url authoredDate committedDate
          author { name email user { login } }
          parents(first: 5) { nodes { oid } }
        } }
      }
      reviews(first: 100) {
        totalCount pageInfo { hasNextPage }
        nodes { fullDatabaseId author { __typename login } state body submittedAt url commit { oid } }
      }
      reviewThreads(first: 100) {
        totalCount pageInfo { hasNextPage }
        nodes { comments(first: 50) {
          pageInfo { hasNextPage }
          nodes {
            fullDatabaseId author { __typename login } body path line originalLine createdAt url state
            replyTo { fullDatabaseId } commit { oid } pullRequestReview { fullDatabaseId }
          }
        } }
      }
      comments(first: 100) {
        totalCount pageInfo { hasNextPage }
        nodes { fullDatabaseId author { __typename login } body createdAt url }
      }
    }
  }
}
"""

FOLLOW_UPS = """
query FollowUps($search: String!) {
  search(query: $search, type: ISSUE, first: 100) {
    issueCount
    nodes { ... on PullRequest {
      number title body url mergedAt
      author { __typename login }
      mergeCommit { oid }
      files(first: 50) { nodes { path } }
    } }
  }
}
"""


@dataclass(frozen=True)
class Conversation:
    """The pull request and its lists in REST's shape; a list that is ``None`` has to be read by REST."""

    pull: dict[str, Any]
    lists: Mapping[str, list[dict[str, Any]] | None]
    issues: tuple[dict[str, Any], ...] = field(default_factory=tuple)


def blobs_query(count: int) -> str:
    """Return a query for ``count`` whole files, each by a variable ``$e0``, ``$e1``… such as ``sha:path``."""
    variables = ", ".join(f"$e{index}: String!" for index in range(count))
    fields = "\n".join(
        f"    f{index}: object(expression: $e{index}) {{ ... on Blob {{ text isTruncated byteSize }} }}"
        for index in range(count)
    )
    return (
        f"query Blobs($owner: String!, $name: String!, {variables}) {{\n"
        f"  repository(owner: $owner, name: $name) {{\n{fields}\n  }}\n}}\n"
    )


def blobs(data: Node, paths: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return the texts by path, and the paths that were cut and are to be read by REST. Binaries are in neither."""
    repository = data.get("repository") or {}
    texts: dict[str, str] = {}
    cut: list[str] = []
    for index, path in enumerate(paths):
        blob = repository.get(f"f{index}") or {}
        if decode.count(blob.get("byteSize")) > limits.MAX_WHOLE_FILE_BYTES:
            continue
        if blob.get("isTruncated"):
            cut.append(path)
        elif isinstance(blob.get("text"), str):
            texts[path] = blob["text"]
    return texts, cut


def conversation(data: Node) -> Conversation | None:
    """Return what the main query found, or ``None`` where there is no pull request in it."""
    repository = data.get("repository") or {}
    pull = repository.get("pullRequest")
    if not isinstance(pull, Mapping) or not isinstance(pull.get("number"), int):
        return None
    if not isinstance(pull.get("title"), str) or not isinstance(pull.get("headRefOid"), str):
        return None
    return Conversation(
        _pull(pull, repository),
        {
            "commits": _listed(pull, "commits", _commit),
            "reviews": _listed(pull, "reviews", _review),
            "comments": _threads(pull),
            "issue_comments": _listed(pull, "comments", _issue_comment),
        },
        tuple(_issues(pull, str(repository.get("nameWithOwner") or ""))),
    )


def candidates(data: Node) -> tuple[tuple[Candidate, ...], int]:
    """Return the candidates of a search, and how many there are in all."""
    found = data.get("search") or {}
    return decode.each(found.get("nodes") or (), _candidate), decode.count(found.get("issueCount"))


def _candidate(node: Node) -> Candidate | None:
    merged_at = decode.moment(node.get("mergedAt"))
    if merged_at is None:
        return None
    files = (node.get("files") or {}).get("nodes") or ()
    return Candidate(
        title=str(node["title"]),
        merged_at=merged_at,
        number=int(node["number"]),
        sha=str((node.get("mergeCommit") or {}).get("oid") or ""),
        body=decode.text(node.get("body")),
        user=decode.user(account(node.get("author"))),
        url=decode.web(node.get("url")),
        paths=frozenset(str(file["path"]) for file in files if file),
    )


def account(actor: Any) -> dict[str, str] | None:
    """Return an account as REST would: there a bot's login ends in ``[bot]``, here it does not."""
    if not isinstance(actor, Mapping) or not actor.get("login"):
        return None
    login, is_bot = str(actor["login"]), actor.get("__typename") == "Bot"
    if is_bot and not login.endswith("[bot]"):
        login += "[bot]"
    return {"login": login, "type": "Bot" if is_bot else "User"}


def _pull(pull: Node, repository: Node) -> dict[str, Any]:
    home: dict[str, Any] = {
        "full_name": repository.get("nameWithOwner"),
        "default_branch": (repository.get("defaultBranchRef") or {}).get("name"),
    }
    if isinstance(repository.get("isPrivate"), bool):
        home["private"] = repository["isPrivate"]
    labels = (pull.get("labels") or {}).get("nodes") or ()
    return {
        "number": pull.get("number"),
        "title": pull.get("title"),
        "body": pull.get("body"),
        "html_url": pull.get("url"),
        "state": "open" if pull.get("state") == "OPEN" else "closed",
        "draft": pull.get("isDraft"),
        "merged": pull.get("merged"),
        "author_association": pull.get("authorAssociation"),
        "created_at": pull.get("createdAt"),
        "merged_at": pull.get("mergedAt"),
        "closed_at": pull.get("closedAt"),
        "user": account(pull.get("author")),
        "merged_by": account(pull.get("mergedBy")),
        "base": {"ref": pull.get("baseRefName"), "sha": pull.get("baseRefOid"), "repo": home},
        "head": {"ref": pull.get("headRefName"), "sha": pull.get("headRefOid")},
        "merge_commit_sha": (pull.get("mergeCommit") or {}).get("oid"),
        "additions": pull.get("additions"),
        "deletions": pull.get("deletions"),
        "changed_files": pull.get("changedFiles"),
        "commits": (pull.get("commits") or {}).get("totalCount"),
        "labels": [label for label in labels if label],
    }


def _listed(pull: Node, name: str, translate: Any) -> list[dict[str, Any]] | None:
    """Return a connection's items, or ``None`` where it is missing or goes on beyond the first page."""
    connection = pull.get(name)
    if not isinstance(connection, Mapping) or not isinstance(connection.get("nodes"), list):
        return None
    if (connection.get("pageInfo") or {}).get("hasNextPage"):
        return None
    return [translate(node) for node in connection["nodes"] if isinstance(node, Mapping)]


def _threads(pull: Node) -> list[dict[str, Any]] | None:
    threads = _listed(pull, "reviewThreads", lambda node: {"comments": _listed(node, "comments", _review_comment)})
    if threads is None or any(thread["comments"] is None for thread in threads):
        return None
    found = [comment for thread in threads for comment in thread["comments"] if not comment["pending"]]
    return sorted(found, key=lambda comment: (str(comment["created_at"]), str(comment["id"])))


def _id(node: Any) -> int | None:
    """Return an id: a string here, since those of remarks no longer fit GraphQL's 32 bits."""
    value = node.get("fullDatabaseId") if isinstance(node, Mapping) else None
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else None


def _commit(node: Node) -> dict[str, Any]:
    commit = node.get("commit") or {}
    author = commit.get("author") or {}
    return {
        "sha": commit.get("oid"),
        "html_url": commit.get("url"),
        "commit": {
            "message": commit.get("message"),
            "author": {
                "name": author.get("name"),
                "email": author.get("email"),
                "date": commit.get("authoredDate"),
            },
            "committer": {"date": commit.get("committedDate")},
        },
        "author": author.get("user"),
        "parents": [{"sha": parent["oid"]} for parent in (commit.get("parents") or {}).get("nodes") or () if parent],
    }


def _review(node: Node) -> dict[str, Any]:
    return {
        "id": _id(node),
        "user": account(node.get("author")),
        "state": node.get("state"),
        "body": node.get("body"),
        "submitted_at": node.get("submittedAt"),
        "commit_id": (node.get("commit") or {}).get("oid"),
        "html_url": node.get("url"),
    }


def _review_comment(node: Node) -> dict[str, Any]:
    return {
        "id": _id(node),
        "user": account(node.get("author")),
        "body": node.get("body"),
        "path": node.get("path"),
        "line": node.get("line"),
        "original_line": node.get("originalLine"),
        "in_reply_to_id": _id(node.get("replyTo")),
        "created_at": node.get("createdAt"),
        "commit_id": (node.get("commit") or {}).get("oid"),
        "pull_request_review_id": _id(node.get("pullRequestReview")),
        "html_url": node.get("url"),
        # A pending remark is its writer's own draft: only the token's owner can see it.
        "pending": node.get("state") == "PENDING",
    }


def _issue_comment(node: Node) -> dict[str, Any]:
    return {
        "id": _id(node),
        "user": account(node.get("author")),
        "body": node.get("body"),
        "created_at": node.get("createdAt"),
        "html_url": node.get("url"),
    }


def _issues(pull: Node, slug: str) -> list[dict[str, Any]]:
    nodes = (pull.get("closingIssuesReferences") or {}).get("nodes") or ()
    return [
        {"number": node["number"], "title": decode.text(node.get("title")), "url": decode.web(node.get("url"))}
        for node in nodes
        if node and (node.get("repository") or {}).get("nameWithOwner", slug) == slug
    ]
