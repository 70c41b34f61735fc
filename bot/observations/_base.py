"""What observers share: an observation, and where in a diff to look for one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from bot.case import Case
from bot.detectors._lines import fresh
from bot.detectors.base import standing
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Fact, Receipt, Stance
from bot.kinds import FileKind

MOST_LINES = 3000
"""How many added lines an observer looks at: what makes a change unlike any other shows before that."""
BY_HAND = (FileKind.PRODUCTION, FileKind.TEST, FileKind.DOCS, FileKind.CONFIG, FileKind.OTHER)
_SHOWABLE = re.compile(r"[^\x00-\x1f\x7f`“”]+")


def observation(  # noqa: PLR0917
    case: Case, kind: str, weight: float, summary: str, facts: Mapping[str, Fact], receipts: Iterable[Receipt]
) -> Exhibit:
    """Return one observation: context that neither accuses nor praises; ``weight`` says how telling it is."""
    return Exhibit(
        kind=kind,
        stance=Stance.CONTEXT,
        weight=min(weight, 10.0),
        summary=summary,
        facts=dict(facts),
        stands_in=standing(case),
        receipts=tuple(receipts),
    )


def written(case: Case, *kinds: FileKind) -> Iterator[tuple[FileDiff, Line]]:
    """Yield the first few thousand fresh added lines of files of these kinds (by default, all written by hand)."""
    return islice(fresh(case, *(kinds or BY_HAND)), MOST_LINES)


def name_of(path: str) -> str:
    """Return the last part of a path."""
    return path.rpartition("/")[2]


def showable(text: str) -> bool:
    """Whether a text can stand in a code span letter by letter."""
    return bool(_SHOWABLE.fullmatch(text)) and "://" not in text and "@" not in text
