"""The repair that followed the merge.

What it finds: within 30 days, a pull request or commit that says "fix" and replaces or removes lines which this one
added, or changes a function which this one wrote, or names this one by its number. Releases, docs and chores are not
counted. Lines are compared by their text, file by file; a line that could stand anywhere proves nothing.

Why it matters: the follow-up is the review that the merge did not wait for.

Where it errs: a line may be replaced for a fault that was there before it; ``ties`` says what the link rests on.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._sequels import Sequel, Touch, sequels
from bot.detectors._talk import is_bot
from bot.detectors._telling import told
from bot.detectors._time import days, hours, phrase
from bot.detectors.base import charge, counted, follow_up_receipt
from bot.exhibit import Exhibit, Fact, Stance, StandsIn
from bot.kinds import FileKind, kind_of
from bot.pull_request import FollowUp

STANCE = Stance.CHARGE
_MOST = 3
_RECEIPTS = 8


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a follow-up, three at most, the surest first.

    Facts: ``number``, ``title``, ``who``, ``by_bot``, ``by_the_same_author``, ``after`` ("2 days and 21 hours"),
    ``why`` and ``why_more`` (the first two sentences of its body),
    ``days``, ``hours``, ``path``, ``function``, ``line_before``, ``line_after``, ``same_lines`` (how many of ours
    it replaced), ``production_added``, ``production_removed``, ``one_line`` (one line of production replaced by
    one), ``tests_added`` (lines in test files), ``functions`` (of ours, that it changed), ``named`` (it names this
    pull request), ``ties`` ("by lines", "by function", "by its own words"), ``number_here``.
    """
    found = [item for item in sequels(case) if not item.follow_up.is_revert]
    for sequel in sorted(found, key=lambda item: (-item.confidence, item.follow_up.merged_at))[:_MOST]:
        yield _exhibit(case, sequel)


def _exhibit(case: Case, sequel: Sequel) -> Exhibit:
    later = sequel.follow_up
    merged = case.pull_request.merged_at or later.merged_at
    touch = next(iter(sequel.in_production or sequel.touches), None)
    after = phrase(merged, later.merged_at)
    name = f"#{later.number}" if later.number else later.sha[:10]
    weight = 8.5 if sequel.in_production else 6.5 if sequel.touches or later.explicit else 5.0
    gone = days(merged, later.merged_at)
    opening = told(later.body).opening
    why = opening[0] if opening else None
    more = opening[1] if len(opening) > 1 else None
    return charge(
        "sequel_fix",
        weight - (0 if gone < 8 else 1.0 if gone < 15 else 2.0),
        f"{after} after the merge came {name}, “{_title(later)}”" + _what(touch, sequel),
        {
            "number": later.number,
            "number_here": case.pull_request.number,
            "title": _title(later),
            "who": later.user.login,
            "by_bot": is_bot(later.user),
            "by_the_same_author": later.user.login == case.author.login and not case.author.is_ghost,
            "after": after,
            "why": why.clean if why else "",
            "why_more": more.clean if more else "",
            "days": gone,
            "hours": hours(merged, later.merged_at),
            "same_lines": len(sequel.touches),
            "functions": sequel.inside[:8],
            "named": later.explicit,
            "ties": "by lines" if sequel.touches else "by its own words" if later.explicit else "by function",
            **_lines(later),
            **_touch_facts(touch),
        },
        [
            follow_up_receipt(later),
            *(follow_up_receipt(later, item.raw) for item in (why, more) if item),
            *(
                follow_up_receipt(later, line.text, _path_there(later, item), line.new or line.old)
                for item in ((touch, *(other for other in sequel.touches if other is not touch)) if touch else ())
                for line in (item.before, item.after)
                if line is not None and line.text.strip()
            ),
        ][:_RECEIPTS],
        stands_in=StandsIn.AFTERWARDS,
        confidence=sequel.confidence,
    )


def _what(touch: Touch | None, sequel: Sequel) -> str:
    if touch is None:
        return f", inside `{sequel.inside[0]}`." if sequel.inside else ", which names this one."
    more = f" ({counted(len(sequel.touches), 'line')} of this one replaced)" if len(sequel.touches) > 1 else ""
    where = f" in `{touch.function}`" if touch.function else f" in `{touch.path}`"
    before = touch.before.text.strip()
    return f": `{before}`{where} " + (
        f"became `{touch.after.text.strip()}`{more}." if touch.after else f"went away{more}."
    )


def _touch_facts(touch: Touch | None) -> dict[str, Fact]:
    if touch is None:
        return {"path": "", "function": "", "line_before": "", "line_after": ""}
    after = touch.after.text.strip() if touch.after else ""
    return {
        "path": touch.path,
        "function": touch.function,
        "line_before": touch.before.text.strip(),
        "line_after": after,
    }


def _lines(later: FollowUp) -> dict[str, Fact]:
    by_kind = {kind: [0, 0] for kind in FileKind}
    for file in later.files:
        counts = by_kind[kind_of(file.path)]
        counts[0] += file.additions
        counts[1] += file.deletions
    added, removed = by_kind[FileKind.PRODUCTION]
    return {
        "production_added": added,
        "production_removed": removed,
        "one_line": added == removed == 1,
        "tests_added": by_kind[FileKind.TEST][0],
    }


def _title(later: FollowUp) -> str:
    """Return the title without the number that a squash merge puts behind it."""
    return later.title.removesuffix(f"(#{later.number})").strip()


def _path_there(later: FollowUp, touch: Touch) -> str:
    return next((file.path for file in later.files if touch.path in {file.path, file.previous_path}), touch.path)
