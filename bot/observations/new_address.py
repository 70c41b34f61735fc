"""A link that leads elsewhere: which part of the address changed, and into what.

What it finds: in a small change, a line whose words stayed and of which one address became another; or a new address.

Why it matters: it is the whole change, and hidden in a line of which one sees only the words.

Where it errs: nobody followed the link; whether it led anywhere before, or does now, is not said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.case import Case
from bot.detectors.base import line_receipt
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Fact, Receipt, Stance
from bot.observations._base import name_of, observation, showable
from bot.observations._pairs import by_hand, is_small, pairs

STANCE = Stance.CONTEXT

_ADDRESS = re.compile(r"https?://[\w.-]+(?::\d+)?(?:/[\w./~%+#?=&:@-]*)?")
_TARGET = re.compile(r"(?<=\]\()/?[\w.~%+-][\w./~%+-]*(?:#[\w./~%+-]*)?(?=\))|(?<=\]\()#[\w.-]+(?=\))")
_LABEL = re.compile(r"\[([^\[\]`]{2,60})\]\($")
_LONGEST = 70


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``part`` (host, path, scheme, or new), ``was_at`` and ``now_at`` (what differs; ``was_at`` is empty for a
    new address), ``host`` (where it stayed the same or is new, else ""), ``label`` (the words of the link, or ""),
    ``place``.
    """
    found = (next(_changed(case), None) or next(_new(case), None)) if is_small(case) else None
    if found:
        facts, receipts = found
        was = f"`{facts['was_at']}` became " if facts["was_at"] else ""
        summary = f"In `{facts['place']}`, {was or 'a new link leads to '}`{facts['now_at']}`."
        weight = 4.9 if facts["part"] == "new" else 6.6
        yield observation(case, "new_address", weight, summary, facts, receipts)


_Found = tuple[dict[str, Fact], list[Receipt]]


def _changed(case: Case) -> Iterator[_Found]:
    for diff, old, new in pairs(case):
        before, after = _addresses(old.text), _addresses(new.text)
        changed = [(one, other) for one, other in zip(before, after, strict=False) if one[0] != other[0]]
        if len(before) != len(after) or len(changed) != 1:
            continue
        (one, _), (other, label) = changed[0]
        facts = _parts(one, other) | {"label": label, "place": name_of(diff.path)}
        if _all_showable(facts):
            yield facts, [line_receipt(case, diff, old), line_receipt(case, diff, new)]


def _new(case: Case) -> Iterator[_Found]:
    gone = {address for diff in by_hand(case) for line in diff.removed for address, _ in _addresses(line.text)}
    for diff, line, address, label in _added(case):
        host, way = _split(address)[1:]
        if address not in gone and host and label:
            facts: dict[str, Fact] = {
                "part": "new", "was_at": "", "now_at": host + way, "host": host, "label": label,
                "place": name_of(diff.path),
            }  # fmt: skip
            if _all_showable(facts):
                yield facts, [line_receipt(case, diff, line)]


def _added(case: Case) -> Iterator[tuple[FileDiff, Line, str, str]]:
    for diff in by_hand(case):
        for line in diff.added:
            yield from ((diff, line, address, label) for address, label in _addresses(line.text))


def _addresses(text: str) -> list[tuple[str, str]]:
    """Return the addresses of a line with the words that they are behind."""
    spots = sorted((*_ADDRESS.finditer(text), *_TARGET.finditer(text)), key=lambda item: item.start())
    found = []
    for spot in spots:
        label = _LABEL.search(text[: spot.start()])
        found.append((spot[0].rstrip(".,"), label[1].strip() if label and showable(label[1]) else ""))
    return found


def _parts(before: str, after: str) -> dict[str, Fact]:
    """Return which part of an address changed, what it was and what it is."""
    (scheme, host, way), (other_scheme, other_host, other_way) = _split(before), _split(after)
    if host != other_host:
        return {"part": "host", "was_at": host or way, "now_at": other_host or other_way, "host": ""}
    if way != other_way:
        return {"part": "path", "was_at": way, "now_at": other_way, "host": host}
    return {"part": "scheme", "was_at": scheme, "now_at": other_scheme, "host": host}


def _split(address: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", "", address
    rest = parts.path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    return parts.scheme, parts.netloc, rest


def _all_showable(facts: dict[str, Fact]) -> bool:
    return bool(facts["now_at"]) and all(
        showable(str(facts[key])) and len(str(facts[key])) <= _LONGEST for key in ("was_at", "now_at") if facts[key]
    ) and bool(facts["was_at"] or facts["part"] == "new")  # fmt: skip
