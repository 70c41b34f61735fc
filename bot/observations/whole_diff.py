"""The whole of a very small change: what came, what went, and what the signs in it say in plain words.

What it finds: in a change of at most a dozen lines each way, the line whose change says most, with what differs; or a
line that came, or one that went.

Why it matters: so small a change can be told whole, and whoever reads that has read the diff.

Where it errs: of several changed lines it shows one; what the change does when it runs is not said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from bot.case import Case
from bot.detectors._words import stem
from bot.detectors.base import counted, line_receipt
from bot.diff import FileDiff, Line
from bot.exhibit import Exhibit, Fact, Receipt, Stance
from bot.kinds import FileKind
from bot.observations._base import name_of, observation, showable
from bot.observations._pairs import (
    HANDLE,
    LITERAL,
    NEGATION,
    by_hand,
    difference,
    excerpt,
    is_small,
    is_whole,
    likenesses,
    pairs,
    shared_start,
)
from bot.vocabulary import split

STANCE = Stance.CONTEXT

_SIGNS = (
    (r"(?:&&|and)\s+(?:!|not\b).*", "and not"),
    (r"(?:&&|and)\s.+", "and"),
    (r"(?:\|\||or)\s.+", "or"),
    (r"!|not", "not"),
    (r"\?\.|\?", "perhaps"),
    (r"\?\?.*", "or else"),
    ("await", "wait"),
    ("@", "at"),
    (",", "comma"),
    (r"\.", "full stop"),
    (";", "semicolon"),
    (":", "colon"),
    (r"\*", "asterisk"),
    ("-", "hyphen"),
)
"""What a sign says or is called, by what came or went."""
_LONGEST, _SHORTEST_SPAN, _MOST_TOKENS = 80, 10, 40
_SPAN = re.compile(r"[^@|`\[\]<>“”]+")
_ADDRESS = re.compile(r"\(?https?://\S+|(?<=\])\(\S+?\)")
_TELLING = re.compile(r"[A-Za-z]{2}.*[A-Za-z]{2}")
_MARKER = re.compile(r"(?:#+|//[/!]*|/\*+|\*|--|<!--)\s+")
_SAYS = re.compile(r"[^\W_]")
_DIGEST = re.compile(r"[0-9a-f]{20,}")
_ACROSS = re.compile(r"\w\. \w")
_SHA, _FRAGMENT, _OF_A_TEST, _HALF, _PART, _COMMENT = 7, 2.0, 0.6, 1.5, 0.4, 2.0
_NAME = re.compile(r"[A-Za-z_][\w.]{0,40}")
_IDLE = re.compile(r"(?:import|from|use|package)\b|#include|#|//|/\*|\*")
_Found = tuple[float, dict[str, Fact], str, list[Receipt]]


def detect(case: Case) -> Iterator[Exhibit]:
    """Yield at most one exhibit.

    Facts: ``form`` (swap, trade, came or went), ``came`` and ``went`` (what differs in a swap, else a line or its
    telling part; one may be empty), ``sign`` (what a sign that came or went says, or ""), ``wrapper``
    (the call that was put round what was there, or taken off it, or ""), ``came_times`` (how often a line came),
    ``lone`` (whether no other line was changed), ``beside`` (the word that a sign came to stand by, or ""), ``place``.
    """
    if not is_small(case):
        return
    swaps = [found for pair in (*pairs(case), *likenesses(case)) if (found := _swap(case, *pair))]
    found = max(swaps, key=lambda item: item[0], default=None) or _trade(case)
    if found:
        weight, facts, summary, receipts = found
        yield observation(case, "whole_diff", weight, summary, facts, receipts)


def _swap(case: Case, diff: FileDiff, old: Line, new: Line) -> _Found | None:
    pull, before, after = case.pull_request, old.text.strip(), new.text.strip()
    cut = difference(before, after, _MOST_TOKENS, whole=True)
    if before == after or cut is None or (HANDLE.search(f"{before} {after}") and "@" not in cut):
        return None
    went, came = (_shown(part) for part in cut)
    if went == came:
        return None
    if not all(len(part) <= _LONGEST and (showable(part) or part == "@") for part in (went, came) if part):
        return None
    sign, wrapper = _sign(went, came)
    if not sign and not all(_SAYS.search(part) for part in (went, came) if part):
        return None
    facts: dict[str, Fact] = {
        "form": "swap", "came": came, "went": went, "sign": sign, "wrapper": wrapper, "came_times": 1,
        "beside": _beside(sign, before, after),
        "lone": pull.additions == pull.deletions == 1 and not any(_DIGEST.search(part) for part in cut),
        "place": name_of(diff.path),
    }  # fmt: skip
    weight = _swap_weight(case, diff, after, went, came) + 1.2 * bool(sign)
    turned = f"`{went}` became `{came}`" if went and came else f"`{came}` came in" if came else f"`{went}` went out"
    receipts = [line_receipt(case, diff, old), line_receipt(case, diff, new)]
    return weight, facts, f"In `{facts['place']}`, {turned}.", receipts


def _swap_weight(case: Case, diff: FileDiff, after: str, went: str, came: str) -> float:
    """Return how telling a swap is: a word of the title more, a fragment, a comment or a test less."""
    titled = bool(came) and came.lower() in case.pull_request.title.lower()
    cut_up = bool(_ACROSS.search(came + went)) or not (is_whole(came) and is_whole(went))
    less = _FRAGMENT * cut_up + _OF_A_TEST * (case.kind(diff.path) is FileKind.TEST) + _HALF * bool(_IDLE.match(after))
    return 5.4 + titled - less - len(came + went) / 200


def _shown(part: str) -> str:
    """Return what differs without what only sets it off; of a digest, what people read of it."""
    part = part.strip().strip("`")
    return part[:_SHA] if _DIGEST.fullmatch(part) else part.strip(" ,;") if _TELLING.search(part) else part


def _sign(went: str, came: str) -> tuple[str, str]:
    """Return what a sign that came or went says, or that a call was put round what was there, and which; else ""."""
    if went and came:
        wrapped, unwrapped = came.removesuffix(f"({went})"), went.removesuffix(f"({came})")
        if wrapped != came and _NAME.fullmatch(wrapped):
            return "wrap", wrapped
        if unwrapped != went and _NAME.fullmatch(unwrapped):
            return "unwrap", unwrapped
        return ("space" if "".join(went.split()) == "".join(came.split()) else ""), ""
    return next((says for pattern, says in _SIGNS if re.fullmatch(pattern, went or came)), ""), ""


def _beside(sign: str, before: str, after: str) -> str:
    """Return the word that a sign came to stand by: the one behind an at sign, the one before any other; else ""."""
    at = shared_start(before, after)
    word = re.match(r"@(\w+)", after[at:]) if sign == "at" else re.search(r"(\w+)$", after[:at])
    return word[1] if word and sign and len(after) > len(before) else ""


def _trade(case: Case) -> _Found | None:
    """Return what came and what went where no line took another's place."""
    title = {stem(word) for word in split(case.pull_request.title)}
    added = Counter(line.text.strip() for diff in by_hand(case) for line in diff.added)
    fresh = [(diff, line) for diff in by_hand(case) for line in diff.added]
    came = _best([item for item in fresh if item[1].text.strip() not in case.removed_texts], title)
    gone = [(diff, line) for diff in by_hand(case) for line in diff.removed if came is None or diff is came[1]]
    went = _best([item for item in gone if item[1].text.strip() not in added], title)
    either = came or went
    if either is None or (came and went and came[0] == went[0]):  # what changed could not be shown
        return None
    place = name_of(either[1].path)
    facts: dict[str, Fact] = {
        "form": "trade" if came and went else "came" if came else "went",
        "came": came[0] if came else "", "went": went[0] if went else "", "sign": "", "wrapper": "", "beside": "",
        "lone": case.pull_request.additions + case.pull_request.deletions == 1 and either[0] == _bare(either[2].text),
        "came_times": added[came[2].text.strip()] if came else 0, "place": place,
    }  # fmt: skip
    receipts = [line_receipt(case, diff, line) for _, diff, line in filter(None, (went, came))]
    told = " and ".join(filter(None, (f"`{came[0]}` came in" if came else "", f"`{went[0]}` went out" if went else "")))
    count = counted(case.pull_request.additions + case.pull_request.deletions, "changed line")
    in_test = case.kind(either[1].path) is FileKind.TEST
    return (4.5 if came and went else 4.3) - _OF_A_TEST * in_test, facts, f"Of {count} in `{place}`: {told}.", receipts


