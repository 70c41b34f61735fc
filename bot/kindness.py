# ruff: noqa: E501 - a pattern reads best whole
"""The check on persons (law 7): the roast is about the code, the commits and the process, never about who wrote it.

``unkind`` finds sentences that speak of a person's ability, character, motives, looks, origin, language, health,
religion, family, name, age, gender or working hours, that command or insult, or that swear. It reads no minds: a
function may be dumb as a pipe, a test may lie, a bot may be stupid; what counts is whether a *person* is meant.

It asks two things, of whom a sentence tells and of which trait: ``kindness_scene`` reads the characters of an image as
things, ``kindness_traits`` looks for a trait beside somebody, ``kindness_patterns`` knows phrases that need no second
look. Past events of a pull request ("the author moved ...") are free, habits ("the author avoids ...") are not.

Where it errs: it goes by words. Sarcasm without a person or a trait in it passes (the batches in ``tests/kindness``
say how much), and "the author is ..." is stopped unless what follows is known to be harmless.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2s

from bot.kindness_patterns import ALWAYS, DOES, LEADS, MENTION, NO_PERSON, OF_PERSONS, OWNS, PERSON, Pattern
from bot.kindness_scene import without_characters
from bot.kindness_slurs import SLURS
from bot.kindness_structure import structures
from bot.kindness_traits import EVENT, traits
from bot.pull_request import Frozen

_LONGEST = 20_000


class About(StrEnum):
    """What an unkind sentence is about."""

    SKILL = "skill"
    CHARACTER = "character"
    MOTIVE = "motive"
    INSULT = "insult"
    LOOKS = "looks"
    ORIGIN = "origin or language"
    HEALTH = "health"
    RELIGION = "religion"
    FAMILY = "family"
    GENDER_OR_AGE = "gender or age"
    NAME = "name"
    HOURS = "hours"
    WORK = "work"
    COMMAND = "command"
    HARM = "harm"
    PROFANITY = "profanity"


class Unkindness(Frozen):
    """One place where a text leaves the code for the person: what it is about, the words, and what to do instead."""

    about: About
    phrase: str
    reason: str


def unkind(text: str, people: Sequence[str] = (), before: str = "") -> tuple[Unkindness, ...]:
    """Return every unkindness in a text, in no more than one finding for each pattern.

    ``people`` are the names and logins of those whom the text may mean (the author, reviewers); ``before`` is what
    stands before the text in its paragraph, where a "he" of the text may have been introduced.
    """
    known = tuple(sorted({name for name in people if name.strip()}, key=len, reverse=True)[:40])
    return _unkind(text[:_LONGEST], known, before[-_LONGEST:])


@lru_cache(maxsize=2048)
def _unkind(text: str, known: tuple[str, ...], before: str) -> tuple[Unkindness, ...]:
    """Find them, and remember: a draft is checked when it comes, once rewritten, and when its proofs are shown."""
    plain = _unmasked(text)
    found = dict.fromkeys((*_matches(plain, known, _unmasked(before)), *_slurs(plain)))
    return tuple(found)


def _matches(text: str, known: tuple[str, ...], before: str) -> Iterator[Unkindness]:
    named = _compiled("|".join(_names(known))) if known else None
    bare = without_characters(_SPANS.sub(" it ", text), _SPANS.sub(" it ", before), named)
    if _RACING.search(f"{before} {text}"):  # two workers race, and one of them is the loser
        bare, text = _LOSER.sub("runner", bare), _LOSER.sub("runner", text)
    for about, pattern in ALWAYS:
        if found := _compiled(pattern).search(text if about in _EVEN_QUOTED else bare):
            yield _finding(about, found.group())
    for about, compiled in _of_persons(known):
        if found := compiled.search(bare):
            yield _finding(about, found.group())
    yield from (_finding(about, phrase) for about, phrase in traits(bare, named))
    yield from (_finding(about, phrase) for about, phrase in structures(bare, named))
    yield from _unknown_ground(bare, known)


@lru_cache(maxsize=64)
def _of_persons(known: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    person = _person(known)
    return tuple(
        (about, re.compile(pattern.replace("{person}", person).replace("{maker}", MENTION), re.IGNORECASE))
        for about, pattern in OF_PERSONS
    )


def _unknown_ground(text: str, people: Sequence[str]) -> Iterator[Unkindness]:
    """Find what is said of a person beyond the events of a pull request: to be safe, it is stopped."""
    names = "|".join(rf"@?{re.escape(name)}(?![\w-])" for name in people if name.strip())
    mention = _compiled(rf"(?:{MENTION}{'|' if names else ''}{names})")
    for found in mention.finditer(text):
        rest = text[found.end() : found.end() + 60]
        if re.match(NO_PERSON, rest) or text[found.start() - 1 : found.start()] in {"`", "_", "."}:
            continue
        if not _SAFE.match(rest) and not (_ENDS.match(rest) and _LED_UP.search(text[: found.start()][-40:])):
            yield _finding(About.CHARACTER, found.group() + rest[:20])
            return


def _person(people: tuple[str, ...]) -> str:
    return "(?:" + "|".join((PERSON, *_names(people))) + ")"


def _names(people: tuple[str, ...]) -> list[str]:
    return [rf"@?\b{re.escape(name)}(?![\w-])" for name in people]


@lru_cache(maxsize=1024)
def _compiled(pattern: Pattern) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _finding(about: str, phrase: str) -> Unkindness:
    kind = About(about)
    return Unkindness(about=kind, phrase=" ".join(phrase.split()), reason=_REASONS[kind])


_ENDS = re.compile(r"(?:'s?|s')?\s*(?:$|[.,;:)—!-])")
_LED_UP = re.compile(LEADS, re.IGNORECASE)
_SAFE = re.compile(
    rf" ?(?:\[bot\])?(?:(?:'s?|s') (?:\w+ )?(?:{OWNS})\b|(?!') ?(?:(?:had|has|have|even|only|first|once|also|later|then|soon|both) )*(?:{EVENT}|(?:{DOES})\b))",
    re.IGNORECASE,
)
"""What may follow a person: an event of the pull request, or something that they made in it."""

_REASONS = {
    About.SKILL: "it speaks of what a person can or knows: say what the code does instead",
    About.CHARACTER: "it judges a person's character: judge the code",
    About.MOTIVE: "it guesses at a person's motives: tell what happened",
    About.INSULT: "it insults a person: leave it out",
    About.LOOKS: "it speaks of a person's looks: leave it out",
    About.ORIGIN: "it speaks of a person's origin or language: leave it out",
    About.HEALTH: "it speaks of health: leave it out",
    About.RELIGION: "it speaks of religion: leave it out",
    About.FAMILY: "it speaks of a person's family: leave it out",
    About.GENDER_OR_AGE: "it speaks of a person's gender or age: leave it out",
    About.NAME: "it makes fun of a person's name: leave it out",
    About.HOURS: "it speaks of when a person works: tell how long it took, not at what hour",
    About.WORK: "it speaks of a person's job or rank: leave it out",
    About.COMMAND: "it tells the reader or the author off: say what the code does instead",
    About.HARM: "it wishes somebody harm: leave it out",
    About.PROFANITY: "it swears: say it in clean words",
}


_SPANS = re.compile(r'`[^`\n]{1,400}`|"[^"\n]{1,600}"|“[^”\n]{1,600}”')
"""Quotations and code are somebody's own words: the receipts check sees that they are."""
_EVEN_QUOTED = frozenset(("profanity", "insult", "harm"))


