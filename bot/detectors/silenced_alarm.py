"""Alarms that were switched off.

What it finds: added comments and settings that silence a checker: ``noqa``, ``type: ignore``, ``pragma: no cover``,
``eslint-disable``, ``@ts-ignore``, ``@ts-expect-error``, ``biome-ignore``, ``nolint``, ``#[allow(…)]``,
``@SuppressWarnings``, ``rubocop:disable``, and in pipelines ``continue-on-error: true`` and ``|| true``. Marks that
are the custom (an import that may fail, types only, private members in tests), marks inside Python strings, lines
that only moved, and test fixtures of the checkers themselves are left alone.

Why it matters: each of them is somebody's smoke detector with the battery in a drawer; those without a word of why
are the ones that nobody dares to put back.

Where it errs: some alarms are false and silencing them is right. The roast counts them and says which give a reason.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bot.case import Case
from bot.detectors._lines import FIXTURE, Place, fresh, paths, receipts, texts
from bot.detectors.base import charge, counted, standing
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind

STANCE = Stance.CHARGE
_FEWEST = 2
_OPEN = r"(?://|/\*|\{/\*)\s*"
_MARKS = tuple(
    (tool, re.compile(pattern + r"(?P<rest>.*)"))
    for tool, pattern in (
        ("noqa", r"#\s*(?:ruff:\s*|flake8:\s*)?(?i:noqa)\b(?::\s*(?P<rules>[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*))?"),
        ("type: ignore", r"#\s*(?:type|pyright|ty|mypy|pyrefly):\s*ignore\b(?:\[(?P<rules>[\w\-, ]+)\])?"),
        ("pragma: no cover", r"#\s*pragma:\s*no\s*(?:cover|branch)\b"),
        ("pylint: disable", r"#\s*pylint:\s*disable(?:-next)?=(?P<rules>[\w\-]+(?:,\s*[\w\-]+)*)"),
        ("nosec", r"#\s*nosec\b:?\s*(?P<rules>B\d+)?"),
        ("eslint-disable", _OPEN + r"(?:es|ox)lint-disable(?:-next-line|-line)?\b(?P<rules>(?:(?!--)[^*\n])*)"),
        ("biome-ignore", _OPEN + r"biome-ignore(?:-all|-start)?\s+(?P<rules>[\w/]+)"),
        ("@ts-ignore", _OPEN + r"@ts-ignore\b"),
        ("@ts-expect-error", _OPEN + r"@ts-expect-error\b"),
        ("@ts-nocheck", _OPEN + r"@ts-nocheck\b"),
        ("nolint", r"//\s?nolint\b(?::(?P<rules>[\w,]+))?"),
        ("#[allow]", r"^\s*#!?\[allow\((?P<rules>[^)\n]*)\)\]"),
        ("@SuppressWarnings", r"^\s*@SuppressWarnings\((?P<rules>[^)\n]*)\)?"),
        ("rubocop:disable", r"#\s*rubocop:\s*(?:disable|todo)\s+(?P<rules>[\w/]+(?:,\s*[\w/]+)*)"),
    )
)
_PIPELINE_MARKS = (
    ("continue-on-error: true", re.compile(r"^\s*-?\s*continue-on-error:\s*true\b(?P<rest>.*)")),
    ("|| true", re.compile(r"\|\|\s*true\s*(?P<rest>(?:#.*)?)$")),
    ("allow_failure: true", re.compile(r"^\s*allow_failure:\s*true\b(?P<rest>.*)")),
)
_QUICK = (
    "noqa", "ignore", "pragma", "pylint", "nosec", "lint-disable", "@ts-", "nolint",
    "[allow(", "@suppressw", "rubocop:", "continue-on", "|| true", "||true", "allow_fail",
)  # fmt: skip
_PIPELINE = re.compile(
    r"(^|/)\.github/workflows/|(^|/)\.gitlab-ci|(^|/)\.circleci/|(^|/)azure-pipelines|(^|/)Jenkinsfile$"
)
_WORD = re.compile(r"[A-Za-z]{3,}")
_HASHED = (".py", ".pyi", ".rb")
_HARMLESS = frozenset({"F401", "E402", "PLC0415", "I001"})
"""What a re-export or a deliberate order of imports needs: the customary words for it, not an alarm."""
_HARMLESS_IN_TESTS = _HARMLESS | set(
    "unchecked rawtypes removal deprecation serial NullAway NullAway.Init protected-access redefined-outer-name"
    " unused-argument B018 SLF001 S101 S105 S106 ARG001 ARG002 PLR2004".split()
)
_FEWEST_IN_TESTS = 6
_CUSTOMARY = re.compile(
    r"^\s*(?:if (?:\w+\.)?TYPE_CHECKING|except (?:Import|ModuleNotFound)Error|if (?:sys\.)?(?:version_info|platform)"
    r"|from \.|if __name__|raise NotImplementedError|@(?:\w+\.)?overload|\.\.\."
    r"|(?:p?kill|ps|rm|docker|cat|tail|ls|grep|echo) )"
)
"""Lines whose coverage nobody can have, and cleaning up in a pipeline: their marks are the custom."""
_COMMENT = re.compile(r"^\s*(?:#|//|/\*|\*)\s*(?!.*(?:noqa|eslint|@ts-|rubocop|nolint|type:))(?:.*[A-Za-z]{3,}){2}")


@dataclass(frozen=True, slots=True)
class _Silence:
    diff: FileDiff
    line: Line
    tool: str
    rules: tuple[str, ...]
    has_reason: bool


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``count``, ``lines`` (the first dozen as they stand), ``tools`` (which marks, most used first),
    ``tool`` and ``tool_count`` (the most used), ``rules`` (what was silenced, by name), ``without_reason``,
    ``with_reason``, ``files`` (how many), ``file`` (where most stand), ``file_count``, ``in_tests``, ``paths``,
    ``code`` (the first).
    """
    found = list(_silences(case))
    telling = [item for item in found if item.tool in {"continue-on-error: true", "@ts-nocheck"}]
    in_tests = sum(case.kind(item.diff.path) is FileKind.TEST for item in found)
    if len(found) - in_tests < _FEWEST and in_tests < _FEWEST_IN_TESTS and not telling:
        return
    found.sort(key=lambda item: (item.has_reason, case.kind(item.diff.path) is FileKind.TEST))
    places: list[Place] = [(item.diff, item.line) for item in found]
    tools = Counter(item.tool for item in found)
    by_file = Counter(item.diff.path for item in found)
    silent = sum(not item.has_reason for item in found)
    yield charge(
        "silenced_alarm",
        min(2.0 + 0.5 * (len(found) - in_tests) + 0.2 * in_tests + (1.5 if telling else 0), 7.0),
        f"{counted(len(found), 'alarm').capitalize()} switched off in {counted(len(by_file), 'file')},"
        f" {silent} without a word of why: {', '.join(f'{name} ({count})' for name, count in tools.most_common(3))}.",
        {
            "count": len(found),
            "lines": texts(places),
            "tools": tuple(name for name, _ in tools.most_common()),
            "tool": tools.most_common(1)[0][0],
            "tool_count": tools.most_common(1)[0][1],
            "rules": tuple(dict.fromkeys(rule for item in found for rule in item.rules))[:12],
            "without_reason": silent,
            "with_reason": len(found) - silent,
            "files": len(by_file),
            "file": by_file.most_common(1)[0][0],
            "file_count": by_file.most_common(1)[0][1],
            "paths": paths(places)[:12],
            "in_tests": in_tests,
            "code": places[0][1].text.strip(),
        },
        receipts(case, places),
        stands_in=standing(case),
        confidence=0.9,
    )


