"""Repair after repair.

What it finds: two or more follow-ups within 30 days that each repair this pull request as surely as ``sequel_fix``
asks: by lines of code that ships, or by naming it.

Why it matters: the first fix did not end the story either.

Where it errs: as ``sequel_fix`` does; a chain needs every link to hold, so links by function alone are not counted.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case
from bot.detectors._sequels import Sequel, sequels
from bot.detectors._time import days, phrase
from bot.detectors.base import charge, counted, follow_up_receipt
from bot.exhibit import Exhibit, Stance, StandsIn

STANCE = Stance.CHARGE
_RECEIPTS = 8


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``count``, ``numbers``, ``titles`` (in order), ``first_after``, ``last_after`` (the merge), ``days`` (to
    the last), ``lines`` (of ours that they replaced), ``by_the_same_author`` (how many).
    """
    links = [
        item
        for item in sequels(case)
        if not item.follow_up.is_revert and (item.in_production or item.follow_up.explicit)
    ]
    if len(links) >= 2:
        yield _exhibit(case, links)


def _exhibit(case: Case, links: list[Sequel]) -> Exhibit:
    later = [item.follow_up for item in links]
    merged = case.pull_request.merged_at or later[0].merged_at
    names = ", ".join(f"#{item.number}" if item.number else item.sha[:10] for item in later[:6])
    return charge(
        "hotfix_chain",
        min(6.0 + len(links), 9.0),
        f"{counted(len(links), 'repair')} followed within {phrase(merged, later[-1].merged_at)}: {names}.",
        {
            "count": len(links),
            "numbers": tuple(item.number for item in later),
            "titles": tuple(item.title.removesuffix(f"(#{item.number})").strip() for item in later),
            "first_after": phrase(merged, later[0].merged_at),
            "last_after": phrase(merged, later[-1].merged_at),
            "days": days(merged, later[-1].merged_at),
            "lines": sum(len(item.touches) for item in links),
            "by_the_same_author": sum(
                item.user.login == case.author.login and not case.author.is_ghost for item in later
            ),
        },
        (follow_up_receipt(item) for item in later[:_RECEIPTS]),
        stands_in=StandsIn.AFTERWARDS,
        confidence=0.9,
    )
