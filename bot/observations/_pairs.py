"""Lines that took the place of others, and what differs between the two: shared by what tells of small changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice, takewhile

from bot.case import Case
from bot.diff import FileDiff, Line
from bot.observations._base import BY_HAND

_TOKEN = re.compile(r"\d[\d_.]*\d|\w+|[<>=!&|+*/%-]{1,3}|\S")
NEGATION = re.compile(r"!(?!=)|\b(?:not|no|never|none|null|false|without|raise|throw|error|warn)\b", re.IGNORECASE)
LITERAL = re.compile(r"\"[^\"]+\"|'[^']+'|\b\d+\b")
"""What makes a line more telling than another: it denies, or it has a text or a number in it."""
_BRACKETS = ("()", "[]", "{}")
_OF_PEOPLE = re.compile(
    r"(?:^|/)(?:code)?(?:owners|authors|contributors|maintainers|thanks|credits|sponsors|funding|citation|mailmap)\b[^/]*$"
    r"|all-contributorsrc|FUNDING",
    re.IGNORECASE,
)
HANDLE = re.compile(r"(?<![\w.])@[\w-]+(?![\w(./{-])|[\w.+-]+@[\w-]+\.\w+")
"""Somebody's handle or address, as far as a line shows: no decorator with a call or a path behind it."""
_BEGINNINGS = ".-&|"
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_QUOTE = re.compile(r"(?<![A-Za-z])'|'(?![A-Za-z])")
_FEWEST_SHARED = 2
_LIKE, _MOST_COMPARED = 0.72, 200
_MOST_SMALL, _MOST_PAIRS, _MOST_TOKENS = 12, 400, 400
Pair = tuple[FileDiff, Line, Line]


def is_small(case: Case) -> bool:
    """Whether a whole change can be told: at most a dozen lines came, and at most a dozen went."""
    pull = case.pull_request
    return pull.additions + pull.deletions > 0 and max(pull.additions, pull.deletions) <= _MOST_SMALL


def by_hand(case: Case) -> Iterator[FileDiff]:
    """Yield the diffs of files that people write, but for those that name people: nobody is told by the line."""
    return (diff for diff in case.diffs if case.kind(diff.path) in BY_HAND and not _OF_PEOPLE.search(diff.path))


def pairs(case: Case) -> Iterator[Pair]:
    """Yield the first few hundred removed lines with the added line in their place, where as many came as went."""
    return islice(_pairs(case), _MOST_PAIRS)


def likenesses(case: Case) -> Iterator[Pair]:
    """Yield, of a small change, each removed line with the added line of its file that is most like it, if one is."""
    for diff in by_hand(case):
        for old in diff.removed:
            like = [(_likeness(old.text, new.text), at, new) for at, new in enumerate(diff.added)]
            ratio, _, new = max(like, default=(0.0, 0, old))
            if ratio >= _LIKE:
                yield diff, old, new


def _likeness(one: str, other: str) -> float:
    one, other = one.strip()[:_MOST_COMPARED], other.strip()[:_MOST_COMPARED]
    return 0.0 if one == other or not one or not other else SequenceMatcher(None, one, other, autojunk=False).ratio()


def _pairs(case: Case) -> Iterator[Pair]:
    for diff in by_hand(case):
        for hunk in diff.hunks:
            gone: list[Line] = []
            come: list[Line] = []
            for line in (*hunk.lines, Line(" ", "", None, None)):
                if line.mark == "-" and not come:
                    gone.append(line)
                elif line.mark == "+" and gone:
                    come.append(line)
                else:
                    if gone and len(gone) == len(come):
                        yield from ((diff, one, other) for one, other in zip(gone, come, strict=True))
                    gone, come = ([line] if line.mark == "-" else []), []


def difference(before: str, after: str, most: int, *, whole: bool = False) -> tuple[str, str] | None:
    """Return what differs between two lines, at most so many tokens, or nothing where they share too few others.

    With ``whole``, what differs by the space between its signs is told with them, and brackets are not cut in half.
    """
    old, new = list(islice(_TOKEN.finditer(before), _MOST_TOKENS)), list(islice(_TOKEN.finditer(after), _MOST_TOKENS))
    if not old or not new or max(len(old), len(new)) == _MOST_TOKENS:
        return None
    was, became = [item[0] for item in old], [item[0] for item in new]
    if whole and was == became:
        return _spaced(before, old, after, new)
    left = shared_start(was, became)
    right = shared_start(was[left:][::-1], became[left:][::-1])
    changed, instead = old[left : len(old) - right], new[left : len(new) - right]
    if whole and not (changed and instead):
        line, at = (old, _shift(old, left, len(changed))) if changed else (new, _shift(new, left, len(instead)))
        changed, instead = (line[at : at + len(changed)], []) if changed else ([], line[at : at + len(instead)])
    elif whole and left and right and old[left - 1][0] + old[-right][0] in _BRACKETS and _is_cut(changed, instead):
        left, right = left - 1, right - 1
        changed, instead = old[left : len(old) - right], new[left : len(new) - right]
    fewest = 1 if whole and min(len(changed), len(instead)) <= 1 else _FEWEST_SHARED
    if left + right < fewest or max(len(changed), len(instead)) > most or not (changed or instead):
        return None
    return _between(before, changed), _between(after, instead)


def shared_start(one: Sequence[str], other: Sequence[str]) -> int:
    """Return with how many letters, or tokens, the two begin alike."""
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(one, other, strict=False)))


def _is_cut(*runs: list[re.Match[str]]) -> bool:
    return not all(is_whole("".join(item[0] for item in run)) for run in runs)


def _shift(line: list[re.Match[str]], left: int, count: int) -> int:
    """Return where a run that came or went is best said to begin, since it may as well be cut a little further left.

    In `a --b`, where `--c` came before `--b`, it is `--c ` that came rather than `c --`.
    """
    found, at = [], left
    while True:
        run = line[at : at + count]
        apart = at == 0 or line[at - 1].end() < run[0].start()
        if is_whole("".join(item[0] for item in run)):
            found.append((0 if apart else 1 if run[0][0][0] in _BEGINNINGS else 2, -at))
        if at == 0 or line[at - 1][0] != run[-1][0]:
            return -min(found, default=(0, -left))[1]
        at -= 1


def is_whole(text: str) -> bool:
    """Whether every bracket and quotation mark in a text has its other half there, in order."""
    waiting: list[str] = []
    for char in text:
        if char in _CLOSING:
            waiting.append(_CLOSING[char])
        elif char in _CLOSING.values() and (not waiting or waiting.pop() != char):
            return False
    return not waiting and text.count('"') % 2 == 0 and len(_QUOTE.findall(text)) % 2 == 0


def _spaced(before: str, old: list[re.Match[str]], after: str, new: list[re.Match[str]]) -> tuple[str, str] | None:
    """Return the two tokens between which the space changed, as they stood and as they stand."""
    for at in range(len(old) - 1):
        was, became = _between(before, old[at : at + 2]), _between(after, new[at : at + 2])
        if was != became:
            return was, became
    return None


def _between(text: str, tokens: list[re.Match[str]]) -> str:
    return text[tokens[0].start() : tokens[-1].end()] if tokens else ""


def excerpt(text: str, most: int = 80) -> str:
    """Return a line, or so many letters of its beginning up to a whole word, and an ellipsis."""
    text = text.strip()
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0].rstrip(' ,;:(')} …"
