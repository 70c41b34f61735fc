"""A folder of Markdown posts in a repository on GitHub: what was committed to it in a window, read by its own dates.

The folder is asked for what changed, not listed: a blog of years costs no more than one of weeks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import unquote, urlsplit

from adapters.github.client import RAW, GitHubClient
from adapters.github.contents import contents_path, text_of
from bot.errors import NotFoundError, UnavailableError
from bot.feeds import Published
from bot.front_matter import post_of

_FOLDER = re.compile(r"^/([^/]+)/([^/]+)/tree/([^/]+)/(.+?)/?$")
_SUFFIXES = (".md", ".mdx", ".markdown")
_SLACK = timedelta(days=21)  # a post may be committed some while before or after the day it bears
_MOST_COMMITS, _MOST_POSTS = 20, 20


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of a repository at a branch."""

    owner: str
    repo: str
    branch: str
    path: str


def folder_of(address: str, host: str) -> Folder | None:
    """Return the folder in ``https://github.com/owner/repo/tree/main/content/posts``, nothing for any other address."""
    parts = urlsplit(address)
    found = _FOLDER.match(unquote(parts.path)) if (parts.hostname or "").lower() == host else None
    return Folder(*found.groups()) if found and ".." not in found[4].split("/") else None


async def latest_post(client: GitHubClient, folder: Folder, since: datetime, until: datetime) -> Published | None:
    """Return the newest post dated within the window. Raises ``SourceError``."""
    home = f"/repos/{folder.owner}/{folder.repo}"
    query = {
        "path": folder.path,
        "sha": folder.branch,
        "since": f"{since - _SLACK:%Y-%m-%dT%H:%M:%SZ}",
        "per_page": str(_MOST_COMMITS),
    }
    commits = await client.get_json(f"{home}/commits", query)
    if not isinstance(commits, list):
        raise UnavailableError("GitHub's log gave nothing that can be read.", "Try again later.")
    paths: dict[str, None] = {}
    for commit in commits:
        told = await client.get_json(f"{home}/commits/{commit['sha']}") if isinstance(commit, Mapping) else {}
        for file in told.get("files") or ():
            name = str(file.get("filename"))
            if name.startswith(f"{folder.path}/") and name.endswith(_SUFFIXES) and file.get("status") != "removed":
                paths[name] = None
    found = [await _post(client, folder, path) for path in list(paths)[:_MOST_POSTS]]
    inside = [post for post in found if post is not None and since <= post.at < until]
    return max(inside, key=lambda post: post.at, default=None)


async def _post(client: GitHubClient, folder: Folder, path: str) -> Published | None:
    try:
        where = contents_path(folder.owner, folder.repo, path)
        text = text_of(await client.get(where, accept=RAW, params={"ref": folder.branch}))
    except NotFoundError:
        return None
    return post_of(text or "", path)


class GitHubPosts:
    """A ``bot.feeds.Feeds`` over folders of posts on the host of ``client``."""

    def __init__(self, client: GitHubClient, host: str) -> None:
        self._client, self._host = client, host

    def reads(self, address: str) -> bool:
        """Whether the address is a folder on this host."""
        return folder_of(address, self._host) is not None

    async def latest(self, address: str, since: datetime, until: datetime) -> Published | None:
        """Return the newest post of the window. Raises ``SourceError``."""
        folder = folder_of(address, self._host)
        if folder is None:
            raise NotFoundError(
                "That is no folder of a repository.", "It goes https://HOST/owner/repo/tree/branch/folder."
            )
        return await latest_post(self._client, folder, since, until)

    async def private_home(self, address: str) -> str:
        """See ``Feeds``. What does not say that it is open counts as private."""
        folder = folder_of(address, self._host)
        if folder is None:
            return ""
        named = f"{folder.owner}/{folder.repo}"
        told = await self._client.get_json(f"/repos/{named}")
        told = told if isinstance(told, Mapping) else {}
        return "" if told.get("private") is False else str(told.get("full_name") or named)

    async def aclose(self) -> None:
        """Leave the connections to the source whose they are."""