def _silences(case: Case) -> Iterator[_Silence]:
    files: dict[str, tuple[frozenset[int], frozenset[int]]] = {}
    for diff, line in fresh(case, FileKind.PRODUCTION, FileKind.TEST, FileKind.CONFIG):
        lowered = line.text.lower()
        kind = case.kind(diff.path)
        if not any(part in lowered for part in _QUICK) or (kind is FileKind.TEST and FIXTURE.search(diff.path)):
            continue
        is_pipeline = bool(_PIPELINE.search(diff.path))
        if kind is FileKind.CONFIG and not is_pipeline:
            continue
        if diff.path not in files:
            files[diff.path] = (_inside_strings(case, diff.path), _below_comments(diff))
        quoted, explained = files[diff.path]
        if line.new not in quoted and not _CUSTOMARY.match(line.text):
            found = _read(diff, line, pipeline=is_pipeline, explained=line.new in explained)
            harmless = _HARMLESS_IN_TESTS if kind is FileKind.TEST else _HARMLESS
            if found is not None and not (found.rules and harmless.issuperset(found.rules)):
                yield found


def _read(diff: FileDiff, line: Line, *, pipeline: bool, explained: bool) -> _Silence | None:
    for tool, pattern in _PIPELINE_MARKS if pipeline else _MARKS:
        found = pattern.search(line.text)
        if found is None or _is_quoted(line.text, found.start()):
            continue
        if pattern.pattern.startswith("#") and not diff.path.endswith(_HASHED):
            continue
        groups = found.groupdict()
        rules = tuple(filter(None, re.split(r"[,\s\"{}]+", (groups.get("rules") or "").strip())))[:6]
        return _Silence(diff, line, tool, rules, explained or bool(_WORD.search(groups.get("rest") or "")))
    return None


def _below_comments(diff: FileDiff) -> frozenset[int]:
    """Return the lines that stand right below a comment in words: a reason may stand there too."""
    return frozenset(
        item.new + 1
        for hunk in diff.hunks
        for item in hunk.lines
        if item.new is not None and _COMMENT.match(item.text[:200])
    )


def _is_quoted(text: str, at: int) -> bool:
    """Whether a mark stands inside a string: an odd number of one kind of quote before it, and one after."""
    before, after = text[:at], text[at:]
    return any(before.count(quote) % 2 == 1 and quote in after for quote in "'\"`")


def _inside_strings(case: Case, path: str) -> frozenset[int]:
    """Return the lines of a Python file that lie inside strings of several lines: marks there are only text."""
    inside: set[int] = set()
    for unit in case.python_units:
        if unit.path == path:
            for node in (*unit.of(ast.Constant), *unit.of(ast.JoinedStr)):
                if (node.end_lineno or 0) > node.lineno:
                    inside.update(range(node.lineno, node.end_lineno or 0))
    return frozenset(inside)
