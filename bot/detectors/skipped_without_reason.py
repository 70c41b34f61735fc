"""Tests that were told to sit out, without a word of why.

What it finds: added skips that carry no reason: ``@pytest.mark.skip`` and ``xfail`` bare, ``pytest.skip()``,
``@unittest.skip`` bare, ``it.skip``/``xit``/``describe.skip`` and ``#[ignore]``, ``t.Skip()``, ``@Disabled``,
``@Ignore`` with no comment on the line or above it. Conditional skips are left alone.

Why it matters: a skip without a reason is a test that nobody will ever dare to wake.

Where it errs: the reason may stand in the commit or the issue. The roast says what the line says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import FIXTURE, Place, fresh, paths, receipts, texts
from bot.detectors._testing import suffix
from bot.detectors.base import charge, counted, standing
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind

STANCE = Stance.CHARGE
_SCRIPT = re.compile(r"^\s*(?:(?:it|test|describe|suite)\.skip|xit|xtest|xdescribe)\(\s*[\"'`]")
_SKIPS = {
    ".py": re.compile(
        r"^\s*(?:@pytest\.mark\.(?:skip|xfail)(?:\(\s*\))?|pytest\.(?:skip|xfail)\(\s*\)|@unittest\.skip)\s*(?:#|$)"
    ),
    ".go": re.compile(r"^\s*[tb]\.(?:Skip|SkipNow)\(\s*\)\s*$"),
    ".rs": re.compile(r"^\s*#\[ignore\]\s*$"),
    ".java": re.compile(r"^\s*@(?:Disabled|Ignore)\s*$"),
    ".rb": re.compile(r"^\s*(?:xit|xdescribe|xcontext)\b"),
    **dict.fromkeys((".ts", ".tsx", ".js", ".jsx", ".mjs"), _SCRIPT),
}
_COMMENT = re.compile(r"^\s*(?:#(?!\[)|//|/\*|\*).*[A-Za-z]{3,}|\S\s+(?:#|//)\s.*[A-Za-z]{3,}")
_CONDITION = re.compile(r"\bif\b|\bunless\b|\?|&&|\|\|")
_NAME = re.compile(r"(?:def|func|fn|void)\s+(\w+)|[\"'`]([^\"'`]{3,120})[\"'`]")


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``count``, ``tests`` (names, where they can be told), ``test`` (the first), ``lines``, ``code`` (the
    first), ``path``, ``files``.
    """
    after: dict[str, dict[int, str]] = {}
    found: list[tuple[Place, str]] = []
    for place in fresh(case, FileKind.TEST, FileKind.PRODUCTION):
        diff, line = place
        pattern = _SKIPS.get(suffix(diff.path))
        if pattern is None or FIXTURE.search(diff.path) or not pattern.match(line.text):
            continue
        if diff.path not in after:
            after[diff.path] = {item.new: item.text for hunk in diff.hunks for item in hunk.lines if item.new}
        near, number = after[diff.path], line.new or 0
        above = near.get(number - 1, "")
        if _COMMENT.search(line.text) or _COMMENT.match(above) or _CONDITION.search(above):
            continue
        found.append((place, _name(line.text, [near.get(number + step, "") for step in range(1, 5)])))
    if not found:
        return
    places = [place for place, _ in found]
    names = tuple(name for _, name in found if name)
    files = paths(places)
    where = f"`{files[0]}`" if len(files) == 1 else counted(len(files), "file")
    yield charge(
        "skipped_without_reason",
        min(3.5 + 0.6 * len(found), 6.5),
        f"{counted(len(found), 'test').capitalize()} told to sit out in {where}, without a word of why.",
        {
            "count": len(found),
            "tests": names[:12],
            "test": names[0] if names else "",
            "lines": texts(places),
            "code": places[0][1].text.strip(),
            "path": files[0],
            "files": len(files),
        },
        receipts(case, places),
        stands_in=standing(case),
        confidence=0.85,
    )


def _name(text: str, below: list[str]) -> str:
    for line in (text, *below):
        found = _NAME.search(line[:400])
        if found:
            return found[1] or found[2]
    return ""
