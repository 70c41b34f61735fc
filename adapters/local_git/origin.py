"""Where a clone came from, as far as its remotes say so for certain. Reading an address is not obeying it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from adapters.local_git.git import Git

_SCP = re.compile(r"^(?:[\w.-]+@)?([\w.-]+):(?!//)(.+)$")
_NAME = re.compile(r"^[A-Za-z0-9._-]{1,100}$")
_FIRST = ("upstream", "origin")
_SAYS_NOTHING = {"repo", "repository", "mirror", "git", "clone"}


@dataclass(frozen=True, slots=True)
class Origin:
    """A repository's name and page. Without a certain host, ``owner`` and ``url`` are empty."""

    owner: str
    repo: str
    url: str = ""

    def pull_url(self, number: int) -> str:
        """Return a pull request's page, or nothing."""
        return f"{self.url}/pull/{number}" if self.url and number else ""

    @property
    def commit_page(self) -> str:
        """The URL that a sha is put behind, or nothing."""
        return f"{self.url}/commit/" if self.url else ""


async def origin_of(git: Git, git_dir: Path) -> Mapping[str, Origin]:
    """Return the origin by remote name; under the empty name the one that pull requests are numbered by.

    That is ``upstream`` where there is one (a fork's clone), else ``origin``, else the only remote.
    """
    outcome = await git.run("config", "--local", "-z", "--get-regexp", r"^remote\..*\.url$")
    found: dict[str, Origin] = {}
    for row in outcome.out.decode("utf-8", "replace").split("\0"):
        key, _, address = row.partition("\n")
        origin = from_address(address)
        if origin is not None:
            found[key.removeprefix("remote.").removesuffix(".url")] = origin
    first = next((found[name] for name in _FIRST if name in found), None)
    only = next(iter(found.values())) if len(found) == 1 else None
    return {**found, "": first or only or Origin("", _folder_name(git_dir))}


def from_address(address: str) -> Origin | None:
    """Return what a remote's address names on GitHub or an Enterprise server; credentials in it are dropped."""
    scp = None if "://" in address else _SCP.match(address)
    try:
        parts = urlsplit(address)
        host, path = (scp[1], scp[2]) if scp else (parts.hostname or "", parts.path)
    except ValueError:
        return None
    names = path.strip("/").removesuffix(".git").split("/")
    host = host.lower().removeprefix("ssh.").removeprefix("www.")
    if "github" not in host or len(names) != 2 or not all(_NAME.match(name) for name in names):
        return None
    return Origin(names[0], names[1], f"https://{host}/{names[0]}/{names[1]}")


def _folder_name(git_dir: Path) -> str:
    """Return the first folder name, from the inside out, that says something."""
    names = [name.removesuffix(".git") for name in (git_dir.name, git_dir.parent.name, git_dir.parent.parent.name)]
    return next((name for name in names if name and name not in _SAYS_NOTHING), names[0] or "repository")
