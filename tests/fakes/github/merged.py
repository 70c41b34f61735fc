"""Lists of merged pull requests: the REST list, the search with its dates, and GraphQL's two ways of both."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

_WINDOW = re.compile(r"merged:(\S+?)\.\.(\S+)")


def merged_routes(pulls: Sequence[dict[str, Any]], slug: str = "acme/soup") -> dict[str, Any]:
    """Return the routes that list these pull requests (in REST's shape), the last updated first."""
    ordered = sorted(pulls, key=lambda pull: str(_updated(pull)), reverse=True)
    listed = [{**pull, "updated_at": _updated(pull)} for pull in ordered]

    def search(seen: Any) -> dict[str, Any]:
        found = in_window(listed, seen.query["q"]) if f"repo:{slug} " in seen.query["q"] else []
        size, page = int(seen.query.get("per_page", 30)), int(seen.query.get("page", 1))
        items = [_item(pull, slug) for pull in found[:1000]]
        return {
            "total_count": len(found),
            "incomplete_results": False,
            "items": items[(page - 1) * size : page * size],
        }

    return {f"/repos/{slug}/pulls": listed, "/search/issues": search, f"/repos/{slug}": {"full_name": slug}}


def in_window(pulls: Sequence[dict[str, Any]], query: str) -> list[dict[str, Any]]:
    """Return the pull requests that the search's ``merged:`` names, bounds included."""
    window = _WINDOW.search(query)
    if window is None:
        return []
    since, until = (datetime.fromisoformat(one) for one in window.groups())
    return [pull for pull in pulls if pull["merged_at"] and since <= _moment(pull["merged_at"]) <= until]


def answer_merged(variables: Mapping[str, Any], routes: Mapping[str, Any]) -> dict[str, Any]:
    """Answer the query of merged pull requests; by its dates where it is a search."""
    slug = f"{variables['owner']}/{variables['name']}"
    pulls = routes.get(f"/repos/{slug}/pulls")
    if pulls is None:
        return {"data": {"repository": None}, "errors": [{"type": "NOT_FOUND", "message": "Could not resolve"}]}
    search = variables.get("search")
    found = in_window(pulls, search) if search else [pull for pull in pulls if pull["merged_at"]]
    start, size = int(variables["after"] or 0), int(variables["size"])
    more = start + size < len(found)
    connection = {
        "issueCount": len(found),
        "pageInfo": {"hasNextPage": more, "endCursor": str(start + size)},
        "nodes": [_node(pull, slug, routes) for pull in found[start : start + size]],
    }
    home = {"nameWithOwner": slug, "isArchived": False}
    if search:
        return {"data": {"repository": home, "search": connection}}
    return {"data": {"repository": {**home, "pullRequests": connection}}}


def _node(pull: Mapping[str, Any], slug: str, routes: Mapping[str, Any]) -> dict[str, Any]:
    user = pull["user"]
    files = routes.get(f"/repos/{slug}/pulls/{pull['number']}/files") or ()
    commits = routes.get(f"/repos/{slug}/pulls/{pull['number']}/commits") or ()
    return {
        "number": pull["number"],
        "title": pull["title"],
        "url": pull["html_url"],
        "createdAt": pull["created_at"],
        "mergedAt": pull["merged_at"],
        "updatedAt": pull["updated_at"],
        "additions": pull.get("additions"),
        "deletions": pull.get("deletions"),
        "changedFiles": pull.get("changed_files"),
        "author": {"__typename": user["type"], "login": user["login"].removesuffix("[bot]")} if user else None,
        "labels": {"nodes": pull.get("labels") or []},
        "commits": {
            "totalCount": pull.get("commits", 1),
            "nodes": [{"commit": {"messageHeadline": one["commit"]["message"].split("\n")[0]}} for one in commits],
        },
        "reviews": {"totalCount": pull.get("reviews", 0)},
        "comments": {"totalCount": pull.get("comments", 0)},
        "files": {"nodes": [{"path": one["filename"]} for one in files[:10]]},
    }


def _item(pull: Mapping[str, Any], slug: str) -> dict[str, Any]:
    kept = ("number", "title", "body", "user", "html_url", "created_at", "closed_at", "updated_at", "labels")
    return {
        **{name: pull.get(name) for name in kept},
        "comments": pull.get("comments", 0),
        "pull_request": {"merged_at": pull["merged_at"], "url": pull.get("url", "")},
        "repository_url": f"https://api.github.com/repos/{slug}",
    }


def _updated(pull: Mapping[str, Any]) -> str:
    return str(pull.get("updated_at") or pull["merged_at"] or pull["closed_at"] or pull["created_at"])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
