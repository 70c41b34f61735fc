"""What the pull request built and tore down again: lines that one commit added and a later one took away."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from bot.case import Case
from bot.detectors._commits import work
from bot.detectors._memo import once
from bot.detectors._sequels import is_telling, pairs
from bot.diff import Line
from bot.kinds import FileKind
from bot.pull_request import Commit

_CODE = {FileKind.PRODUCTION, FileKind.TEST}


@dataclass(frozen=True, slots=True)
class Gone:
    """A line with the commit that brought it and the one that took it."""

    came_path: str
    path: str
    came: Line
    went: Line
    came_in: Commit
    gone_in: Commit
    replaced: bool


@dataclass
class Churn:
    """The whole log replayed: ``written`` telling lines of code added on the way, ``taken`` those taken away again.

    A line that became a similar one is ``replaced``; ``gone`` holds only those that became nothing.
    """

    written: int = 0
    taken: list[Gone] = field(default_factory=list)
    standing_before: dict[str, int] = field(default_factory=dict)

    @property
    def gone(self) -> list[Gone]:
        """The lines that were taken away and not replaced by a similar one."""
        return [item for item in self.taken if not item.replaced]

    def taken_by(self, sha: str) -> list[Gone]:
        """Return the lines that one commit took away or replaced."""
        return [item for item in self.taken if item.gone_in.sha == sha]


def churn(case: Case) -> Churn:
    """Replay the commits' own diffs; lines that merely move within a commit are not gone. Linear in their lines."""
    return once(case, "_churn", _replayed)


def _replayed(case: Case) -> Churn:
    result = Churn()
    final = {line.text.strip() for diff in case.diffs for line in diff.added}
    alive: dict[tuple[str, str], list[tuple[Line, Commit]]] = defaultdict(list)
    standing = 0
    for commit in work(case):
        result.standing_before[commit.sha] = standing
        diffs = [diff for diff in case.commit_diffs(commit.sha) if case.kind(diff.path) in _CODE]
        back = Counter(line.text.strip() for diff in diffs for line in diff.added)
        for diff in diffs:
            old = diff.file.previous_path or diff.path
            for line, successor in (pair for hunk in diff.hunks for pair in pairs(hunk)):
                text = line.text.strip()
                if back[text] > 0:
                    back[text] -= 1
                elif (came := alive.get((old, text))) and text not in final:
                    first, owner = came.pop()
                    standing -= 1
                    result.taken.append(
                        Gone(old, diff.path, first, line, owner, commit, replaced=successor is not None)
                    )
        for diff in diffs:
            for line in diff.added:
                text = line.text.strip()
                if is_telling(text):
                    alive[diff.path, text].append((line, commit))
                    result.written += 1
                    standing += 1
    return result
