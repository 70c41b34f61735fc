"""Every bound that reading a clone keeps, in one place: a hostile repository must not cost more than this."""

from __future__ import annotations

from datetime import timedelta

GIT_SECONDS = 60.0
"""How long one git process may take."""

STDERR_BYTES = 16 * 1024
CHUNK_BYTES = 256 * 1024
ANSWER_BYTES = 64 * 1024 * 1024
"""The most that is kept of one answer (a log, a list of references)."""

DIFF_BYTES = 300 * 1024 * 1024
"""The most that is read of one diff; the rest is left out and said so."""

KEPT_PATCH_BYTES = 64 * 1024 * 1024
"""The most that is kept of one diff's patches, together."""

PATCH_BYTES = 16 * 1024 * 1024
"""The most that is kept of one file's patch."""

BIG_FILE = "64m"
"""``core.bigFileThreshold``: git itself does not compare the lines of larger files."""

FILES = 10_000
COMMITS = 1_000
WHOLE_FILE_BYTES = 1024 * 1024
WHOLE_FILES_BYTES = 64 * 1024 * 1024

MISSING_BLOBS = 200
"""How many absent files of a partial clone a diff is read around."""

FOLLOW_UP_WINDOW = timedelta(days=30)
FOLLOW_UP_COMMITS = 400
FOLLOW_UPS = 60
PATHSPECS = 1_000
"""Paths given to one ``git log``; a change of more files is followed up by its first ones."""

MERGED = 5_000
"""Commits of the trunk that are looked through for what was merged in a window."""

BRANCHES = 300
"""Merged branches whose commits are looked up for such a list, the newest first."""

SUBJECTS = 50
GIT_AT_ONCE = 4
