"""Words of people: cleaned of markup, cut into sentences, counted. Pure, and linear in the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST_TEXT = 40_000
"""How much of one remark or description is read; hostile ones are longer."""

_FENCE = re.compile(r"^\s{0,3}(```|~~~)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CUT = re.compile(r"<[^<>\n]{1,300}>|!\[[^\]\n]{0,300}\]\([^)\n]{0,600}\)")
_SPAN = re.compile(r"(`[^`\n]{1,300}`)")
_LINK = re.compile(r"\[([^\]\n]{1,300})\]\([^)\n]{1,600}\)")
_SENTENCE_END = re.compile(r"(?<=[.!?…])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)[\"”’)]?\s+(?=[A-Z0-9`\"“*(\[])")
_EDGES = " \t\r*_#>-+•|~"
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]+|[0-9]+")
_OPENS = re.compile(r"\s*(?:[-*+]\s|\*\*|[#>|]|\d+[.)]\s|```|[A-Z][a-z]+-[a-z-]+:)")
_CHECKBOX = re.compile(r"^\s*[-*+]\s*\[[ xX]\]")
_STOP = frozenset(
    "the a an and or of to in on for with from by at as is are was were be been it its this that these those we i you"
    " they he she not no do does did done so if then than when while where which who what how why there here into onto"
    " over under up down out off all any some more most other also only just very can could should would will may might"
    " must has have had our your their my his her them us me one two use uses used using via per about after before now"
    " new old make makes made let lets get gets same".split()
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it stands in the text (``raw``, fit for a receipt) and without markup (``clean``)."""

    raw: str
    clean: str
    is_heading: bool = False


def prose_lines(text: str) -> Iterator[str]:
    """Yield the lines that somebody wrote as prose: no code fences, HTML comments, quotations or checkboxes."""
    fenced = False
    for line in _COMMENT.sub("", text[:LONGEST_TEXT]).split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and not line.lstrip().startswith(">") and not _CHECKBOX.match(line):
            yield line.rstrip("\r")


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a markdown text, letter by letter; wrapped lines are one sentence."""
    for paragraph in _paragraphs(text):
        is_heading = paragraph.lstrip().startswith("#")
        for piece in _pieces(paragraph):
            for part in _SENTENCE_END.split(piece):
                raw = part.strip(_EDGES + "\n")
                if not raw or not _WORD.search(raw):
                    continue
                if raw not in text:
                    raw = raw.replace("\n", "\r\n")
                if raw in text:
                    yield Sentence(raw, clean(raw), is_heading)


def _paragraphs(text: str) -> Iterator[str]:
    """Join the lines of prose that were wrapped; lists, headings and short lines stand alone."""
    held: list[str] = []
    for line in (*prose_lines(text), ""):
        if held and not (line.strip() and _wraps(held[-1], line)):
            yield "\n".join(held)
            held = []
        if line.strip():
            held.append(line)


def _wraps(line: str, after: str) -> bool:
    full = (
        len(line) >= 45
        and line.rstrip()[-1:] not in {".", "!", "?", ":", "|"}
        and not line.lstrip().startswith(("#", "|"))
    )
    return full and not _OPENS.match(after)


def _pieces(line: str) -> Iterator[str]:
    """Part a line where a tag or a picture stands, but not inside code spans."""
    start = 0
    code = [(found.start(), found.end()) for found in _SPAN.finditer(line)]
    for cut in _CUT.finditer(line):
        if not any(first <= cut.start() < last for first, last in code):
            yield line[start : cut.start()]
            start = cut.end()
    yield line[start:]


def clean(text: str) -> str:
    """Return one line of prose without markup: link targets, bold and tags gone, code spans kept."""
    spans = _SPAN.split(text[:LONGEST_TEXT])
    # Every second piece is a code span, where stars and angle brackets are code.
    plain = [
        span if index % 2 else _LINK.sub(r"\1", _CUT.sub("", span)).replace("**", "")
        for index, span in enumerate(spans)
    ]
    return " ".join("".join(plain).split()).strip(_EDGES)


def first_sentence(text: str) -> Sentence | None:
    """Return the first sentence that is no heading and says something (four words or more)."""
    return next((item for item in sentences(text) if not item.is_heading and len(item.clean.split()) >= 4), None)


def headings(text: str) -> tuple[str, ...]:
    """Return the markdown headings of a text, without their marks, in order."""
    return tuple(line.strip().strip("#").strip() for line in prose_lines(text) if re.match(r"\s{0,3}#{1,6}\s+\S", line))


def tokens(text: str) -> list[str]:
    """Return the words of a text in order, lower-cased; hyphens and underscores part words."""
    return [word.lower() for word in _WORD.findall(text[:LONGEST_TEXT])]


def stem(word: str) -> str:
    """Return a word without its commonest endings, so that "variables" meets "variable"."""
    for ending in ("ings", "ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word.removesuffix("e") if len(word) > 4 else word


def content_words(text: str) -> frozenset[str]:
    """Return the stems of the words that carry meaning."""
    return frozenset(stem(word) for word in tokens(text) if word not in _STOP and len(word) > 1)


def overlap(left: frozenset[str], right: frozenset[str]) -> float:
    """Return which share of the smaller set stands in the other, 0 to 1."""
    smaller = min(len(left), len(right))
    return len(left & right) / smaller if smaller else 0.0


def common_phrase(texts: Iterable[str]) -> tuple[str, int]:
    """Return the longest run of one to three words that stands in more than half of the texts, and in how many.

    Among phrases of one length the commonest wins; an empty phrase means that there is none.
    """
    lists = [tokens(text) for text in texts]
    for length in (3, 2, 1):
        seen: Counter[str] = Counter()
        for words in lists:
            seen.update(
                {" ".join(run) for run in zip(*(words[i:] for i in range(length)), strict=False) if _telling(run)}
            )
        best = min(seen.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
        if best[1] >= 3 and best[1] * 2 > len(lists):
            return best
    return "", 0


def _telling(run: tuple[str, ...]) -> bool:
    return run[0] not in _STOP and run[-1] not in _STOP and all(not word.isdigit() and len(word) > 2 for word in run)
