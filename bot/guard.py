"""Whom and what the bot leaves alone (law 7)."""

from __future__ import annotations

from fnmatch import fnmatchcase

from bot.errors import RefusedError
from bot.pull_request import PullRequest
from bot.settings_sections import Privacy


def may_roast(pull_request: PullRequest, privacy: Privacy) -> None:
    """Return if the settings allow it. Raises ``RefusedError`` with words that put nobody on the spot."""
    login = pull_request.user.login.casefold()
    if login in {name.casefold().removeprefix("@") for name in privacy.opted_out}:
        raise RefusedError(f"{pull_request.user.login} prefers not to be roasted, and that is that.")
    name = f"{pull_request.owner}/{pull_request.repo}".casefold()
    if privacy.repositories and not any(fnmatchcase(name, one.casefold()) for one in privacy.repositories):
        raise RefusedError(
            f"{pull_request.owner}/{pull_request.repo} is not among the repositories that may be roasted here.",
            "privacy.repositories in config/roast.toml lists them.",
        )
    if privacy.skip_label and privacy.skip_label.casefold() in {label.casefold() for label in pull_request.labels}:
        raise RefusedError(f"{pull_request.slug} carries the label {privacy.skip_label}, and is left alone.")
