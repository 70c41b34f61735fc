"""The only place where the ``git`` program runs: fixed arguments, no shell, nothing of a repository obeyed.

A clone is somebody's data. Its configuration can name programs (``diff.external``, ``core.fsmonitor``, textconv and
signature programs, hooks, transports), so each of them is switched off here by the command line and the environment,
both of which win over a repository's own configuration: https://git-scm.com/docs/git#_environment_variables
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.local_git import limits
from bot.errors import RepositoryError, UnavailableError

_SETTINGS = (
    # A clone owned by somebody else is refused by git because its configuration could run programs. We only read,
    # and all that could run is switched off below, so the owner does not matter to us.
    "safe.directory=*",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.attributesFile=/dev/null",
    "core.quotePath=false",
    "core.pager=cat",
    "core.askPass=",
    "core.alternateRefsCommand=",
    f"core.bigFileThreshold={limits.BIG_FILE}",
    "credential.helper=",
    "protocol.allow=never",
    "log.showSignature=false",
    "log.mailmap=false",
    "log.follow=false",
    "gpg.program=false",
    "gpg.ssh.program=false",
    "gpg.x509.program=false",
    "diff.external=",
    "diff.suppressBlankEmpty=false",
    "diff.renameLimit=2000",
)
_FIXED = (
    "--no-pager",
    "--no-optional-locks",
    *(part for setting in _SETTINGS for part in ("-c", setting)),
)
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # wins over protocol.<name>.allow, which a repository may set
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "GIT_SSH_COMMAND": "false",
    "GIT_EXTERNAL_DIFF": "",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}
_INHERITED = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP")
_NOT_HERE = ("unable to read", "bad object", "missing", "promisor", "lazy fetch", "could not fetch", "not our ref")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a git process ended. ``cut`` says that the reader stopped it because it had enough."""

    status: int
    out: bytes
    err: str
    cut: bool = False

    @property
    def ok(self) -> bool:
        """Whether git succeeded, or was stopped by us in mid-sentence."""
        return self.status == 0 or self.cut

    @property
    def lacks_objects(self) -> bool:
        """Whether git failed because the clone does not hold something (it is shallow, partial or damaged)."""
        return not self.ok and any(phrase in self.err.lower() for phrase in _NOT_HERE)


