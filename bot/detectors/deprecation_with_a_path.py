"""A deprecation that says what to use instead.

What it finds: added lines of code that deprecate something (``DeprecationWarning``, ``@deprecated``,
``#[deprecated]``, ``warnDeprecated``…) with the way out within three lines: "use `x` instead", "replaced by", "in
favour of".

Why it matters: a warning without a way out is only a noise.

Where it errs: words of the way out may belong to another sentence nearby; both lines are quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import MOST_RECEIPTS, Place, fresh, receipts
from bot.detectors.base import counted, credit, standing
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind

STANCE = Stance.CREDIT
_DEPRECATES = re.compile(
    r"\b(?:Pending)?DeprecationWarning\b|@(?:\w+\.)?deprecated\b|#\[deprecated|@Deprecated\b|\bis"
    r" deprecated\b|\bare deprecated\b"
    r"|Deprecated: |warn_?deprecat\w*|deprecated_(?:parameter|field|callable|class)"
)
_WAY_OUT = re.compile(
    r"\b(?:[Uu]se|[Pp]refer|[Mm]igrate to|[Ss]witch to|replaced by|superseded by|in favou?r of)\s+(?:the\s+)?"
    r"[`'\"{\[]*(?:@link\s+)?(?P<name>[\w.:#\-/@]{3,80}(?:\(\))?)"
)
_NEAR = 3
_WORDS = frozenset("the this that new instead these those your our another other different following".split())


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``count``, ``replacement`` (the first thing to use instead), ``replacements``, ``code`` (the line that
    deprecates), ``path_line`` (the line with the way out), ``path``.
    """
    places = list(fresh(case, FileKind.PRODUCTION))
    found: list[tuple[Place, Place, str]] = []
    for index, place in enumerate(places):
        if _DEPRECATES.search(place[1].text):
            way = _way_out(places, index)
            if way is not None and (not found or found[-1][1] != way[0]):
                found.append((place, *way))
    if not found:
        return
    names = tuple(dict.fromkeys(name for _, _, name in found))
    first, way_line, _ = found[0]
    both = dict.fromkeys(item for place, way, _ in found for item in (place, way))
    yield credit(
        "deprecation_with_a_path",
        4.0,
        f"{counted(len(found), 'deprecation').capitalize()} with a way out: use `{names[0]}`.",
        {
            "count": len(found),
            "replacement": names[0],
            "replacements": names[:MOST_RECEIPTS],
            "code": first[1].text.strip()[:200],
            "path_line": way_line[1].text.strip()[:200],
            "path": first[0].path,
        },
        receipts(case, both),
        stands_in=standing(case),
        confidence=0.8,
    )


def _way_out(places: list[Place], index: int) -> tuple[Place, str] | None:
    diff, line = places[index]
    for place in places[max(0, index - _NEAR) : index + _NEAR + 1]:
        if place[0] is diff and abs((place[1].new or 0) - (line.new or 0)) <= _NEAR:
            found = _WAY_OUT.search(place[1].text)
            if found and found["name"].lower() not in _WORDS:
                return place, found["name"].rstrip(".")
    return None
