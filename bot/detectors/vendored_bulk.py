"""Most of the added lines were written by no one.

What it finds: at least five hundred added lines of generated, vendored or locked files that make up at least 60 % of
what the pull request adds. Snapshots are ``snapshot_flood``'s business, and a pull request whose title says that it
updates dependencies, vendors or generates is left alone.

Why it matters: the size on the label is not the size of the change, and what matters hides behind it.

Where it errs: committing what a generator wrote is the custom of many projects; the roast is about the figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import short
from bot.detectors.base import charge, figures_receipt, standing
from bot.exhibit import Exhibit, Stance
from bot.kinds import SNAPSHOT, FileKind

STANCE = Stance.CHARGE
_FEWEST = 500
_SHARE = 0.6
_SAYS_SO = re.compile(
    r"\b(dep(endencie)?s?|bump\w*|updat\w+|upgrad\w+|vendor\w*|generat\w+|regenerat\w+|lock\w*|releas\w+"
    r"|version|sync|merge"
    r"|translat\w+|i18n|schema)\b",
    re.IGNORECASE,
)
_KINDS = (FileKind.GENERATED, FileKind.VENDORED, FileKind.LOCK)


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``lines`` (generated, vendored and locked), ``percent`` (of all additions), ``by_hand`` (the rest),
    ``files`` (how many such), ``path``, ``file_name`` and ``path_lines`` (the largest), ``path_kind``, ``generated``,
    ``vendored``, ``locked`` (lines each), ``additions``.
    """
    pull = case.pull_request
    bulk = [file for file in pull.files if case.kind(file.path) in _KINDS and file.additions]
    lines = sum(file.additions for file in bulk)
    snapshots = sum(file.additions for file in bulk if SNAPSHOT.search(file.path))
    if snapshots * 2 > lines or _SAYS_SO.search(pull.title):
        return
    if lines < _FEWEST or lines < _SHARE * pull.additions or lines > pull.additions:
        return
    by_kind = {kind: sum(file.additions for file in bulk if case.kind(file.path) is kind) for kind in _KINDS}
    largest = max(bulk, key=lambda file: file.additions)
    percent = round(100 * lines / pull.additions)
    yield charge(
        "vendored_bulk",
        min(2.0 + lines / 4000, 5.0),
        f"{lines:,} of {pull.additions:,} added lines ({percent} %) were generated, vendored or locked;"
        f" {pull.additions - lines:,} by hand.",
        {
            "lines": lines,
            "percent": percent,
            "by_hand": pull.additions - lines,
            "files": len(bulk),
            "path": largest.path,
            "file_name": short(largest.path),
            "path_lines": largest.additions,
            "path_kind": case.kind(largest.path).value,
            "generated": by_kind[FileKind.GENERATED],
            "vendored": by_kind[FileKind.VENDORED],
            "locked": by_kind[FileKind.LOCK],
            "additions": pull.additions,
        },
        (figures_receipt(case, additions=pull.additions, generated_additions=lines),),
        stands_in=standing(case),
        confidence=0.9,
    )