class Git:
    """Runs git on one repository. ``git_dir`` is its own folder (``.git``, or a bare mirror), absolute."""

    def __init__(self, git_dir: Path | None, folder: Path, *, seconds: float = limits.GIT_SECONDS) -> None:
        self.folder = folder
        self._seconds = seconds
        self._directory = git_dir or folder
        self._environment = {**_inherited(), **_ENVIRONMENT}
        if git_dir is not None:
            # The work tree is pointed away from the checked-out files: a pull request's own .gitattributes
            # would otherwise decide what git shows of it.
            self._environment |= {
                "GIT_DIR": str(git_dir),
                "GIT_WORK_TREE": str(git_dir),
                "GIT_INDEX_FILE": str(git_dir / "roast-bot-reads-no-index"),
            }

    async def read(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """Return what git prints. Raises ``RepositoryError`` with git's own words where it fails."""
        outcome = await self.run(*arguments, stdin=stdin)
        if not outcome.ok:
            raise self.explain(outcome, arguments[0])
        return outcome.out

    async def run(self, *arguments: str, stdin: bytes = b"", sink: Callable[[bytes], bool] | None = None) -> Outcome:
        """Run git to its end, and leave no process behind whatever happens.

        ``sink`` takes the output piece by piece and returns false when it has enough; without one the output is
        kept, up to ``limits.ANSWER_BYTES``. Raises ``RepositoryError`` where git is not installed and
        ``UnavailableError`` when it takes too long.
        """
        kept = bytearray()
        process = await self._start(arguments)
        feeding, complaint = asyncio.create_task(_feed(process, stdin)), asyncio.create_task(_first_words(process))
        try:
            async with asyncio.timeout(self._seconds):
                cut = not await _drain(process, sink or _keeper(kept))
                if cut:
                    _kill(process)
                err = await complaint
                status = await process.wait()
        except TimeoutError:
            raise UnavailableError(
                f"git {arguments[0]} took longer than {self._seconds:.0f} seconds in {self.folder.name}.",
                "Try again, or run git gc in that clone first.",
            ) from None
        finally:
            await _reap(process, feeding, complaint)
        return Outcome(status, bytes(kept), err, cut)

    async def _start(self, arguments: tuple[str, ...]) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        try:
            return await asyncio.create_subprocess_exec(
                _program(),
                *_FIXED,
                *arguments,
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                cwd=self._directory,
                env=self._environment,
            )
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise RepositoryError(
                f"git could not be started in {self.folder}: {reason}.", "Check the path and its permissions."
            ) from None

    def lacking(self) -> RepositoryError:
        """Return the error for a clone that does not hold what was asked for."""
        return RepositoryError(
            f"The clone at {self.folder} lacks objects that this pull request needs: it is shallow or partial.",
            "Run git fetch --unshallow there (a partial clone: git fetch --refetch --no-filter) and ask again.",
        )

    def explain(self, outcome: Outcome, doing: str) -> RepositoryError:
        """Return the error for a failed process, in words for the asker."""
        if outcome.lacks_objects:
            return self.lacking()
        words = displayable(outcome.err.removeprefix("fatal: "), 200) or f"exit status {outcome.status}"
        return RepositoryError(
            f"git {doing} failed in {self.folder}: {words}.", "Run git fsck there to check the clone."
        )


def displayable(text: str, most: int = 80) -> str:
    """Return a single line without control characters, cut to ``most`` characters."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _program() -> str:
    found = shutil.which("git")
    if found is None:
        raise RepositoryError(
            "git is not installed, or not on the PATH.",
            "Install it (https://git-scm.com/downloads), or give a pull request's URL instead of a path.",
        )
    return found


def _inherited() -> Mapping[str, str]:
    return {name: os.environ[name] for name in _INHERITED if name in os.environ}


def _keeper(kept: bytearray) -> Callable[[bytes], bool]:
    def keep(piece: bytes) -> bool:
        kept.extend(piece)
        return len(kept) <= limits.ANSWER_BYTES

    return keep


async def _drain(process: asyncio.subprocess.Process, sink: Callable[[bytes], bool]) -> bool:
    """Hand the output to the sink; return whether it took all of it."""
    if process.stdout is None:
        return True
    while piece := await process.stdout.read(limits.CHUNK_BYTES):
        if not sink(piece):
            return False
    return True


async def _feed(process: asyncio.subprocess.Process, stdin: bytes) -> None:
    if process.stdin is None:
        return
    with suppress(BrokenPipeError, ConnectionResetError):
        if stdin:
            process.stdin.write(stdin)
            await process.stdin.drain()
        process.stdin.close()
        await process.stdin.wait_closed()


async def _first_words(process: asyncio.subprocess.Process) -> str:
    """Read all of stderr and return its beginning."""
    kept = bytearray()
    while process.stderr is not None and (piece := await process.stderr.read(limits.CHUNK_BYTES)):
        kept.extend(piece[: limits.STDERR_BYTES - len(kept)])
    return kept.decode("utf-8", "replace").strip()


def _kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()


async def _reap(process: asyncio.subprocess.Process, *helpers: asyncio.Task[Any]) -> None:
    """End the process and its helpers; what is still in the pipes is read, or waiting for the end would hang."""
    _kill(process)
    for helper in helpers:
        helper.cancel()
    await asyncio.gather(*helpers, return_exceptions=True)
    for stream in (process.stdout, process.stderr):
        while stream is not None and await stream.read(limits.CHUNK_BYTES):
            pass
    await process.wait()
