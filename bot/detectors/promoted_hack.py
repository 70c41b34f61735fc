"""A test's trick that moves into production.

What it finds: three or more neighbouring lines with a trick of the tests in them (monkeypatch, mock, sleep,
``__dict__``, ``object.__new__``, ``setattr``) that the pull request takes out of a test file and puts into code
that ships.

Why it matters: what held a test together now holds the product together.

Where it errs: a helper that was born in the tests may have earned its place; the lines are quoted so that one can see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._sequels import is_telling
from bot.detectors.base import charge, counted, line_receipt, standing
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Stance

STANCE = Stance.CHARGE
_TRICK = re.compile(
    r"(\b(?:monkeypatch|mock|stub|fake|patch)\w*\b|\bsleep\(|__dict__|__new__\(|\bsetattr\(|__class__|sys\.modules"
    r"|globals\(\)|_patch\b)",
    re.IGNORECASE,
)
_LEAST = 3


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pair of files.

    Facts: ``from_path`` (the test), ``to_path`` (what ships), ``lines`` (how many moved), ``code`` (the tricky
    one), ``trick`` (its word), ``moved`` (their text).
    """
    out = {
        diff.path: {line.text.strip(): line for line in diff.removed if is_telling(line.text.strip())}
        for diff in case.tests
    }
    for diff in case.production:
        for path, gone in out.items():
            moved = [line for line in diff.added if line.text.strip() in gone] if gone else []
            tricky = [line for line in moved if _TRICK.search(line.text[:300])]
            source = case.diff_of(path)
            if tricky and _neighbours(moved) >= _LEAST and source is not None:
                yield _exhibit(case, (source, diff), moved, (tricky[0], gone[tricky[0].text.strip()]))


def _neighbours(lines: list[Line]) -> int:
    """Return the longest run of lines at most two apart."""
    best = run = 0
    last = -9
    for line in lines:
        run = run + 1 if (line.new or 0) - last <= 2 else 1
        last, best = line.new or 0, max(best, run)
    return best


def _exhibit(case: Case, files: tuple[FileDiff, FileDiff], moved: list[Line], both: tuple[Line, Line]) -> Exhibit:
    (source, to), (tricky, was) = files, both
    trick = _TRICK.search(tricky.text[:300])
    code = tricky.text.strip()
    return charge(
        "promoted_hack",
        6.5,
        f"{counted(len(moved), 'line')} left `{source.path}` for `{to.path}`, `{code}` among them.",
        {
            "from_path": source.path,
            "to_path": to.path,
            "lines": len(moved),
            "code": code,
            "trick": trick[1] if trick else "",
            "moved": tuple(line.text.strip() for line in moved[:8]),
        },
        [line_receipt(case, source, was), line_receipt(case, to, tricky)],
        stands_in=standing(case),
        confidence=0.8,
    )
