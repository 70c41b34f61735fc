# ruff: noqa: E501 - a pattern reads best whole
"""Prose as the check sees it: tokens, sentences, clauses and stems.

Every pattern here is bounded, so that the time grows with the length of a text and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache


class Kind(Enum):
    """What a token is."""

    CODE = "code"
    QUOTE = "quote"
    DATE = "isodate"
    CLOCK = "clock"
    NUMBER = "number"
    VERSION = "version"
    PULL = "pull"
    SHA = "sha"
    BOT = "bot"
    HANDLE = "handle"
    PATH = "path"
    IDENTIFIER = "identifier"
    WORD = "word"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text with its place. ``inner`` is a span's text without its fences."""

    kind: Kind
    text: str
    start: int
    end: int

    @property
    def inner(self) -> str:
        """The text of a code span or quotation without the marks around it."""
        return self.text[1:-1] if self.kind in {Kind.CODE, Kind.QUOTE} else self.text

    @property
    def lower(self) -> str:
        """The text in lower case."""
        return self.text.lower().replace("’", "'")

    @property
    def stem(self) -> str:
        """The stem of a word; the text of anything else."""
        return stem(self.text)


_TOKEN = re.compile(
    r"""
    (?P<code>`[^`\n]{1,400}`)
  | (?P<quote>"[^"\n]{1,600}"|“[^”\n]{1,600}”)
  | (?P<isodate>\d{4}-\d{2}-\d{2}(?!\d))
  | (?P<clock>\d{1,2}:\d{2}(?!\d))
  | (?P<sha>(?=[a-f]{0,39}[0-9])(?=[0-9]{0,39}[a-f])[0-9a-f]{7,40}(?!\w))
  | (?P<pull>\#\d{1,9}(?!\w))
  | (?P<bot>[A-Za-z0-9][\w-]{0,60}\[bot\])
  | (?P<handle>@[A-Za-z0-9][\w-]{0,60})
  | (?P<version>\d{1,6}(?:\.\d{1,6}){2,4}(?!\w))
  | (?P<number>(?:(?<![\w.])[+\-−])?(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d{1,6})?(?:%|[A-Za-z]{1,3}(?![\w]))?)
  | (?P<path>\.?[\w-]{1,60}(?:[./][\w-]{1,60}){0,12}/[\w-]{0,60}\.[A-Za-z]\w{0,9}(?!\w)
           |[\w-]{1,60}\.(?:py|pyi|js|jsx|ts|tsx|go|rs|rb|java|kt|c|h|cc|cpp|cs|php|md|rst|txt|toml|ya?ml|json|lock
              |cfg|ini|sql|sh|html|css|proto|tf|vue|svelte|swift)(?!\w))
  | (?P<identifier>[A-Za-z_]\w{0,80}\(\)|_\w{1,80}|[A-Za-z]\w{0,60}_\w{1,80}|[A-Z]?[a-z]{1,30}[a-z0-9]{0,20}[A-Z]\w{0,60})
  | (?P<word>[^\W\d_]\w{0,80}(?:['’][A-Za-z]{1,3})?)
  | (?P<mark>\S)
    """,
    re.VERBOSE,
)
_KINDS = {kind.value: kind for kind in Kind}


