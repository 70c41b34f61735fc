"""A type that knows more than before.

What it finds: parameters, fields and variables that ship whose annotation was ``Any``, ``object``, a bare container
or ``Optional[…]``/``… | None`` in a removed line and is a more precise one in the added line beside it, by the same
name; in TypeScript ``any`` or ``unknown`` that became something else. Three or more, or two that were ``Any``.

Why it matters: the checker can now say what a comment could only hope.

Where it errs: it compares the text of neighbouring lines by name; a type that only looks more precise counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import counted, credit, line_receipt, standing
from bot.diff import FileDiff, Hunk, Line
from bot.exhibit import Exhibit, Receipt, Stance

STANCE = Stance.CREDIT

_NAMED = re.compile(r"\b([A-Za-z_]\w{0,60})\??:[ ]*(?=[A-Za-z_])")
_ENDS = frozenset("=,);{}")
_LONGEST = 120
_VAGUE = re.compile(r"^(?:typing\.)?(?:Any|any|object|unknown|dict|list|tuple|set|Dict|List|Callable|Function)$")
_PLAIN = frozenset("str int float bool bytes string number boolean".split())
_OPTIONAL = re.compile(r"^(?:typing\.)?Optional\[(.+)\]$|^(.+?) \| None$")
_LANGUAGES = (".py", ".pyi", ".ts", ".tsx")
_FEWEST = 3
_Pair = tuple[FileDiff, Line, Line, str, str, str]


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``count``, ``names``, ``before`` and ``after`` (the annotations, in the same order), ``path`` and ``name``
    of the first, ``was`` and ``became`` (its annotations), ``were_any`` (how many were ``Any`` or ``any``),
    ``files``.
    """
    found = [
        pair
        for diff in case.production
        if diff.path.endswith(_LANGUAGES)
        for hunk in diff.hunks
        for pair in _pairs(diff, hunk)
    ]
    were_any = sum(before.lower() == "any" for *_, before, _ in found)
    if len(found) < _FEWEST and were_any < 2:
        return
    found.sort(key=lambda item: item[4].lower() != "any")
    diff, _, _, name, before, after = found[0]
    receipts: list[Receipt] = []
    for where, old, new, *_ in found[:5]:
        receipts += [line_receipt(case, where, new), line_receipt(case, where, old)]
    yield credit(
        "types_tightened",
        min(2.5 + 0.4 * len(found), 5.5),
        f"{counted(len(found), 'annotation').capitalize()} got more precise: `{name}: {before}` is `{after}` now.",
        {
            "count": len(found),
            "names": tuple(item[3] for item in found)[:8],
            "before": tuple(item[4] for item in found)[:8],
            "after": tuple(item[5] for item in found)[:8],
            "path": diff.path,
            "name": name,
            "was": before,
            "became": after,
            "were_any": were_any,
            "files": len({item[0].path for item in found}),
        },
        receipts,
        stands_in=standing(case),
        confidence=0.8,
    )


def _pairs(diff: FileDiff, hunk: Hunk) -> Iterator[_Pair]:
    """Yield the names whose vague annotation in a run of removed lines is precise in the added lines right after it."""
    old: dict[str, tuple[Line, str]] = {}
    last = " "
    for line in hunk.lines:
        if line.mark == " " or (line.mark == "-" and last == "+"):
            old = {}
        if line.mark != " " and len(line.text) < 300:
            for name, note in annotated(line.text):
                if line.mark == "-":
                    old[name] = (line, note)
                elif name in old and _is_tighter(old[name][1], note):
                    yield diff, old[name][0], line, name, old.pop(name)[1], note
        last = line.mark


def annotated(text: str) -> Iterator[tuple[str, str]]:
    """Yield the names of a line that carry an annotation, each with all of it, brackets and all."""
    for match in _NAMED.finditer(text):
        depth = 0
        for index in range(match.end(), min(len(text), match.end() + _LONGEST)):
            depth += (text[index] in "[(<") - (text[index] in "])>")
            if depth < 0 or (depth == 0 and text[index] in _ENDS):
                yield match[1], text[match.end() : index].strip()
                break
        else:
            if depth == 0:
                yield match[1], text[match.end() : match.end() + _LONGEST].strip().removesuffix(":")


def _is_tighter(before: str, after: str) -> bool:
    optional_now = _OPTIONAL.match(after)
    core = (optional_now[1] or optional_now[2]) if optional_now else after
    if core in {before, ""} or any(_VAGUE.match(part.strip()) for part in after.split("|")) or not after[:1].isalpha():
        return False
    if _VAGUE.match(before):
        return not _is_lower_word(core) and core != "Any"
    optional = _OPTIONAL.match(before)
    return optional is not None and (optional[1] or optional[2]) == after


def _is_lower_word(text: str) -> bool:
    """Whether it is no type at all but a value or a keyword, as in ``{"a": any, b}`` or a slice."""
    return text.isalpha() and text.islower() and text not in _PLAIN
