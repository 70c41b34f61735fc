# ruff: noqa: E501 - a pattern reads best whole
"""Who approved, found, mended, opened; and which of two is the larger: objections where the evidence says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from bot.brief import Subject
from bot.exhibit import Exhibit, StandsIn
from bot.receipts.report import Claim, ClaimKind
from bot.receipts.scene import Scene, in_span, unproven
from bot.receipts.text import Kind, stems

_AUTHOR = r"the author|its author|this author"
_REVIEWER = r"(?:the|a|one|its) reviewers?|the maintainers?"
_A_BOT = r"(?:a|the) (?:review )?bots?"
_HAS = r"(?:(?:had|has|have|then|also|later|himself|herself|themselves|finally|only|even|soon|first)\s+){0,3}"
_DEEDS = {
    "approved": r"approved|approves|signed (?:it )?off|waved (?:it|this) through",
    "found": r"found|finds|spotted|spots|flagged|flags|reported|reports|pointed out|points out|caught|noticed|notices|discovered|remarked|observed",
    "mended": r"mended|mends|fixed|fixes|repaired|repairs|came (?:back )?with|followed up|sent (?:the (?:fix|repair)|#\d+)",
    "opened": r"opened (?:it|the pull request|this)|wrote the (?:description|title)",
    "told": r"wrote (?:a|the|one) (?:chapter|heading|section|paragraph)|confess(?:ed|es)|admit(?:s|ted)",
}
_FROM = re.compile(
    r"\b(?:repairs?|fix(?:es)?|sequels?|follow-ups?|they|all of them|it|approvals?|titles?|description)\b[^.!?;]{0,40}?\b(?:came|come|was|were|is|are|written)\s+(?:written\s+|opened\s+|all\s+)?(?:from|by)\s+(?P<who>[^.,;!?]{2,40})",
    re.IGNORECASE,
)


def parts(scene: Scene, subject: Subject) -> Iterator[Claim]:
    """Yield an objection for every deed that the evidence gives to another person, and for every wrong comparison."""
    records = [ledger.record for ledger in scene.evidence.ledgers if ledger.record is not None]
    numbered = [record for record in records if f"#{record.facts.get('number')}" in scene.text]
    yield from _persons(scene, subject, numbered or records)
    yield from _comparisons(scene, records)
    yield from _unmerged(scene, subject)


def _persons(scene: Scene, subject: Subject, records: list[Exhibit]) -> Iterator[Claim]:
    names = {name for record in records for name in _people_of(record)} | {subject.author} - {""}
    told = "|".join(
        [
            _AUTHOR,
            _REVIEWER,
            _A_BOT,
            *(rf"`?@?{re.escape(name)}`?(?!\w)" for name in sorted(names, key=len, reverse=True)),
        ]
    )
    for deed, verbs in _DEEDS.items():
        doers = set(_doers(deed, records, subject))
        if not doers:
            continue
        for found in re.finditer(
            rf"(?<![\w-])(?P<who>{told})(?:\s*\([^)]*\))?,?\s+{_HAS}(?:{verbs})\b", scene.text, re.IGNORECASE
        ):
            if not in_span(scene, found.start()) and _is_another(found["who"], doers, subject):
                yield _objection(found.group(), deed, doers)
    yield from _all_from(scene, subject, records)
    for found in _FROM.finditer(scene.text):
        words = found.group().lower()
        deed = "approved" if "approv" in words else "opened" if "title" in words or "description" in words else "mended"
        who = re.match(rf"(?:{told})", found["who"], re.IGNORECASE)
        doers = set(_doers(deed, records, subject))
        if (
            who
            and doers
            and not re.search(r"\b(?:none|not|never|no)\b", words)
            and _is_another(who.group(), doers, subject)
        ):
            yield _objection(found.group(), deed, doers)


_ALL_FROM = re.compile(
    rf"\b(?:both|all|each|every)\b[^.!?;]{{0,40}}\b(?:from|by) (?:{_AUTHOR}|the same (?:author|hand|person))",
    re.IGNORECASE,
)


def _all_from(scene: Scene, subject: Subject, records: list[Exhibit]) -> Iterator[Claim]:
    """Object to "both repairs came from the author", where one of them did."""
    found = _ALL_FROM.search(scene.text)
    for record in records if found else ():
        count, own = record.facts.get("count"), record.facts.get("by_the_same_author")
        if found and isinstance(count, int) and isinstance(own, int) and own < count and subject.author:
            yield unproven(ClaimKind.ROLE, found.group(), f"{own} of {count} came from {subject.author}")


def _objection(text: str, deed: str, doers: set[str]) -> Claim:
    told = ", ".join(sorted(doers)).replace("!", "somebody other than ")
    return unproven(ClaimKind.ROLE, text, f"the exhibits cited here say that {told} {deed} it")


def _is_another(who: str, doers: set[str], subject: Subject) -> bool:
    """Whether who is named is none of the doers; a doer "!name" is anybody but that one."""
    lower = who.lower().strip("`@")
    if re.fullmatch(_AUTHOR, lower):
        lower = subject.author.lower()
    bots = [name for name in doers if name.endswith("[bot]") or name in _TOOLS]
    if re.fullmatch(_A_BOT, lower):
        return not bots and not any(name.startswith("!") for name in doers) and not subject.author_is_bot
    if re.fullmatch(_REVIEWER, lower):
        return len(bots) == len(doers) or doers == {subject.author}
    excluded = {name[1:].lower() for name in doers if name.startswith("!")}
    if excluded:
        return lower in excluded
    return not any(lower == name.lower() or lower in name.lower().split() for name in doers)


_TOOLS = frozenset(("Codex", "Copilot", "CodeRabbit", "Devin", "Sourcery", "Greptile", "Bugbot", "Gemini"))


def _people_of(record: Exhibit) -> Iterator[str]:
    yield from (
        value for key in ("who", "bot", "tool", "author") if isinstance(value := record.facts.get(key), str) and value
    )


def _doers(deed: str, records: list[Exhibit], subject: Subject) -> Iterator[str]:
    """Yield who did it, by the exhibits."""
    if deed == "opened":
        yield from (name for name in (subject.author,) if name)
        return
    for record in records:
        facts = record.facts
        later = record.stands_in is StandsIn.AFTERWARDS
        who = facts.get("who")
        if deed == "approved" and "approv" in record.summary.lower() and isinstance(who, str):
            yield who
        if deed == "found" and "said" in facts:
            yield from (value for key in ("bot", "tool") if isinstance(value := facts.get(key), str) and value)
        if deed == "told" and "admissions" in facts and isinstance(who, str):
            yield who
        if deed == "mended" and later and isinstance(who or facts.get("author"), str):
            yield str(who or facts.get("author"))
        if deed == "mended" and later and not who and facts.get("by_the_same_author", 1) == 0 and subject.author:
            yield f"!{subject.author}"


# Which of two is the larger.

_LARGER = re.compile(
    r"\b(?:longer|larger|bigger|taller|deeper|heavier)\b.{0,12}?\bthan\b|\boutgrows\b|\boutweighs\b", re.IGNORECASE
)
_SMALLER = re.compile(r"\b(?:shorter|smaller|lighter|shallower)\b.{0,12}?\bthan\b", re.IGNORECASE)
_SIDES = {
    "test_additions": r"(?:of )?(?:new )?tests?",
    "production_additions": r"(?:of )?(?:production )?code|(?:of )?production",
    "additions": r"(?:it |they )?(?:adds?|added|brought in|brings in|put in)|additions|came in",
    "deletions": r"(?:it |they )?(?:removes?|removed|deletes?|deleted|took out|takes out)|deletions|went out",
}
_MORE = re.compile(
    r"\b(?P<verb>adds|added|removes|removed|deletes|deleted)? ?(?P<way>more|fewer|less) (?:new )?(?:lines )?(?P<one>of tests?|of (?:production )?code|tests?|code)? ?than (?P<other>[\w ]{2,24})",
    re.IGNORECASE,
)


def _comparisons(scene: Scene, records: list[Exhibit]) -> Iterator[Claim]:
    named = [(at, item) for at, item in enumerate(scene.items) if item.kind in {Kind.CODE, Kind.IDENTIFIER, Kind.PATH}]
    for (at, one), (then, other) in pairwise(named):
        between = " ".join(item.lower for item in scene.items[at + 1 : then])
        larger, smaller = _LARGER.search(between), _SMALLER.search(between)
        if not larger and not smaller:
            continue
        sizes = [_size(item.inner.strip(), records) for item in (one, other)]
        if all(sizes) and (sizes[0] > sizes[1]) != bool(larger):
            yield unproven(ClaimKind.ROLE, scene.said(at, then), f"they have {sizes[0]:g} and {sizes[1]:g} lines")
    for found in _MORE.finditer(scene.text):
        sides = (_side(found["one"] or "", found["verb"] or ""), _side(found["other"], ""))
        ours, theirs = (_figure(name, records) for name in sides)
        if ours is None or theirs is None or sides[0] == sides[1]:
            continue
        if (ours > theirs) != (found["way"].lower() == "more"):
            yield unproven(ClaimKind.ROLE, found.group(), f"{sides[0]}={ours:g}, {sides[1]}={theirs:g}")


def _size(name: str, records: list[Exhibit]) -> float:
    """Return how many lines an exhibit gives to a name, or 0."""
    for record in records:
        lines = record.facts.get("lines")
        known = (record.facts.get(key) for key in ("function", "path", "name", "test"))
        if any(
            isinstance(one, str) and (one == name or one.endswith((f"/{name}", f".{name}"))) for one in known
        ) and isinstance(lines, int):
            return float(lines)
    return 0.0


def _side(words: str, verb: str) -> str:
    text = words.strip().lower() or verb.lower()
    return next((name for name, pattern in _SIDES.items() if re.match(rf"(?:{pattern})\b", text)), "")


def _figure(name: str, records: list[Exhibit]) -> float | None:
    values = (record.facts[name] for record in records if name in record.facts)
    return next((float(value) for value in values if isinstance(value, int | float)), None)


_MERGED = re.compile(
    r"\b(?:(?:it|this|this pull request|the (?:branch|change|pull request)) (?:was|got|is) (?:\w+ )?merged|was merged (?:in|after|within|on|with)|shipped in|landed (?:in|on) (?:main|trunk|master))\b",
    re.IGNORECASE,
)


def _unmerged(scene: Scene, subject: Subject) -> Iterator[Claim]:
    """Object to "it was merged" of what is still open."""
    found = _MERGED.search(scene.text)
    if subject.state == "merged" or found is None or in_span(scene, found.start()):
        return
    before = scene.text[: found.start()].lower()
    if not stems(before) & stems("before until when once if not never unless after until"):
        yield unproven(ClaimKind.ROLE, found.group(), f"the pull request is {subject.state}, not merged")
