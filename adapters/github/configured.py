"""The source that the settings ask for."""

from __future__ import annotations

from platformdirs import user_cache_path

from adapters.github.source import GitHubSource
from bot.ports import Clock
from bot.settings import Settings
from bot.sharing import Allowance, SharedStore, fingerprint


def github_source(settings: Settings, shared: tuple[SharedStore, Clock] | None = None) -> GitHubSource:
    """Return the source that reads GitHub; what many processes ask in one hour is counted in a ``shared`` store."""
    github = settings.github
    token = github.token.get_secret_value() if github.token else ""
    return GitHubSource(
        api_url=github.api_url,
        token=token,
        allowance=Allowance(*shared, fingerprint(token)) if shared else None,
        timeout=github.timeout,
        cache_dir=user_cache_path("roast-bot", appauthor=False) / "github" if github.cache else None,
    )
