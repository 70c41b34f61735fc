"""Added lines as text: which are fresh, which only moved, and how to list and cite them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.case import Case
from bot.detectors.base import line_receipt
from bot.diff import FileDiff, Line
from bot.exhibit import Receipt
from bot.kinds import FileKind

MOST_RECEIPTS = 12
"""How many receipts an exhibit carries; the full count stands in its facts."""
LONGEST_LINE = 1000
"""Longer lines are data or minified; patterns are not tried on them."""
ASIDE = re.compile(r"(^|/)(playgrounds?|examples?|demos?|samples?|fixtures?)/", re.IGNORECASE)
"""Folders of code that ships to nobody: what stands there is an exhibit for no one."""
FIXTURE = re.compile(r"(^|/)(fixtures?|specs|testdata|snapshots?|resources|samples|invalid|valid)/", re.IGNORECASE)
"""Folders of test data: code there is what a test looks at, not what anybody wrote to run."""
Place = tuple[FileDiff, Line]

_FUNCTION = re.compile(
    r"^\s*(?:(?:export|pub|async|static|default|private|protected|public|final|override|unsafe|const)(?:\([^)]{0,40}\))?\s+)*"
    r"(?:def|func|fn|function)\s+(?:\([^)]{0,80}\)\s*)?(?:self\.)?(\w+)"
)


def fresh(case: Case, *kinds: FileKind) -> Iterator[Place]:
    """Yield the added lines of files of these kinds that are not lines moved from elsewhere in the pull request."""
    gone = case.removed_texts
    for diff in case.diffs:
        kind = case.kind(diff.path)
        if kind in kinds and not (kind is FileKind.PRODUCTION and ASIDE.search(diff.path)):
            for line in diff.added:
                if len(line.text) <= LONGEST_LINE and line.text.strip() not in gone:
                    yield diff, line


def receipts(case: Case, places: Iterable[Place]) -> tuple[Receipt, ...]:
    """Return receipts for the first dozen of these lines."""
    return tuple(line_receipt(case, diff, line) for diff, line in list(places)[:MOST_RECEIPTS] if line.text.strip())


def texts(places: Iterable[Place]) -> tuple[str, ...]:
    """Return the first dozen lines as they stand, indentation aside."""
    return tuple(line.text.strip()[:200] for _, line in list(places)[:MOST_RECEIPTS])


def paths(places: Iterable[Place]) -> tuple[str, ...]:
    """Return the files of these lines, each once, in order."""
    return tuple(dict.fromkeys(diff.path for diff, _ in places))


def short(path: str) -> str:
    """Return the file's own name."""
    return path.rsplit("/", 1)[-1]


def function_name(text: str) -> str:
    """Return the name of the function that a line declares in Python, Go, Rust, JavaScript or Ruby, or nothing."""
    found = _FUNCTION.match(text)
    return found.group(1) if found else ""


def listed(items: Sequence[str], most: int = 3) -> str:
    """Return the first few in code spans: "`a`, `b` and 2 more"."""
    shown = [f"`{item}`" for item in items[:most]]
    rest = len(items) - len(shown)
    if rest > 0:
        return f"{', '.join(shown)} and {rest} more"
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]])) if shown else ""
