"""The change wrote its own entry.

What it finds: an added line in words in a changelog (``CHANGELOG``, ``CHANGES``, ``HISTORY``, ``NEWS``, a news
fragment, a changeset) beside changed code.

Why it matters: whoever upgrades reads it there or nowhere.

Where it errs: where a tool demands the entry it is a duty done, and still done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import Place, receipts
from bot.detectors.base import credit, standing
from bot.exhibit import Exhibit, Stance

STANCE = Stance.CREDIT
_CHANGELOG = re.compile(
    r"(^|/)(CHANGE(LOG|S)|HISTORY|NEWS|RELEASE[-_ ]?NOTES)(\.(md|rst|txt|adoc))?$|(^|/)(\.changeset"
    r"|changelogs?|newsfragments|changes|news"
    r"|changelog\.d|unreleased)/[^/]+\.(md|rst|txt|bugfix|feature|ya?ml|fixed|added)$",
    re.IGNORECASE,
)
_RELEASE = re.compile(r"\b(release|changelog|version|bump|v?\d+\.\d+\.\d+|news)\b", re.IGNORECASE)
_WORDS = re.compile(r"[A-Za-z]{2,}")
_FEWEST_WORDS = 4
_MOST_ENTRIES = 12


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``path``, ``entry`` (its first line in words), ``lines`` (added to changelogs), ``title``.
    """
    if _RELEASE.search(case.pull_request.title) or not case.production:
        return
    found: list[Place] = []
    lines = 0
    for diff in case.diffs:
        if _CHANGELOG.search(diff.path) and not diff.path.upper().startswith("CHANGESET"):
            lines += len(diff.added)
            found += [(diff, line) for line in diff.added if _is_entry(line.text)]
    if not found or lines > _MOST_ENTRIES * 5:
        return
    diff, line = found[0]
    yield credit(
        "changelog_kept",
        2.5,
        f"The change has its entry in `{diff.path}`.",
        {
            "path": diff.path,
            "entry": line.text.strip(" -*")[:200],
            "lines": lines,
            "title": case.pull_request.title,
        },
        receipts(case, found[:3]),
        stands_in=standing(case),
        confidence=0.9,
    )


def _is_entry(text: str) -> bool:
    stripped = text.strip()
    heading = stripped.startswith(("#", "---", "<!--", '"')) or stripped.endswith(("---", ":"))
    return not heading and len(_WORDS.findall(stripped[:400])) >= _FEWEST_WORDS