def _best(places: Iterable[tuple[FileDiff, Line]], title: set[str]) -> tuple[str, FileDiff, Line] | None:
    """Return the most telling part of these lines: with a word of the title, a negation, a text or a number."""
    spans = [(span, diff, line) for diff, line in places for span in _spans(line.text)]
    return max(spans, key=lambda item: _telling(item[0], title) - _drawbacks(item[0], item[2].text), default=None)


def _drawbacks(span: str, line: str) -> float:
    """Return how much less a part is worth: half a statement, a part of a line only, a comment or an import."""
    text = line.strip()
    part = span not in {text, _bare(text), excerpt(_bare(text))}
    short = 2 - min(len(span), 60) / 60
    return _HALF * (not is_whole(span)) + _PART * part * short + _COMMENT * bool(_IDLE.match(text))


def _telling(text: str, title: set[str]) -> float:
    shared = len(title & {stem(word) for word in split(text)})
    return (
        min(shared, 3) + 1.5 * bool(NEGATION.search(text)) + bool(LITERAL.search(text))
        + min(len(text), 60) / 60
    )  # fmt: skip


def _bare(text: str) -> str:
    """Return a line without its margin and the mark of a comment or a list."""
    return _MARKER.sub("", text.strip())


def _spans(text: str) -> Iterator[str]:
    """Yield the parts of a line that can be shown letter by letter and say something."""
    text = _bare(text)
    if HANDLE.search(text):
        return
    whole = excerpt(text, _LONGEST).rstrip(" ,")
    if showable(whole) and not whole.startswith("|"):
        yield from [whole] if _TELLING.search(whole) else []
        return
    for piece in _ADDRESS.split(text):
        for span in _SPAN.findall(piece):
            part = excerpt(span if is_whole(span) else span.strip(" ()"), _LONGEST).strip(" .,:;")
            if len(part) >= _SHORTEST_SPAN and _TELLING.search(part) and showable(part) and is_whole(part):
                yield part
