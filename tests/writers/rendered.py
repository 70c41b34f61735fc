"""Every line of wording, filled with the facts of real exhibits, and what is wrong with what comes out.

Used by ``test_lines_rendered.py`` and by ``make lines KIND=…``, so that whoever writes a line sees what the tests see.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.brief import Brief, Cast, Heat, Role
from bot.case import Case
from bot.casting import subject_of
from bot.cleaning import draft as cleaned
from bot.detectors import BY_KIND
from bot.exhibit import Exhibit
from bot.receipts import check
from bot.verdict import LONGEST_EPITHET, LONGEST_GIST, LONGEST_PUNCHLINE, LONGEST_TITLE, Draft, Paragraph
from bot.writers.story import Story
from bot.writers.wording import Line, Wording, render, wording_of

_NO_STOP = re.compile(r"[^.?!…,;:]” (?:[A-Z][a-z]+|A|I|It) [a-z]")
_ENDED = re.compile(r"[.?!…]”?$")
_NAME = re.compile(r"^\S*[_./]\S*$")
_SOMEBODYS_WORDS = frozenset("said subject title question note rule message docstring first last placeholder".split())
DETECTORS = Path(__file__).resolve().parents[1] / "detectors"
CONTEXT = ("size", "purpose", "built", "curiosities")
LIMITS = {"title": LONGEST_TITLE, "gist": LONGEST_GIST, "epithet": LONGEST_EPITHET, "punchline": LONGEST_PUNCHLINE}
_THINGS = (
    "lines|commits|files|tests|asserts|hours|days|minutes|words|times|repairs|functions|classes|parameters|arguments|checks"
    "|alarms|marks|places|notes|promises|questions|answers|threads|replies|blocks|copies|annotations|decisions|levels|modules"
    "|stand-ins|assertions|characters|merges|remarks|nits|boxes|skips|naps|prints|handlers|errors|members|headings|findings"
)
FLAWS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("one of many", re.compile(rf"(?<![\w.])(?:[Oo]ne|1|[Aa] single) (?:new |added |changed |bare |other )?(?:{_THINGS})\b")),
    ("many of one", re.compile(r"\b(?:[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[2-9]|[1-9]\d+) (?:line|commit|file|hour|day|word|function)\b(?=[.,;:]| (?:of|in|and|is|are|was|were|at|on|that|later)\b)")),
    ("one with a plural verb", re.compile(r"(?:^|[.:] )One (?:were|are|stand|lie|come|carry|say)\b")),
    ("a for an", re.compile(r"(?<![`“\w])[Aa] (?:8\d*|11|18|eight|eleven|eighteen)\b(?![-\d,])")),
    ("an for a", re.compile(r"\b[Aa]n (?:one|[2-79]\d*|two|three|four|five|six|seven|nine|ten|twelve)\b")),
    ("a gap", re.compile(r"  | [,.;:?!](?!\w|…)|``|“”|\{|\}|“ | ”|(?<!\.)\.\.(?!\.)|,,|,\.|[?!]\.")),
    ("a word twice", re.compile(r"\b(the|a|an|of|to|in|is|and|with) \1\b(?!,)")),
    ("no count that can be said", re.compile(r"\bno (?:came|went|were|was)\b|\bin no(?=[.,;])")),
    ("a missing figure", re.compile(r"\bnan\b|\bundefined\b|\((?:X|'[^']*'),\)")),
)  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """One line filled with the facts of one exhibit, and the brief that it would be told in."""

    case: str
    line: Line
    text: str
    exhibit: Exhibit
    brief: Brief


@cache
def cases_of(kind: str) -> tuple[tuple[str, Case], ...]:
    """Return the cases in which a detector is to find something, by name."""
    sys.path.insert(0, str(DETECTORS))
    from build import load

    paths = sorted((DETECTORS / "cases" / kind).glob("hit_*.yml"))
    return tuple((path.stem, load(path)[0]) for path in paths)


def briefs_of(kind: str, heat: Heat = Heat.SPICY) -> Iterator[tuple[str, Brief, Exhibit]]:
    """Yield, for each exhibit of a kind's own cases, a brief that tells of this exhibit alone, with its context."""
    for name, case in cases_of(kind):
        context = tuple(
            item.model_copy(update={"id": f"X{at + 1}"})
            for at, item in enumerate(item for other in CONTEXT for item in BY_KIND[other].detect(case))
        )
        for found in BY_KIND[kind].detect(case):
            item = found.model_copy(update={"id": "C1" if found.is_credit else "E1"})
            role = Role.CREDIT if item.is_credit else Role.HEADLINE
            yield name, Brief(
                subject=subject_of(case), context=context, cast=(Cast(exhibit=item, role=role),), angle=kind, heat=heat,
                seed=name,
            ), item  # fmt: skip


