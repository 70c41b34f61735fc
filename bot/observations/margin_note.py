"""A note in the margin: a new comment of one line in which somebody can be heard.

What it finds: the comment among the added lines with the most voice: one that gives a reason, a warning or a sigh.

Why it matters: a comment is the one line of a diff that is written to be read by a colleague.

Where it errs: voice is told by words ("because", "unfortunately"), so a dry good comment may lose to a chatty one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import line_receipt
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Fact, Stance
from bot.kinds import FileKind
from bot.observations._base import name_of, observation, showable, written

STANCE = Stance.CONTEXT

_NOTE = re.compile(r"^\s*(?:#|//)\s(?P<note>[A-Z\w][^`]{14,120})$")
_DIRECTIVE = re.compile(
    r"noqa|type:|eslint|prettier|todo|fixme|xxx|copyright|license|pragma|nolint|deno-|ts-|pylint|mypy|e\.g\.|^SPDX|[;{}]$"
    r"|\(\)$|=|[A-Z_]{6,}:",
    re.IGNORECASE,
)
_SIGH = re.compile(
    r"\b(?:sadly|unfortunately|annoying\w*|weird\w*|hack\w*|magic\w*|somehow|for some reason|hopefully"
    r"|just in case|probably|apparently|honestly|surpris\w+|tricky|trust|pretend\w*|lie|lies|nasty|cheat\w*|luckily"
    r"|oddly|best effort|good enough)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|otherwise|so that|unless|even if|don't|doesn't|won't|can't|never|always|we|still|only|actually"
    r"|cannot|must|no need|note that|let's|instead|yet|until|should)\b",
    re.IGNORECASE,
)
_LEAST_WORDS, _MOST_WORDS = 4, 20


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``note`` (the comment's words), ``note_words``, ``sighs`` (whether it sighs), ``place``, ``in_test``.
    """
    best: tuple[float, str, FileDiff, Line] | None = None
    for diff, line, note in _notes(case):
        weight = 6.4 if _SIGH.search(note) else 5.2 if _REASON.search(note) else 3.2
        weight += (0.4 if case.kind(diff.path) is FileKind.PRODUCTION else 0) - abs(len(note.split()) - 9) / 40
        if best is None or weight > best[0]:
            best = (weight, note, diff, line)
    if best:
        weight, note, diff, line = best
        facts: dict[str, Fact] = {
            "note": note, "note_words": len(note.split()), "sighs": bool(_SIGH.search(note)),
            "place": name_of(diff.path), "in_test": case.kind(diff.path) is FileKind.TEST,
        }  # fmt: skip
        yield observation(
            case, "margin_note", weight, f"A comment in `{name_of(diff.path)}` says “{note}”.", facts,
            [line_receipt(case, diff, line)],
        )  # fmt: skip


def _notes(case: Case) -> Iterator[tuple[FileDiff, Line, str]]:
    """Yield the comments that stand alone: neither the line above nor the one below goes on with them."""
    held: tuple[FileDiff, Line, str] | None = None
    last = ("", -1)
    for diff, line in written(case, FileKind.PRODUCTION, FileKind.TEST, FileKind.CONFIG):
        found = _NOTE.match(line.text)
        comment = line.text.lstrip().startswith(("#", "//"))
        follows = last == (diff.path, (line.new or 0) - 1)
        if held and not (comment and follows):
            yield held
        held = None
        if found and not follows and _reads(found["note"].strip()):
            held = (diff, line, found["note"].strip())
        last = (diff.path, line.new or 0) if comment else ("", -1)
    if held:
        yield held


def _reads(note: str) -> bool:
    words = note.split()
    return _LEAST_WORDS <= len(words) <= _MOST_WORDS and not _DIRECTIVE.search(note) and showable(note)
