"""Answers to the adapter's GraphQL queries, told from the stand-in's REST routes.

No engine: the query is known by its name, and the answer holds every field that the real schema would give.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fakes.github.merged import answer_merged

_PAGE = 100


def answer_graphql(query: str, variables: Mapping[str, Any], routes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole answer: ``data``, and ``errors`` where nothing was found."""
    name = re.match(r"\s*query (\w+)", query)
    answers = {
        "PullRequest": _pull_request,
        "FollowUps": _follow_ups,
        "Blobs": _blobs,
        "Merged": answer_merged,
        "MergedSearch": answer_merged,
    }
    if name is None or name[1] not in answers:
        return {"errors": [{"message": "unknown query"}]}
    return answers[name[1]](variables, routes)


def _pull_request(variables: Mapping[str, Any], routes: Mapping[str, Any]) -> dict[str, Any]:
    home = f"/repos/{variables['owner']}/{variables['name']}"
    here = f"{home}/pulls/{variables['number']}"
    pull = routes.get(here)
    if pull is None:
        missing = {"type": "NOT_FOUND", "path": ["repository", "pullRequest"], "message": "Could not resolve"}
        return {"data": {"repository": None}, "errors": [missing]}
    base = pull["base"]
    node = {
        "number": pull["number"],
        "title": pull["title"],
        "body": pull["body"] or "",
        "url": pull["html_url"],
        "state": "MERGED" if pull["merged"] else pull["state"].upper(),
        "isDraft": pull["draft"],
        "merged": pull["merged"],
        "authorAssociation": pull["author_association"],
        "createdAt": pull["created_at"],
        "mergedAt": pull["merged_at"],
        "closedAt": pull["closed_at"],
        "author": _actor(pull["user"]),
        "mergedBy": _actor(pull["merged_by"]),
        "baseRefName": base["ref"],
        "baseRefOid": base["sha"],
        "headRefName": pull["head"]["ref"],
        "headRefOid": pull["head"]["sha"],
        "mergeCommit": {"oid": pull["merge_commit_sha"]} if pull["merge_commit_sha"] else None,
        "additions": pull["additions"],
        "deletions": pull["deletions"],
        "changedFiles": pull["changed_files"],
        "labels": {"nodes": pull["labels"]},
        "closingIssuesReferences": {"nodes": []},
        "commits": _connection(routes[f"{here}/commits"], _commit),
        "reviews": _connection(routes[f"{here}/reviews"], _review),
        "reviewThreads": _connection(routes[f"{here}/comments"], _thread),
        "comments": _connection(routes[f"{home}/issues/{variables['number']}/comments"], _comment),
    }
    repository = {
        "nameWithOwner": base["repo"]["full_name"],
        "isPrivate": base["repo"]["private"],
        "defaultBranchRef": {"name": base["repo"]["default_branch"]},
        "pullRequest": node,
    }
    return {"data": {"repository": repository}}


def _follow_ups(variables: Mapping[str, Any], routes: Mapping[str, Any]) -> dict[str, Any]:
    items = (routes.get("/search/issues") or {"items": []})["items"]
    nodes = []
    for item in items:
        path = next(name for name in routes if name.endswith(f"/pulls/{item['number']}/files"))
        nodes.append(
            {
                "number": item["number"],
                "title": item["title"],
                "body": item["body"] or "",
                "url": item["html_url"],
                "mergedAt": item["pull_request"]["merged_at"],
                "author": _actor(item["user"]),
                "mergeCommit": None,
                "files": {"nodes": [{"path": file["filename"]} for file in routes[path][:50]]},
            }
        )
    return {"data": {"search": {"issueCount": len(nodes), "nodes": nodes}}}


def _blobs(variables: Mapping[str, Any], routes: Mapping[str, Any]) -> dict[str, Any]:
    home = f"/repos/{variables['owner']}/{variables['name']}/contents/"
    found: dict[str, Any] = {}
    for name, expression in variables.items():
        if re.fullmatch(r"e\d+", name):
            raw = routes.get(home + expression.partition(":")[2])
            text = raw.decode() if isinstance(raw, bytes) else None
            blob = {"text": text, "isTruncated": False, "byteSize": len(raw)} if raw is not None else None
            found["f" + name[1:]] = blob
    return {"data": {"repository": found}}


def _connection(items: list[Any], translate: Any) -> dict[str, Any]:
    return {
        "totalCount": len(items),
        "pageInfo": {"hasNextPage": len(items) > _PAGE},
        "nodes": [translate(item) for item in items[:_PAGE]],
    }


def _actor(account: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if account is None:
        return None
    return {"__typename": account["type"], "login": account["login"].removesuffix("[bot]")}


def _commit(item: Mapping[str, Any]) -> dict[str, Any]:
    told = item["commit"]
    return {
        "commit": {
            "oid": item["sha"],
            "message": told["message"],
            "url": item["html_url"],
            "authoredDate": told["author"]["date"],
            "committedDate": told["committer"]["date"],
            "author": {
                "name": told["author"]["name"],
                "email": told["author"]["email"],
                "user": {"login": item["author"]["login"]} if item["author"] else None,
            },
            "parents": {"nodes": [{"oid": parent["sha"]} for parent in item["parents"]]},
        }
    }


def _review(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "fullDatabaseId": str(item["id"]),
        "author": _actor(item["user"]),
        "state": item["state"],
        "body": item["body"],
        "submittedAt": item["submitted_at"],
        "url": item["html_url"],
        "commit": {"oid": item["commit_id"]},
    }


def _thread(item: Mapping[str, Any]) -> dict[str, Any]:
    reply_to = item.get("in_reply_to_id")
    comment = {
        **_comment(item),
        "path": item["path"],
        "line": item["line"],
        "originalLine": item["original_line"],
        "state": "SUBMITTED",
        "replyTo": {"fullDatabaseId": str(reply_to)} if reply_to else None,
        "commit": {"oid": item["commit_id"]},
        "pullRequestReview": {"fullDatabaseId": str(item["pull_request_review_id"])},
    }
    return {"comments": {"pageInfo": {"hasNextPage": False}, "nodes": [comment]}}


def _comment(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "fullDatabaseId": str(item["id"]),
        "author": _actor(item["user"]),
        "body": item["body"],
        "createdAt": item["created_at"],
        "url": item["html_url"],
    }
