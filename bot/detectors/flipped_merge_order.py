"""Two dictionaries that are merged the other way round.

What it finds: ``{**a, **b}`` that became ``{**b, **a}``, ``{...a, ...b}`` that became ``{...b, ...a}``, also over
several lines, in the final diff or in one commit on the way.

Why it matters: the last one wins, so the winner changed.

Where it errs: where both hold different keys the order means nothing; the text says only that it changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import charge, commit_file_receipt, line_receipt, standing
from bot.diff import FileDiff, Hunk, Line
from bot.exhibit import Exhibit, Receipt, Stance, StandsIn
from bot.kinds import FileKind
from bot.pull_request import Commit

STANCE = Stance.CHARGE

_SPREAD = re.compile(
    r"(?:^|[{(,]|\s)(?:\*\*|\.\.\.)\s*([A-Za-z_][\w.]{0,80}(?:\([^()]{0,60}\)|\[[^\[\]]{0,40}\])?)(?=\s*[,})]|\s*$)"
)
_NEAR = 3
_Spread = tuple[str, Line]


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a flip: of the final diff, else of the commits on the way (at most two).

    Facts: ``path``, ``first`` and ``second`` (before: first, then second), ``before`` and ``after`` ("`a`, then `b`"),
    ``winner_before``, ``winner_after``; on the way also ``commit`` (its subject).
    """
    told: set[tuple[str, str]] = set()
    for diff in case.diffs:
        if case.kind(diff.path) in {FileKind.PRODUCTION, FileKind.TEST}:
            for flip in _flips(diff):
                pair = (flip[0][0], flip[1][0])
                if pair not in told:
                    told |= {pair, pair[::-1]}
                    yield _exhibit(case, diff, flip, None)
    on_the_way = 0
    for commit in case.own_commits:
        for diff in case.commit_diffs(commit.sha):
            if case.kind(diff.path) is FileKind.PRODUCTION and on_the_way < 2:
                for flip in _flips(diff):
                    pair = (flip[0][0], flip[1][0])
                    if pair not in told:
                        told |= {pair, pair[::-1]}
                        on_the_way += 1
                        yield _exhibit(case, diff, flip, commit)


def _flips(diff: FileDiff) -> Iterator[tuple[_Spread, _Spread]]:
    for hunk in diff.hunks:
        old, new = _pairs(hunk, "+"), _pairs(hunk, "-")
        for (first, second), lines in old.items():
            back = new.get((second, first))
            if not back or (first, second) in new or (second, first) in old or first == second:
                continue
            if any(line.mark != " " for line in (*lines, *back)):
                told = back if any(line.mark == "+" for line in back) else lines
                yield (first, told[0]), (second, told[1])


def _pairs(hunk: Hunk, other: str) -> dict[tuple[str, str], tuple[Line, Line]]:
    """Return neighbours that are spread one after the other on one side of a hunk."""
    found: dict[tuple[str, str], tuple[Line, Line]] = {}
    last: tuple[int, str, Line] | None = None
    side = [line for line in hunk.lines if line.mark != other]
    for index, line in enumerate(side):
        if ("**" not in line.text and "..." not in line.text) or len(line.text) > 500:
            continue
        for match in _SPREAD.finditer(line.text):
            if last is not None and index - last[0] < _NEAR:
                found.setdefault((last[1], match[1]), (last[2], line))
            last = (index, match[1], line)
    return found


def _exhibit(case: Case, diff: FileDiff, flip: tuple[_Spread, _Spread], commit: Commit | None) -> Exhibit:
    (first, one), (second, two) = flip
    receipts: list[Receipt] = [
        commit_file_receipt(case, commit.sha, diff.path, line) if commit else line_receipt(case, diff, line)
        for line in dict.fromkeys((one, two))
    ]
    facts: dict[str, str | int] = {
        "path": diff.path,
        "first": first,
        "second": second,
        "before": f"`{first}`, then `{second}`",
        "after": f"`{second}`, then `{first}`",
        "winner_before": second,
        "winner_after": first,
    }
    rest: dict[str, object] = {"stands_in": standing(case)}
    if commit is not None:
        facts["commit"] = commit.subject
        rest = {"stands_in": StandsIn.ON_THE_WAY, "came_in": commit.sha}
    return charge(
        "flipped_merge_order",
        5.0,
        f"`{diff.path}` merged `{first}`, then `{second}`; now it is `{second}`, then `{first}`.",
        facts,
        receipts,
        confidence=0.85,
        **rest,
    )
