"""Prose in a diff: which added lines of a document are new sentences, not code, a table or an old line retouched."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.diff import FileDiff, Line

PROSE = (".md", ".mdx", ".rst", ".txt", ".adoc")
_FENCE = re.compile(r"\s{0,8}(?:```|~~~)")
_NO_PROSE = re.compile(
    r"\s*[|<@${}\[]|\s*\.\. |\s*:\w+:|\s*(?:import|export|from|const|let|def|class|return|pip|npm)\b"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")
_FEWEST_WORDS, _MOST_LINES, _RETOUCHED = 4, 400, 0.6


def outside_fences(diff: FileDiff, text: str | None) -> Iterator[Line]:
    """Yield the added lines that stand in no fenced block, as far as the file's text or the hunk shows."""
    fenced = _fenced(text) if text is not None else None
    for hunk in diff.hunks:
        inside = False
        for line in hunk.lines:
            if line.new is not None and _FENCE.match(line.text):
                inside = not inside
            elif line.mark == "+" and not (line.new in fenced if fenced is not None else inside):
                yield line


def new_prose(diff: FileDiff, text: str | None) -> Iterator[Line]:
    """Yield the added lines that are sentences of a document and share little with a line that was removed."""
    if not diff.path.endswith(PROSE):
        return
    old = [_words(line.text) for line in diff.removed[:_MOST_LINES]]
    for line in outside_fences(diff, text):
        words = _words(line.text[:1000])
        known = any(len(words & other) >= _RETOUCHED * len(words) for other in old)
        if len(words) >= _FEWEST_WORDS and not _NO_PROSE.match(line.text) and not known:
            yield line


def _fenced(text: str) -> frozenset[int]:
    """Return the numbers of the lines that stand inside fences."""
    inside, found = False, set()
    for at, line in enumerate(text.split("\n"), 1):
        if _FENCE.match(line):
            inside = not inside
        elif inside:
            found.add(at)
    return frozenset(found)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text))
