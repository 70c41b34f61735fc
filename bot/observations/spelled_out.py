"""A test whose name is a sentence.

What it finds: the longest name among the new tests, where it has nine words or more.

Why it matters: such a name says what the change is for better than its title does.

Where it errs: words are told by underscores, spaces and capitals, so an abbreviation may count as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import line_receipt
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind
from bot.observations._base import observation, showable, written

STANCE = Stance.CONTEXT

_TEST = re.compile(
    r"\b(?:def|fn|func)\s+(test_?\w{16,120}|Test\w{16,120}|\w{30,120})\s*\(|\b(?:it|test)\(\s*[\"']([^\"'`]{24,110})[\"']"
)
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_LEAST_WORDS = 8


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit. Facts: ``test`` (its name), ``test_words``, ``letters``, ``spoken`` (has spaces)."""
    found = [
        (name, diff, line)
        for diff, line in written(case, FileKind.TEST)
        if (match := _TEST.search(line.text[:300])) and showable(name := match[1] or match[2])
    ]
    if not found:
        return
    name, diff, line = max(found, key=lambda item: len(_WORD.findall(item[0])))
    words = _WORD.findall(name.removeprefix("test_"))
    if len(words) >= _LEAST_WORDS:
        yield observation(
            case, "spelled_out", 4.0 + min(len(words) / 8, 2.2), f"A new test is called `{name}`.",
            {"test": name, "test_words": len(words), "letters": len(name), "spoken": " " in name},
            [line_receipt(case, diff, line)],
        )  # fmt: skip
