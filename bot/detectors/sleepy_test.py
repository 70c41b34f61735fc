"""Tests that wait by the clock.

What it finds: added sleeps with a literal time in test code (``time.sleep(2)``, ``asyncio.sleep(1)``, ``setTimeout(r,
500)`` in a promise, ``time.Sleep(2 * time.Second)``, ``Thread.sleep(500)``, ``sleep 1``) of at least two seconds
together, or at least three of half a second together.

Why it matters: the suite is as slow as its naps, and as sure as the machine is fast.

Where it errs: a test of waiting has to wait. Loops that repeat a sleep are counted once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import Place, fresh, paths, receipts, texts
from bot.detectors._testing import suffix
from bot.detectors.base import charge, counted, standing
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind

STANCE = Stance.CHARGE
_NUMBER = r"(?P<number>\d+(?:_\d+)*(?:\.\d+)?)"
_SCRIPT = (
    re.compile(
        rf"\bsetTimeout\(\s*(?:r|res|resolve|done|_)\w*\s*,\s*{_NUMBER}\s*\)"
        rf"|\bawait (?:sleep|delay|wait|(?:page\.)?waitForTimeout)\(\s*{_NUMBER.replace('number', 'second')}\s*\)"
    ),
    0.001,
)
_SLEEPS: dict[str, tuple[re.Pattern[str], float]] = {
    ".py": (re.compile(rf"(?<![\w\"'])(?:time|asyncio|anyio|trio|gevent)\.sleep\(\s*{_NUMBER}\s*\)"), 1.0),
    ".go": (re.compile(rf"\btime\.Sleep\(\s*(?:{_NUMBER}\s*\*\s*)?time\.(?P<unit>Second|Millisecond|Minute)\b"), 1.0),
    ".rs": (re.compile(rf"\bsleep\((?:\w+::)*Duration::from_(?P<unit>secs|millis)\(\s*{_NUMBER}\s*\)"), 1.0),
    ".java": (re.compile(rf"\bThread\.sleep\(\s*{_NUMBER}L?\s*\)"), 0.001),
    ".rb": (re.compile(rf"^\s*sleep[ (]\s*{_NUMBER}\b"), 1.0),
    **dict.fromkeys((".ts", ".tsx", ".js", ".jsx", ".mjs"), _SCRIPT),
}  # fmt: skip
_UNITS = {"Second": 1.0, "Millisecond": 0.001, "Minute": 60.0, "secs": 1.0, "millis": 0.001}
_LONG = 2.0
_MANY = 3
_SHORT = 0.5
_SHORTEST = 0.005
_LONGEST = 600
"""A longer sleep is no wait: it is something to be cancelled, timed out or killed."""


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``count``, ``seconds`` (together, as written, each counted once), ``longest`` (seconds of the longest),
    ``lines``, ``code`` (the longest), ``path`` (of the longest), ``files``.
    """
    found: list[tuple[Place, float]] = []
    for place in fresh(case, FileKind.TEST):
        seconds = _seconds(place)
        if _SHORTEST <= seconds < _LONGEST:
            found.append((place, seconds))
    total = sum(seconds for _, seconds in found)
    if total < _LONG and (len(found) < _MANY or total < _SHORT):
        return
    found.sort(key=lambda item: -item[1])
    places = [place for place, _ in found]
    files = paths(places)
    where = f"`{files[0]}`" if len(files) == 1 else counted(len(files), "file")
    unit = "second" if total == 1 else "seconds"
    yield charge(
        "sleepy_test",
        min(2.5 + 0.12 * len(found) + total / 8, 6.0),
        f"{counted(len(found), 'nap').capitalize()} in the tests of {where}, {_figure(total)} {unit} together.",
        {
            "count": len(found),
            "seconds": _figure(total),
            "longest": _figure(found[0][1]),
            "lines": texts(places),
            "code": places[0][1].text.strip(),
            "path": files[0],
            "files": len(files),
        },
        receipts(case, places),
        stands_in=standing(case),
        confidence=0.8,
    )


def _seconds(place: Place) -> float:
    diff, line = place
    pattern, unit = _SLEEPS.get(suffix(diff.path), (None, 1.0))
    found = pattern.search(line.text) if pattern is not None else None
    if found is None:
        return 0.0
    groups = found.groupdict()
    number = groups.get("number") or groups.get("second") or "1"
    return float(number.replace("_", "")) * _UNITS.get(groups.get("unit") or "", unit)


def _figure(seconds: float) -> int | float:
    rounded = round(seconds, 2)
    return int(rounded) if rounded == int(rounded) else rounded
