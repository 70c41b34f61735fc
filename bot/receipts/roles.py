# ruff: noqa: E501 - a pattern reads best whole
"""Who did what to which: a name in the part of another is no proof.

Objections only, and only where the evidence gives the part to somebody or something else: what became of what, which
commit put something in and which took it out, in which file a name stands, who approved, found, mended and opened,
and which of two is the larger.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from bot.exhibit import Exhibit
from bot.receipts.evidence import stands_in
from bot.receipts.report import Claim, ClaimKind
from bot.receipts.scene import Scene, unproven
from bot.receipts.text import Kind, Token

_NAMED = frozenset((Kind.CODE, Kind.QUOTE, Kind.VERSION, Kind.PATH, Kind.IDENTIFIER))
_PATH = re.compile(
    r"[\w./-]*\w\.(?:pyi?|[jt]sx?|mjs|cjs|go|rs|rb|java|kt|cc?|h|cpp|cs|php|md|toml|ya?ml|json|sql|sh|vue|swift)"
)


def roles(scene: Scene) -> Iterator[Claim]:
    """Yield an objection for every part that the evidence gives to another."""
    named = [(at, item) for at, item in enumerate(scene.items) if item.kind in _NAMED]
    records = [ledger.record for ledger in scene.evidence.ledgers if ledger.record is not None]
    yield from _turned(scene, named, records)
    yield from _came_and_went(scene, named, records)
    yield from _placed(scene, named, records)


def _between(scene: Scene, first: int, last: int) -> str:
    return " ".join(item.lower for item in scene.items[first + 1 : last])


# What became of what.

_BECAME = re.compile(
    r"\b(?:became|becomes|become|turned into|gave way to|(?:was|were|is|are) (?:now|replaced (?:by|with)|changed (?:to|into)|swapped for)|now (?:says|reads|is)|made way for)\b|^to$|^into$"
)
_INSTEAD = re.compile(
    r"\b(?:instead of|replace[sd]?|in place of|rather than|took the place of|takes the place of|in for)\b"
)
_PAIRS = (("before", "after"), ("from", "to"), ("old", "new"))


def _turned(scene: Scene, named: Sequence[tuple[int, Token]], records: Sequence[Exhibit]) -> Iterator[Claim]:
    """Object to "`new` became `old`"."""
    for (at, one), (then, other) in pairwise(named):
        between = _between(scene, at, then)
        if len(between) > 60 or "," in between.split()[:1]:
            continue
        forward, backward = _BECAME.search(between), _INSTEAD.search(between)
        first, last = (one, other) if forward and not backward else (other, one)
        if not forward and not backward:
            continue
        for was, became in _changes(records):
            if _is(first, became, was) and _is(last, was, became):
                yield unproven(
                    ClaimKind.ROLE, scene.said(at, then), f"it was the other way round: {was} became {became}"
                )
                return


def _is(item: Token, text: str, other: str) -> bool:
    """Whether a name is this text, or stands in it and not in the other."""
    inner = item.inner.strip()
    return inner == text.strip() or (inner != other.strip() and stands_in(inner, text) and not stands_in(inner, other))


def _changes(records: Sequence[Exhibit]) -> Iterator[tuple[str, str]]:
    for facts in (fact for record in records for fact in _dicts(record)):
        for name, value in facts.items():
            for was, became in _PAIRS:
                parts = name.split("_")
                if was not in parts or not isinstance(value, str):
                    continue
                other = facts.get("_".join(became if part == was else part for part in parts))
                if isinstance(other, str) and value and other and value != other:
                    yield value, other


def _dicts(record: Exhibit) -> Iterator[Mapping[str, object]]:
    yield record.facts
    for fact in record.facts.values():
        if isinstance(fact, tuple):
            yield from (item for item in fact if isinstance(item, dict))


# Which commit put it in, and which took it out.

_CAME = frozenset(("came_subject", "added_in", "came_in"))
_GONE = frozenset(("gone_subject", "removed_in", "gone_in"))
_IN = frozenset(
    "written write wrote writes added adds add introduced introduces brought brings built builds created"
    " born laid typed grew entered appeared appears".split()
)
_OUT = frozenset(
    "removed removes deleted deletes dropped drops undid undone gone cut cuts erased withdrew withdrawn"
    " disappeared left leaves unwritten tore threw struck".split()
)
_AWAY = frozenset(("out", "back", "away", "again"))
_CARRIED = frozenset(
    "came comes come arrived arrives put puts moved moves took takes taken take carried carries let lets".split()
)


def _came_and_went(scene: Scene, named: Sequence[tuple[int, Token]], records: Sequence[Exhibit]) -> Iterator[Claim]:
    """Object to "written in "update tests"", where that is the commit which took it out."""
    for position, (at, item) in enumerate(named):
        if item.kind not in {Kind.QUOTE, Kind.CODE}:
            continue
        known = {name for record in records for name, value in record.facts.items() if value == item.inner.strip()}
        if bool(known & _CAME) == bool(known & _GONE):
            continue
        before = named[position - 1][0] if position else -1
        joints = [place for place in range(before + 1, at) if scene.items[place].lower in {",", ";", "and", "but"}]
        begin = max(before + 1, at - 12, *(place + 1 for place in joints))
        way = _way(scene, at + 1, at + 5, follows=True) or _way(scene, begin, at)
        if way and (way == "in") != bool(known & _CAME):
            told = "put it in" if known & _CAME else "took it out"
            yield unproven(ClaimKind.ROLE, item.text, f"that is the commit which {told}")


def _way(scene: Scene, begin: int, end: int, *, follows: bool = False) -> str:
    """Return whether the words tell of coming ("in") or of going ("out"); the last verb counts, or the one that follows."""
    words = [item.lower for item in scene.items[begin:end]]
    if follows and not (words and (words[0] in _IN | _OUT | _CARRIED)):
        return ""
    found = ""
    for at, word in enumerate(words):
        near = words[at + 1 : at + 5]
        if word in _IN:
            found = "in"
        elif word in _OUT or (word in _CARRIED and _AWAY & set(near)):
            found = "out"
        elif word in _CARRIED and {"in", "with"} & set(near[:2]):
            found = "in"
        if found and follows:
            return found
    return found


# In which file a name stands.

_LIVES = re.compile(
    r"^(?:,? (?:which|that) )?(?:(?:is|are|was) )?(?:a |the |an )?(?:\w+ )?(?:(?:lives?|stands?|sits?|resides?|dwells|found|stays?|function|method|class|test|defined|declared|at home|made its home|is) )?(?:still |now |also )?(?:in|inside|from|at home in)(?: the)?(?: file)?$"
)
_OF_NAMES = frozenset(("name", "function", "test", "part", "class", "longest_function"))


def _placed(scene: Scene, named: Sequence[tuple[int, Token]], records: Sequence[Exhibit]) -> Iterator[Claim]:
    """Object to "`f` lives in `b.py`", where it stands in `a.py`."""
    for (at, one), (then, other) in pairwise(named):
        path = other.inner.strip()
        if (
            not _PATH.fullmatch(path)
            or _PATH.fullmatch(one.inner.strip())
            or not _LIVES.match(_between(scene, at, then))
        ):
            continue
        quoted = one.kind is Kind.QUOTE
        known = {place for record in records for place in _places(record, one.inner.strip(), quoted=quoted)}
        if known and not any(_same_path(path, place) for place in known):
            yield unproven(ClaimKind.ROLE, scene.said(at, then), f"it stands in {min(known)}")


def _same_path(one: str, other: str) -> bool:
    return one.endswith(other) or other.endswith(one) or one.rsplit("/", 1)[-1] == other.rsplit("/", 1)[-1]


def _places(record: Exhibit, name: str, *, quoted: bool = False) -> Iterator[str]:
    """Yield the files in which an exhibit shows a name."""
    short = name.removesuffix("()")
    for receipt in record.receipts:
        if receipt.path and not quoted and stands_in(short, receipt.quote):
            yield receipt.path
    facts = record.facts
    for fact, value in facts.items():
        if not _holds(value, short):
            continue
        prefix = fact.partition("_")[0]
        wanted = [f"{fact}_file", f"{prefix}_path", f"{prefix}_file", "jobs_file" if fact in {"doers", "jobs"} else ""]
        wanted += ["path", "file"] if fact in _OF_NAMES else []
        yield from (place for key in wanted if key and isinstance(place := facts.get(key), str) and place)
    if not quoted and not any(_holds(value, short) for value in facts.values()) and short in record.summary:
        yield from (value for key, value in facts.items() if key.endswith("path") and isinstance(value, str))


def _holds(value: object, name: str) -> bool:
    items = value if isinstance(value, tuple) else (value,)
    return any(isinstance(item, str) and (item == name or item.rsplit(".", 1)[-1] == name) for item in items)