def filled(wording: Wording, kind: str) -> Iterator[Filled]:
    """Yield every line of a wording as it reads over each exhibit of the kind that it fits."""
    for name, brief, exhibit in briefs_of(kind):
        story = Story(brief, None, frozenset(), 3)
        for lines in wording.lines.values():
            for line in lines:
                text = render(line, {**story._facts(exhibit), "kind": kind})
                if text is not None:
                    yield Filled(name, line, text, exhibit, brief)


def draft_of(item: Filled) -> Draft:
    """Return a draft that says this line and nothing else, in its own place."""
    cited = (item.exhibit.id, *(other.id for other in item.brief.context))
    role = Role.CREDIT if item.exhibit.is_credit else Role.HEADLINE
    told = () if item.line.slot in LIMITS else (Paragraph(text=item.text, role=role, exhibits=cited),)
    head = {slot: item.text if item.line.slot == slot else "" for slot in LIMITS}
    return cleaned(Draft(paragraphs=told, **head))


def faults(item: Filled) -> Iterator[str]:
    """Yield what is wrong with a filled line: what its facts do not prove, what is unkind, what reads badly."""
    for objection in check(draft_of(item), item.brief).objections:
        yield f"not proven: {objection}"
    yield from flaws(item.text)
    if item.line.slot in {"body", "plain", "gist", "closing"} and not _ENDED.search(item.text):
        yield f"no full stop at the end: {item.text[-20:]!r}"


def flaws(text: str) -> Iterator[str]:
    """Yield what reads badly in a filled line, whatever its facts are."""
    prose = re.sub(r"`[^`]*`|“[^”]*”", "X", text)
    for name, pattern in FLAWS:
        if found := pattern.search(prose):
            yield f"{name}: {found.group()!r}"
    if found := _NO_STOP.search(text):
        yield f"no full stop after a quotation: {found.group()!r}"
    if text.count("`") % 2 or text.count("“") != text.count("”"):
        yield "half a code span or quotation"


def twisted(kind: str) -> Iterator[tuple[str, str]]:
    """Yield each line of a kind over facts as they might be: (what was done to them, the line that came out).

    In turn each fact is missing; then every name has a space and a backtick in it; then whatever somebody said is very long.
    """
    _, brief, exhibit = next(briefs_of(kind))
    facts = Story(brief, None, frozenset(), 3)._facts(exhibit)
    names = {key: value for key, value in exhibit.facts.items() if isinstance(value, str) and _NAME.search(value)}
    texts = {key: value for key, value in exhibit.facts.items() if value and key in _SOMEBODYS_WORDS}
    worlds = {f"without {key}": {name: fact for name, fact in facts.items() if name != key} for key in exhibit.facts}
    worlds["with odd names"] = {**facts, **dict.fromkeys(names, "an `odd` name/it is")}
    worlds["with long texts"] = {**facts, **{key: f"{text} `and so` " * 9 + "`on" for key, text in texts.items()}}
    for done, world in worlds.items():
        for lines in wording_of(kind).lines.values():
            for line in lines:
                text = render(line, world)
                if text is not None and len(text) <= LIMITS.get(line.slot, 10_000):
                    yield done, text


def too_long(item: Filled) -> bool:
    """Whether a short part is longer than its place: the writer then takes another line."""
    return len(item.text) > LIMITS.get(item.line.slot, 10_000)
