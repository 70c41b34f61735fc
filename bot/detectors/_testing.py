"""Tests that a pull request adds, in six languages: recognised by what their runners collect.

pytest: https://docs.pytest.org/en/stable/explanation/goodpractices.html#conventions-for-python-test-discovery
Go: https://pkg.go.dev/testing · Jest: https://jestjs.io/docs/api · Rust: https://doc.rust-lang.org/reference/attributes/testing.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.case import Case
from bot.diff import FileDiff, Line
from bot.kinds import FileKind

_SCRIPT = re.compile(r"^\s*(?:it|test)(?:\.[a-zA-Z]{1,20}){0,2}\(\s*(?:'([^']+)'|\"([^\"]+)\"|`([^`]+)`)")
_NAMED = {
    ".py": re.compile(r"^\s*(?:async\s+)?def\s+(test\w*)\s*\("),
    ".go": re.compile(r"^func\s+((?:Test|Fuzz)(?![a-z])\w*)\s*\("),
    ".rb": re.compile(r"^\s*(?:def\s+(test_\w+)|(?:it|specify)\s*\(?\s*(?:'([^']+)'|\"([^\"]+)\"))"),
    **dict.fromkeys((".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts"), _SCRIPT),
}
_MARKED = {
    ".rs": (
        re.compile(r"^\s*#\[(?:\w+::)*(?:test|rstest|test_case)\b"),
        re.compile(r"^\s*(?:pub\s+)?(?:async\s+)?fn\s+(\w+)"),
    ),
    ".java": (
        re.compile(r"^\s*@(?:Test|ParameterizedTest|RepeatedTest)\b"),
        re.compile(r"^\s*(?:public\s+|protected\s+)?(?:static\s+)?void\s+(\w+)\s*\("),
    ),
    ".kt": (
        re.compile(r"^\s*@(?:Test|ParameterizedTest)\b"),
        re.compile(r"^\s*(?:\w+\s+)*fun\s+(?:`([^`]+)`|(\w+))"),
    ),
}
_LINES_AFTER_MARK = 6
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_EDGES = frozenset(
    "absent already boundary cancel canceled cancellation cancelled cancels circular concurrency concurrent"
    " concurrently conflict conflicts corrupt corrupted crash crashed cycle cyclic deadlock denied disconnect"
    " disconnected disconnects duplicate duplicated duplicates edge empty error errors escape escaped exceeds"
    " expired fail failed failing fails failure forbidden gone idempotent ignored ignores interrupt interrupted"
    " invalid leak leaks limit malformed missing negative nested never nil none nonexistent null offline orphan"
    " orphaned out-of-order overflow overlapping panic panics partial race races racing raise raises reconnect"
    " reconnects recursive reject rejected rejects retried retries retry rollback shutdown stale timeout"
    " timeouts truncated twice unauthorized undefined underflow unicode unknown without zero".split()
)
_NEGATIONS = ("does not", "doesn t", "not", "cannot", "only")
_END_TO_END = re.compile(r"e2e|end[ _-]?to[ _-]?end|(^|/)integration", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AddedTest:
    """A test that the pull request adds: its name as written, and the line that names it."""

    name: str
    diff: FileDiff
    line: Line

    @property
    def words(self) -> tuple[str, ...]:
        """The words of its name, lower-cased."""
        return tuple(word.lower() for word in _WORDS.findall(self.name))

    @property
    def is_edge_case(self) -> bool:
        """Whether its name speaks of what goes wrong, or of what must not happen."""
        words = self.words
        return not _EDGES.isdisjoint(words) or any(f" {no} " in f" {' '.join(words)} " for no in _NEGATIONS)

    @property
    def is_end_to_end(self) -> bool:
        """Whether its name or its folder says that it runs the whole way."""
        return bool(_END_TO_END.search(self.name) or _END_TO_END.search(self.diff.path))


def suffix(path: str) -> str:
    """Return the lower-case suffix of a path, dot included."""
    name = path.rsplit("/", 1)[-1]
    return f".{name.rsplit('.', 1)[-1].lower()}" if "." in name else ""


def tests_named(path: str, lines: Iterable[Line]) -> Iterator[tuple[str, Line]]:
    """Yield the name and the line of every test that these lines declare."""
    kind = suffix(path)
    if kind in _NAMED:
        for line in lines:
            found = _NAMED[kind].match(line.text[:400])
            if found:
                yield next(name for name in found.groups() if name), line
    elif kind in _MARKED:
        yield from _marked(*_MARKED[kind], lines)


def _marked(mark: re.Pattern[str], name: re.Pattern[str], lines: Iterable[Line]) -> Iterator[tuple[str, Line]]:
    left = 0
    for line in lines:
        if mark.match(line.text[:400]):
            left = _LINES_AFTER_MARK
        elif left:
            left -= 1
            found = name.match(line.text[:400])
            if found:
                left = 0
                yield next(item for item in found.groups() if item), line


def added_tests(case: Case) -> tuple[AddedTest, ...]:
    """Return the tests that are new: added under a name that the pull request does not remove anywhere."""
    added: list[AddedTest] = []
    removed: set[str] = set()
    for diff in case.diffs:
        kind = case.kind(diff.path)
        if kind is FileKind.TEST or (kind is FileKind.PRODUCTION and diff.path.endswith(".rs")):
            added += [AddedTest(name, diff, line) for name, line in tests_named(diff.path, diff.added)]
            removed.update(name for name, _ in tests_named(diff.path, diff.removed))
    return tuple(test for test in added if test.name not in removed)


def removed_tests(case: Case) -> tuple[str, ...]:
    """Return the names of tests that the pull request removes and does not add again."""
    added: set[str] = set()
    removed: list[str] = []
    for diff in case.diffs:
        if case.kind(diff.path) in {FileKind.TEST, FileKind.PRODUCTION}:
            added.update(name for name, _ in tests_named(diff.path, diff.added))
            removed += [name for name, _ in tests_named(diff.path, diff.removed)]
    return tuple(name for name in removed if name not in added)
