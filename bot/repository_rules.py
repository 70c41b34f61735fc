"""What a repository says about itself in ``.roast.toml``, read from its default branch and nowhere else.

::

    roast = false  # nobody is roasted here
    hottest = "mild"  # never hotter than this
    opted_out = ["octocat"]  # these people are left alone
    comment = true  # put the verdict on the pull request as a comment (off by default)
    publish = false  # nothing of this repository goes into the dev log
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Awaitable, Callable

from pydantic import ValidationError

from bot.brief import Heat
from bot.pull_request import Frozen

FILE_NAME = ".roast.toml"
_LONGEST = 20_000
_FRESH_FOR = 60.0
"""Seconds for which a repository's word is taken as said: one roast asks for it several times."""
_MOST_KEPT = 500


class RepositoryRules(Frozen):
    """The wishes of a repository. ``unreadable`` says what was wrong with the file, if anything was."""

    roast: bool = True
    hottest: Heat | None = None
    opted_out: tuple[str, ...] = ()
    comment: bool = False
    publish: bool = True
    unreadable: str = ""


def read_rules(text: str | None) -> RepositoryRules:
    """Return the rules in the text of the file; the defaults where there is none (``None``).

    A file that cannot be read counts as "no": somebody wanted something, and it may have been that.
    """
    if text is None:
        return RepositoryRules()
    try:
        return RepositoryRules.model_validate(tomllib.loads(text[:_LONGEST]) | {"unreadable": ""})
    except tomllib.TOMLDecodeError as error:
        return RepositoryRules(roast=False, publish=False, unreadable=f"it is not TOML: {error}")
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return RepositoryRules(roast=False, publish=False, unreadable=f"{where}: {first['msg']}")


class RulesReader:
    """Reads the rules of repositories by ``file_of`` (repository, file name); the same ones again after a minute."""

    def __init__(
        self, file_of: Callable[[str, str], Awaitable[str | None]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._file_of, self._clock = file_of, clock
        self._kept: dict[str, tuple[float, RepositoryRules]] = {}

    async def __call__(self, repository: str) -> RepositoryRules:
        """Return the rules of ``owner/repo``. Raises ``SourceError``."""
        name, now = repository.lower(), self._clock()
        until, rules = self._kept.get(name, (0.0, RepositoryRules()))
        if until > now:
            return rules
        rules = read_rules(await self._file_of(repository, FILE_NAME))
        while len(self._kept) >= _MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[name] = (now + _FRESH_FOR, rules)
        return rules
