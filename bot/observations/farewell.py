"""What is not there any more: a function, a class or a whole file that left by name.

What it finds: the longest declared name among the removed lines that no added line speaks of, or a removed file.

Why it matters: what goes has no release notes; somebody should say its name.

Where it errs: what moved to a file outside the diff looks gone; it is said to have left this place only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import line_receipt
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Fact, Stance
from bot.observations._base import BY_HAND, name_of, observation
from bot.pull_request import FileStatus

STANCE = Stance.CONTEXT

_DECLARED = re.compile(
    r"^\s*(?:(?:export|pub|async|static|default|private|public|abstract)(?:\([^)]{0,20}\))?\s+){0,3}"
    r"(?P<word>def|class|func|fn|function|struct|enum|trait|interface|type)\s+(?:\([^)]{0,60}\)\s*)?(?P<name>\w{5,80})"
)
_WHAT = {"def": "function", "func": "function", "fn": "function", "struct": "type", "interface": "type", "enum": "type"}


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``name``, ``what`` (function, class, type, trait or file), ``place``, ``gone_lines`` (of a file, else 0).
    """
    left = [diff for diff in case.diffs if diff.file.status is FileStatus.REMOVED and case.kind(diff.path) in BY_HAND]
    left = [diff for diff in left if any(line.text.strip() for line in diff.removed)]
    if left:
        diff = max(left, key=lambda item: len(item.removed))
        line = next(line for line in diff.removed if line.text.strip())
        facts: dict[str, Fact] = {
            "name": name_of(diff.path),
            "what": "file",
            "place": name_of(diff.path),
            "gone_lines": len(diff.removed),
        }
        yield observation(case, "farewell", 5.4, f"`{diff.path}` is gone.", facts, [line_receipt(case, diff, line)])
        return
    found = list(_gone(case))
    if found:
        name, what, diff, line = max(found, key=lambda item: len(item[0]))
        facts = {"name": name, "what": what, "place": name_of(diff.path), "gone_lines": 0}
        yield observation(
            case,
            "farewell",
            4.8,
            f"The {what} `{name}` left `{name_of(diff.path)}`.",
            facts,
            [line_receipt(case, diff, line)],
        )


def _gone(case: Case) -> Iterator[tuple[str, str, FileDiff, Line]]:
    kept = set(re.findall(r"\w+", "\n".join(line.text for diff in case.diffs for line in diff.added)))
    for diff in case.production:
        for line in diff.removed:
            found = _DECLARED.match(line.text[:300])
            if found and found["name"] not in kept:
                yield found["name"], _WHAT.get(found["word"], found["word"]), diff, line
