"""A git repository to push posts to, without a work tree: nothing of it is checked out, no hook or filter runs (law 6).

Files are read and written as objects; git is called with fixed arguments and no shell.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.display import cut
from bot.errors import RoastBotError

_SAFE = (
    *(
        "-c",
        "core.hooksPath=/dev/null",
        "-c",
        "core.fsmonitor=false",
        "-c",
        "gc.auto=0",
        "-c",
        "maintenance.auto=false",
    ),
    *("-c", "protocol.allow=never", "-c", "protocol.https.allow=always", "-c", "protocol.ssh.allow=always"),
    *("-c", "protocol.file.allow=always", "-c", "submodule.recurse=false", "-c", "push.recurseSubmodules=no"),
    *("-c", "push.gpgSign=false", "-c", "commit.gpgSign=false", "-c", "credential.interactive=false"),
)
_KEPT = ("PATH", "HOME", "SSH_AUTH_SOCK", "XDG_CONFIG_HOME", "LANG", "SYSTEMROOT")
_NOBODY = {
    "GIT_AUTHOR_NAME": "roast-bot",
    "GIT_AUTHOR_EMAIL": "roast-bot@localhost",
    "GIT_COMMITTER_NAME": "roast-bot",
    "GIT_COMMITTER_EMAIL": "roast-bot@localhost",
}
_LONGEST_FILE = 400_000
_USER_INFO = re.compile(r"(\w+://)[^\s/]*@")


def without_credentials(text: str) -> str:
    """Return a text with what stands before the host taken out of every address in it."""
    return _USER_INFO.sub(r"\1", text)


@dataclass(frozen=True, slots=True)
class GitTarget:
    """Where to push: an address, a folder in it, and a branch (none: straight to the default one)."""

    address: str
    folder: str
    branch: str = ""
    seconds: float = 120.0

    @property
    def words(self) -> str:
        """The target in words."""
        return f"{self.shown} ({self.branch or 'its default branch'})"

    @property
    def shown(self) -> str:
        """The address as it may be printed: without what may be a token before the host."""
        return without_credentials(self.address)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Repository]:
        """Fetch what is needed into a folder of its own, and forget it at the end."""
        with tempfile.TemporaryDirectory(prefix="roast-bot-export-") as place:
            repository = Repository(self, Path(place))
            await repository.fetch()
            yield repository


class Repository:
    """The newest state of the target, as objects."""

    def __init__(self, target: GitTarget, place: Path) -> None:
        self._target, self._place = target, place
        self._branch = ""

    async def fetch(self) -> None:
        """Fetch the branch, or the default one where it is not there yet. Raises ``RoastBotError``."""
        await self._git("init", "--quiet", "--bare", "--template=", str(self._place))
        heads = (await self._git("ls-remote", "--symref", "--", self._target.address)).decode("utf-8", "replace")
        default = next((line.split()[1] for line in heads.splitlines() if line.startswith("ref: ")), "")
        wanted = f"refs/heads/{self._target.branch}" if self._target.branch else default
        known = {line.split("\t")[-1] for line in heads.splitlines()}
        start = wanted if wanted in known else default
        if not start or start not in known:
            raise RoastBotError(
                f"{self._target.shown} has no commit yet.", "Push a first one, so that there is a log to add to."
            )
        self._branch = wanted or default
        await self._git("fetch", "--quiet", "--depth=1", "--no-tags", "--", self._target.address, f"+{start}:refs/base")

    async def existing(self) -> dict[str, bytes]:
        """Return the Markdown files directly in the folder, by name."""
        listed = await self._git("ls-tree", "-z", "-l", "refs/base", "--", f"{self._target.folder}/")
        found: dict[str, bytes] = {}
        for row in listed.decode("utf-8", "surrogateescape").split("\0"):
            head, _, path = row.partition("\t")
            parts = head.split()
            if len(parts) == 4 and parts[0] == "100644" and path.endswith(".md") and int(parts[3]) <= _LONGEST_FILE:
                found[path.rpartition("/")[2]] = await self._git("cat-file", "blob", parts[2])
        return found

    async def push(self, changes: Mapping[str, bytes | None], message: str) -> str:
        """Commit the changes and push them; return where to, in words. Raises ``RoastBotError``."""
        await self._git("read-tree", "refs/base")
        lines = []
        for name, body in changes.items():
            path = f"{self._target.folder}/{name}"
            if body is None:
                lines.append(f"0 {'0' * 40}\t{path}")
            else:
                blob = await self._git("hash-object", "-w", "--stdin", "--no-filters", given=body)
                lines.append(f"100644 {blob.decode().strip()}\t{path}")
        await self._git("update-index", "-z", "--index-info", given="".join(f"{one}\0" for one in lines).encode())
        tree = (await self._git("write-tree")).decode().strip()
        commit = (await self._git("commit-tree", tree, "-p", "refs/base", "-m", message)).decode().strip()
        await self._git("push", "--quiet", "--", self._target.address, f"{commit}:{self._branch}")
        return f"{self._target.shown} ({self._branch.removeprefix('refs/heads/')}, {commit[:9]})"

    async def _git(self, *words: str, given: bytes = b"") -> bytes:
        env = {name: os.environ[name] for name in _KEPT if name in os.environ}
        env |= {**_NOBODY, "GIT_DIR": str(self._place), "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true"}
        env["GIT_SSH_COMMAND"] = "ssh -oBatchMode=yes"
        try:
            process = await asyncio.create_subprocess_exec(
                "git", *_SAFE, *words, env=env,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
        except FileNotFoundError:
            raise RoastBotError("git is not installed.", "Install it, or export to a folder.") from None
        try:
            async with asyncio.timeout(self._target.seconds):
                out, err = await process.communicate(given)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise RoastBotError(f"git {words[0]} took longer than {self._target.seconds:g} s.", "Try again.") from None
        if process.returncode:
            said = cut(without_credentials(err.decode("utf-8", "replace")), 200) or "it gave no reason"
            raise RoastBotError(f"git {words[0]} failed: {said}.", "Check export.repository and who may push there.")
        return out