def _unmasked(text: str) -> str:
    """Return the text as it is read aloud: full-width letters folded, accents and invisible characters gone."""
    folded = unicodedata.normalize("NFKD", text).replace("’", "'").replace("ʼ", "'")
    kept = "".join(char for char in folded if unicodedata.category(char) not in {"Mn", "Cf", "Cc"} or char in "\n\t")
    return kept.translate(_LOOKALIKES)


_LOOKALIKES = str.maketrans("аеорсухіѕԁӏ", "aeopcyxisdl")
_LEET = str.maketrans("013457@$!|", "oieastasil")
_RACING = re.compile(r"\b(?:rac(?:e|es|ing)|winners?|savepoint)\b", re.IGNORECASE)
_LOSER = re.compile(r"\b(?<!a )losers?\b", re.IGNORECASE)
_BELL = re.compile(r"\bding[- ]?dong\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z0-9@$!|*]{3,30}")


def _slurs(text: str) -> Iterator[Unkindness]:
    """Find words whose digest is on the list, also when digits stand in for letters."""
    for found in _WORD.finditer(_BELL.sub(" ", text)):
        word = found.group().lower()
        forms = {word.strip("!|*@$"), word.translate(_LEET).strip("*")}
        if any(_digest(form) in SLURS or _digest(form.removesuffix("s")) in SLURS for form in forms):
            yield _finding(About.INSULT, "a slur")


def _digest(word: str) -> str:
    return blake2s(word.encode(), digest_size=6).hexdigest()
