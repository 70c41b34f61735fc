"""A name of forty characters or more.

What it finds: functions, classes, types and constants that ship, newly named with 40 characters or more, in any
language that says ``def``, ``func``, ``fn``, ``class``, ``const`` and the like.

Why it matters: a name that long is a sentence that wanted to be a comment, or a module that wanted to be a namespace.

Where it errs: names that another system dictates (a generated client's, a migration's) look the same; tests are left
alone, where long names are a virtue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import added_lines, charge, line_receipt, standing
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Stance

STANCE = Stance.CHARGE

_LONG = 40
_NAMED = re.compile(
    r"^\s*(?:(?:export|default|public|private|protected|static|final|abstract|async|pub(?:\(crate\))?|unsafe|inline)\s+)*"
    r"(?P<word>def|class|func|function|fn|const|let|var|type|interface|struct|enum|trait|module)\s+"
    r"(?:\([^)]{0,80}\)\s*|mut\s+|static\s+|self\.)?(?P<name>\w{40,200})"
)
_CONSTANT = re.compile(r"^(?P<name>[A-Z_][A-Z0-9_]{39,199})\s*(?::[^=]{0,120})?=[^=]")
_SPLIT = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_WORDS = {"def": "function", "func": "function", "fn": "function", "function": "function", "let": "variable",
          "var": "variable", "const": "constant"}  # fmt: skip


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit, for the longest name.

    Facts: ``name``, ``length`` (characters), ``words`` (how many are in it), ``spoken`` (them, with spaces), ``what``
    (function, class, constant…), ``path``, ``count`` (how many names are that long), ``others`` (the next ones).
    """
    gone = {name for diff in case.production for line in diff.removed if (name := _name(line.text)[0])}
    found: dict[str, tuple[FileDiff, Line, str]] = {}
    for diff, line in added_lines(case.production):
        if len(line.text) >= _LONG:
            name, what = _name(line.text)
            if name and name not in gone:
                found.setdefault(name, (diff, line, what))
    if not found:
        return
    names = sorted(found, key=lambda name: (-len(name), name))
    diff, line, what = found[names[0]]
    words = _SPLIT.findall(names[0])
    yield charge(
        "long_name",
        min(2.0 + (len(names[0]) - _LONG) / 8 + 0.2 * len(names), 5.5),
        f"`{names[0]}` is {len(names[0])} characters long ({what}, `{diff.path}`).",
        {
            "name": names[0],
            "length": len(names[0]),
            "words": len(words),
            "spoken": " ".join(words).lower(),
            "what": what,
            "path": diff.path,
            "count": len(names),
            "others": tuple(names[1:6]),
        },
        [line_receipt(case, found[name][0], found[name][1]) for name in names[:6]],
        stands_in=standing(case),
        confidence=0.95,
    )


def _name(text: str) -> tuple[str, str]:
    if len(text) < _LONG or len(text) > 1000:
        return "", ""
    named = _NAMED.match(text)
    if named:
        return named["name"], _WORDS.get(named["word"], named["word"])
    constant = _CONSTANT.match(text)
    return (constant["name"], "constant") if constant else ("", "")
