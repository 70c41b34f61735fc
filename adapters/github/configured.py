"""The source that the settings ask for."""

from __future__ import annotations

from platformdirs import user_cache_path

from adapters.github.source import GitHubSource
from bot.settings import Settings


def github_source(settings: Settings) -> GitHubSource:
    """Return the source that reads GitHub."""
    github = settings.github
    return GitHubSource(
        api_url=github.api_url,
        token=github.token.get_secret_value() if github.token else "",
        timeout=github.timeout,
        cache_dir=user_cache_path("roast-bot", appauthor=False) / "github" if github.cache else None,
    )
