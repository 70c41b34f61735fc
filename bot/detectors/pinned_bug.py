"""A test that nailed the fault to the wall.

What it finds: an assertion which this pull request's own tests added and which a later fix of it turned into another
one about the same thing (``is not None`` became ``is None``).

Why it matters: the test was green because it agreed with the fault.

Where it errs: behaviour may have been changed on purpose later; only follow-ups that say "fix" are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._sequels import Sequel, Touch, sequels
from bot.detectors._time import phrase
from bot.detectors.base import charge, counted, follow_up_receipt, line_receipt, standing
from bot.exhibit import Exhibit, Receipt, Stance
from bot.kinds import FileKind, kind_of

STANCE = Stance.CHARGE
# What is asserted on, and what is said of it: the first must stay, the second must change.
_SPLIT = (
    re.compile(r"^assert (?P<on>.+?) (?P<says>(?:is not|is|==|!=|not in|in|<=?|>=?) .+)$"),
    re.compile(r"^(?:await )?expect\((?P<on>.+?)\)\.(?P<says>(?:not\.|to|resolves|rejects).+)$"),
    re.compile(
        r"^(?:self\.)?assert(?:_eq|_ne|Equals?|NotEquals?|Is|IsNot|In|NotIn|That)!?\((?P<on>[^,]+), *(?P<says>.+)$"
    ),
    re.compile(r"^(?:self\.|require\.|assert\.)(?P<says>\w+)\((?P<on>.+)\);?$"),
    re.compile(r"^(?P<on>[\w.\[\]\"']+)\.(?P<says>assert_\w+\(.*\))$"),
    re.compile(r"^assert (?P<says>not )?(?P<on>.+)$"),
)
_MOST = 4


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a fix, two at most.

    Facts: ``asserted`` (the line as this pull request added it), ``became``, ``path``, ``function`` (the test),
    ``count`` (how many assertions the fix turned), ``number`` and ``title`` of the fix, ``after`` (the merge),
    ``others`` (further lines as they were).
    """
    shown = 0
    for sequel in sequels(case):
        turned = [item for item in sequel.in_tests if _turned(item)]
        if turned and sequel.is_fix and _changes_code(sequel) and shown < 2:
            shown += 1
            yield _exhibit(case, sequel, turned)


def _changes_code(sequel: Sequel) -> bool:
    """Whether the fix touches code that ships: where only the test was mended, the code was right."""
    return any(file.additions and kind_of(file.path) is FileKind.PRODUCTION for file in sequel.follow_up.files)


def _turned(touch: Touch) -> bool:
    if touch.after is None:
        return False
    before, after = touch.before.text.strip()[:400], touch.after.text.strip()[:400]
    for split in _SPLIT:
        was, now = split.match(before), split.match(after)
        if was and now:
            return was["on"] == now["on"] and was["says"] != now["says"]
    return False


def _exhibit(case: Case, sequel: Sequel, turned: list[Touch]) -> Exhibit:
    later, first = sequel.follow_up, turned[0]
    asserted, became = first.before.text.strip(), first.after.text.strip() if first.after else ""
    merged = case.pull_request.merged_at or later.merged_at
    name = f"#{later.number}" if later.number else later.sha[:10]
    return charge(
        "pinned_bug",
        7.5,
        f"Its own test said `{asserted}`; {name} made it `{became}`"
        + (f", and {counted(len(turned) - 1, 'more assertion')} with it." if len(turned) > 1 else "."),
        {
            "asserted": asserted,
            "became": became,
            "path": first.path,
            "function": first.function,
            "count": len(turned),
            "number": later.number,
            "title": later.title.removesuffix(f"(#{later.number})").strip(),
            "after": phrase(merged, later.merged_at),
            "others": tuple(item.before.text.strip() for item in turned[1:_MOST]),
        },
        list(_receipts(case, sequel, turned)),
        stands_in=standing(case),
        confidence=min(sequel.confidence, 0.9),
    )


def _receipts(case: Case, sequel: Sequel, turned: list[Touch]) -> Iterator[Receipt]:
    for touch in turned[:_MOST]:
        diff = case.diff_of(touch.path)
        ours = (
            next((line for line in diff.added if line.text.strip() == touch.before.text.strip()), None)
            if diff
            else None
        )
        if diff is not None and ours is not None:
            yield line_receipt(case, diff, ours)
        if touch.after is not None:
            yield follow_up_receipt(sequel.follow_up, touch.after.text, touch.path, touch.after.new)
