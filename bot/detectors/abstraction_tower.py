"""Managers, factories and protocols by the dozen.

What it finds: six or more new classes, interfaces or protocols that ship and whose names end in a word for structure
(Manager, Factory, Provider, Handler, Protocol, Strategy, …), in whatever language has ``class`` or ``interface``.

Why it matters: each floor is cheap, and somebody has to climb them all to find out what happens.

Where it errs: a framework may ask for such names; test doubles are not counted, nor exceptions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import added_lines, charge, counted, line_receipt, standing
from bot.exhibit import Exhibit, Stance

STANCE = Stance.CHARGE

_CLASS = re.compile(
    r"^\s*(?:export\s+|default\s+|public\s+|private\s+|internal\s+|abstract\s+|final\s+|sealed\s+|static\s+|pub\s+)*"
    r"(?:class|interface|protocol|trait)\s+(\w+)"
)
_STRUCTURE = (
    "Manager Factory Provider Handler Protocol Strategy Builder Registry Adapter Coordinator Orchestrator Interface"
    " Wrapper Executor Dispatcher Mediator Facade Proxy Delegate Controller Resolver Visitor Observer Decorator Mixin"
    " Proposer Starter Finalizer Repository Gateway Bridge Supervisor"
).split()
_ENDING = re.compile(rf"(?:{'|'.join(_STRUCTURE)})(?:Impl|Base)?$")
_BEGINNING = re.compile(r"^_*(Abstract|Base)[A-Z]")
_FEWEST = 6


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``count``, ``names`` (the classes), ``kinds`` ("three managers"), most frequent first,
    ``all_new_classes`` (how many classes are new), ``files`` (how many files they are in).
    """
    gone = {match[1] for diff in case.production for line in diff.removed if (match := _CLASS.match(line.text))}
    new = [
        (diff, line, match[1])
        for diff, line in added_lines(case.production)
        if (match := _CLASS.match(line.text)) and match[1] not in gone
    ]
    found = [(diff, line, name, word) for diff, line, name in new if (word := _word(name))]
    if len({name for _, _, name, _ in found}) < _FEWEST:
        return
    kinds = Counter(word for _, _, _, word in found).most_common()
    words = tuple(counted(count, word.lower(), _plural(word.lower())) for word, count in kinds)
    yield charge(
        "abstraction_tower",
        min(3.0 + 0.3 * len(found), 7.0),
        f"{len(found)} new classes are named for structure: {', '.join(words[:4])}.",
        {
            "count": len(found),
            "names": tuple(dict.fromkeys(name for _, _, name, _ in found))[:20],
            "kinds": words,
            "all_new_classes": len(new),
            "files": len({diff.path for diff, _, _, _ in found}),
        },
        (line_receipt(case, diff, line) for diff, line, _, _ in found[:12]),
        stands_in=standing(case),
        confidence=0.85,
    )


def _word(name: str) -> str:
    ending = _ENDING.search(name)
    if ending:
        return ending.group().removesuffix("Impl").removesuffix("Base")
    beginning = _BEGINNING.match(name)
    return beginning[1] if beginning else ""


def _plural(word: str) -> str:
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}es" if word.endswith(("x", "s")) else f"{word}s"
