"""Pull requests from a local clone, worktree or bare mirror."""

from adapters.local_git.source import LocalGitSource

__all__ = ["LocalGitSource"]
