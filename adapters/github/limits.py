"""GitHub's figures by GitHub's own names, and the few that we set ourselves.

https://docs.github.com/en/rest/pulls/pulls, https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from __future__ import annotations

PER_PAGE = 100
"""``per_page`` at most, for every list."""

MAX_FILES = 3000
"""``/pulls/{n}/files`` lists no more."""

MAX_COMMITS = 250
"""``/pulls/{n}/commits`` lists no more."""

MAX_COMMIT_FILES = 300
"""``/commits/{sha}`` shows this many files on its first page."""

MAX_COMMENT_PAGES = 10
"""Ours: a conversation longer than a thousand remarks is read up to here."""

MAX_CONCURRENT_REQUESTS = 50
"""Ours: GitHub's secondary limit allows 100 at once, for all that share the credential."""

SECONDARY_RATE_LIMIT_WAIT = 60
"""Seconds to wait where a limit names no time: "wait for at least one minute"."""

MAX_ANSWER_BYTES = 48 * 1024 * 1024
"""Ours: an answer larger than this is not read to its end."""

MAX_WHOLE_FILE_BYTES = 2 * 1024 * 1024
"""Ours: a file larger than this is not read whole."""

MAX_BASE_REQUESTS = 8
"""Ours: requests for everything but commit diffs, whole files and follow-up diffs, without a token."""

MAX_EXTRA_REQUESTS = 40
"""Ours: requests for commit diffs, whole files (house rules too) and follow-up diffs together."""

MAX_FOLLOW_UPS = 6
"""Ours: so many candidates have their diffs read."""

FOLLOW_UP_DAYS = 30
"""Ours: what is merged later than this is no longer counted as a follow-up."""

MAX_BLOBS_IN_A_QUERY = 40
"""Ours: whole files asked for in one GraphQL query."""

HOUSE_RULES = ("AGENTS.md", "CLAUDE.md", "CONTRIBUTING.md", ".github/CONTRIBUTING.md")
"""Where repositories keep them."""

MERGED_IN_A_QUERY = 50
"""Ours: merged pull requests asked for in one GraphQL query; a hundred with their figures may take GitHub too long."""

MAX_MERGED_PAGES = 30
"""Ours: pages of a list of merged pull requests."""

MAX_SEARCH_RESULTS = 1000
"""A search tells no more than these."""
