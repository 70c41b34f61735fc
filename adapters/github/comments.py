"""Remarks on pull requests: looked for, and put there. The only thing that this bot ever writes to GitHub."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.github import limits
from adapters.github.client import GitHubClient


class GitHubComments:
    """Implements ``bot.webhooks.Comments`` with the token of ``client``."""

    def __init__(self, client: GitHubClient) -> None:
        self._client = client

    async def find(self, repository: str, number: int, marker: str) -> bool:
        """Look through the conversation. Raises ``SourceError``."""
        path = f"/repos/{repository}/issues/{number}/comments"
        page = await self._client.pages(path, most_pages=limits.MAX_COMMENT_PAGES)
        return any(marker in str(item.get("body")) for item in page.items if isinstance(item, Mapping))

    async def post(self, repository: str, number: int, body: str) -> None:
        """Put a remark there, asked once. Raises ``SourceError``."""
        await self._client.post_json(f"/repos/{repository}/issues/{number}/comments", {"body": body})
