"""Remarks on pull requests: looked for, and put there. The only thing that this bot ever writes to GitHub."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.github import limits
from adapters.github.client import GitHubClient
from bot.errors import NotFoundError


class GitHubComments:
    """Implements ``bot.webhooks.Comments`` with the token of ``client``."""

    def __init__(self, client: GitHubClient) -> None:
        self._client = client

    async def find(self, repository: str, number: int, marker: str) -> str:
        """Look through the conversation; return the remark's id, or nothing. Raises ``SourceError``."""
        path = f"/repos/{repository}/issues/{number}/comments"
        page = await self._client.pages(path, most_pages=limits.MAX_COMMENT_PAGES)
        found = (item for item in page.items if isinstance(item, Mapping) and marker in str(item.get("body")))
        return next((str(item["id"]) for item in found if "id" in item), "")

    async def post(self, repository: str, number: int, body: str) -> str:
        """Put a remark there, asked once; return its id. Raises ``SourceError``."""
        made = await self._client.post_json(f"/repos/{repository}/issues/{number}/comments", {"body": body})
        return str(made.get("id") or "") if isinstance(made, Mapping) else ""

    async def edit(self, repository: str, remark: str, body: str) -> None:
        """Put other words into a remark of ours; one that is gone is no matter. Raises ``SourceError``."""
        try:
            await self._client.patch_json(f"/repos/{repository}/issues/comments/{remark}", {"body": body})
        except NotFoundError:
            return
