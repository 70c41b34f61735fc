"""Promises left in comments: TODO, FIXME, HACK, XXX.

What it finds: comments added to code that ships which open with one of these words and name no ticket, and Rust's
``todo!()``. Lines that only moved are left alone.

Why it matters: it is the only backlog without a due date.

Where it errs: an honest note of what is left can be better than none; the roast quotes it, and does not guess.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.case import Case
from bot.detectors._lines import Place, fresh, paths, receipts, texts
from bot.detectors.base import charge, counted, standing
from bot.exhibit import Exhibit, Stance
from bot.kinds import FileKind

STANCE = Stance.CHARGE
_MARK = re.compile(r"(?:^|\s)(?:#|//+!?|/\*+|\*|--|<!--)\s*@?(TODO|FIXME|XXX|HACK)\b(?P<rest>.*)")
_MACRO = re.compile(r"^\s*(todo|unimplemented)!\((?P<rest>.*)")
_TICKET = re.compile(r"#\d+|https?://|\b[A-Z]{2,}-\d+\b|\(\w+/\w+#\d+\)|\bissue\s*\d+", re.IGNORECASE)
_WHOSE = re.compile(r"^\s*\([\w@ .-]{1,40}\)")  # TODO(ada): whose note it is, which is no part of it


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield one exhibit a pull request.

    Facts: ``count``, ``notes`` (the words after each mark, first dozen), ``note`` (the first), ``marks`` (which
    words, most used first), ``lines``, ``code`` (the first line), ``path`` (of the first), ``files``, ``with_ticket``
    (others that name one).
    """
    found: list[tuple[Place, str, str]] = []
    with_ticket = 0
    for place in fresh(case, FileKind.PRODUCTION):
        match = _MARK.search(place[1].text) or _MACRO.search(place[1].text)
        if match and _TICKET.search(match["rest"]):
            with_ticket += 1
        elif match:
            found.append((place, match[1], _WHOSE.sub("", match["rest"]).strip(" :-*/)(")))
    if not found:
        return
    found.sort(key=lambda item: -len(item[2]))
    places = [place for place, _, _ in found]
    notes = tuple(note[:200] for _, _, note in found if note)
    marks = Counter(mark for _, mark, _ in found)
    files = paths(places)
    where = f"`{files[0]}`" if len(files) == 1 else counted(len(files), "file")
    yield charge(
        "todo_left",
        min(2.0 + 0.5 * len(found), 5.5),
        f"{counted(len(found), 'promise').capitalize()} left in {where}: `{places[0][1].text.strip()[:120]}`.",
        {
            "count": len(found),
            "notes": notes[:12],
            "note": notes[0] if notes else "",
            "marks": tuple(mark for mark, _ in marks.most_common()),
            "lines": texts(places),
            "code": places[0][1].text.strip(),
            "path": files[0],
            "files": len(files),
            "with_ticket": with_ticket,
        },
        receipts(case, places),
        stands_in=standing(case),
        confidence=0.9,
    )
