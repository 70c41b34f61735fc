"""Files changed their names by the dozen.

What it finds: at least ten renamed files that are 30 % of all, or forty.

Why it matters: every open branch and every link to the old names has to move too, and the change that matters hides
among them.

Where it errs: a move that was due is a good deed; the roast says how many, from where to where, and how many of them
changed nothing but the name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import short
from bot.detectors.base import charge, figures_receipt, standing
from bot.exhibit import Exhibit, Stance
from bot.pull_request import ChangedFile, FileStatus

STANCE = Stance.CHARGE
_FEWEST = 10
_SHARE = 0.3
_ALWAYS = 40


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``renamed`` (how many files), ``unchanged`` (how many of them otherwise as they were), ``files`` (all that
    changed), ``from_path`` and ``to_path`` (the first), ``renames`` (the first dozen, "old → new" by file name),
    ``from_folder``, ``to_folder`` and ``folder_count`` (the most common move between folders, if there is one).
    """
    renamed = [item for item in case.pull_request.files if item.status is FileStatus.RENAMED and item.previous_path]
    if len(renamed) < _FEWEST or (len(renamed) < _ALWAYS and len(renamed) < _SHARE * case.pull_request.changed_files):
        return
    if sum(case.kind(item.path).is_hand_written for item in renamed) < _FEWEST:  # a bundler names files by content
        return
    moves = Counter((_folder(item.previous_path or ""), _folder(item.path)) for item in renamed)
    moves = Counter({move: count for move, count in moves.items() if move[0] != move[1]})
    (old, new), count = moves.most_common(1)[0] if moves else (("", ""), 0)
    unchanged = sum(item.additions + item.deletions == 0 for item in renamed)
    yield charge(
        "rename_storm",
        min(2.5 + len(renamed) / 20, 5.5),
        f"{len(renamed)} files changed their names, {unchanged} of them nothing else.",
        {
            "renamed": len(renamed),
            "unchanged": unchanged,
            "files": case.pull_request.changed_files,
            "from_path": renamed[0].previous_path,
            "to_path": renamed[0].path,
            "renames": tuple(_pair(item) for item in renamed[:12]),
            "from_folder": old,
            "to_folder": new,
            "folder_count": count,
        },
        (figures_receipt(case, renamed_files=len(renamed), changed_files=case.pull_request.changed_files),),
        stands_in=standing(case),
        confidence=0.9,
    )


def _pair(item: ChangedFile) -> str:
    return f"{short(item.previous_path or '')} → {short(item.path)}"


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
