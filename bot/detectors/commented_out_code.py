"""Code that was put away in comments.

What it finds: at least three added comment lines in a row, in code that ships or tests it, which are code when the
mark in front is taken away: for Python they must parse and hold two statements that do something; for languages with
``//`` most must end as code ends. Documentation comments, examples and lines that only moved are left alone.

Why it matters: the history keeps it already; here it only makes the reader wonder which of the two is meant.

Where it errs: an example in a comment can look the same; a comment above that announces one is believed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import ASIDE, LONGEST_LINE, Place, receipts, texts
from bot.detectors._testing import suffix
from bot.detectors.base import charge, counted, standing
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind
from bot.python_source import parse

STANCE = Stance.CHARGE
_FEWEST = 3
_LONGEST_RUN = 400
_HASH = re.compile(r"^(\s*)#(?!!| ?%%|:) ?(?P<code>.*)$")
_SLASH = re.compile(r"^(\s*)//(?![/!]) ?(?P<code>.*)$")
_SLASHED = frozenset(".ts .tsx .js .jsx .mjs .cjs .go .rs .java .kt .cs .swift .php .scala".split())
_ENDS_AS_CODE = re.compile(
    r"[;{}]\s*$|^\s*[\])}]+[,;]?\s*$|=>\s*$|^\s*[\w.]+\(.*\)[,;]?$|^\s*(?:if|for|return|const|let|var|func|fn)\b.*[({=]"
)
_PROSE = re.compile(
    r"^[A-Z][a-z]+ [a-z]+ [a-z]+|\b(?:the|that|this|which|because|when|we)\b .{3,}\b(?:is|are|to|be|not)\b"
)
_ANNOUNCES = re.compile(
    r"\b(e\.?g|example|usage|like|such as|for instance|input|output|equivalent|roughly|pseudo|generates?)\b|:\s*$",
    re.IGNORECASE,
)
_DOES = (ast.Assign, ast.AugAssign, ast.Return, ast.If, ast.For, ast.With, ast.FunctionDef, ast.ClassDef, ast.Raise,
         ast.Try, ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.While, ast.Import, ast.ImportFrom)  # fmt: skip


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``count`` (lines), ``blocks``, ``longest`` (lines of the longest block), ``lines`` (the first dozen of it),
    ``code`` (its first line, mark and all), ``path`` (of the longest), ``files``.
    """
    blocks: list[list[Place]] = []
    for diff in case.diffs:
        mark = _HASH if diff.path.endswith(".py") else _SLASH if suffix(diff.path) in _SLASHED else None
        if (
            mark is not None
            and not ASIDE.search(diff.path)
            and case.kind(diff.path) in {FileKind.PRODUCTION, FileKind.TEST}
        ):
            for run in _runs(case, diff, mark):
                code = [match["code"] for match in map(mark.match, (line.text for line in run)) if match]
                blocks += [[(diff, line) for line in run]] if _is_code(code, mark) else []
    if not blocks:
        return
    blocks.sort(key=len, reverse=True)
    longest = blocks[0]
    count = sum(map(len, blocks))
    files = tuple(dict.fromkeys(block[0][0].path for block in blocks))
    yield charge(
        "commented_out_code",
        min(2.5 + 0.15 * count, 6.0),
        f"{counted(count, 'line').capitalize()} of code put away in comments, in {counted(len(blocks), 'block')};"
        f" the longest in `{longest[0][0].path}`.",
        {
            "count": count,
            "blocks": len(blocks),
            "longest": len(longest),
            "lines": texts(longest),
            "code": longest[0][1].text.strip(),
            "path": longest[0][0].path,
            "files": len(files),
        },
        receipts(case, [*longest[:6], *(block[0] for block in blocks[1:])]),
        stands_in=standing(case),
        confidence=0.8,
    )


def _runs(case: Case, diff: FileDiff, mark: re.Pattern[str]) -> Iterator[list[Line]]:
    """Yield runs of added comment lines of one indentation; one that a prose comment announces is left out."""
    gone = case.removed_texts
    for hunk in diff.hunks:
        run: list[Line] = []
        indent, announced, before = "", False, ""
        for line in [*hunk.lines, Line(" ", "", None, None)]:
            match = mark.match(line.text) if len(line.text) <= LONGEST_LINE else None
            usable = match is not None and line.mark == "+" and line.text.strip() not in gone
            if usable and match is not None and (not run or match[1] == indent):
                if not run:
                    indent, announced = match[1], bool(_ANNOUNCES.search(before)) and bool(mark.match(before))
                run.append(line)
            elif line.mark != "-":
                if len(run) >= _FEWEST and not announced:
                    yield run[:_LONGEST_RUN]
                run = []
            if line.mark != "-":
                before = line.text[:LONGEST_LINE]


def _is_code(code: list[str], mark: re.Pattern[str]) -> bool:
    while code and not code[0].strip():
        code = code[1:]
    if len(code) < _FEWEST or _ANNOUNCES.search(code[0]) or any(_PROSE.search(line) for line in code):
        return False
    if mark is _HASH:
        tree = parse("\n".join(code))
        return (tree is not None and sum(_does(node) for node in tree.body) >= 2) or _one_block(tree)
    told = [line for line in code if line.strip()]
    if sum(line.startswith(("\t", "  ")) for line in told) > 0.6 * len(told):  # a documentation comment's example
        return False
    return len(told) >= _FEWEST and sum(bool(_ENDS_AS_CODE.search(line)) for line in told) >= 0.75 * len(told)


def _does(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr):
        value = node.value.value if isinstance(node.value, ast.Await) else node.value
        return isinstance(value, ast.Call)
    return isinstance(node, _DOES)


def _one_block(tree: ast.Module | None) -> bool:
    """Whether it is a single statement with a body: a function or a loop that was put away whole."""
    return tree is not None and len(tree.body) == 1 and bool(getattr(tree.body[0], "body", None))
