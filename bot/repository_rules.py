"""What a repository says about itself in ``.roast.toml``, read from its default branch and nowhere else.

::

    roast = false  # nobody is roasted here
    hottest = "mild"  # never hotter than this
    opted_out = ["octocat"]  # these people are left alone
    comment = true  # put the verdict on the pull request as a comment (off by default)
    publish = false  # nothing of this repository goes into the dev log
"""

from __future__ import annotations

import tomllib

from pydantic import ValidationError

from bot.brief import Heat
from bot.pull_request import Frozen

FILE_NAME = ".roast.toml"
_LONGEST = 20_000


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
