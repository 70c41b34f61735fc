"""Code that came in one commit and went in another.

What it finds: at least 40 telling lines and a fifth of all that the log wrote (or 150 and a twelfth), which one
commit of the pull request added and a later one took away, and which are not in the final diff. Lines that only
moved, or became a similar line, are not counted.

Why it matters: a reviewer who read early read a different change, and the final diff does not show the way.

Where it errs: a good rewrite looks the same as a wrong turn; the exhibit counts, it does not say which it was.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._churn import Gone, churn
from bot.detectors._commits import work
from bot.detectors._time import phrase
from bot.detectors.base import charge, commit_file_receipt, commit_receipt
from bot.exhibit import Exhibit, Stance, StandsIn

STANCE = Stance.CHARGE
_LEAST, _SHARE = 40, 5
_MANY, _SHARE_OF_MANY = 150, 12
_NAMED = re.compile(
    r"\b(?:def|func|fn|function|class|interface|struct|trait|enum)\s+(?:\([^)]{0,80}\)\s*)?([A-Za-z_$][\w$]*)"
)
_SHOWN = 8
_RECEIPTS = 4


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit, where the commits' own diffs are known.

    Facts: ``lines`` (built and torn down), ``written`` (telling lines that the log wrote in all), ``percent``,
    ``names`` (functions and classes that came and went and are not in the final diff), ``path`` (where most of it
    stood), ``path_lines``, ``files``, ``came_subject`` and ``gone_subject`` (the two commits between which most of
    it lived), ``pair_lines``, ``lived`` (how long), ``additions`` (what was left to merge).
    """
    if len(work(case)) < 2 or not case.commit_files:
        return
    log = churn(case)
    gone = log.gone
    if len(gone) >= _LEAST and len(gone) * (_SHARE if len(gone) < _MANY else _SHARE_OF_MANY) >= log.written:
        yield _exhibit(case, log.written, gone)


def _exhibit(case: Case, written: int, gone: list[Gone]) -> Exhibit:
    pair, most = Counter((item.came_in.sha, item.gone_in.sha) for item in gone).most_common(1)[0]
    between = [item for item in gone if (item.came_in.sha, item.gone_in.sha) == pair]
    came_in, gone_in = between[0].came_in, between[0].gone_in
    path, path_lines = Counter(item.path for item in gone).most_common(1)[0]
    kept = {found[1] for diff in case.diffs for line in diff.added if (found := _NAMED.search(line.text[:300]))}
    named = (found[1] for item in gone if (found := _NAMED.search(item.came.text[:300])))
    names = tuple(dict.fromkeys(name for name in named if name not in kept))
    lived = phrase(came_in.authored_at, gone_in.authored_at)
    return charge(
        "round_trip",
        min(4.5 + len(gone) / 100, 8.0),
        f"{len(gone):,} lines were written in one commit and taken out in another.",
        {
            "lines": len(gone),
            "written": written,
            "percent": 100 * len(gone) // written,
            "names": names[:_SHOWN],
            "path": path,
            "path_lines": path_lines,
            "files": len({item.path for item in gone}),
            "came_subject": came_in.subject,
            "gone_subject": gone_in.subject,
            "pair_lines": most,
            "lived": lived,
            "additions": case.pull_request.additions,
        },
        [
            commit_receipt(case, came_in),
            commit_receipt(case, gone_in),
            *(
                receipt
                for item in _telling(between)
                for receipt in (
                    commit_file_receipt(case, came_in.sha, item.came_path, item.came),
                    commit_file_receipt(case, gone_in.sha, item.path, item.went),
                )
            ),
        ],
        stands_in=StandsIn.ON_THE_WAY,
        came_in=came_in.sha,
        gone_in=gone_in.sha,
        confidence=0.9,
    )


def _telling(between: list[Gone]) -> list[Gone]:
    """Prefer lines that open a function or a class."""
    return sorted(between, key=lambda item: not _NAMED.search(item.came.text[:300]))[:_RECEIPTS]
