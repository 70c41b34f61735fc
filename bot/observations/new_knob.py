"""A number or a name that somebody had to choose: a new constant with its value, or a new flag.

What it finds: an added line that gives a constant in capitals a short value, or that declares a command-line flag, of
which no removed or neighbouring line spoke.

Why it matters: a default is the one decision that most users will never know they are living with.

Where it errs: a flag that another file declares as well looks new here; lines on it say that it is declared, not that
it is the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.case import Case
from bot.detectors.base import line_receipt
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Fact, Stance
from bot.kinds import FileKind
from bot.observations._base import name_of, observation, showable, written

STANCE = Stance.CONTEXT

_CONSTANT = re.compile(
    r"^\s*(?:export\s+|pub(?:\([^)]{1,20}\))?\s+)?(?:const\s+|static\s+|final\s+)?(?P<name>[A-Z][A-Z0-9_]{3,50})"
    r"(?::\s*[\w\[\]&' ]{1,40})?\s*=\s*(?P<value>[^={(\[][^;{(\[]{0,40}?);?$"
)
_FLAG = re.compile(
    r"(?:add_argument|option|Option|Flags\(\)\.\w+|Argument)\(.{0,60}?[\"']"
    r"(?P<name>--?[a-z][a-z0-9-]{2,40}|[a-z][a-z0-9-]{2,40})[\"']"
)
_NUMBER = re.compile(r"[\d_.]+")


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``name``, ``value`` (empty for a flag), ``knob`` (constant or flag), ``numeric``, ``place``.
    """
    known = "\n".join(
        line.text for diff in case.diffs for hunk in diff.hunks for line in hunk.lines if line.mark != "+"
    )
    best: tuple[float, dict[str, Fact], FileDiff, Line] | None = None
    for diff, line in written(case, FileKind.PRODUCTION):
        facts = _knob(line.text[:300])
        if not facts or str(facts["name"]) in known or not showable(str(facts["name"]) + str(facts["value"])):
            continue
        weight = 5.6 if facts["numeric"] else 4.6
        if best is None or weight > best[0]:
            best = (weight, {**facts, "place": name_of(diff.path)}, diff, line)
    if best:
        weight, facts, diff, line = best
        value = f" = `{facts['value']}`" if facts["value"] else ""
        yield observation(
            case, "new_knob", weight, f"`{facts['name']}`{value} is new in `{facts['place']}`.", facts,
            [line_receipt(case, diff, line)],
        )  # fmt: skip


def _knob(text: str) -> dict[str, Fact]:
    constant = _CONSTANT.match(text)
    if constant:
        value = constant["value"].strip()
        numeric = bool(_NUMBER.fullmatch(value))
        return {"name": constant["name"], "value": value, "knob": "constant", "numeric": numeric}
    flag = _FLAG.search(text)
    return {"name": flag["name"], "value": "", "knob": "flag", "numeric": False} if flag else {}
