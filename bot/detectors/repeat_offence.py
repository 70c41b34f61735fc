"""The same offence again.

What it finds: a kind of charge that an earlier verdict here already found on the same author's work, and that stands in
this pull request again.

Why it matters: once is an accident, and the dock remembers.

Where it errs: a kind is a drawer, and two things in one drawer may differ; both titles are named.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.case import Case, PriorOffence
from bot.detectors.base import charge, counted
from bot.exhibit import Exhibit, Receipt, Stance, Where

STANCE = Stance.CHARGE
_MOST = 3
_QUIET = frozenset("size purpose repeat_offence ghostwritten".split())


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a kind, three at most.

    Facts: ``offence`` (the kind), ``offence_words`` ("fixup train"), ``times_before``, ``earlier`` (slugs),
    ``earlier_titles``, ``first_earlier``, ``now`` (this time's summary), ``author``.
    """
    if case.author.is_ghost:
        return
    by_kind: dict[str, list[PriorOffence]] = {}
    here = case.pull_request.slug
    for item in case.record:
        if item.kind not in _QUIET and item.pull_request != here:
            by_kind.setdefault(item.kind, []).append(item)
    ordered = sorted(by_kind.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    shown = 0
    for kind, earlier in ordered[: 2 * _MOST]:
        now = _again(case, kind)
        if now is not None and shown < _MOST:
            shown += 1
            yield _exhibit(case, kind, earlier, now)


def _again(case: Case, kind: str) -> Exhibit | None:
    from bot.detectors import BY_KIND  # noqa: PLC0415 - the list of all detectors holds this one

    detector = BY_KIND.get(kind)
    if detector is None or detector.stance is not Stance.CHARGE or detector.sensitive:
        return None
    return max(detector.detect(case), key=lambda item: item.force, default=None)


def _exhibit(case: Case, kind: str, earlier: list[PriorOffence], now: Exhibit) -> Exhibit:
    words = kind.replace("_", " ")
    return charge(
        "repeat_offence",
        min(3.5 + len(earlier), 6.5),
        f"A {words} again: {counted(len(earlier), 'earlier verdict')} here had one, {earlier[0].pull_request} among "
        f"them.",
        {
            "offence": kind,
            "offence_words": words,
            "times_before": len(earlier),
            "earlier": tuple(item.pull_request for item in earlier[:6]),
            "earlier_titles": tuple(item.title for item in earlier[:6]),
            "first_earlier": earlier[0].pull_request,
            "now": now.summary,
            "author": case.author.login,
        },
        [*(Receipt(where=Where.RECORD, quote=item.title, url=item.url) for item in earlier[:6]), *now.receipts[:3]],
        stands_in=now.stands_in,
        confidence=min(now.confidence, 0.9),
    )
