"""What came after the merge, held against what this pull request added: the same lines, the same functions.

Shared by ``sequel_fix``, ``pinned_bug``, ``reverted`` and ``hotfix_chain``. Lines are compared by their text, since
their numbers drift; a line that could stand anywhere proves nothing and is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.case import Case
from bot.detectors._commits import read_subject
from bot.detectors._memo import once
from bot.detectors._words import tokens
from bot.diff import FileDiff, Hunk, Line, parse_patch
from bot.kinds import FileKind
from bot.pull_request import FollowUp

WINDOW = timedelta(days=30)
_FIXES = frozenset("fix revert restore correct repair unbreak prevent".split())
_FIX_WORDS = re.compile(r"\b(fix(es|ed)?|regression|bug|broken|broke|hotfix|crash(es)?|revert(s|ed)?)\b", re.IGNORECASE)
_OF_TESTS = re.compile(r"\b(tests?|flak\w+|specs?|e2e|ci)\b", re.IGNORECASE)
_RELEASE = re.compile(r"\b(release|changelog|version packages|bump version|prepare v?\d)\b", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:def|func|fn|function)\s+(?:\([^)]{0,80}\)\s*)?(?:self\.)?([A-Za-z_$][\w$]*[?!]?)")
_COMMON = re.compile(
    r"^(return( \w+)?;?|else:?|try:?|pass|continue;?|break;?|finally:?|import\b.*|from .*import.*|use [\w:{}, ]+;"
    r"|package \w+"
    r"|\W*|\w+,?|end|except \w+:|raise|\}? ?else ?\{?|default:|nil|None|null|#.*|//.*|/?\*.*|\"\"\".*|'''.*)$"
)
# A parameter or an entry of a list ("path: &Path,") could stand in any function.
_DOES = re.compile(
    r"[=(\"'.\[]|\b(?:return|if|for|while|raise|throw|await|yield|def|fn|func|function|class|struct|match|case|when)\b"
)
_LONGEST_BLOCK = 60
_RARE = 3
_ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class Touch:
    """A line of this pull request that a follow-up replaced or took away."""

    path: str
    function: str
    before: Line
    after: Line | None
    kind: FileKind


@dataclass(frozen=True)
class Sequel:
    """A follow-up with all that ties it to this pull request."""

    follow_up: FollowUp
    touches: tuple[Touch, ...]
    inside: tuple[str, ...]
    is_fix: bool

    @property
    def in_production(self) -> tuple[Touch, ...]:
        """The replaced lines of code that ships."""
        return tuple(item for item in self.touches if item.kind is FileKind.PRODUCTION)

    @property
    def in_tests(self) -> tuple[Touch, ...]:
        """The replaced lines of tests."""
        return tuple(item for item in self.touches if item.kind is FileKind.TEST)

    @property
    def confidence(self) -> float:
        """How sure it is that this repairs that: by its own words, by lines, by functions."""
        if self.follow_up.is_revert:
            return 0.98
        if self.is_fix and (self.in_production or (self.touches and _OF_TESTS.search(self.follow_up.title))):
            return 0.95 if self.follow_up.explicit else 0.88
        if self.follow_up.explicit and self.is_fix:
            return 0.85
        return 0.7 if self.inside and self.is_fix else 0.0


def sequels(case: Case) -> tuple[Sequel, ...]:
    """Return the follow-ups that repair this pull request as far as can be told, earliest first."""
    return once(case, "_sequels", _found)


def _found(case: Case) -> tuple[Sequel, ...]:
    merged = case.pull_request.merged_at
    if merged is None:
        return ()
    later = [
        item for item in case.follow_ups if timedelta() <= item.merged_at - merged <= WINDOW and _is_later(case, item)
    ]
    found = (
        _sequel(case, item)
        for item in sorted(later, key=lambda item: item.merged_at)
        if not _RELEASE.search(item.title)
    )
    return tuple(item for item in found if item.confidence)


def _is_later(case: Case, item: FollowUp) -> bool:
    """Whether it was opened after this one: what was under way at the same time repairs something else."""
    return item.explicit or item.is_revert or not item.number or item.number > case.pull_request.number


def says_fix(follow_up: FollowUp) -> bool:
    """Whether its title says that it repairs something in the code that ships."""
    subject = read_subject(follow_up.title)
    if subject.kind in {"docs", "doc", "chore", "test", "tests", "style", "ci", "build", "deps", "feat", "refactor"}:
        return subject.kind in {"refactor", "feat"} and bool(_FIX_WORDS.search(subject.rest)) and subject.verb in _FIXES
    return subject.kind in {"fix", "revert"} or subject.verb in _FIXES


def _sequel(case: Case, follow_up: FollowUp) -> Sequel:
    touches: list[Touch] = []
    inside: list[str] = []
    for file in follow_up.files:
        diff = case.diff_of(file.previous_path or file.path) or case.diff_of(file.path)
        kind = case.kind(diff.path if diff else file.path)
        if diff is None or kind not in {FileKind.PRODUCTION, FileKind.TEST}:
            continue
        later = parse_patch(file)
        touches += _touches(case, diff, later, kind)
        if kind is FileKind.PRODUCTION:
            inside += _inside(diff, later)
    # The longest line that has a successor tells the story best; all others follow in their order.
    touches.sort(key=lambda item: (item.after is None, -len(item.before.text.strip()) if len(touches) > 3 else 0))
    return Sequel(follow_up, tuple(touches), tuple(dict.fromkeys(inside)), says_fix(follow_up))


def _touches(case: Case, diff: FileDiff, later: FileDiff, kind: FileKind) -> Iterator[Touch]:
    ours: dict[str, Line] = {}
    for line in diff.added:
        ours.setdefault(line.text.strip(), line)
    often = Counter(line.text.strip() for line in diff.added)
    gone = {line.text.strip() for line in diff.removed}
    for hunk in later.hunks:
        if not any(line.mark == "-" and line.text.strip() in ours for line in hunk.lines):
            continue
        for before, after in pairs(hunk):
            text = before.text.strip()
            moved = after is not None and after.text.strip() == text
            if text in ours and text not in gone and often[text] <= _RARE and is_telling(text) and not moved:
                yield Touch(diff.path, _function(case, diff.path, ours[text], hunk), before, after, kind)


def is_telling(text: str) -> bool:
    """Whether a line says enough to be known again."""
    return len(text) >= 12 and bool(_DOES.search(text[:400])) and not _COMMON.match(text[:200])


def pairs(hunk: Hunk) -> Iterator[tuple[Line, Line | None]]:
    """Yield each removed line with the added line of the same block that resembles it most, if any does."""
    removed: list[Line] = []
    added: list[Line] = []
    for line in (*hunk.lines, None):
        if line is not None and line.mark == "-":
            if added:
                yield from _matched(removed, added)
                removed, added = [], []
            removed.append(line)
        elif line is not None and line.mark == "+":
            added.append(line)
        else:
            yield from _matched(removed, added)
            removed, added = [], []


def _matched(removed: list[Line], added: list[Line]) -> Iterator[tuple[Line, Line | None]]:
    """Match greedily by shared words; only the first lines of a long block are compared, the rest have no successor."""
    pool = {index: frozenset(tokens(line.text)) for index, line in enumerate(added[:_LONGEST_BLOCK])}
    for place, line in enumerate(removed):
        words = frozenset(tokens(line.text)) if pool and place < _LONGEST_BLOCK else frozenset()
        scored = (
            [(len(words & other) / (len(words | other) or 1), -index) for index, other in pool.items()] if words else []
        )
        score, index = max(scored, default=(0.0, 0))
        if score >= _ALIKE:
            pool.pop(-index)
            yield line, added[-index]
        else:
            yield line, None


def _function(case: Case, path: str, ours: Line, hunk: Hunk) -> str:
    """Return the function that holds our line: from the syntax tree, else from what git printed after ``@@``."""
    for unit in case.python_units:
        if unit.path == path and ours.new in unit.lines:
            function = unit.function_at(ours.new)
            if function is not None:
                return function.name
    return section_name(hunk.section)


def section_name(section: str) -> str:
    """Return the function's name in a hunk's section, or nothing (classes and modules are no function)."""
    found = _NAMED.search(section[:300])
    return found[1] if found else ""


def _inside(diff: FileDiff, later: FileDiff) -> Iterator[str]:
    """Yield the functions that this pull request added and the follow-up changed."""
    ours = {line.text.strip() for line in diff.added}
    for hunk in later.hunks:
        name = section_name(hunk.section)
        changed = [index for index, line in enumerate(hunk.lines) if line.mark != " "]
        lead = hunk.lines[: changed[0]] if changed else ()
        # Git names the function above the hunk; where another one opens within it, the change is that one's.
        if name and hunk.section.strip() in ours and not any(_NAMED.search(line.text[:300]) for line in lead):
            yield name