def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text, in order."""
    return tuple(
        Token(_KINDS[found.lastgroup or "mark"], found.group(), found.start(), found.end())
        for found in _TOKEN.finditer(text)
    )


_SPAN = re.compile(r'`[^`\n]{1,400}`|"[^"\n]{1,600}"|“[^”\n]{1,600}”')
_END = re.compile(r"[.!?…]{1,3}[\"”’')*_\]]{0,3}\s{1,5}(?=[^\sa-z])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|no|approx|dr|mr|ms|st)|\b[A-Z])\.$", re.IGNORECASE)


def sentences(text: str) -> tuple[str, ...]:
    """Split prose into sentences; what stands in code spans and quotations never ends one.

    Joined with spaces, the sentences give the text again, but for the width of the gaps.
    """
    masked = _SPAN.sub(_mask, text)
    pieces: list[str] = []
    begin = 0
    for found in _END.finditer(masked):
        head = masked[max(begin, found.start() - 8) : found.start() + 1]
        if _ABBREVIATION.search(head) and not head.endswith("I."):
            continue
        pieces.append(text[begin : found.end()].strip())
        begin = found.end()
    pieces.append(text[begin:].strip())
    return tuple(piece for piece in pieces if piece)


def _mask(found: re.Match[str]) -> str:
    # A quotation's own full stop still ends the sentence that the quotation ends.
    span = found.group()
    last = span[-2] if span[-2] in ".!?" and span[0] != "`" else "x"
    return span[0] + "x" * (len(span) - 3) + last + span[-1] if len(span) > 2 else span


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return a rough English stem: enough to see that "commits" are a commit and "merged" is merge."""
    text = word.lower().replace("’", "'").removesuffix("'s").rstrip("'")
    if text in _IRREGULAR:
        return _IRREGULAR[text]
    if text.endswith("ies") and len(text) > 4:
        return text[:-3] + "y"
    if text.endswith(("sses", "xes", "ches", "shes")):
        text = text[:-2]
    elif text.endswith("s") and len(text) > 3 and not text.endswith(("ss", "us", "is")):
        text = text[:-1]
    for ending in ("ing", "ed"):
        if text.endswith(ending) and len(text) - len(ending) >= 3:
            text = _undouble(text[: -len(ending)])
            break
    return text.removesuffix("e") if len(text) > 3 else text


def _undouble(text: str) -> str:
    return text[:-1] if len(text) > 3 and text[-1] == text[-2] and text[-1] not in "aeiouls" else text


_IRREGULAR = {
    "wrote": "writ", "written": "writ", "write": "writ", "writes": "writ", "writing": "writ", "said": "say",
    "says": "say", "took": "tak", "taken": "tak", "came": "com", "come": "com", "comes": "com", "broke": "break",
    "broken": "break", "hung": "hang", "left": "left", "began": "begin", "begun": "begin", "ran": "run",
    "running": "run", "times": "time", "classes": "class", "indices": "index", "indexes": "index",
    "bodies": "body", "children": "child", "tries": "try", "retries": "retry", "caches": "cach", "cache": "cach",
    "does": "do", "goes": "go", "lost": "los", "lose": "los", "loses": "los", "added": "add", "adding": "add",
}  # fmt: skip


def stemmed(words: str) -> frozenset[str]:
    """Return the stems of words, for tables of words."""
    return frozenset(stem(word) for word in words.split())


_IDENTIFIER_PARTS = re.compile(r"[A-Z]{2,20}(?![a-z])|[A-Z]?[a-z]{1,40}|\d{1,10}")


def stems(text: str) -> frozenset[str]:
    """Return the stems of all words in a text, identifiers taken apart (``read_work_pool`` is read, work, pool)."""
    return frozenset(stem(part) for part in _IDENTIFIER_PARTS.findall(text) if len(part) > 1)


def stems_of(items: Iterable[Token]) -> frozenset[str]:
    """Return the stems of the words among these tokens, and of the words inside code spans and quotations."""
    found: set[str] = set()
    for item in items:
        if item.kind is Kind.WORD:
            found.add(item.stem)
        elif item.kind in {Kind.CODE, Kind.QUOTE, Kind.IDENTIFIER, Kind.PATH}:
            found |= stems(item.inner)
    return frozenset(found)


_BREAKS = frozenset(",;:—–()")


def clause_around(items: Sequence[Token], first: int, last: int) -> tuple[int, int]:
    """Return the bounds (from, to) of the clause that holds the tokens ``first`` to ``last``.

    A clause ends at a comma, colon, semicolon, dash or bracket, and at an "and" or "but" that a number follows.
    """
    begin = first
    while begin > 0 and not _breaks(items, begin - 1):
        begin -= 1
    end = last + 1
    while end < len(items) and not _breaks(items, end):
        end += 1
    return begin, end


def _breaks(items: Sequence[Token], at: int) -> bool:
    return items[at].text in _BREAKS or items[at].lower in {"and", "but", "while", "whereas"}
